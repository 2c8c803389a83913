"""The folium frame with Leaflet inlined from an installed package: nothing is ever requested."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import folium

from siting.words import say

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

MAP_ID: Final = "siting"
"""Folium draws a random name otherwise, and the same plan would not give the same file."""

STYLES: Final = ("page.css", "panel.css")
SCRIPTS: Final = (
    "decode.js",
    "words.js",
    "dom.js",
    "canvas.js",
    "scene.js",
    "palette.js",
    "ground.js",
    "labels.js",
    "price.js",
    "marks.js",
    "overlay.js",
    "surface.js",
    "raster.js",
    "controls.js",
    "state.js",
    "overview.js",
    "sites.js",
    "compare.js",
    "card.js",
    "card_parts.js",
    "change.js",
    "trunks.js",
    "acts.js",
    "platform.js",
    "near.js",
    "make.js",
    "clusters.js",
    "whatif.js",
    "place.js",
    "tornado.js",
    "doubt.js",
    "method.js",
    "save.js",
    "main.js",
)
"""The page's own scripts in the order in which they are joined."""

_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_STYLE: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_VIEWPORT: Final = re.compile(r'<meta name="viewport".*?/>', re.DOTALL)
_IMAGE: Final = re.compile(r"url\((images/[\w.-]+)\)")
_SOURCE_MAP: Final = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


def framed(data: str, *, title: str, lang: str, centre: tuple[float, float]) -> str:
    """Return the whole page: folium's map, Leaflet, our scripts and `data` (JSON) in one text."""
    head, body = _folium(centre).split("</head>", 1)
    shell = _own("page.html").read_text("utf-8")
    shell = shell.replace("<!--no script-->", say("ui", "no_script", lang))
    shell = shell.replace("<!--too old-->", say("ui", "too_old", lang))
    styles = "".join(f"<style>{text}</style>\n" for text in _styles())
    html = head.replace("<html>", f'<html lang="{lang}">', 1)
    html = html.replace("<head>", f"<head>\n<title>{title}</title>\n{shell_head()}", 1)
    page, rest = (html + styles + "</head>" + body).rsplit("</body>", 1)
    # folium starts the map after the body; our scripts need it started
    page += shell + rest.replace("</html>", "")
    page += f'<script type="application/octet-stream" id="data">{data}</script>\n'
    page += f"<script>{_joined()}</script>\n</html>\n"
    return page.replace("<!--policy-->", _policy(page), 1)


def shell_head() -> str:
    """Return what comes first in the head: the policy must stand before what it governs."""
    return (
        "<!--policy-->\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
        '<link rel="icon" href="data:," />'
    )


def leaflet_css() -> str:
    """Return Leaflet's style sheet, its pictures as data."""
    css = _leaflet("leaflet.css").read_text("utf-8")
    return _IMAGE.sub(lambda found: f"url({_picture(found[1])})", css)


def _folium(centre: tuple[float, float]) -> str:
    frame = folium.Map(
        location=centre,
        tiles=None,
        zoom_start=7,
        prefer_canvas=True,
        zoom_control=False,
        attribution_control=False,
        keyboard=True,
        zoom_snap=0.25,
        wheel_px_per_zoom_level=90,
    )
    frame._id = MAP_ID  # folium offers no public way to a stable name
    # everything folium would fetch: Leaflet comes inlined, the rest is not used
    frame.default_js, frame.default_css = [], []
    script = _SOURCE_MAP.sub("", _leaflet("leaflet.js").read_text("utf-8"))
    html = _VIEWPORT.sub("", frame.get_root().render(), count=1)
    started = f"<style>{leaflet_css()}</style>\n<script>{script}</script>\n</head>"
    return html.replace("</head>", started, 1)


@cache
def _joined() -> str:
    parts = [_own(name).read_text("utf-8") for name in SCRIPTS]
    return "(async () => {\n'use strict';\n" + "\n".join(parts) + "\n})();\n"


def _styles() -> list[str]:
    return [_own(name).read_text("utf-8") for name in STYLES]


def _policy(page: str) -> str:
    """Return a policy under which only the scripts and styles of this very file run."""
    scripts = " ".join(sorted({_hash(text) for text in _SCRIPT.findall(page)}))
    styles = " ".join(sorted({_hash(text) for text in _STYLE.findall(page)}))
    rules = (
        "default-src 'none'",
        f"script-src {scripts}",
        f"style-src {styles}",
        "img-src data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}" />'


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _picture(path: str) -> str:
    return f"data:image/png;base64,{b64encode(_leaflet(path).read_bytes()).decode()}"


def _leaflet(path: str) -> Traversable:
    return files("xstatic.pkg.leaflet").joinpath("data", *path.split("/"))


def _own(name: str) -> Traversable:
    return files("siting.maps").joinpath("templates", name)
