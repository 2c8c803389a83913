"""The roads as a graph: junctions, edges with km and minutes, and places snapped to edges.

Roads that cross are taken to meet (a bridge without a junction is not known from its line); a loose
end is joined to the nearest road within `join_m`. A place is joined to the nearest point of the
nearest *edge*, never to a node that may lie far along it. Where roads are drawn schematically, so
are the lengths found here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from siting.units import M_PER_KM

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from siting.region import LocationParams

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MINUTES_PER_HOUR: Final = 60
_SAME_M: Final = 1.0
"""Points this near are one node, m: coordinates of junctions are rounded to it."""
_LEAST: Final = 1e-9
"""Least weight of an edge: a sparse graph takes zero for no edge."""


@dataclass(frozen=True, kw_only=True)
class Segments:
    """Straight pieces of all roads."""

    ends: Floats
    """Coordinates of both ends, m, shape (n, 2, 2)."""
    road: Ints
    """Which road each is of, shape (n,)."""
    kmh: Floats

    @property
    def lines(self) -> NDArray[np.object_]:
        """Return the pieces as geometry, shape (n,)."""
        return np.asarray(shapely.linestrings(self.ends), object)


def segment(roads: GeoDataFrame, params: LocationParams) -> Segments:
    """Return the straight pieces of the roads, in the order of their ids."""
    ordered = roads.sort_index()
    lines = ordered.geometry.to_numpy()
    speed = ordered["road_category"].map(params.speed_kmh).astype(float)
    # a category nobody told has a speed of its own, stated in the parameters
    kmh = speed.fillna(params.unknown_speed_kmh).to_numpy()
    parts, of_line = shapely.get_parts(lines, return_index=True)
    xy, of_part = shapely.get_coordinates(parts, return_index=True)
    same = of_part[1:] == of_part[:-1]
    ends = np.stack([xy[:-1][same], xy[1:][same]], axis=1)
    long = (ends[:, 0] != ends[:, 1]).any(axis=1)
    road = of_line[of_part[:-1][same]].astype(np.int64)
    return Segments(ends=ends[long], road=road[long], kmh=kmh[road[long]])


@dataclass(frozen=True, kw_only=True)
class _Edges:
    """Edges of the graph: nodes at both ends, km, minutes."""

    a: Ints
    b: Ints
    km: Floats
    minutes: Floats


def travel(
    roads: GeoDataFrame, origins: Floats, targets: Floats, params: LocationParams
) -> tuple[Floats, Floats]:
    """Return km and minutes by road from each origin to each target, shape (o, t); inf: no way.

    Parameters
    ----------
    origins, targets
        Coordinates, m, shape (o, 2) and (t, 2).
    """
    places = np.concatenate([origins, targets])
    pieces = segment(roads, params)
    if not len(pieces.road) or not len(places):
        nothing = np.full((len(origins), len(targets)), np.inf)
        return nothing, nothing.copy()
    edges, at, count = _graph(pieces, places, params)
    first = np.arange(len(origins))
    return (
        _shortest(edges, edges.km, count, at[first], at[len(origins) :]),
        _shortest(edges, edges.minutes, count, at[first], at[len(origins) :]),
    )


def _shortest(edges: _Edges, weight: Floats, count: int, starts: Ints, goals: Ints) -> Floats:
    # of parallel edges the shortest counts; a sparse array would add them up
    low, high = np.minimum(edges.a, edges.b), np.maximum(edges.a, edges.b)
    order = np.lexsort((weight, high, low))
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
    kept = order[first]
    kept = kept[low[kept] != high[kept]]
    graph = csr_array((np.maximum(weight[kept], _LEAST), (low[kept], high[kept])), (count, count))
    # from whichever are fewer: the roads are the same both ways
    if len(goals) < len(starts):
        return np.asarray(dijkstra(graph, directed=False, indices=goals))[:, starts].T
    return np.asarray(dijkstra(graph, directed=False, indices=starts))[:, goals]


def _graph(pieces: Segments, places: Floats, params: LocationParams) -> tuple[_Edges, Ints, int]:
    """Return the edges, the node of each place, and how many nodes there are."""
    tree = shapely.STRtree(pieces.lines)
    cuts = [_crossings(pieces, tree), _ends(pieces)]
    points = np.asarray(shapely.points(places), object)
    nearest = np.asarray(tree.nearest(points), np.int64)
    feet = _feet(pieces, nearest, points)
    loose, joined = _loose_ends(pieces, tree, params.join_m)
    loose_feet = _feet(pieces, joined, np.asarray(shapely.points(loose), object))
    piece = np.concatenate([*(cut[0] for cut in cuts), nearest, joined])
    xy = np.concatenate([*(cut[1] for cut in cuts), feet, loose_feet])
    keys = np.rint(np.concatenate([xy, loose]) / _SAME_M).astype(np.int64)
    _, node = np.unique(keys, axis=0, return_inverse=True)
    node = node.ravel()
    along = np.linalg.norm(xy - pieces.ends[piece, 0], axis=1)
    order = np.lexsort((along, piece))
    same = piece[order][1:] == piece[order][:-1]
    one, other = order[:-1][same], order[1:][same]
    km = (along[other] - along[one]) / M_PER_KM
    minutes = km / pieces.kmh[piece[one]] * MINUTES_PER_HOUR
    junctions = int(node.max()) + 1
    at = junctions + np.arange(len(places))
    foot_node = node[len(xy) - len(feet) - len(loose_feet) : len(xy) - len(loose_feet)]
    access_km = np.linalg.norm(places - feet, axis=1) / M_PER_KM * params.winding
    gap_km = np.linalg.norm(loose - loose_feet, axis=1) / M_PER_KM
    local_km = np.concatenate([access_km, gap_km])
    # too far from every road: no edge, and the straight line is told instead
    usable = np.concatenate([access_km <= params.access_km, np.ones(len(gap_km), bool)])
    a = np.concatenate([node[one], at[usable[: len(at)]], node[len(xy) :]])
    b = np.concatenate(
        [node[other], foot_node[usable[: len(at)]], node[len(xy) - len(loose_feet) : len(xy)]]
    )
    edges = _Edges(
        a=a.astype(np.int64),
        b=b.astype(np.int64),
        km=np.concatenate([km, local_km[usable]]),
        minutes=np.concatenate(
            [minutes, local_km[usable] / params.local_speed_kmh * MINUTES_PER_HOUR]
        ),
    )
    return edges, at.astype(np.int64), junctions + len(places)


def _ends(pieces: Segments) -> tuple[Ints, Floats]:
    piece = np.repeat(np.arange(len(pieces.road)), 2)
    return piece.astype(np.int64), pieces.ends.reshape(-1, 2)


def _crossings(pieces: Segments, tree: shapely.STRtree) -> tuple[Ints, Floats]:
    """Return the pieces that cross others, and where; every crossing stands once for each."""
    lines = pieces.lines
    one, other = tree.query(lines, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    met = shapely.intersection(lines[one], lines[other])
    # where two roads run together the ends of both are met, and no more is needed
    xy, of_pair = shapely.get_coordinates(met, return_index=True)
    piece = np.concatenate([one[of_pair], other[of_pair]]).astype(np.int64)
    return piece, np.concatenate([xy, xy])


def _feet(pieces: Segments, piece: Ints, points: NDArray[np.object_]) -> Floats:
    """Return the point of each piece nearest to each point, shape (n, 2)."""
    lines = pieces.lines[piece]
    along = shapely.line_locate_point(lines, points)
    return np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(lines, along)))


def _loose_ends(
    pieces: Segments, tree: shapely.STRtree, join_m: float
) -> tuple[Floats, NDArray[np.int64]]:
    """Return ends that meet no other road, and the nearest piece of another within `join_m`."""
    keys = np.rint(pieces.ends.reshape(-1, 2) / _SAME_M).astype(np.int64)
    _, first, count = np.unique(keys, axis=0, return_index=True, return_counts=True)
    single = np.sort(first[count == 1])
    points = shapely.points(pieces.ends.reshape(-1, 2)[single])
    mine = pieces.road[single // 2]
    end, piece = tree.query(points, predicate="dwithin", distance=join_m)
    others = pieces.road[piece] != mine[end]
    end, piece = end[others], piece[others]
    gap = shapely.distance(points[end], pieces.lines[piece])
    order = np.lexsort((piece, gap, end))
    nearest = np.ones(len(order), bool)
    nearest[1:] = np.diff(end[order]) != 0
    chosen = order[nearest]
    xy = shapely.get_coordinates(points[end[chosen]]).reshape(-1, 2)
    return xy, piece[chosen].astype(np.int64)
