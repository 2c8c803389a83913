"""The choice as arrays: sites and prospects in the order of their ids, limits as indices.

Decides nothing; it only says which sites may open, who may settle where, and which pairs of sites
exclude each other. Everything is sorted by id so that the order of rows decides no tie.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from shapely import STRtree

from siting.portfolio.prospects import DEMANDS
from siting.portfolio.savings import (
    coincidences,
    fits,
    lone_bonus_mrub,
    onsite_rates_mrub_ha,
    values_mrub,
)
from siting.portfolio.ways import most_served, plain
from siting.units import M_PER_KM, UTILITIES

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pandas import DataFrame, Index, Series

    from siting.portfolio.savings import Served
    from siting.portfolio.ways import Ways
    from siting.region import ChooseParams

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Case:
    """n sites and m prospects, each sorted by id, and every limit of the portfolio."""

    sites: Index
    prospects: Index
    fits: Flags
    """Who may settle where, locked-out sites closed, shape (n, m)."""
    values: Floats
    """Cost alone minus on-site networks in the park, mln roubles, shape (n, m)."""
    lone: Floats
    """On-site networks a single resident is spared, mln roubles, shape (n, m)."""
    alone_mrub: Floats
    """What each site saves if it alone is opened, -inf where nobody fits it, shape (n,)."""
    areas_ha: Floats
    limits_ha: Floats
    demands: Floats
    """Shape (m, 8)."""
    coincidence: Floats
    rates_mrub_ha: Floats
    """On-site networks, shape (n,)."""
    ways: Ways
    public: Floats
    """Share of connections the budget pays, by utility, shape (8,)."""
    public_onsite: float
    public_opening: float
    districts: Ints
    """Code of the district of each site, -1 for none."""
    exclusive: tuple[Ints, ...]
    """Groups of sites of which one at most may open: they share a plot or lie too close."""
    locked_in: Ints
    pairs: Ints
    """Two positions of prospects and ...: linked firms, shape (p, 2)."""
    pair_mrub: Floats
    """... what it is worth to have both in one park, mln roubles, shape (p,)."""
    params: ChooseParams

    def excludes(self, one: int, other: int) -> bool:
        """Return whether two sites may not open together."""
        return other in self.rivals.get(one, frozenset())

    @cached_property
    def rivals(self) -> dict[int, frozenset[int]]:
        """Return the sites each site excludes."""
        found: dict[int, set[int]] = {}
        for group in self.exclusive:
            for site in group.tolist():
                found.setdefault(site, set()).update(set(group.tolist()) - {site})
        return {site: frozenset(others) for site, others in found.items()}


def build_case(sites: GeoDataFrame, served: Served, links: DataFrame, params: ChooseParams) -> Case:
    """Return the case of choosing among `sites`."""
    ordered = sites.loc[sorted(sites.index)]
    firms = served.prospects.loc[sorted(served.prospects.index)]
    alone = served.standalone.loc[firms.index]
    ways = served.ways.reordered(ordered.index)
    demands = plain(firms[DEMANDS].to_numpy(float))
    allowed = plain(fits(ordered, firms, alone)) & _reachable(ways, demands)
    allowed[ordered.index.isin(params.locked_out)] = False
    pairs, worth = _pairs(links, firms.index, params)
    payers = served.params.payer_park
    return Case(
        sites=ordered.index,
        prospects=firms.index,
        fits=allowed,
        values=values_mrub(ordered, firms, alone),
        lone=lone_bonus_mrub(ordered, firms, served.params),
        alone_mrub=ordered["saving_mrub"].astype(float).fillna(-np.inf).to_numpy(),
        areas_ha=plain(firms["area_ha"].to_numpy(float)),
        limits_ha=plain(ordered["buildable_ha"].to_numpy(float)),
        demands=demands,
        coincidence=coincidences(served.params),
        rates_mrub_ha=onsite_rates_mrub_ha(ordered),
        ways=ways,
        public=np.array([payers.get(u, {}).get("budget", 0.0) for u in UTILITIES]),
        public_onsite=payers.get("onsite", {}).get("budget", 0.0),
        public_opening=payers.get("opening", {}).get("budget", 0.0),
        districts=pd.factorize(ordered["district_id"], sort=True)[0].astype(np.int64),
        exclusive=_exclusive(ordered, params.min_spacing_km),
        locked_in=np.sort(ordered.index.get_indexer(pd.Index(params.locked_in, dtype="str"))),
        pairs=pairs,
        pair_mrub=worth,
        params=params,
    )


def _reachable(ways: Ways, demands: Floats) -> Flags:
    """Return whether each site can connect each prospect at all, shape (n, m).

    Who cannot be connected alone cannot be connected in company: a park needs no less.
    """
    most = most_served(ways.kernel).reshape(len(ways.places), -1)
    return (demands[None, :, :] <= most[:, None, :]).all(axis=2)


def _exclusive(sites: GeoDataFrame, min_spacing_km: float) -> tuple[Ints, ...]:
    groups = [*_sharing(sites["plot_ids"]), *_overlapping(sites)]
    if min_spacing_km > 0:
        groups += _near(sites, min_spacing_km * M_PER_KM)
    return tuple(np.array(group, np.int64) for group in groups)


def _sharing(plot_ids: Series) -> list[tuple[int, ...]]:
    by_plot: dict[str, list[int]] = {}
    for at, joined in enumerate(plot_ids):
        for plot in sorted(set(str(joined).split(";"))):
            by_plot.setdefault(plot, []).append(at)
    return sorted({tuple(group) for group in by_plot.values() if len(group) > 1})


def _overlapping(sites: GeoDataFrame) -> list[tuple[int, int]]:
    """Return the pairs of sites whose land overlaps though they share no plot."""
    if "overlaps" not in sites.columns:
        return []
    told = sites["overlaps"].dropna().str.split(";").explode()
    first, second = sites.index.get_indexer(told.index), sites.index.get_indexer(told)
    plots = [set(str(joined).split(";")) for joined in sites["plot_ids"]]
    pairs = zip(first.tolist(), second.tolist(), strict=True)
    # a site named but not among these cannot be taken; -1 is less than any position
    return sorted({(a, b) for a, b in pairs if 0 <= a < b and plots[a].isdisjoint(plots[b])})


def _near(sites: GeoDataFrame, spacing_m: float) -> list[tuple[int, int]]:
    shapes = sites.geometry.to_numpy()
    one, other = STRtree(shapes).query(shapes, predicate="dwithin", distance=spacing_m)
    return sorted({(int(a), int(b)) for a, b in zip(one, other, strict=True) if a < b})


def _pairs(links: DataFrame, prospects: Index, params: ChooseParams) -> tuple[Ints, Floats]:
    """Return linked prospects and the freight they save in one park over the years counted."""
    first = prospects.get_indexer(pd.Index(links["supplier_id"]))
    second = prospects.get_indexer(pd.Index(links["buyer_id"]))
    rate = params.freight_mrub_per_mrub_km * params.colocation_years
    worth = (links["volume_mrub"] * links["distance_km"]).to_numpy(float) * rate
    use = (first >= 0) & (second >= 0) & (first != second) & (worth > 0)
    both = np.sort(np.stack([first[use], second[use]], axis=1), axis=1)
    frame = pd.DataFrame({"a": both[:, 0], "b": both[:, 1], "worth": worth[use]})
    summed = frame.groupby(["a", "b"], sort=True)["worth"].sum()
    pairs = np.array(summed.index.tolist(), np.int64).reshape(-1, 2)
    return pairs, summed.to_numpy(float)
