"""The heights of a region, where a DEM is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Elevation:
    """Heights on square cells in the CRS of the region."""

    height_m: NDArray[np.float32]
    """Height above sea of each cell, rows from the north, NaN where unknown, shape (rows, cols)."""
    west_m: float
    """West edge of the first column."""
    north_m: float
    """North edge of the first row."""
    cell_m: float
    """Side of a cell."""

    def slope_share(self) -> NDArray[np.float64]:
        """Return the slope of each cell, rise by run, NaN where unknown, shape (rows, cols).

        It is that of the plane through the eight neighbours (Horn 1981), 0.1 for 10 per cent. A
        cell without all nine heights is unknown.
        """
        slope = np.full(self.height_m.shape, np.nan)
        if min(slope.shape) < 3:
            return slope
        z = self.height_m.astype(np.float64)
        # the middle one of three weighs twice
        east = z[:-2, 2:] + 2 * z[1:-1, 2:] + z[2:, 2:]
        west = z[:-2, :-2] + 2 * z[1:-1, :-2] + z[2:, :-2]
        south = z[2:, :-2] + 2 * z[2:, 1:-1] + z[2:, 2:]
        north = z[:-2, :-2] + 2 * z[:-2, 1:-1] + z[:-2, 2:]
        run_m = 8 * self.cell_m
        slope[1:-1, 1:-1] = np.hypot((east - west) / run_m, (north - south) / run_m)
        slope[np.isnan(self.height_m)] = np.nan
        return slope
