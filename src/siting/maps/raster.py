"""Surfaces of cost as a picture of the map: cells of Web Mercator, numbers as they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from rasterio.transform import array_bounds
from rasterio.warp import Resampling, calculate_default_transform, reproject

from siting.maps.encode import pack_numbers

if TYPE_CHECKING:
    from affine import Affine
    from numpy.typing import NDArray

    from siting.maps.encode import Packed
    from siting.study import Plan

MERCATOR: Final = "EPSG:3857"
HALF_WORLD_M: Final = 20037508.342789244
"""Half the side of the square world of EPSG:3857, m."""

COARSE_MRUB: Final = 1000.0
"""From a billion on a cost is shown to ten millions, below to one."""

_TOTAL: Final = "total"


def surfaces(plan: Plan) -> Packed | None:
    """Return what connecting a park costs by cell, utility and size; None where not computed."""
    told = plan.surfaces
    if told is None:
        return None
    bands = {_TOTAL: told.total, **told.by_utility}
    _, rows, cols = told.total.shape
    bounds = array_bounds(rows, cols, told.transform)
    change, wide, high = calculate_default_transform(told.crs, MERCATOR, cols, rows, *bounds)
    frame = (change, (high, wide))
    flat = {
        code: [_packed(_warped(band, told.transform, told.crs, *frame)) for band in values]
        for code, values in bands.items()
    }
    return {
        "wide": wide,
        "high": high,
        "west": _unit(change.c),
        "north": 1.0 - _unit(change.f),
        "step_x": change.a / (2 * HALF_WORLD_M),
        "step_y": -change.e / (2 * HALF_WORLD_M),
        "sizes_ha": list(told.sizes_ha),
        "demands": {code: list(demand) for code, demand in told.demands.items()},
        "bands": flat,
    }


def _unit(metres: float) -> float:
    """Return a coordinate of EPSG:3857 as a share of the world, from its west or south edge."""
    return (metres + HALF_WORLD_M) / (2 * HALF_WORLD_M)


def _warped(
    band: NDArray[np.float32], transform: Affine, crs: str, change: Affine, shape: tuple[int, int]
) -> NDArray[np.float32]:
    """Return `band` on cells of Web Mercator, each the nearest computed: nothing is blended."""
    out = np.full(shape, np.nan, np.float32)
    reproject(
        band,
        out,
        src_transform=transform,
        src_crs=crs,
        src_nodata=np.nan,
        dst_transform=change,
        dst_crs=MERCATOR,
        dst_nodata=np.nan,
        resampling=Resampling.nearest,
    )
    return out


def _packed(band: NDArray[np.float32]) -> Packed:
    values = band.ravel().astype(float)
    # digits that the page would not show are not kept
    step = np.where(np.abs(values) >= COARSE_MRUB, 10.0, 1.0)
    return pack_numbers(pd.Series(np.rint(values / step) * step), 0)
