"""The area that a convex plot shares with a zone, without building the common shape.

Each ring of the zone is cut by the straight edges of the plot, one after the other, and the area of
what remains is added, or taken away for a hole (Sutherland and Hodgman 1974). Cutting by a convex
shape may leave parts joined by bridges of no width, which have no area: the sum is exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from numba import njit

from siting.land.tiles import runs_of_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.land.pieces import Geometries, Positions

    Floats = NDArray[np.float64]

_PAIRS_AT_ONCE: Final = 16384
_HAIR: Final = 1e-12
"""A turn this small, as a share of the box of the plot, is straight."""


def is_convex(land: Geometries) -> NDArray[np.bool_]:
    """Return whether each is one polygon without holes that bends one way only, shape (n,)."""
    plain = shapely.get_type_id(land) == shapely.GeometryType.POLYGON
    plain &= shapely.get_num_interior_rings(land) == 0
    xy, first = _corners(shapely.get_exterior_ring(land[plain]))
    convex = np.zeros(len(land), dtype=bool)
    convex[plain] = _bends_one_way(xy, first)
    return convex


def clipped_m2(land: Geometries, tiles: Geometries, plot: Positions, tile: Positions) -> Floats:
    """Return the area shared by each pair of a convex plot and a tile, m2, shape (n,).

    Parameters
    ----------
    land, tiles
        Polygons.
    plot, tile
        Positions of the pairs in them, shape (n,).
    """
    plots, own = np.unique(plot, return_inverse=True)
    zones, other = np.unique(tile, return_inverse=True)
    edges, edge_first = _corners(shapely.get_exterior_ring(land[plots]))
    parts, of_part = shapely.get_parts(tiles[zones], return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    # the first ring of a part is its shell, the others are holes
    sign = np.where(np.diff(of_ring, prepend=-1) > 0, 1.0, -1.0)
    ring_first = np.searchsorted(of_part[of_ring], np.arange(len(zones) + 1))
    xy, first = _corners(rings)

    def measure(some: slice) -> Floats:
        return _clip_all(own[some], other[some], (edges, edge_first), (xy, first, sign, ring_first))

    return np.concatenate(runs_of_threads(measure, len(plot), _PAIRS_AT_ONCE))


def _corners(rings: Geometries) -> tuple[Floats, Positions]:
    """Return the corners of all rings and where those of each begin, the last entry their end."""
    count = shapely.get_num_coordinates(rings)
    return shapely.get_coordinates(rings), np.concatenate([[0], np.cumsum(count)])


@njit(cache=True, nogil=True)
def _bends_one_way(xy, first):  # type: ignore[no-untyped-def]  # a compiled kernel takes arrays
    """Return whether each ring turns to one side only."""
    convex = np.ones(len(first) - 1, dtype=np.bool_)
    for ring in range(len(first) - 1):
        low, high = first[ring], first[ring + 1] - 1
        span = 0.0
        for at in range(low, high):
            span = max(span, abs(xy[at, 0] - xy[low, 0]) + abs(xy[at, 1] - xy[low, 1]))
        least = _HAIR * span * span
        left, right = False, False
        for at in range(low, high):
            # the last corner repeats the first
            back = xy[at - 1] if at > low else xy[high - 1]
            ahead = xy[at + 1]
            turn = (xy[at, 0] - back[0]) * (ahead[1] - xy[at, 1])
            turn -= (xy[at, 1] - back[1]) * (ahead[0] - xy[at, 0])
            left |= turn > least
            right |= turn < -least
        convex[ring] = not (left and right)
    return convex


@njit(cache=True, nogil=True)
def _clip_all(own, other, land, zones):  # type: ignore[no-untyped-def]
    """Return the area that each pair shares."""
    edges, edge_first = land
    xy, first, sign, ring_first = zones
    shared = np.zeros(len(own))
    for pair in range(len(own)):
        clip = edges[edge_first[own[pair]] : edge_first[own[pair] + 1]]
        for ring in range(ring_first[other[pair]], ring_first[other[pair] + 1]):
            shape = xy[first[ring] : first[ring + 1] - 1]
            shared[pair] += sign[ring] * _clip_one(shape, clip)
    return shared


@njit(cache=True, nogil=True)
def _clip_one(shape, clip):  # type: ignore[no-untyped-def]
    """Return the area of a ring within a convex ring, whose last corner repeats the first."""
    # distances from a corner of the plot keep the digits of coordinates of millions of metres
    x0, y0 = clip[0, 0], clip[0, 1]
    side = 1.0 if _doubled(clip - clip[0]) > 0 else -1.0
    kept = shape - clip[0]
    for edge in range(len(clip) - 1):
        x, y = clip[edge, 0] - x0, clip[edge, 1] - y0
        across = clip[edge + 1, 0] - clip[edge, 0], clip[edge + 1, 1] - clip[edge, 1]
        cut = np.empty((2 * len(kept), 2))
        size = 0
        for at in range(len(kept)):
            back = kept[at - 1]
            here = kept[at]
            from_m = side * (across[0] * (back[1] - y) - across[1] * (back[0] - x))
            to_m = side * (across[0] * (here[1] - y) - across[1] * (here[0] - x))
            if (from_m < 0) != (to_m < 0):
                share = from_m / (from_m - to_m)
                cut[size, 0] = back[0] + share * (here[0] - back[0])
                cut[size, 1] = back[1] + share * (here[1] - back[1])
                size += 1
            if to_m >= 0:
                cut[size] = here
                size += 1
        kept = cut[:size]
        if size < 3:
            return 0.0
    return abs(_doubled(kept)) / 2


@njit(cache=True, nogil=True)
def _doubled(ring):  # type: ignore[no-untyped-def]
    """Return twice the area of a ring, positive where it turns left."""
    total = 0.0
    for at in range(len(ring)):
        total += ring[at - 1, 0] * ring[at, 1] - ring[at, 0] * ring[at - 1, 1]
    return total
