"""The door `siting price`: what connecting a demand costs at one point, part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from siting import quote
from siting.cli import say
from siting.quote import park_demand
from siting.region import read_region
from siting.translit import transliterate
from siting.words import say as words

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from pathlib import Path

    from siting.errors import Lang

_PARTS = ("fixed", "line", "crossings", "reinforcement")


def tell_price(
    path: Path,
    place: tuple[float, float],
    demand: Mapping[str, float | None],
    *,
    ha: float | None,
    lang: Lang,
) -> None:
    """Write what `demand` costs at a longitude and latitude of the region at `path`.

    Parameters
    ----------
    path
        region.toml or its folder.
    place
        Longitude and latitude, degrees.
    demand
        Utility -> demand, None where it was not told.
    ha
        Hectares of a park whose usual demand is asked about; a demand told above goes before it.
    lang
        Language of the answer.
    """
    region = read_region(path)
    usual = park_demand(region, ha) if ha is not None else {}
    told = {utility: value for utility, value in demand.items() if value is not None}
    with say.bars(lang, quiet=False) as progress:
        table = quote.price(region, [place], usual | told, progress=progress)
    rows = table[table["demand"] > 0].to_dict("records")
    say.tell(say.word("quote_head", lang, lon=place[0], lat=place[1], year=region.price_year))
    for row in rows:
        for line in _lines(row, lang):
            say.tell(line)
    lost = [
        words("utility", str(row["utility"]), lang) for row in rows if pd.isna(row["cost_mrub"])
    ]
    if lost:
        say.tell(say.word("quote_no_total", lang, utilities=", ".join(lost)))
    else:
        total = float(sum(row["cost_mrub"] for row in rows))
        say.tell(say.word("quote_total", lang, cost=total))
    say.tell(say.word("quote_notice", lang))


def _lines(row: Mapping[Hashable, object], lang: Lang) -> list[str]:
    """Return the lines about one utility."""
    about = {
        "utility": words("utility", str(row["utility"]), lang),
        "demand": row["demand"],
        "unit": words("unit", str(row["demand_unit"]), lang),
    }
    if isinstance(row["why_not"], str):
        why = say.word(f"quote_{row['why_not']}", lang)
        return [say.word("quote_none", lang, **about, why=why)]
    option = words("option", str(row["option"]), lang)
    lines = [say.word("quote_row", lang, **about, cost=row["cost_mrub"], option=option)]
    if isinstance(row["source_id"], str):
        where = {name: row[name] for name in ("source_id", "length_km", "effective_km")}
        lines.append(say.word("quote_source", lang, name=_name(row, lang), **where))
    parts = ", ".join(
        say.word(f"quote_{part}", lang, cost=row[f"{part}_mrub"], circuits=row["circuits"])
        for part in _PARTS
        if row[f"{part}_mrub"] != 0
    )
    lines += [say.word("quote_parts", lang, parts=parts)] if parts else []
    if isinstance(row["crossings"], str):
        items = [item.split("=") for item in row["crossings"].split(";")]
        met = ", ".join(f"{words('crossed', kind, lang)} × {count}" for kind, count in items)
        lines.append(say.word("quote_crossed", lang, crossed=met))
    if isinstance(row["reinforcement_step"], str):
        told = {"step": row["reinforcement_step"], "cost": row["reinforcement_step_mrub"]}
        lines.append(say.word("quote_step", lang, **told))
    lines += [] if row["is_spare_known"] else [say.word("quote_spare_unknown", lang)]
    lines += [] if row["is_proven"] else [say.word("quote_unproven", lang)]
    return lines


def _name(row: Mapping[Hashable, object], lang: Lang) -> str:
    name, english = row["source_name"], row["source_name_en"]
    if lang == "ru":
        return name if isinstance(name, str) else say.word("quote_nameless", lang)
    if isinstance(english, str):
        return english
    return transliterate(name) if isinstance(name, str) else say.word("quote_nameless", lang)
