"""How much dearer a route is on steep ground, where a DEM is given.

A cell of the raster has the mean slope of the cells of the DEM within it, rounded up to whole per
cent. What no height tells costs what level ground does: unknown is not dearer. The slope is that of
the ground, whichever way a route crosses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from rasterio import Affine
from rasterio.warp import Resampling, reproject

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.network.grid import Grid
    from siting.region import NetworkParams
    from siting.tables import Elevation

SLOPE: Final = "slope"
"""Key of the slopes among the masks of the ground."""
_PER_CENT: Final = 100
_MOST: Final = np.iinfo(np.uint8).max
"""Steeper than this is this steep: nothing is built on such ground anyway."""
_DIGITS: Final = 6
"""Slopes are compared to a millionth of a per cent: a plane of 10 % is not over 10 %."""
_ANY_CRS: Final = "EPSG:3857"
"""Both rasters are in the CRS of the region; the warper wants any metric one, twice."""


def slope_percent(grid: Grid, elevation: Elevation) -> NDArray[np.uint8]:
    """Return the slope of each cell, per cent rounded up, 0 where unknown, shape (rows, cols)."""
    cell_m = elevation.cell_m
    mean = np.full(grid.shape, np.nan, dtype=np.float32)
    reproject(
        elevation.slope_share().astype(np.float32),
        mean,
        src_transform=Affine(cell_m, 0, elevation.west_m, 0, -cell_m, elevation.north_m),
        dst_transform=grid.transform,
        src_crs=_ANY_CRS,
        dst_crs=_ANY_CRS,
        src_nodata=np.nan,
        dst_nodata=np.nan,
        resampling=Resampling.average,
    )
    percent = np.ceil(np.round(np.nan_to_num(mean) * _PER_CENT, _DIGITS))
    return np.minimum(percent, _MOST).astype(np.uint8)


def multipliers(family: str, params: NetworkParams) -> NDArray[np.float32]:
    """Return what each slope multiplies the price of a metre by, per cent 0 to 255."""
    by_percent = np.ones(_MOST + 1, dtype=np.float32)
    for step in sorted(params.slope_friction.get(family, ())):
        by_percent[step.over_percent + 1 :] = step.multiplier
    return by_percent
