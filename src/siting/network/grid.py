"""The raster all routes run on: square cells aligned to whole multiples of the cell.

The alignment does not depend on the data, so a map moved by whole cells, or a grid made larger
by one more source, gives the same cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING, Final

import numpy as np
from affine import Affine

from siting.errors import InfeasibleError, Problem
from siting.network.moves import RING

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_CELLS: Final = 400_000_000
"""Cells beyond which a study does not fit the memory of any machine we know."""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Cells in rows from north to south, counted flat; the outer ring is always barrier."""

    left_m: float
    top_m: float
    cell_m: float
    rows: int
    cols: int

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.rows * self.cols

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.cols

    @property
    def transform(self) -> Affine:
        """The transform that rasterio wants."""
        return Affine(self.cell_m, 0, self.left_m, 0, -self.cell_m, self.top_m)

    def fractional(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (row, column) of points in cells, whole at cell centres, shape (n, 2)."""
        col = (xy[:, 0] - self.left_m) / self.cell_m - 1 / 2
        row = (self.top_m - xy[:, 1]) / self.cell_m - 1 / 2
        return np.column_stack((row, col))

    def cells(self, xy: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the flat cell of each point, -1 outside or in the ring, shape (n,)."""
        row, col = np.floor(self.fractional(xy) + 1 / 2).astype(np.int64).T
        inside = (row >= RING) & (row < self.rows - RING) & (col >= RING) & (col < self.cols - RING)
        return np.where(inside, row * self.cols + col, -1)

    def centres(self, cells: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return x and y of cell centres, metres, shape (n, 2)."""
        row, col = np.divmod(cells, self.cols)
        x = self.left_m + (col + 1 / 2) * self.cell_m
        y = self.top_m - (row + 1 / 2) * self.cell_m
        return np.column_stack((x, y))


def make_grid(
    bounds_m: tuple[float, float, float, float], *, cell_m: float, margin_m: float
) -> Grid:
    """Return the grid that covers `bounds_m` (min x, min y, max x, max y) and a margin.

    Raises
    ------
    InfeasibleError
        If the grid would have more than MAX_CELLS cells.
    """
    left, bottom, right, top = bounds_m
    extra = ceil(margin_m / cell_m) + RING
    first_col, last_col = floor(left / cell_m) - extra, floor(right / cell_m) + extra
    first_row, last_row = floor(bottom / cell_m) - extra, floor(top / cell_m) + extra
    rows, cols = last_row - first_row + 1, last_col - first_col + 1
    if rows * cols > MAX_CELLS:
        values = {"cells": f"{rows * cols:,}", "most": f"{MAX_CELLS:,}", "cell": f"{cell_m:g}"}
        raise InfeasibleError(Problem(code="raster_too_large", values=values))
    return Grid(
        left_m=first_col * cell_m,
        top_m=(last_row + 1) * cell_m,
        cell_m=cell_m,
        rows=rows,
        cols=cols,
    )
