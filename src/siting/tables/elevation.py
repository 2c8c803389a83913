"""The heights of a region, where a DEM is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
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
