"""How often a move crosses a river, a railway or a trunk road.

Counted geometrically: the straight move between two cell centres against the drawn line. A line
is counted once where a move passes through one of its vertices. The banks of a water area are
two lines; half their crossings, rounded down, are crossings of the water, so that a route that
starts in it is not charged. Water areas without a name and smaller than
`crossing_water_min_ha` are left to friction alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from numba import njit

from siting.units import M2_PER_HA

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import Geometry

    from siting.network.grid import Grid
    from siting.network.moves import Moves
    from siting.region import NetworkParams
    from siting.tables import Layers

KINDS: Final = ("bank", "river", "railway", "road")
"""What is counted; two banks make one river."""

CROSSED: Final = ("river", "railway", "road")
"""What a crossing is priced as."""

TRUNK_KINDS: Final = ("federal", "regional")
TRUNK_CATEGORIES: Final = ("I", "II", "III")
_PIECE_CELLS: Final = 8
"""Lines are cut into pieces of this many cells, so that few cells are tried against each."""


@dataclass(frozen=True, kw_only=True)
class Crossings:
    """Counts of crossings by cell and move, kept only for cells that have any."""

    row: NDArray[np.int32]
    """Row in `count` of each cell, -1 where no move crosses anything, flat."""
    count: NDArray[np.uint8]
    """Crossings of each kind of KINDS by each move, shape (rows, moves, 4)."""


def count_crossings(grid: Grid, layers: Layers, moves: Moves, params: NetworkParams) -> Crossings:
    """Return the crossings of every move from every cell."""
    pieces = [_pieces(grid, line) for line in _lines(layers, params)]
    kinds = np.repeat(np.arange(len(KINDS)), [len(piece) for piece in pieces])
    ends = np.concatenate(pieces)
    row = np.full(grid.size, -1, np.int32)
    shape = np.array([grid.rows, grid.cols])
    used = _mark(ends, shape, moves.reach, row)
    count = np.zeros((used, len(moves.rows), len(KINDS)), np.uint8)
    _count(ends, kinds, shape, moves.reach, (moves.rows, moves.cols), row, count)
    return Crossings(row=row, count=count)


def _lines(layers: Layers, params: NetworkParams) -> list[Geometry]:
    """Return one geometry of lines for each of KINDS; all the same lines are met once."""
    water = layers.terrain[layers.terrain["cover"] == "water"]
    wide = water.geometry.area >= params.crossing_water_min_ha * M2_PER_HA
    area = shapely.union_all(water.geometry[wide | water["name"].notna()].to_numpy())
    rivers = layers.constraints[layers.constraints["kind"] == "river"].geometry
    # a river drawn both as a line and as an area is one river
    river = shapely.difference(shapely.union_all(_only_lines(rivers.to_numpy())), area)
    infra = layers.infrastructure[layers.infrastructure["status"] == "operating"]
    rails = infra.geometry[(infra["utility"] == "rail") & (infra["kind"] == "track")]
    is_trunk = infra["kind"].isin(TRUNK_KINDS) & infra["road_category"].isin(TRUNK_CATEGORIES)
    roads = infra.geometry[(infra["utility"] == "road") & is_trunk]
    return [
        area.boundary,
        river,
        shapely.union_all(_only_lines(rails.to_numpy())),
        shapely.union_all(_only_lines(roads.to_numpy())),
    ]


def _only_lines(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    kinds = shapely.get_type_id(geometry)
    return geometry[np.isin(kinds, (1, 2, 5))]


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
def _count(ends, kinds, shape, reach, moves, row, count):  # type: ignore[no-untyped-def]  # noqa: PLR0913, PLR0917
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
                    if count[at, i, kinds[piece]] < np.uint8(255):
                        count[at, i, kinds[piece]] += np.uint8(1)
