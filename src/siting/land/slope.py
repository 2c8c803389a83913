"""How steep the ground is, from a DEM, and where it is too steep for a rule.

What is unknown is never steep. A DEM knows the ground as coarsely as its cells: short banks are
missed, and of a surface model roofs and trees count as ground.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely
from rasterio import Affine
from rasterio.features import shapes

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from siting.land.pieces import Geometries
    from siting.tables import Elevation

    Floats = NDArray[np.float64]

STEEP: Final = "steep slope"
"""Feature of protection_zones; its class says which slopes, in per cent: "over 10 %"."""
_POINTS_A_SIDE: Final = 5
"""A plot's slope is the mean over the points of a grid of so many rows and columns in its box."""
_PLOTS_AT_ONCE: Final = 65_536


def steep_areas(elevation: Elevation, above_share: float, upto_share: float) -> Geometries:
    """Return the areas of cells with a slope in (above, up to], polygons from the north-west on."""
    slope = elevation.slope_share()
    # comparison with NaN is false: what is unknown is not steep
    steep = (slope > above_share) & (slope <= upto_share)
    cell_m = elevation.cell_m
    grid = Affine(cell_m, 0.0, elevation.west_m, 0.0, -cell_m, elevation.north_m)
    found = shapes(steep.astype(np.uint8), mask=steep, connectivity=4, transform=grid)
    areas = [shapely.geometry.shape(outline) for outline, _ in found]
    return np.array(areas, dtype=object)


def mean_slope(plots: GeoDataFrame, elevation: Elevation | None) -> pd.Series:
    """Return the mean slope of each plot, rise by run, NaN where unknown, index of `plots`."""
    mean = np.full(len(plots), np.nan)
    if elevation is not None:
        slope = elevation.slope_share()
        land = plots.geometry.to_numpy()
        for at in range(0, len(land), _PLOTS_AT_ONCE):
            some = slice(at, at + _PLOTS_AT_ONCE)
            mean[some] = _mean_within(land[some], slope, elevation)
    return pd.Series(mean, index=plots.index, name="slope_share")


def _mean_within(land: Geometries, slope: Floats, elevation: Elevation) -> Floats:
    west, south, east, north = shapely.bounds(land).T
    step = (np.arange(_POINTS_A_SIDE) + 0.5) / _POINTS_A_SIDE
    x = west[:, None] + (east - west)[:, None] * np.repeat(step, _POINTS_A_SIDE)
    y = south[:, None] + (north - south)[:, None] * np.tile(step, _POINTS_A_SIDE)
    shapely.prepare(land)
    inside = shapely.contains_xy(land[:, None], x, y)
    # a thin or bent plot may hold no point of the grid
    middle = shapely.point_on_surface(land)
    lost = ~inside.any(axis=1)
    x[lost, 0], y[lost, 0] = shapely.get_x(middle[lost]), shapely.get_y(middle[lost])
    inside[lost, 0] = True
    row = np.floor((elevation.north_m - y) / elevation.cell_m).astype(np.int64)
    column = np.floor((x - elevation.west_m) / elevation.cell_m).astype(np.int64)
    rows, columns = slope.shape
    known = inside & (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    here = np.full(x.shape, np.nan)
    here[known] = slope[row[known], column[known]]
    counted = ~np.isnan(here)
    total = np.where(counted, here, 0.0).sum(axis=1)
    count = counted.sum(axis=1)
    return np.divide(total, count, out=np.full(len(land), np.nan), where=count > 0)
