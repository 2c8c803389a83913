"""Adjacent plots grown into one site: to the target area, compact, with few owners and transfers.

Every seed (largest first) grows one free neighbour at a time until the target is reached or no
neighbour fits; the `beam_width` best assemblies of each size are followed, and the best at the end
is taken. Score = compactness of the convex hull filled with land, less a penalty per new owner and
per new change of category:

    compactness = 4 pi A / P^2     A: land of the plots, P: edge of their convex hull

Plots once taken are free no more, so assemblies never overlap each other; whole plots offered as
sites of their own do, and are alternatives. It is near the best set around a seed (tests compare it
with all sets), not the best partition of all plots. Neighbours are found once for all plots by a
static tree: taking plots out of a dynamic one (rtree) cost half a millisecond each, minutes for a
million.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from siting.units import M2_PER_HA, M_PER_KM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from siting.land.pieces import Geometries, Positions
    from siting.region import LandParams

SHARED_OWNERS = ("state", "municipal")
"""One owner however many plots; every private or undivided plot has an owner of its own."""


@dataclass(frozen=True, kw_only=True)
class Land:
    """What growing needs to know of the plots, arrays in the order of their ids, shape (n,)."""

    geometry: Geometries
    area_m2: NDArray[np.float64]
    buildable_ha: NDArray[np.float64]
    is_usable: NDArray[np.bool_]
    is_shared_owner: NDArray[np.bool_]
    ownership: NDArray[np.object_]
    category: NDArray[np.object_]
    is_fitting: NDArray[np.bool_]
    """Production is allowed on the plot as it is."""


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """Plots that make one site."""

    members: tuple[int, ...]
    """Positions of the plots, ascending."""
    gap_km: float
    """Greatest gap bridged between a plot and the plots before it, km."""
    parts_count: int = 1
    """Parts of a park that lies in several places (see `parts`)."""


@dataclass(frozen=True, kw_only=True)
class Growing:
    """An assembly on its way."""

    members: tuple[int, ...]
    """Positions of the plots in the order in which they were taken."""
    hull: shapely.Geometry
    frontier: Mapping[int, float]
    """Free plots beside it and the gap to each, m."""
    gap_m: float
    penalty: float
    """Compactness given up for owners and transfers after the first plot."""
    score: float
    """Compactness less the penalty."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What one plot more would make of a site, arrays of shape (n,)."""

    choices: Positions
    hulls: Geometries
    shape: NDArray[np.float64]
    penalty: NDArray[np.float64]
    fits: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """Plots within reach of each other: those of plot i stand from first[i] to first[i + 1]."""

    first: Positions
    plot: Positions
    gap_m: NDArray[np.float64]


def read_land(plots: GeoDataFrame, is_fitting: NDArray[np.bool_], params: LandParams) -> Land:
    """Return what growing needs to know of `plots`, whose rows are sorted by id."""
    buildable_ha = plots["buildable_ha"].to_numpy()
    geometry = plots.geometry.to_numpy()
    ownership = plots["ownership"].to_numpy(dtype=object)
    return Land(
        geometry=geometry,
        area_m2=shapely.area(geometry),
        buildable_ha=buildable_ha,
        is_usable=plots["is_eligible"].to_numpy() & (buildable_ha >= params.min_member_ha),
        is_shared_owner=np.isin(ownership, SHARED_OWNERS),
        ownership=ownership,
        category=plots["category"].to_numpy(dtype=object),
        is_fitting=is_fitting,
    )


def grow_all(land: Land, params: LandParams) -> list[Assembly]:
    """Return every assembly of two plots or more with at least `min_assembly_ha` buildable."""
    # plots that reach the target alone need no neighbour
    free = np.flatnonzero(land.is_usable & (land.buildable_ha < params.target_park_ha))
    if len(free) == 0:
        return []
    near = _find_neighbours(land, free, params.max_gap_m)
    is_free = np.zeros(len(land.geometry), dtype=bool)
    is_free[free] = True
    grown = []
    for seed in free[np.lexsort((free, -land.buildable_ha[free]))]:
        # most plots of a country have no neighbour: they cost nothing here
        if is_free[seed] and near.first[seed] < near.first[seed + 1]:
            found = _grow(int(seed), land, near, is_free, params)
            is_free[list(found.members)] = False
            grown.append(found)
    enough = max(params.min_park_ha, params.min_assembly_ha)
    return [
        one
        for one in grown
        if len(one.members) > 1 and land.buildable_ha[list(one.members)].sum() >= enough
    ]


def compactness(area_m2: float | NDArray[np.float64], hull: Geometries) -> NDArray[np.float64]:
    """Return 4 pi A / P^2 of land of this area in this convex hull, 1 for a disc."""
    return 4 * np.pi * area_m2 / shapely.length(hull) ** 2


def _find_neighbours(land: Land, free: Positions, reach_m: float) -> Neighbours:
    """Return for each plot the free plots within `reach_m` of it."""
    shapes = land.geometry[free]
    west, south, east, north = shapely.bounds(shapes).T
    boxes = shapely.box(west - reach_m, south - reach_m, east + reach_m, north + reach_m)
    # boxes first: asking the tree for distances would prepare every plot
    one, other = free[shapely.STRtree(shapes).query(boxes)]
    is_pair = one != other
    one, other = one[is_pair], other[is_pair]
    gap_m = shapely.distance(land.geometry[one], land.geometry[other])
    is_near = gap_m <= reach_m
    one, other, gap_m = one[is_near], other[is_near], gap_m[is_near]
    order = np.lexsort((other, one))
    one, other, gap_m = one[order], other[order], gap_m[order]
    first = np.searchsorted(one, np.arange(len(land.geometry) + 1))
    return Neighbours(first=first, plot=other, gap_m=gap_m)


def _grow(
    seed: int, land: Land, near: Neighbours, is_free: NDArray[np.bool_], params: LandParams
) -> Assembly:
    """Return the best assembly found: by the greedy rule, or by following several at once."""
    start = Growing(
        members=(seed,), hull=shapely.convex_hull(land.geometry[seed]), frontier={}, gap_m=0.0,
        penalty=0.0, score=float("-inf"),
    )  # fmt: skip
    start = _seen(start, seed, near, is_free)
    # a beam may leave the greedy path and end worse: the greedy result always competes
    ends = [_follow(start, land, near, is_free, params, width) for width in (1, params.beam_width)]
    best = min((end for found in ends for end in found), key=lambda end: _rank(end, land, params))
    return Assembly(members=tuple(sorted(best.members)), gap_km=best.gap_m / M_PER_KM)


def _rank(end: Growing, land: Land, params: LandParams) -> tuple[float, float, tuple[int, ...]]:
    """Return what sorts ends: the target reached, else the most land, then the best score."""
    ha = float(land.buildable_ha[list(end.members)].sum())
    return -min(round(ha, 6), params.target_park_ha), -round(end.score, 9), end.members


def _follow(
    start: Growing,
    land: Land,
    near: Neighbours,
    is_free: NDArray[np.bool_],
    params: LandParams,
    width: int,
) -> list[Growing]:
    """Return where growing ends when the `width` best assemblies of each size are followed."""
    ends: list[Growing] = []
    states = [start]
    while states:
        larger: dict[frozenset[int], Growing] = {}
        for state in states:
            reached = land.buildable_ha[list(state.members)].sum() >= params.target_park_ha
            found = [] if reached else _one_larger(state, land, params, width)
            if not found:
                ends.append(state)
            for one in found:
                known = larger.setdefault(frozenset(one.members), one)
                if (one.gap_m, one.members) < (known.gap_m, known.members):
                    larger[frozenset(one.members)] = one
        # rounded, so that a map moved by a kilometre does not break ties another way
        order = sorted(larger.values(), key=lambda one: (-round(one.score, 9), one.members))
        states = [_seen(one, one.members[-1], near, is_free) for one in order[:width]]
    return ends


def _one_larger(state: Growing, land: Land, params: LandParams, width: int) -> list[Growing]:
    """Return the assemblies of one plot more with the best scores, at most `width`."""
    frontier = np.array(sorted(state.frontier), dtype=np.intp)
    found = _judge(list(state.members), state.hull, frontier, land, params)
    total = found.shape - found.penalty - state.penalty
    total[~found.fits] = -np.inf
    order = np.lexsort((found.choices, -np.round(total, 9)))[:width]
    return [
        Growing(
            members=(*state.members, int(found.choices[at])),
            hull=found.hulls[at],
            frontier=state.frontier,
            gap_m=max(state.gap_m, state.frontier[int(found.choices[at])]),
            penalty=state.penalty + float(found.penalty[at]),
            score=float(total[at]),
        )
        for at in order
        if np.isfinite(total[at])
    ]


def _seen(state: Growing, newest: int, near: Neighbours, is_free: NDArray[np.bool_]) -> Growing:
    """Return the assembly with the free neighbours of its newest plot on the frontier."""
    frontier = {at: gap for at, gap in state.frontier.items() if at != newest}
    own = slice(near.first[newest], near.first[newest + 1])
    for at, gap in zip(near.plot[own].tolist(), near.gap_m[own].tolist(), strict=True):
        if is_free[at] and at not in state.members:
            frontier[at] = min(gap, frontier.get(at, gap))
    return replace(state, frontier=frontier)


def best_neighbour(
    members: list[int],
    hull: shapely.Geometry,
    choices: Positions,
    land: Land,
    params: LandParams,
    own_m2: float = 0.0,
) -> int | None:
    """Return the neighbour with the best score, the first by id among equals; None if none fits.

    `own_m2` is land within the hull that is no plot: that of a park that grows.
    """
    found = _judge(members, hull, choices, land, params, own_m2)
    score = found.shape - found.penalty
    score[~found.fits] = -np.inf
    if len(score) == 0:
        return None
    best = int(np.argmax(np.round(score, 9)))
    return int(found.choices[best]) if np.isfinite(score[best]) else None


def _judge(
    members: list[int],
    hull: shapely.Geometry,
    choices: Positions,
    land: Land,
    params: LandParams,
    own_m2: float = 0.0,
) -> Judged:
    """Return what each choice would make of the site."""
    area_m2 = land.area_m2[members].sum() + land.area_m2[choices]
    fits = area_m2 <= params.max_park_ha * M2_PER_HA
    choices, area_m2 = choices[fits], area_m2[fits]
    hulls = shapely.convex_hull(shapely.union(hull, land.geometry[choices]))
    shape = compactness(own_m2 + area_m2, hulls)
    here = set(land.ownership[members].tolist())
    is_known_owner = land.is_shared_owner[choices] & np.isin(land.ownership[choices], list(here))
    # land that fits needs no transfer; other land needs one per category
    moved = set(land.category[members][~land.is_fitting[members]].tolist())
    is_known_move = land.is_fitting[choices] | np.isin(land.category[choices], list(moved))
    return Judged(
        choices=choices,
        hulls=hulls,
        shape=shape,
        penalty=params.owner_penalty_share * ~is_known_owner
        + params.category_penalty_share * ~is_known_move,
        fits=shape >= params.min_compactness_share,
    )
