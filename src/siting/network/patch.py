"""A piece of the raster around one cell, for searches that stay near it.

The piece holds every cell within the bound of the search and the reach of one more move, so that
nothing inside the bound is cut off and no move leaves it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, isfinite
from typing import TYPE_CHECKING

import numpy as np

from siting.network.moves import RING

if TYPE_CHECKING:
    from siting.network.crossings import Crossings
    from siting.network.surface import Ground, Ints


@dataclass(frozen=True, kw_only=True)
class Patch:
    """Ground and crossings of a piece of the raster, with cells counted anew."""

    ground: Ground
    crossings: Crossings
    top: int
    left: int
    rows: int
    map_cols: int

    def inward(self, cells: Ints) -> Ints:
        """Return cells of the map as cells of the patch, -1 where they lie outside."""
        row, col = np.divmod(cells, self.map_cols)
        row, col = row - self.top, col - self.left
        cols = self.ground.cols
        inside = (row >= 0) & (row < self.rows) & (col >= 0) & (col < cols)
        return np.where(inside, row * cols + col, -1)

    def outward(self, cells: Ints) -> Ints:
        """Return cells of the patch as cells of the map."""
        row, col = np.divmod(cells, self.ground.cols)
        return (row + self.top) * self.map_cols + col + self.left


def cut_patch(ground: Ground, crossings: Crossings, cell: int, *, bound: float) -> Patch:
    """Return the part of the map that a search of length `bound`, cells, from `cell` can meet."""
    rows, cols = len(ground.friction) // ground.cols, ground.cols
    row, col = divmod(cell, cols)
    reach = ceil(bound / ground.least) + 2 * RING if isfinite(bound) else rows + cols
    top, bottom = max(0, row - reach), min(rows, row + reach + 1)
    left, right = max(0, col - reach), min(cols, col + reach + 1)
    part = np.s_[top:bottom, left:right]
    moves, width = ground.moves, right - left
    inner = replace(
        ground,
        friction=np.ascontiguousarray(ground.friction.reshape(rows, cols)[part]).ravel(),
        is_even=np.ascontiguousarray(ground.is_even.reshape(rows, cols)[part]).ravel(),
        cols=width,
        steps=moves.rows * width + moves.cols,
        parts=moves.part_rows * width + moves.part_cols,
    )
    row_of = np.ascontiguousarray(crossings.row.reshape(rows, cols)[part]).ravel()
    return Patch(
        ground=inner,
        crossings=replace(crossings, row=row_of),
        top=top,
        left=left,
        rows=bottom - top,
        map_cols=cols,
    )
