"""A DEM into heights on square cells in the CRS of the region.

Any raster GDAL reads, one band of metres. It is warped bilinearly to its own resolution, coarser
only where the region would need more than `_MOST_CELLS`. What the raster does not cover stays
unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import rasterio
from rasterio import Affine
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.warp import calculate_default_transform, reproject, transform_bounds

from siting.layers.files import find_file
from siting.layers.piece import Piece
from siting.tables import Elevation
from siting.tables.schema import Table

if TYPE_CHECKING:
    from pathlib import Path

    from pyproj import CRS

    from siting.region import LayerFile, Region

ELEVATION: Final = Table(name="elevation", en="heights", ru="высоты", columns=())
_MOST_CELLS: Final = 25_000_000
"""100 MB of heights; a slope of coarser cells is milder, so the raster is thinned only here."""
_MARGIN_CELLS: Final = 2
"""A slope needs the cells around; objects at the border keep theirs."""
_METRES: Final = frozenset({"", "m", "metre", "metres", "meter", "meters"})

Bounds = tuple[float, float, float, float]


def read_elevation(
    region: Region, crs: CRS, bounds: Bounds | None
) -> tuple[Elevation | None, Piece | None]:
    """Return the heights of the region, None where none are given, and their source.

    Parameters
    ----------
    region
        Its `layers.elevation` names at most one raster.
    crs
        CRS of the region, metres.
    bounds
        West, south, east and north of the region; None where the districts are not known.
    """
    specs = region.layers.elevation
    if not specs:
        return None, None
    spec = specs[0]
    piece = Piece(table=ELEVATION, frame=pd.DataFrame(), file=spec.path)
    if len(specs) > 1:
        return None, piece.failing("elevation_several", found=len(specs))
    piece = find_file(piece, region.root)
    if piece.problems or bounds is None:
        return None, piece
    try:
        return _warped(region.root / spec.path, spec, piece, crs, bounds)
    except RasterioError:
        return None, piece.failing("elevation_unreadable")


def _warped(
    path: Path, spec: LayerFile, piece: Piece, crs: CRS, bounds: Bounds
) -> tuple[Elevation | None, Piece]:
    target = rasterio.CRS.from_wkt(crs.to_wkt())
    with rasterio.open(path) as raster:
        source = raster.crs or (rasterio.CRS.from_user_input(spec.crs) if spec.crs else None)
        if source is None:
            return None, piece.failing("crs_missing")
        if (raster.units[0] or "").casefold() not in _METRES:
            return None, piece.failing("elevation_unit", found=raster.units[0])
        own = transform_bounds(source, target, *raster.bounds)
        fine, _, _ = calculate_default_transform(
            source, target, raster.width, raster.height, *raster.bounds
        )
        west, south = max(bounds[0], own[0]), max(bounds[1], own[1])
        east, north = min(bounds[2], own[2]), min(bounds[3], own[3])
        if west >= east or south >= north:
            return None, piece.failing("elevation_elsewhere")
        cell_m = max(fine.a, float(np.sqrt((east - west) * (north - south) / _MOST_CELLS)))
        west, north = west - _MARGIN_CELLS * cell_m, north + _MARGIN_CELLS * cell_m
        shape = tuple(
            int(np.ceil(side / cell_m)) + _MARGIN_CELLS for side in (north - south, east - west)
        )
        height_m = np.full(shape, np.nan, dtype=np.float32)
        reproject(
            rasterio.band(raster, 1), height_m, src_crs=source, dst_crs=target,
            dst_transform=Affine(cell_m, 0.0, west, 0.0, -cell_m, north), dst_nodata=np.nan,
            resampling=Resampling.bilinear,
        )  # fmt: skip
    found = Elevation(height_m=height_m, west_m=west, north_m=north, cell_m=cell_m)
    return found, piece
