"""What each prospect pays alone: at its own place or where a sensible firm would go.

A firm with no place of its own, or whose place cannot be connected, looks at the eligible plots of
its size and sanitary class and settles where the *whole* connection costs the quantile
`standalone_quantile` of them. It is one real plot, so its utilities add up and can be priced
again in a draw. A firm larger than any plot looks at the candidate sites in the same way. A firm
that fits nowhere has no cost alone, hence no saving, and is left out of the parks.

Ignores that lone firms compete with each other for spare capacity: each comes first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.portfolio.prospects import DEMANDS
from siting.portfolio.ways import Lists, Ways, lay_flat, list_all, plain, price_all, totals_at
from siting.tables.inputs import CLEAN_DIVISIONS
from siting.units import UTILITIES

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pandas import DataFrame, Series

    from siting.pricing import OffersEverywhere
    from siting.region import ServeParams

    Floats = NDArray[np.float64]

CHEAPEST: Final = 0.0
MEDIAN: Final = 0.5
"""Quantiles shown beside the chosen one, so that everybody sees what the choice does."""


@dataclass(frozen=True, kw_only=True)
class Alone:
    """Costs alone; index prospect_id everywhere."""

    costs: DataFrame
    """Columns UTILITIES and onsite, mln roubles; empty where the firm fits nowhere."""
    places: DataFrame
    """place_kind (own, plot, site, none), place_id, cheapest_mrub and median_mrub: connections."""
    ways: Ways
    """Ways to connect each prospect's place alone, places are prospect_ids."""


def cost_alone(
    prospects: GeoDataFrame,
    *,
    plots: GeoDataFrame,
    sites: GeoDataFrame,
    offers: OffersEverywhere,
    params: ServeParams,
) -> Alone:
    """Return the cost of every prospect alone, by utility, mln roubles."""
    needs = plain(prospects[DEMANDS].to_numpy(float))
    lists = list_all(offers)
    own = _own_costs(prospects.index, needs, offers, lists)
    pools = [
        ("plot", *_pool(plots, offers.plots.places), lay_flat([offers.plots], lists)),
        ("site", *_pool(sites, offers.sites.places), lay_flat([offers.sites], lists)),
    ]
    rows = []
    for at, (prospect_id, prospect) in enumerate(prospects.iterrows()):
        if np.isfinite(own[at]):
            rows.append(("own", str(prospect_id), own[at], own[at]))
            continue
        rows.append(_first_fit(prospect, needs[at], pools, params.standalone_quantile))
    columns = ["place_kind", "place_id", "cheapest_mrub", "median_mrub"]
    places = pd.DataFrame(rows, columns=columns, index=prospects.index)
    ways = _ways_of_places(places, offers, lists)
    costs, _ = price_all(ways.kernel, ways.prices, ways.spare, needs)
    costs[places["place_kind"] == "none"] = np.nan
    table = pd.DataFrame(costs, index=prospects.index, columns=list(UTILITIES))
    onsite = params.onsite_alone_share * onsite_rate_mrub_ha(sites) * prospects["area_ha"]
    return Alone(
        costs=table.assign(onsite=onsite.where(table.notna().all(axis=1))),
        places=places,
        ways=ways,
    )


def onsite_rate_mrub_ha(sites: GeoDataFrame) -> float:
    """Return the price of on-site networks by the hectare: the median of the eligible sites."""
    usable = sites[sites["is_eligible"] & (sites["buildable_ha"] > 0)]
    if usable.empty:
        return 0.0
    return float((usable["onsite_cost_mrub"] / usable["buildable_ha"]).median())


_Pool = tuple[str, "GeoDataFrame", "NDArray[np.intp]", Ways]


def _pool(places: GeoDataFrame, offered: pd.Index) -> tuple[GeoDataFrame, NDArray[np.intp]]:
    """Return the eligible places by id, and their offer positions."""
    usable = places[places["is_eligible"] & places.index.isin(offered)].sort_index()
    return usable, offered.get_indexer(usable.index)


def _own_costs(ids: pd.Index, needs: Floats, offers: OffersEverywhere, lists: Lists) -> Floats:
    """Return the whole connection cost at each prospect's own place; inf with none."""
    costs = np.full(len(ids), np.inf)
    has_place = ids.isin(offers.own.places)
    if has_place.any():
        ways = lay_flat([offers.own.take(ids[has_place])], lists)
        priced, _ = price_all(ways.kernel, ways.prices, ways.spare, needs[has_place])
        costs[has_place] = priced.sum(axis=1)
    return costs


def stays_clean(places: GeoDataFrame, prospects: GeoDataFrame) -> NDArray[np.bool_]:
    """Return whether makers of food and medicines stay out of others' sanitary zones.

    Shape (places, prospects); true for every other prospect, and where no stage has told.
    """
    wants = prospects["okved"].astype("str").str[:2].isin(CLEAN_DIVISIONS).to_numpy()
    if "clean_fits" not in places.columns:
        return np.ones((len(places), len(prospects)), dtype=bool)
    return places["clean_fits"].to_numpy(bool)[:, None] | ~wants


def _first_fit(
    prospect: Series, need: Floats, pools: list[_Pool], quantile: float
) -> tuple[str, str, float, float]:
    for kind, places, positions, ways in pools:
        # no distance means that the layers know no housing, so no zone can reach it
        housing, area = places["housing_distance_m"].fillna(np.inf), places["buildable_ha"]
        fits = (area >= prospect["area_ha"]) & (housing >= prospect["sanitary_zone_m"])
        fits &= stays_clean(places, prospect.to_frame().T)[:, 0]
        if not fits.any():
            continue
        cost = _total_at(positions[fits.to_numpy()], ways, need)
        order = np.argsort(cost, kind="stable")[: int(np.isfinite(cost).sum())]
        if len(order):
            ranked = cost[order]
            chosen = area.index[fits.to_numpy()][order[_rank(quantile, len(order))]]
            middle = ranked[_rank(MEDIAN, len(order))]
            return kind, str(chosen), ranked[_rank(CHEAPEST, len(order))], middle
    return "none", "", np.nan, np.nan


def _rank(quantile: float, count: int) -> int:
    return int(quantile * (count - 1))


def _total_at(positions: NDArray[np.intp], ways: Ways, need: Floats) -> Floats:
    """Return the whole cost of `need` at some places of `ways`, shape (n,)."""
    return totals_at(ways.kernel, ways.prices, ways.spare, positions, need)


def _ways_of_places(places: DataFrame, offers: OffersEverywhere, lists: Lists) -> Ways:
    """Return the ways at each prospect's place, in the order of `places`."""
    by_kind = {"own": offers.own, "plot": offers.plots, "site": offers.sites}
    parts, ids = [], []
    for kind, offered in by_kind.items():
        here = places[places["place_kind"] == kind]
        parts.append(offered.take(pd.Index(here["place_id"])))
        ids += here.index.tolist()
    flat = lay_flat(parts, lists)
    return replace(flat, places=pd.Index(ids, dtype="str")).reordered(places.index)
