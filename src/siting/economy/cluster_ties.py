"""How clusters overlap, and who could begin to make what a cluster lacks.

    share[e, c] = ties of e with members of c / all ties of e

Ties are the weights by which the clusters were found. A candidate for a gap makes something like
the missing product (likeness at least `chain_min_likeness`) within `near_km` of the middle of the
cluster. Ignores whether the candidate wants to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from siting.economy.arrays import divided, summed
from siting.economy.cluster_table import middle_m
from siting.economy.freight import distance_km
from siting.tables import check
from siting.tables.trade import CLUSTER_GAPS, MEMBERSHIPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pandas import DataFrame

    from siting.economy.freight import Floats, Ints
    from siting.economy.products import Market
    from siting.economy_params import EconomyParams
    from siting.tables import Layers

_CANDIDATES: Final = 3
"""Enterprises told for each gap."""


def overlaps(
    market: Market, clusters: DataFrame, weights: csr_array, params: EconomyParams
) -> DataFrame:
    """Return the table MEMBERSHIPS: members, and others with enough of their ties inside."""
    count = len(clusters)
    members = [_positions(market, text) for text in clusters["members"]]
    label = np.repeat(np.arange(count), [len(group) for group in members])
    firm = np.concatenate([*members, np.empty(0, dtype=np.intp)])
    belongs = csr_array((np.ones(len(firm)), (firm, label)), shape=(len(market.firms), count))
    inside = np.asarray((weights @ belongs).toarray()).reshape(len(market.firms), count)
    share = divided(inside, np.asarray(weights.sum(axis=1)).reshape(-1, 1))
    own = belongs.toarray() > 0
    row, column = np.nonzero(own | (share >= params.membership_min_share))
    told = pd.DataFrame(
        {
            "enterprise_id": market.firms[row],
            "cluster_id": clusters.index[column],
            "share": np.minimum(share[row, column], 1.0),
            "is_own": own[row, column],
        }
    )
    return check(told.astype({"enterprise_id": "str", "cluster_id": "str"}), MEMBERSHIPS)


def list_gaps(
    market: Market, clusters: DataFrame, alike: Floats, *, layers: Layers, params: EconomyParams
) -> DataFrame:
    """Return the table CLUSTER_GAPS; a gap nobody near could fill has one row without a name."""
    made = market.output.matrix(market.shape)
    rows = [
        (cluster, market.codes[product], needed, *candidate)
        for cluster, row in clusters.iterrows()
        if not pd.isna(row["missing_products"])
        for product, needed in _needs(market, row)
        for candidate in _candidates(market, made, alike[product], _middle(market, row), params)
    ]
    columns = ["cluster_id", "product", "needed_mrub", "enterprise_id", "likeness", "distance_km"]
    told = pd.DataFrame(rows, columns=columns)
    told = told.assign(name=told["enterprise_id"].map(layers.enterprises["name"]))
    texts = dict.fromkeys(("cluster_id", "product", "enterprise_id", "name"), "str")
    numbers = dict.fromkeys(("needed_mrub", "likeness", "distance_km"), float)
    order = [column.name for column in CLUSTER_GAPS.columns]
    return check(told.astype({**texts, **numbers})[order], CLUSTER_GAPS)


def _positions(market: Market, members: str) -> Ints:
    return np.asarray(market.firms.get_indexer(pd.Index(members.split(";"))), dtype=np.intp)


def _middle(market: Market, cluster: pd.Series[str]) -> Floats:
    return middle_m(market.at_m[_positions(market, cluster["members"])])


def _needs(market: Market, cluster: pd.Series[str]) -> Iterator[tuple[int, float]]:
    own = np.isin(market.demand.firm, _positions(market, cluster["members"]))
    count = len(market.codes)
    needed = summed(market.demand.product[own], market.demand.volume_mrub[own], count)
    for product in market.codes.get_indexer(pd.Index(cluster["missing_products"].split(";"))):
        yield int(product), float(needed[product])


def _candidates(
    market: Market, made: csr_array, like: Floats, middle: Floats, params: EconomyParams
) -> list[tuple[object, float, float]]:
    """Return (enterprise, likeness, km) of who makes what is most like, best first."""
    best = np.asarray((made > 0).multiply(like).max(axis=1).toarray()).ravel()
    away = distance_km(middle[None, :], market.at_m)[0]
    best = np.where(away <= params.near_km, best, 0.0)
    order = np.lexsort((np.arange(len(best)), away, -best))[:_CANDIDATES]
    found = [
        (market.firms[i], min(float(best[i]), 1.0), float(away[i]))
        for i in order
        if best[i] >= params.chain_min_likeness
    ]
    return found or [(None, np.nan, np.nan)]
