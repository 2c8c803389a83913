"""The door `siting why`: why a plot or site is refused, and the cheapest cure, in words."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from siting.cli import say
from siting.errors import Problem, SitingError
from siting.land import assemble, exclude, explain
from siting.layers import read
from siting.region import read_region
from siting.translit import transliterate
from siting.units import M2_PER_HA
from siting.words import say as words

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from siting.errors import Lang

_SIMILAR: Final = 3
"""Ids named when the one asked for does not exist."""


class UnknownSubjectError(SitingError):
    """Neither a plot nor a site has this id."""


def tell_why(path: Path, name: str, *, lang: Lang) -> None:
    """Write why the plot or site `name` of the region at `path` is refused, and its cures.

    Raises
    ------
    UnknownSubjectError
        If there is no such plot or site.
    """
    region = read_region(path)
    layers = read(region)
    land = exclude(layers.plots, layers=layers, params=region.land)
    sites = assemble(land.plots, layers=layers, params=region.land)
    if name not in land.plots.index and name not in sites.index:
        known = [*land.plots.index.astype("str"), *sites.index.astype("str")]
        similar = get_close_matches(name, known, n=_SIMILAR)
        near = ", ".join(similar) or say.word("why_nothing_like", lang)
        raise UnknownSubjectError(Problem(code="why_unknown", values={"name": name, "near": near}))
    cures = explain(land.plots, sites, layers=layers, params=region.land)
    own = cures[cures["subject_id"] == name]
    lines = [
        *_about(name, land.plots, sites, lang),
        *_losses(name, land.exclusions, sites, lang),
        *(_causes(own, lang) if len(own) else [say.word("why_free", lang)]),
    ]
    for line in lines:
        say.tell(line)


def _about(name: str, plots: GeoDataFrame, sites: GeoDataFrame, lang: Lang) -> list[str]:
    is_plot = name in plots.index
    row = plots.loc[name] if is_plot else sites.loc[name]
    ids = [name] if is_plot else row["plot_ids"].split(";")
    kinds = dict.fromkeys(plots.loc[ids, "category"])
    about = say.word(
        "why_about",
        lang,
        kind=say.word(f"word_{'plot' if is_plot else row['kind']}", lang),
        name=name,
        area=row.geometry.area / M2_PER_HA,
        left=row["buildable_ha"],
        categories=", ".join(words("category", kind, lang) for kind in kinds),
    )
    member = sites["plot_ids"].str.split(";").map(lambda own: is_plot and name in own)
    inside = sites.index[member.astype(bool)]
    return [about, say.word("why_sites", lang, sites=", ".join(inside))] if len(inside) else [about]


def _losses(name: str, exclusions: DataFrame, sites: GeoDataFrame, lang: Lang) -> list[str]:
    ids = sites.loc[name, "plot_ids"].split(";") if name in sites.index else [name]
    rows = exclusions[exclusions["plot_id"].isin(ids)].to_dict("records")
    told = [
        say.word(
            "why_loss" if row["is_hard"] else "why_soft",
            lang,
            feature=words("feature", str(row["feature"]), lang),
            object=_named(row, lang),
            area=row["area_ha"],
            source=row["source"],
        )
        for row in rows
    ]
    return [say.word("why_losses", lang), *(f"  - {line}" for line in told)] if told else []


def _named(row: dict[Hashable, object], lang: Lang) -> str:
    name = row["object_name"] if isinstance(row["object_name"], str) else str(row["object_id"])
    return name if lang == "ru" else transliterate(name)


def _causes(cures: DataFrame, lang: Lang) -> list[str]:
    lines: list[str] = []
    for (_, cause), rows in cures.groupby(["is_blocking", "cause"], sort=False):
        code = "why_blocks" if rows["is_blocking"].all() else "why_limits"
        lines.append(say.word(code, lang, cause=say.word(f"word_{cause}", lang)))
        lines += [f"  - {_cure(row, lang)}" for row in rows.to_dict("records")]
    return lines


def _cure(row: dict[Hashable, object], lang: Lang) -> str:
    cure = say.word(f"word_{row['cure']}", lang)
    if row["cure"] == "none":
        return cure
    named = row["object_id"]
    told = say.word(
        "why_cure",
        lang,
        cure=cure,
        object=f" ({named.replace(';', ', ')})" if isinstance(named, str) else "",
        price=row["price_mrub"],
        months=row["months"],
        left=row["left_ha"],
        status=say.word(f"word_{row['status']}", lang),
    )
    if row["is_cheapest"]:
        return f"{told}; {say.word('why_cheapest', lang)}"
    return told if row["is_enough"] else f"{told}; {say.word('why_not_enough', lang)}"
