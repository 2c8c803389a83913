"""What a cluster is called, what it lacks, and how far it meets Decree 779 of 31.07.2015.

A final producer is a member that buys from members more than it sells to them. The cooperation
share is what final producers buy from members per all they buy (Decree 779 as amended; both by
recipes, so wages and services are left out: the share by the books is lower, this is its upper
end). A newcomer is a member that produces nothing yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.economy.arrays import summed
from siting.economy.freight import distance_km
from siting.tables import check
from siting.tables.results import CLUSTERS
from siting.translit import transliterate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from siting.economy.freight import Floats, Ints
    from siting.economy.products import Market
    from siting.economy_params import EconomyParams
    from siting.tables import Layers

_CORE: Final = 5
"""Products told as the core of a cluster."""

_NAMED: Final = 2
"""Of them in its name."""

_DIVISION_DIGITS: Final = len("20")
_MISSING: Final = 8
"""Missing inputs told, greatest need first."""


@dataclass(frozen=True, kw_only=True)
class Clusters:
    """What was found."""

    table: DataFrame
    """Table CLUSTERS."""
    measures: DataFrame
    """subject_id, requirement, value: what the requirements ask of each cluster."""
    gaps: DataFrame
    """Table CLUSTER_GAPS."""
    memberships: DataFrame
    """Table MEMBERSHIPS."""


@dataclass(frozen=True, kw_only=True)
class _Group:
    members: Ints
    """Positions in `market.firms`, ascending."""
    inside: DataFrame
    """Links between members, with positions supplier, buyer, product."""
    bought_inside: Floats
    sold_inside: Floats
    """By member, mln roubles."""


def describe(
    market: Market,
    groups: Sequence[Ints],
    *,
    links: DataFrame,
    layers: Layers,
    params: EconomyParams,
) -> tuple[DataFrame, DataFrame]:
    """Return the table CLUSTERS and its measures, largest clusters first."""
    placed = _placed(market, links)
    ordered = sorted(groups, key=lambda members: (-len(members), int(members[0])))
    told, measured = [], []
    for number, members in enumerate(ordered, start=1):
        group = _group(members, placed)
        facts = _measures(market, group)
        told.append(
            {
                "cluster_id": f"cluster-{number:02d}",
                "members": ";".join(market.firms[members]),
                "cooperation_share": facts["cooperation_share"],
                **_goods(market, group, layers=layers, params=params),
            }
        )
        measured.append(facts)
    names = [column.name for column in CLUSTERS.columns]
    table = pd.DataFrame(told, columns=["cluster_id", *names]).set_index("cluster_id")
    texts = {name: "str" for name in names if name != "cooperation_share"}
    table = table.astype({**texts, "cooperation_share": float})
    return check(table, CLUSTERS), _asked(table.index, measured, layers.requirements)


def _placed(market: Market, links: DataFrame) -> DataFrame:
    return pd.DataFrame(
        {
            "supplier": market.firms.get_indexer(pd.Index(links["supplier_id"])),
            "buyer": market.firms.get_indexer(pd.Index(links["buyer_id"])),
            "product": market.codes.get_indexer(pd.Index(links["product"])),
            "volume_mrub": links["volume_mrub"].to_numpy(float),
        }
    )


def _group(members: Ints, placed: DataFrame) -> _Group:
    inside = placed[placed["supplier"].isin(members) & placed["buyer"].isin(members)]
    volume = inside["volume_mrub"].to_numpy(float)
    buyer = np.searchsorted(members, inside["buyer"])
    supplier = np.searchsorted(members, inside["supplier"])
    return _Group(
        members=members,
        inside=inside,
        bought_inside=summed(buyer, volume, len(members)),
        sold_inside=summed(supplier, volume, len(members)),
    )


def _measures(market: Market, group: _Group) -> dict[str, float]:
    bought = market.of_firms(market.demand)[group.members]
    made = market.of_firms(market.output)[group.members]
    is_final = group.bought_inside > group.sold_inside
    unlinked = (group.bought_inside + group.sold_inside) == 0
    all_bought = bought[is_final].sum()
    inside = group.bought_inside[is_final].sum()
    share = min(float(inside / all_bought), 1.0) if all_bought > 0 else 0.0
    return {
        "participants_count": float(len(group.members)),
        "participants_unlinked_count": float(unlinked.sum()),
        "cooperation_share": share,
        # whether members lie in priority territories is for a lawyer; the share is the same
        "cooperation_share_priority": share,
        "final_producers_count": float(is_final.sum()),
        "newcomers_count": float((made == 0).sum()),
    }


def _asked(
    clusters: pd.Index, measured: list[dict[str, float]], requirements: DataFrame
) -> DataFrame:
    asked = requirements.loc[requirements["subject"] == "cluster", "requirement"].unique()
    rows = [
        (cluster, name, facts.get(name, float("nan")))
        for cluster, facts in zip(clusters, measured, strict=True)
        for name in asked
    ]
    told = pd.DataFrame(rows, columns=["subject_id", "requirement", "value"])
    return told.astype({"subject_id": "str", "requirement": "str", "value": float})


def _goods(
    market: Market, group: _Group, *, layers: Layers, params: EconomyParams
) -> dict[str, str]:
    core = _core(market, group)
    lacking = _missing(market, group, params)
    centre_m = middle_m(market.at_m[group.members])
    goods, place = layers.products, _nearest(layers.settlements, centre_m)
    named = goods.loc[market.codes[core[:_NAMED]]]
    industry_ru, industry_en = _industry(market, group, layers)
    is_first = not industry_ru
    ru = industry_ru + _short(named["name"], is_first=is_first)
    en = industry_en + _short(english(named), is_first=is_first)
    if place is not None:
        ru, en = f"{ru} · {place['name'].iloc[0]}", f"{en} · {english(place).iloc[0]}"
    return {
        "name": ru,
        "name_en": en,
        "core_products": ";".join(market.codes[core]),
        "missing_products": ";".join(market.codes[lacking]) or float("nan"),  # type: ignore[dict-item]
    }


def _industry(market: Market, group: _Group, layers: Layers) -> tuple[str, str]:
    """Return how to begin the name in both languages: the industry of most members."""
    profiles = layers.demand_profiles
    if "industry_ru" not in profiles:
        return "", ""
    firms = layers.enterprises.loc[market.firms[group.members], "okved"]
    division = firms.str[:_DIVISION_DIGITS]
    count = division[division.isin(profiles.index)].value_counts().sort_index()
    if count.empty:
        return "", ""
    profile = profiles.loc[count.idxmax()]
    ru, en = str(profile["industry_ru"]), str(profile["industry"])
    return f"{ru[:1].upper()}{ru[1:]}: ", f"{en[:1].upper()}{en[1:]}: "


def _short(names: pd.Series[str], *, is_first: bool) -> str:
    """Return the names in a row: what stands before the first comma tells clusters apart."""
    first = names.str.split(",").str[0].str.strip()
    # only what begins the whole name keeps its capital; an abbreviation keeps all of its own
    return ", ".join(
        name[:1].lower() + name[1:] if (n or not is_first) and name[1:2].islower() else name
        for n, name in enumerate(first)
    )


def _core(market: Market, group: _Group) -> Ints:
    """Return what the members trade most among themselves, then what they make most.

    What everybody buys is divided by the root of the number of its buyers, as in the links.
    """
    count = len(market.codes)
    traded = summed(
        group.inside["product"].to_numpy(), group.inside["volume_mrub"].to_numpy(float), count
    )
    own = np.isin(market.output.firm, group.members)
    made = summed(market.output.product[own], market.output.volume_mrub[own], count)
    common = np.sqrt(np.maximum(np.bincount(market.demand.product, minlength=count), 1))
    order = np.lexsort((np.arange(count), -made, -traded / common))
    return order[(traded + made)[order] > 0][:_CORE]


def _missing(market: Market, group: _Group, params: EconomyParams) -> Ints:
    """Return what members need and nobody within reach of their middle makes, most needed first."""
    count = len(market.codes)
    away = distance_km(middle_m(market.at_m[group.members])[None, :], market.at_m)[0]
    near = away[market.output.firm] <= params.near_km
    made = summed(market.output.product[near], market.output.volume_mrub[near], count)
    own = np.isin(market.demand.firm, group.members)
    needed = summed(market.demand.product[own], market.demand.volume_mrub[own], count)
    needed = np.where(made > 0, 0.0, needed)
    order = np.lexsort((np.arange(count), -needed))
    return order[needed[order] > 0][:_MISSING]


def middle_m(at_m: Floats) -> Floats:
    """Return the place, of those given, from which all are nearest, m, shape (2,)."""
    return at_m[distance_km(at_m, at_m).sum(axis=1).argmin()]


def _nearest(settlements: GeoDataFrame, at_m: Floats) -> DataFrame | None:
    if settlements.empty:
        return None
    ordered = settlements.sort_index()
    centre = ordered.geometry.centroid
    places = np.column_stack([centre.x.to_numpy(float), centre.y.to_numpy(float)])
    nearest = int(distance_km(at_m[None, :], places)[0].argmin())
    return pd.DataFrame(ordered.iloc[[nearest]][["name", "name_en"]])


def english(named: DataFrame) -> pd.Series[str]:
    """Return English names; transliterated where a row has none."""
    return named["name_en"].where(named["name_en"].notna(), named["name"].map(transliterate))
