"""The sources a sweep did not keep, looked for from the sites where one of them could win.

A sweep keeps the k nearest sources of a class. A farther one can win where the near ones are
full or lie behind a crossing. It is farther than the k-th in weighted length, and no route is
shorter than the straight line over the cheapest ground; from both follows the least it could cost.
Where that is less than the best price found, the class is searched again from that one site, as
far as could matter.
Plots and prospects keep what the sweep gave them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from siting.network.screen import ClassOffers, find_roots, offers_from
from siting.pricing import UtilityOffers, price
from siting.units import M_PER_KM

if TYPE_CHECKING:
    from geopandas import GeoSeries
    from numpy.typing import NDArray
    from pandas import Series

    from siting.network.options import SourceClass
    from siting.network.screen import Scene
    from siting.network.surface import Floats, Ground, Ints

_SURELY_LESS: Final = 1.0 - 1e-9


@dataclass(frozen=True, kw_only=True)
class Case:
    """One class as it was swept, and the n sites it was swept for."""

    scene: Scene
    group: SourceClass
    ground: Ground
    offers: UtilityOffers
    """Offers of its utility at the sites."""
    points: GeoSeries
    demand: Floats


def find_doubts(case: Case) -> dict[int, float]:
    """Return the rows of sites where an unkept source could win, and how far to look, km."""
    if case.group.labels >= len(case.group.source_ids):
        return {}
    best = price(case.offers, case.demand).cost_mrub
    bounds = np.zeros(len(best))
    for name in case.group.options:
        option = case.offers.options.loc[[name]].iloc[0]
        at = case.offers.options.index.get_loc(name)
        last_km = case.offers.effective_km[:, at, case.group.labels - 1]
        # where the last slot is empty, every source within the bound has been seen
        rows = np.flatnonzero(np.isfinite(last_km) & (case.demand > 0))
        least = _least_mrub(option, case.demand[rows], last_km[rows])
        for row in rows[least < best[rows] * _SURELY_LESS].tolist():
            kept = case.offers.source[row, at, : case.group.labels]
            if _may_win(case, option, row, kept, float(last_km[row]), float(best[row])):
                alone = _least_mrub(option, case.demand[row], 0.0)
                per_km = _least_mrub(option, case.demand[row], 1.0) - alone
                bound_km = (best[row] - alone) / per_km if per_km > 0 else np.inf
                bounds[row] = max(bounds[row], bound_km)
    return {int(row): float(bounds[row]) for row in np.flatnonzero(bounds)}


def settle(case: Case, found: ClassOffers, doubts: dict[int, float]) -> ClassOffers:
    """Return `found` with the offers of doubtful sites replaced by the cheapest for their demand.

    As many as the sweep keeps, so that they take the same slots, nearest first.
    """
    if not doubts:
        return found
    source, routes = found.source.copy(), dict(found.routes)
    effective, length = found.effective_km.copy(), found.length_km.copy()
    money, crossed = found.crossings_mrub.copy(), found.crossed.copy()
    taps = find_roots(case.scene, case.group, case.ground)
    for row, bound_km in doubts.items():
        point = case.points.iloc[row]
        cell = case.scene.grid.cells(shapely.get_coordinates(point))
        seen = offers_from(case.scene, case.group, case.ground, cell, taps, bound_km=bound_km)
        every, drawn = _merged(found, row, seen)
        kept = _cheapest(case, every, float(case.demand[row]))[: source.shape[1]]
        kept = kept[np.lexsort((every.source[kept, 0], every.effective_km[kept, 0]))]
        at = np.s_[row, : len(kept)]
        source[at], effective[at] = every.source[kept, 0], every.effective_km[kept, 0]
        length[at], money[at] = every.length_km[kept, 0], every.crossings_mrub[kept, 0]
        crossed[at] = every.crossed[kept, 0]
        routes |= {(row, slot): drawn[one] for slot, one in enumerate(kept.tolist())}
    return replace(
        found,
        source=source,
        effective_km=effective,
        length_km=length,
        crossings_mrub=money,
        crossed=crossed,
        routes=routes,
    )


def _may_win(  # one site and option, told apart
    case: Case, option: Series, row: int, kept: NDArray[np.int32], last_km: float, best_mrub: float
) -> bool:
    """Return whether some source outside `kept` could serve a site for less than the best price."""
    place = case.offers.sources.index.get_indexer(case.group.source_ids)
    unseen = ~np.isin(place, kept)
    places = case.scene.sources.geometry.loc[case.group.source_ids[unseen]]
    straight_km = places.distance(case.points.iloc[row]).to_numpy() / M_PER_KM
    spare = case.offers.sources["spare"].to_numpy(float)[place[unseen]]
    beyond = np.maximum(0.0, case.demand[row] - spare) * case.offers.reinforcement_mrub
    # the straight line ends at the source, a route at the middle of its cell; ground may be cheap
    route_km = np.maximum(0.0, straight_km - 2 * case.scene.grid.cell_m / M_PER_KM)
    least_km = np.maximum(last_km, route_km * min(1.0, case.ground.least))
    cost = _least_mrub(option, case.demand[row], least_km) + beyond
    load = straight_km * (case.demand[row] if option["reach_rule"] == "mw_km" else 1.0)
    in_reach = (load <= option["reach_value"]) | (option["reach_rule"] == "none")
    return bool((in_reach & (cost < best_mrub * _SURELY_LESS)).any())


def _least_mrub(option: Series, demand: Floats | float, km: Floats | float) -> Floats:
    """Return the price of an option for a weighted length, without crossings."""
    circuits = np.ceil(demand / option["capacity"] * _SURELY_LESS)
    fixed = circuits * option["fixed_mrub"] + option["per_unit_mrub"] * demand
    return np.asarray(fixed + circuits * option["per_km_mrub"] * km)


def _merged(found: ClassOffers, row: int, seen: ClassOffers) -> tuple[ClassOffers, list[Ints]]:
    """Return the kept offers of a site and the newly seen ones, a row each, with their routes."""
    old = np.flatnonzero(found.source[row] >= 0)
    new = np.flatnonzero((seen.source[:, 0] >= 0) & ~np.isin(seen.source[:, 0], found.source[row]))
    columns = {
        name: np.concatenate((getattr(found, name)[row, old], getattr(seen, name)[new, 0]))[:, None]
        for name in ("source", "effective_km", "length_km", "crossings_mrub", "crossed")
    }
    drawn = [found.routes[row, int(slot)] for slot in old]
    drawn += [seen.routes[int(one), 0] for one in new]
    return ClassOffers(**columns, routes={}), drawn


def _cheapest(case: Case, every: ClassOffers, demand: float) -> Ints:
    """Return the rows of `every` in the order of what each would cost the site alone."""
    place = case.offers.sources.index.get_indexer(case.group.source_ids).astype(np.int32)
    options = case.offers.options.loc[list(case.group.options)]
    shape = (len(every.source), len(options), 1)
    alone = UtilityOffers(
        utility=case.offers.utility,
        options=options,
        sources=case.offers.sources,
        source=np.broadcast_to(place[every.source][:, None], shape).copy(),
        effective_km=np.broadcast_to(every.effective_km[:, None], shape).copy(),
        length_km=np.broadcast_to(every.length_km[:, None], shape).copy(),
        crossings_mrub=np.broadcast_to(every.crossings_mrub[:, None], shape).copy(),
        reinforcement_mrub=case.offers.reinforcement_mrub,
    )
    cost = price(alone, np.full(len(every.source), demand)).cost_mrub
    return np.lexsort((every.source[:, 0], every.effective_km[:, 0], cost))
