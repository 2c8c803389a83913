"""Clusters: enterprises that trade with one another or make alike things, and are near.

    weight   = (trade + chain_weight * likeness) * exp(-d / gravity_km) where d <= near_km, else 0
    trade    = half of (share of the buyer's purchases + share of the supplier's output), each
               product divided by the root of the number of its buyers
    likeness = proximity of the products of e and f, weighted by their shares of output

Shares, not roubles: otherwise one refinery is every cluster. What everybody buys (power, fuel)
ties nobody in particular, hence the division. Communities by Leiden (Traag and others 2019);
those that reach beyond near_km of their middle are split. Ignores ownership; an enterprise is a
member of one cluster at most, but how far its ties lead into others is told (`cluster_ties`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, csr_matrix, vstack
from sknetwork.clustering import Leiden

from siting.economy.arrays import divided
from siting.economy.cluster_table import Clusters, describe
from siting.economy.cluster_ties import list_gaps, overlaps
from siting.economy.freight import distance_km
from siting.units import M_PER_KM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pandas import DataFrame

    from siting.economy.freight import Floats, Ints
    from siting.economy.products import Market
    from siting.economy_params import EconomyParams
    from siting.tables import Layers

_SEED: Final = 0
"""Leiden visits nodes in the order of enterprise_id; the seed only keeps it from any chance."""

_BLOCK: Final = 1000
"""Enterprises compared with all others at a time, so memory stays flat."""


def find_clusters(
    market: Market, *, links: DataFrame, alike: Floats, layers: Layers, params: EconomyParams
) -> Clusters:
    """Return the clusters of the link graph and the measures by which the decree judges them."""
    weights = cluster_weights(market, links, alike, params)
    groups = [
        group
        for community in _communities(weights, params)
        for group in _near(community, market, params)
    ]
    table, measures = describe(market, groups, links=links, layers=layers, params=params)
    return Clusters(
        table=table,
        measures=measures,
        gaps=list_gaps(market, table, alike, layers=layers, params=params),
        memberships=overlaps(market, table, weights, params),
    )


def cluster_weights(
    market: Market, links: DataFrame, alike: Floats, params: EconomyParams
) -> csr_array:
    """Return how strongly enterprises belong together, symmetric, no diagonal, shape (n, n)."""
    drawn = _trade(market, links) + params.chain_weight * _likeness(market, alike, params)
    drawn = csr_array(drawn + drawn.T).tocoo()
    apart = market.at_m[drawn.row] - market.at_m[drawn.col]
    away_km = np.hypot(apart[:, 0], apart[:, 1]) / M_PER_KM
    near = (away_km <= params.near_km) & (drawn.row != drawn.col)
    closeness = np.exp(-away_km[near] / params.gravity_km)
    where = (drawn.row[near], drawn.col[near])
    return csr_array((drawn.data[near] * closeness, where), shape=drawn.shape)


def _trade(market: Market, links: DataFrame) -> csr_array:
    supplier = market.firms.get_indexer(pd.Index(links["supplier_id"]))
    buyer = market.firms.get_indexer(pd.Index(links["buyer_id"]))
    product = market.codes.get_indexer(pd.Index(links["product"]))
    volume = links["volume_mrub"].to_numpy(float)
    of_buyer = divided(volume, market.of_firms(market.demand)[buyer])
    of_supplier = divided(volume, market.of_firms(market.output)[supplier])
    buyers = np.bincount(market.demand.product, minlength=len(market.codes))
    tie = (of_buyer + of_supplier) / 2 / np.sqrt(buyers[product])
    count = len(market.firms)
    return csr_array((tie, (supplier, buyer)), shape=(count, count))


def _likeness(market: Market, alike: Floats, params: EconomyParams) -> csr_array:
    """Return half the likeness of every two enterprises that are alike enough, shape (n, n)."""
    made = market.output.matrix(market.shape)
    total = market.of_firms(market.output)
    made = csr_array(made.multiply(divided(np.ones(len(total)), total)[:, None]))
    rows = []
    for start in range(0, len(market.firms), _BLOCK):
        like = (made[start : start + _BLOCK] @ alike) @ made.T
        rows.append(csr_array(np.where(like >= params.chain_min_likeness, like, 0.0)))
    return csr_array(vstack(rows)) / 2 if rows else csr_array(made @ made.T)


def _communities(weights: csr_array, params: EconomyParams) -> list[Ints]:
    """Return the members of each community, positions; who is tied to nobody is in none."""
    tied = np.flatnonzero(weights.sum(axis=1) > 0)
    if not len(tied):
        return []
    graph = csr_matrix(weights[tied][:, tied])
    found = Leiden(resolution=params.cluster_resolution, random_state=_SEED).fit_predict(graph)
    return [tied[found == label] for label in range(int(found.max()) + 1)]


def _near(community: Ints, market: Market, params: EconomyParams) -> Iterator[Ints]:
    """Yield the parts of a community that lie within near_km of their middle member."""
    rest = community
    while len(rest) >= params.clusters_min_members:
        apart = distance_km(market.at_m[rest], market.at_m[rest])
        middle = int(apart.sum(axis=1).argmin())
        near = apart[middle] <= params.near_km
        if near.sum() >= params.clusters_min_members:
            yield rest[near]
        rest = rest[~near]
