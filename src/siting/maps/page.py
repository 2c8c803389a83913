"""Draw a plan: one HTML file that opens from disk, requests nothing and speaks two languages."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from siting.maps.answers import answers
from siting.maps.basemap import basemap
from siting.maps.frame import framed
from siting.maps.market import market, memberships, method
from siting.maps.packing import LON_LAT
from siting.maps.places import pricing
from siting.maps.whatif import whatif
from siting.units import UTILITIES
from siting.words import say, words

if TYPE_CHECKING:
    from siting.errors import Lang
    from siting.study import Plan

FILE_NAME: Final = "index.html"

_UNSAFE: Final = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
"""What could end or confuse a script element; JSON may write any of them as an escape."""


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
    """Return everything the page shows, ready for JSON."""
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
        "tables": {**basemap(plan.layers), **answers(plan), **market(plan), **method(plan)},
    }


def _rules(plan: Plan) -> dict[str, list[list[str]]]:
    """Return industry -> words in both languages, for the profiles of the region."""
    profiles = plan.layers.demand_profiles
    pairs = zip(profiles.index, profiles["industry_ru"], profiles["industry"], strict=True)
    return {"industries": [[str(okved), str(ru), str(en)] for okved, ru, en in pairs]}


def embedded(value: dict[str, object]) -> str:
    """Return JSON that is safe inside a script element whatever the data say."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign, written in _UNSAFE.items():
        text = text.replace(sign, written)
    return text
