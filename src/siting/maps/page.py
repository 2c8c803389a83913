"""Draw a plan: one HTML file that opens from disk, requests nothing and speaks two languages."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from siting.maps.answers import answers
from siting.maps.basemap import basemap
from siting.maps.details import details
from siting.maps.doubts import doubts
from siting.maps.encode import LON_LAT
from siting.maps.frame import framed
from siting.maps.market import market, memberships, method
from siting.maps.places import pricing
from siting.maps.platform import platform
from siting.maps.raster import surfaces
from siting.maps.trunks import trunks
from siting.maps.whatif import whatif
from siting.units import UTILITIES
from siting.words import say, words

if TYPE_CHECKING:
    from siting.errors import Lang
    from siting.maps.basemap import Tables
    from siting.study import Plan

FILE_NAME: Final = "index.html"

_DEFLATE_LEVEL: Final = 6
_LENGTH_BYTES: Final = 4


def draw(plan: Plan, directory: str | Path, *, lang: Lang = "ru") -> Path:
    """Write the map of `plan` as `directory`/index.html, opening in `lang`, and return its path."""
    file = Path(directory) / FILE_NAME
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(html(plan, lang=lang), "utf-8", newline="\n")
    return file


def html(plan: Plan, *, lang: Lang = "ru") -> str:
    """Return the page as text; the same plan and language give the same text."""
    region = plan.region
    name = region.name if lang == "ru" else region.name_en
    title = f"{say('ui', 'title', lang)}: {name}"
    west, south, east, north = plan.layers.districts.to_crs(LON_LAT).total_bounds
    centre = (round((south + north) / 2, 4), round((west + east) / 2, 4))
    return framed(embedded(payload(plan, lang=lang)), title=escape(title), lang=lang, centre=centre)


def payload(plan: Plan, *, lang: Lang) -> dict[str, object]:
    """Return everything the page shows: what JSON holds, and bytes."""
    region = plan.region
    return {
        "lang": lang,
        "words": words(),
        "utilities": list(UTILITIES),
        "region": {
            "code": region.code,
            "name": [region.name, region.name_en],
            "notice": [region.notice, region.notice_en],
            "licence": [region.licence, region.licence_en],
            "max_parks": region.choose.max_parks,
            "max_per_district": region.choose.max_parks_per_district,
            "plausible_occupancy_share": region.serve.plausible_occupancy_share,
            "near_km": region.economy.near_km,
        },
        # seconds and memory differ from run to run; the map of a plan does not
        "summary": {key: value for key, value in plan.summary.items() if key != "run"},
        "links_count": len(plan.links),
        "memberships": memberships(plan),
        "rules": _rules(plan),
        "pricing": pricing(plan),
        "whatif": whatif(plan),
        "surfaces": surfaces(plan),
        "tables": _tables(plan),
    }


def _tables(plan: Plan) -> Tables:
    return {
        **basemap(plan.layers),
        **answers(plan),
        **details(plan),
        **market(plan),
        **platform(plan),
        **doubts(plan),
        **trunks(plan),
        **method(plan),
    }


def _rules(plan: Plan) -> dict[str, list[list[str]]]:
    """Return industry -> words in both languages, for the profiles of the region."""
    profiles = plan.layers.demand_profiles
    pairs = zip(profiles.index, profiles["industry_ru"], profiles["industry"], strict=True)
    return {"industries": [[str(okved), str(ru), str(en)] for okved, ru, en in pairs]}


def embedded(value: dict[str, object]) -> str:
    """Return the page's data as letters that are safe in a script element whatever the data say.

    Four bytes tell the length of the JSON; after it stand the bytes of all columns, to which the
    JSON points with [start, length]. The whole is deflated, which every browser undoes natively.
    """
    run = bytearray()
    told = json.dumps(
        _placed(value, run), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()
    raw = len(told).to_bytes(_LENGTH_BYTES, "little") + told + bytes(run)
    return b64encode(zlib.compress(raw, _DEFLATE_LEVEL)).decode("ascii")


def _placed(value: object, run: bytearray) -> object:
    """Return `value` with every bytes moved to the end of `run`, and its place there instead."""
    if isinstance(value, bytes):
        start = len(run)
        run += value
        return [start, len(value)]
    if isinstance(value, Mapping):
        return {key: _placed(one, run) for key, one in value.items()}
    if isinstance(value, list | tuple):
        # a dictionary of texts holds no bytes, and may be long
        return (
            value if value and isinstance(value[0], str) else [_placed(one, run) for one in value]
        )
    return value
