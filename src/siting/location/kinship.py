"""Links of those who are not there yet: prospects trade as their kin do. Inferred, never known.

Kin of a prospect are the enterprise it names (`enterprise_id`), else the enterprises of the
longest common OKVED prefix, at least the division.
With V the volume of the links between kin, jobs the size of a prospect and E the
employees of its kin, it trades

    with an enterprise   V x jobs / E
    with a prospect      V x jobs_b / E_b x jobs_s / (E_s + jobs_s)

the first its share of what its kin trade, the second what the buyer needs, shared among the kin of
the supplier and it.

A prospect that names its enterprise takes its place: both factors are 1. The distance is that of
the links of the kin, by volume: what the goods travel where the firms are apart. Confidence is that
of the links times `kin_confidence`. Ignores that kin may buy elsewhere, and that prospects compete.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.tables import check
from siting.tables.results import LINKS

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series

    from siting.region import LocationParams

_DIVISION: Final = 2
"""Digits of an OKVED division: shorter prefixes would join unrelated industries."""
_KEY: Final = ["supplier_id", "buyer_id", "product"]


def inherit_links(
    prospects: GeoDataFrame,
    *,
    links: DataFrame,
    enterprises: GeoDataFrame,
    params: LocationParams,
) -> DataFrame:
    """Return links of prospects with enterprises and with each other: table LINKS, inferred."""
    # whoever bears the id of an enterprise has its links already
    kin = find_kin(prospects[~prospects.index.isin(enterprises.index)], enterprises)
    sold = _between(kin, links, "supplier_id", params)
    bought = _between(kin, links, "buyer_id", params)
    both = _among(kin, links, params)
    table = pd.concat([sold, bought, both], ignore_index=True)
    names = [column.name for column in LINKS.columns]
    kinds = dict.fromkeys(_KEY, "str") | {"is_known": "bool"}
    numbers = dict.fromkeys(("volume_mrub", "distance_km", "confidence"), "float64")
    table = table.assign(is_known=False)[names].astype(kinds | numbers)
    told = table[table["volume_mrub"] > 0]
    return check(told.sort_values(_KEY, kind="stable", ignore_index=True), LINKS)


def counted_links(
    links: DataFrame, kin: DataFrame, prospects: GeoDataFrame, params: LocationParams
) -> DataFrame:
    """Return the links whose co-location counts in the choice: table LINKS.

    Those of `links`, and of the inherited ones the `pairs_kept` pairs of prospects whose goods
    would travel most: volume x distance.
    """
    ids = prospects.index
    inside = kin[kin["supplier_id"].isin(ids) & kin["buyer_id"].isin(ids)]
    travelled = inside["volume_mrub"] * inside["distance_km"]
    pair = pd.MultiIndex.from_arrays([inside["supplier_id"], inside["buyer_id"]])
    total = travelled.groupby(pair).sum()
    # by id where equal, so that the order of rows decides no tie
    kept = total.sort_index().sort_values(ascending=False, kind="stable").index[: params.pairs_kept]
    return check(pd.concat([links, inside[pair.isin(kept)]], ignore_index=True), LINKS)


def find_kin(prospects: GeoDataFrame, enterprises: GeoDataFrame) -> DataFrame:
    """Return one row a prospect and enterprise of its kin: weights as supplier and as buyer."""
    employees = enterprises["employees"].astype(float)
    # who states no size counts as the middle firm
    size = employees.fillna(employees.median()).fillna(1.0)
    own = prospects.get("enterprise_id", pd.Series(index=prospects.index, dtype="str"))
    rows = []
    for prospect, okved in prospects["okved"].astype("str").sort_index().items():
        named = own.get(prospect)
        if isinstance(named, str) and named in enterprises.index:
            rows.append((prospect, named, 1.0, 1.0))
            continue
        kin = _nearest_kin(okved, enterprises["okved"].astype("str"))
        jobs = float(prospects.loc[prospect, "jobs_count"])
        total = float(size.loc[kin].sum())
        if len(kin) and np.isfinite(jobs) and jobs > 0 and total > 0:
            rows += [(prospect, firm, jobs / total, jobs / (total + jobs)) for firm in kin]
    columns = ["prospect_id", "enterprise_id", "scale", "share"]
    return pd.DataFrame(rows, columns=columns).astype({"scale": float, "share": float})


def _nearest_kin(okved: str, known: Series) -> list[str]:
    for length in range(len(okved), _DIVISION - 1, -1):
        prefix = okved[:length]
        if prefix.endswith("."):
            continue
        kin = known.index[(known == prefix) | known.str.startswith(prefix)]
        if len(kin):
            return [str(firm) for firm in sorted(kin)]
    return []


def _between(kin: DataFrame, links: DataFrame, side: str, params: LocationParams) -> DataFrame:
    """Return the links of prospects with enterprises on the other side."""
    mine = kin.merge(links, left_on="enterprise_id", right_on=side)
    mine = mine.assign(volume_mrub=mine["volume_mrub"] * mine["scale"])
    mine = mine.drop(columns=side).rename(columns={"prospect_id": side})
    return _summed(mine, params)


def _among(kin: DataFrame, links: DataFrame, params: LocationParams) -> DataFrame:
    """Return the links of prospects with prospects."""
    selling = kin.rename(columns={"prospect_id": "seller", "share": "won"}).drop(columns="scale")
    buying = kin.rename(columns={"prospect_id": "taker"}).drop(columns="share")
    pairs = selling.merge(links, left_on="enterprise_id", right_on="supplier_id")
    pairs = pairs.drop(columns="enterprise_id").merge(
        buying, left_on="buyer_id", right_on="enterprise_id"
    )
    pairs = pairs[pairs["seller"] != pairs["taker"]]
    pairs = pairs.assign(volume_mrub=pairs["volume_mrub"] * pairs["won"] * pairs["scale"])
    pairs = pairs.drop(columns=["supplier_id", "buyer_id"]).rename(
        columns={"seller": "supplier_id", "taker": "buyer_id"}
    )
    return _summed(pairs, params)


def _summed(rows: DataFrame, params: LocationParams) -> DataFrame:
    """Return one link for each supplier, buyer and product; means are by volume."""
    weighted = rows.assign(
        distance_km=rows["distance_km"] * rows["volume_mrub"],
        confidence=rows["confidence"] * rows["volume_mrub"] * params.kin_confidence,
    )
    sums = weighted.groupby(_KEY, sort=True)[["volume_mrub", "distance_km", "confidence"]].sum()
    sums = sums[sums["volume_mrub"] > 0].reset_index()
    return sums.assign(
        distance_km=sums["distance_km"] / sums["volume_mrub"],
        confidence=sums["confidence"] / sums["volume_mrub"],
    )
