"""Routes traced back from the sweep: real length, crossings, and the line on the map.

The length of a route is that of its moves between cell centres. The line drawn starts at the
site's own point and ends at the source's, and is simplified by at most half a cell, so it is a
little shorter or longer than the length that is priced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numba import njit

from siting.network.kernel import CODE_BITS, CODE_MASK

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import Point
    from shapely.geometry.base import BaseGeometry

    from siting.network.crossings import Crossings
    from siting.network.grid import Grid
    from siting.network.surface import Floats, Ground, Ints, Surface


@dataclass(frozen=True, kw_only=True)
class Traced:
    """The labels of n cells, each with k slots; -1 and inf where a slot is empty."""

    source: NDArray[np.int32]
    """Source, counted within the class, shape (n, k)."""
    cost: Floats
    """Friction-weighted length, cells, shape (n, k)."""
    length: Floats
    """Real length, cells, shape (n, k)."""
    crossed: NDArray[np.int64]
    """Crossings of each of crossings.kinds_of, waters in halves, shape (n, k, kinds)."""


def trace(ground: Ground, surface: Surface, crossings: Crossings, cells: Ints) -> Traced:
    """Return the labels of `cells` (-1: none) with what their routes measure and cross."""
    shape = (len(cells), surface.labels)
    traced = Traced(
        source=np.full(shape, -1, np.int32),
        cost=np.full(shape, np.inf),
        length=np.full(shape, np.inf),
        crossed=np.zeros((*shape, crossings.count.shape[2]), np.int64),
    )
    _trace(
        (surface.cost, surface.tag),
        (ground.steps, ground.moves.length, ground.dearest),
        (crossings.row, crossings.count),
        cells,
        (traced.source, traced.cost, traced.length, traced.crossed),
    )
    return traced


@dataclass(frozen=True, kw_only=True)
class Measures:
    """Real length and crossings of the labels of a sweep; only of those that were asked about."""

    length: Floats
    """Cells, flat as `Surface.cost`."""
    crossed: NDArray[np.uint16]
    """Crossings of each of crossings.kinds_of, waters in halves, shape (cells * k, kinds)."""


def measure(ground: Ground, surface: Surface, crossings: Crossings, cells: Ints) -> Measures:
    """Return what the routes of all labels of `cells` (-1: none) measure and cross.

    Every label is measured once, from the one its route runs through: for many cells this is
    as much less work than `trace` as routes are long.
    """
    size = len(surface.tag)
    # pages that no route touches are never taken from memory
    measures = Measures(
        length=np.zeros(size),
        crossed=np.zeros((size, crossings.count.shape[2]), np.uint16),
    )
    _measure(
        (surface.cost, surface.tag, surface.labels),
        (ground.steps, ground.moves.length, ground.dearest),
        (crossings.row, crossings.count),
        cells,
        (np.zeros(size, np.bool_), measures.length, measures.crossed),
    )
    return measures


def corners(ground: Ground, surface: Surface, cell: int, source: int) -> Ints:
    """Return the cells at which the route from `cell` to `source` starts, turns and ends."""
    return _corners(surface.tag, surface.labels, ground.steps, cell, source)


def draw_route(
    grid: Grid, route: Ints, *, site: Point, source: BaseGeometry
) -> BaseGeometry | None:
    """Return the route as a LineString, metres; None where site and source are one point."""
    middle = grid.centres(route)
    end = shapely.get_coordinates(_nearest_on(source, shapely.Point(middle[-1])))
    # the centres of the first and the last cell only stand for the true ends
    xy = np.vstack((shapely.get_coordinates(site), middle[1:-1], end))
    line = shapely.simplify(shapely.LineString(xy), grid.cell_m / 2)
    return line if line.length > 0 else None


def _nearest_on(source: BaseGeometry, point: Point) -> BaseGeometry:
    return shapely.get_point(shapely.shortest_line(source, point), 0)


@njit(cache=True, nogil=True)
def _slot_of(tag, at, k, source):  # type: ignore[no-untyped-def]
    for j in range(at, at + k):
        if tag[j] >> CODE_BITS == source:
            return j
    return -1


@njit(cache=True, nogil=True)
def _trace(surface, ground, crossings, cells, found):  # type: ignore[no-untyped-def]
    cost, tag = surface
    steps, moved, dearest = ground
    row, count = crossings
    sources, costs, lengths, crossed = found
    k = sources.shape[1]
    for n in range(len(cells)):
        if cells[n] < 0:
            continue
        for j in range(k):
            slot = cells[n] * k + j
            source = tag[slot] >> CODE_BITS
            if source < 0:
                break
            sources[n, j], costs[n, j], lengths[n, j] = source, cost[slot], 0.0
            cell = cells[n]
            while tag[slot] & CODE_MASK > 0:
                i = (tag[slot] & CODE_MASK) - 1
                lengths[n, j] += moved[i]
                cell -= steps[i]
                if row[cell] >= 0:
                    for kind in range(crossed.shape[2]):
                        crossed[n, j, kind] += count[row[cell], i, kind]
                slot = _slot_of(tag, cell * k, k, source)
            # a source on a barrier is tapped beside it: the gap was paid at the dearest friction
            lengths[n, j] += cost[slot] / dearest


@njit(cache=True, nogil=True)
def _corners(tag, k, steps, cell, source):  # type: ignore[no-untyped-def]
    found = [np.int64(cell)]
    before = 0
    while True:
        code = tag[_slot_of(tag, cell * k, k, source)] & CODE_MASK
        turned = code != before
        if turned and before > 0:
            found.append(np.int64(cell))
        if code == 0:
            break
        before = code
        cell -= steps[code - 1]
    if before == 0:
        found.append(np.int64(cell))
    return np.array(found)


@njit(cache=True, nogil=True)
def _measure(surface, ground, crossings, cells, found):  # type: ignore[no-untyped-def]
    cost, tag, k = surface
    steps, moved, dearest = ground
    row, count = crossings
    known, lengths, crossed = found
    way = np.empty(1024, np.int64)
    for n in range(len(cells)):
        for j in range(k if cells[n] >= 0 else 0):
            cell, slot, deep = cells[n], cells[n] * k + j, 0
            source = tag[slot] >> CODE_BITS
            if source < 0:
                break
            while not known[slot] and tag[slot] & CODE_MASK > 0:
                if deep == len(way):
                    wider = np.empty(2 * deep, np.int64)
                    wider[:deep] = way
                    way = wider
                way[deep], deep = slot, deep + 1
                cell -= steps[(tag[slot] & CODE_MASK) - 1]
                slot = _slot_of(tag, cell * k, k, source)
            if not known[slot]:
                known[slot], lengths[slot] = True, cost[slot] / dearest
            while deep > 0:
                before, deep = slot, deep - 1
                slot = way[deep]
                i = (tag[slot] & CODE_MASK) - 1
                cell, known[slot] = before // k, True
                lengths[slot] = lengths[before] + moved[i]
                for kind in range(crossed.shape[1]):
                    crossed[slot, kind] = crossed[before, kind]
                    if row[cell] >= 0:
                        crossed[slot, kind] += count[row[cell], i, kind]
