"""How often a move crosses a river, a railway or a trunk road.

Counted geometrically: the straight move between two cell centres against the drawn line. A line
is counted once where a move passes through one of its vertices. The banks of a water area are
two lines; half their crossings, rounded down, are crossings of the water, so that a route that
starts in it is not charged. Water areas without a name and smaller than
`crossing_water_min_ha` are left to friction alone. Waters are counted by classes of width; that of
an area is 2 area / perimeter where it is not stated, the mean width of a long thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from numba import njit

from siting.units import M2_PER_HA

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from shapely import Geometry

    from siting.network.grid import Grid
    from siting.network.moves import Moves
    from siting.region import NetworkParams
    from siting.tables import Layers

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CROSSED: Final = ("river", "railway", "road")
"""What a crossing is priced as in `crossing_mrub`."""

_BANK, _WHOLE = 1, 2
"""What is counted when a line is met: halves of a water, so that its two banks make one."""

_CODE_BITS: Final = 8
"""Bits of a count among the counts of all kinds in one number."""

TRUNK_KINDS: Final = ("federal", "regional")
TRUNK_CATEGORIES: Final = ("I", "II", "III")
_LINES: Final = (1, 2, 5)
"""Types of geometry that are lines, as shapely counts them."""

_PIECE_CELLS: Final = 8
"""Lines are cut into pieces of this many cells, so that few cells are tried against each."""


@dataclass(frozen=True, kw_only=True)
class Crossings:
    """Counts of crossings by cell and move, kept only for cells that have any."""

    row: NDArray[np.int32]
    """Row in `count` of each cell, -1 where no move crosses anything, flat."""
    count: NDArray[np.uint8]
    """Of each of `kinds_of` by each move, waters in halves, shape (rows, moves, kinds)."""


def kinds_of(params: NetworkParams) -> tuple[str, ...]:
    """Return what is counted: the classes of water, then railways and trunk roads."""
    return (*(water.name for water in params.waters), *CROSSED[1:])


def whole(crossed: Ints, params: NetworkParams) -> Ints:
    """Return counts with halves of waters made whole ones, shape (..., kinds)."""
    is_water = np.arange(crossed.shape[-1]) < len(params.waters)
    return np.where(is_water, crossed // _WHOLE, crossed)


def prices_of(params: NetworkParams) -> Floats:
    """Return the price of crossing each of `kinds_of`, mln roubles, shape (kinds,)."""
    others = [params.crossing_mrub.get(kind, 0.0) for kind in CROSSED[1:]]
    return np.array([*(water.mrub for water in params.waters), *others])


def coded(counts: Ints) -> Ints:
    """Return the counts of all kinds as one number each, shape (...); more than 255 are 255."""
    most = (1 << _CODE_BITS) - 1
    places = 1 << (_CODE_BITS * np.arange(counts.shape[-1], dtype=np.int64))
    return np.asarray((np.minimum(counts, most) * places).sum(axis=-1), np.int64)


def decoded(codes: Ints, kinds: int) -> Ints:
    """Return the counts that `coded` made one number of, shape (..., kinds)."""
    shifts = _CODE_BITS * np.arange(kinds, dtype=np.int64)
    return np.asarray((codes[..., None] >> shifts) & ((1 << _CODE_BITS) - 1))


def count_crossings(grid: Grid, layers: Layers, moves: Moves, params: NetworkParams) -> Crossings:
    """Return the crossings of every move from every cell."""
    lines = _lines(layers, params)
    pieces = [_pieces(grid, line) for line, *_ in lines]
    met = np.repeat([told[1:] for told in lines], [len(piece) for piece in pieces], axis=0)
    ends = np.concatenate(pieces)
    row = np.full(grid.size, -1, np.int32)
    shape = np.array([grid.rows, grid.cols])
    used = _mark(ends, shape, moves.reach, row)
    count = np.zeros((used, len(moves.rows), len(kinds_of(params))), np.uint8)
    _count(ends, met, shape, moves.reach, (moves.rows, moves.cols), row, count)
    return Crossings(row=row, count=count)


def _lines(layers: Layers, params: NetworkParams) -> list[tuple[Geometry, int, int]]:
    """Return lines with the position of their kind and what each adds to its count."""
    waters = len(params.waters)
    infra = layers.infrastructure[layers.infrastructure["status"] == "operating"]
    rails = infra.geometry[(infra["utility"] == "rail") & (infra["kind"] == "track")]
    is_trunk = infra["kind"].isin(TRUNK_KINDS) & infra["road_category"].isin(TRUNK_CATEGORIES)
    roads = infra.geometry[(infra["utility"] == "road") & is_trunk]
    return [
        *_water_lines(layers, params),
        (shapely.union_all(_only_lines(rails.to_numpy())), waters, 1),
        (shapely.union_all(_only_lines(roads.to_numpy())), waters + 1, 1),
    ]


def _water_lines(layers: Layers, params: NetworkParams) -> list[tuple[Geometry, int, int]]:
    """Return banks and drawn rivers of each class of width; the same lines are met once."""
    water = layers.terrain[layers.terrain["cover"] == "water"]
    large = water.geometry.area >= params.crossing_water_min_ha * M2_PER_HA
    water = water[large | water["name"].notna()]
    areas = water.geometry.to_numpy()
    long = shapely.length(areas)
    mean_m = np.divide(2 * shapely.area(areas), long, out=np.zeros(len(areas)), where=long > 0)
    of_area = _classes(_stated(water, mean_m), params)
    rivers = layers.constraints[layers.constraints["kind"] == "river"]
    lines = rivers.geometry.to_numpy()
    is_line = np.isin(shapely.get_type_id(lines), _LINES)
    unknown_m = np.full(len(rivers), params.unknown_river_width_m)
    of_line = _classes(_stated(rivers, unknown_m), params)
    # a river drawn both as a line and as an area is one river
    everywhere = shapely.union_all(areas)
    found: list[tuple[Geometry, int, int]] = []
    for at in range(len(params.waters)):
        drawn = shapely.union_all(lines[is_line & (of_line == at)])
        found += [
            (shapely.union_all(areas[of_area == at]).boundary, at, _BANK),
            (shapely.difference(drawn, everywhere), at, _WHOLE),
        ]
    return found


def _stated(rows: GeoDataFrame, otherwise_m: Floats) -> Floats:
    """Return the stated width of each row, m, and what else is known of it where none is."""
    if "water_width_m" not in rows:
        return otherwise_m
    told = rows["water_width_m"].to_numpy(float)
    return np.where(np.isnan(told), otherwise_m, told)


def _classes(width_m: Floats, params: NetworkParams) -> Ints:
    """Return the class of water of each width, shape (n,)."""
    limits = [np.inf if water.to_m is None else water.to_m for water in params.waters]
    return np.minimum(np.searchsorted(limits, width_m), len(limits) - 1)


def _only_lines(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    return geometry[np.isin(shapely.get_type_id(geometry), _LINES)]


def _pieces(grid: Grid, lines: Geometry) -> NDArray[np.float64]:
    """Return short straight pieces as (row, col, row, col) in cells, shape (n, 4)."""
    # a bank finer than a quarter of a cell costs time and changes no count
    fine = shapely.simplify(lines, grid.cell_m / 4, preserve_topology=False)
    parts = shapely.get_parts(shapely.segmentize(fine, _PIECE_CELLS * grid.cell_m))
    xy, part = shapely.get_coordinates(parts, return_index=True)
    points = grid.fractional(xy) if len(xy) else np.empty((0, 2))
    joined = part[1:] == part[:-1]
    return np.hstack((points[:-1][joined], points[1:][joined]))


@njit(cache=True, nogil=True)
def _window(end, shape, reach):  # type: ignore[no-untyped-def]
    """Return the rows and columns of cells from which a move could meet a piece."""
    top = max(reach, int(np.floor(min(end[0], end[2]))) - reach)
    bottom = min(shape[0] - reach, int(np.ceil(max(end[0], end[2]))) + reach + 1)
    left = max(reach, int(np.floor(min(end[1], end[3]))) - reach)
    right = min(shape[1] - reach, int(np.ceil(max(end[1], end[3]))) + reach + 1)
    return top, bottom, left, right


@njit(cache=True, nogil=True)
def _mark(ends, shape, reach, row):  # type: ignore[no-untyped-def]
    """Give a row to every cell near a piece; return how many were given."""
    used = 0
    for piece in range(len(ends)):
        top, bottom, left, right = _window(ends[piece], shape, reach)
        for r in range(top, bottom):
            for c in range(left, right):
                cell = r * shape[1] + c
                if row[cell] < 0:
                    row[cell] = used
                    used += 1
    return used


@njit(cache=True, nogil=True)
def _is_left(r0, c0, r1, c1, r, c):  # type: ignore[no-untyped-def]
    return (r1 - r0) * (c - c0) - (c1 - c0) * (r - r0) >= 0.0


@njit(cache=True, nogil=True)
def _count(ends, met, shape, reach, moves, row, count):  # type: ignore[no-untyped-def]  # noqa: PLR0913, PLR0917
    """Count the pieces that each move meets; both lines are half open, so corners count once."""
    rows, cols = moves
    for piece in range(len(ends)):
        r0, c0, r1, c1 = ends[piece]
        top, bottom, left, right = _window(ends[piece], shape, reach)
        for r in range(top, bottom):
            for c in range(left, right):
                from_left = _is_left(r0, c0, r1, c1, r, c)
                at = row[r * shape[1] + c]
                for i in range(len(rows)):
                    to_r, to_c = r + rows[i], c + cols[i]
                    if _is_left(r0, c0, r1, c1, to_r, to_c) == from_left:
                        continue
                    if _is_left(r, c, to_r, to_c, r0, c0) == _is_left(r, c, to_r, to_c, r1, c1):
                        continue
                    kind = met[piece, 0]
                    if count[at, i, kind] < np.uint8(254):
                        count[at, i, kind] += np.uint8(met[piece, 1])
