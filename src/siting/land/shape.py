"""What a plan of a park needs of the shape of its land: the largest rectangle, frontage to a road.

The rectangle lies along the axes of the smallest rectangle around the land. It is found on a grid
of `_CELLS` cells along the longer side, of which only cells wholly within the land count: it always
fits, and may fall short of the largest one by two cells a side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from numba import njit
from rasterio import Affine
from rasterio.enums import MergeAlg
from rasterio.features import rasterize

from siting.land.tiles import widen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.land.pieces import Geometries
    from siting.region import LandParams
    from siting.tables import Layers

    Floats = NDArray[np.float64]

_CELLS: Final = 64
_HAIR_SHARE: Final = 1e-6
"""Share of a cell that counts as nothing."""
PUBLIC_ROADS: Final = ("federal", "regional", "local", "street")


def rectangles_m(land: Geometries) -> tuple[Floats, Floats]:
    """Return the longer and the shorter side of the largest rectangle in each, m; 0 where none."""
    sides = np.array([_rectangle_m(shape) for shape in land], dtype=float).reshape(-1, 2)
    return sides.max(axis=1, initial=0.0), sides.min(axis=1, initial=np.inf)


def frontage_m(land: Geometries, layers: Layers, params: LandParams) -> Floats:
    """Return the length of the edge of each within `frontage_reach_m` of a public road, m."""
    roads = layers.infrastructure
    is_open = (roads["utility"] == "road") & roads["kind"].isin(PUBLIC_ROADS)
    is_open &= roads["status"] != "planned"
    lines = roads.geometry.to_numpy()[is_open.to_numpy()]
    frontage = np.zeros(len(land))
    if len(lines) == 0 or len(land) == 0:
        return frontage
    reach = np.full(len(lines), params.frontage_reach_m)
    bands, _ = widen(lines, reach, params.buffer_quad_segs)
    band, place = shapely.STRtree(land).query(bands, predicate="intersects")
    for at in np.unique(place):
        # bands of one road overlap: together they count once
        near = shapely.union_all(bands[band[place == at]])
        frontage[at] = shapely.length(shapely.intersection(shapely.boundary(land[at]), near))
    return frontage


def _rectangle_m(shape: shapely.Geometry | None) -> tuple[float, float]:
    if shape is None or shapely.area(shape) <= 0:
        return 0.0, 0.0
    corners = shapely.get_coordinates(shapely.oriented_envelope(shape))
    # the middle as origin keeps the digits of coordinates of millions of metres
    origin, axis = corners[0], corners[1] - corners[0]
    angle = np.arctan2(axis[1], axis[0])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    straight = shapely.transform(shape, lambda xy: (xy - origin) @ turn)
    west, south, east, north = shapely.bounds(straight)
    cell_m = max(east - west, north - south) / _CELLS
    columns = max(1, round((east - west) / cell_m))
    rows = max(1, round((north - south) / cell_m))
    grid = Affine((east - west) / columns, 0.0, west, 0.0, (south - north) / rows, north)
    size = {"out_shape": (rows, columns), "transform": grid, "merge_alg": MergeAlg.replace}
    # a cell the edge touches is not wholly land; the others are in or out by their middle. The edge
    # is drawn a hair outside: along the cells' own sides it would take the whole cells within it
    inside = rasterize([(straight, 1)], dtype="uint8", **size).astype(bool)
    edge = shapely.boundary(shapely.buffer(straight, _HAIR_SHARE * cell_m, join_style="mitre"))
    touched = rasterize([(edge, 1)], all_touched=True, dtype="uint8", **size)
    high, wide = _largest(inside & (touched == 0))
    return high * (north - south) / rows, wide * (east - west) / columns


@njit(cache=True, nogil=True)
def _largest(free):  # type: ignore[no-untyped-def]  # a compiled kernel takes arrays
    """Return rows and columns of the rectangle of free cells with the most cells."""
    rows, columns = free.shape
    run = np.zeros(columns, dtype=np.int64)
    high, wide = 0, 0
    for row in range(rows):
        for column in range(columns):
            run[column] = run[column] + 1 if free[row, column] else 0
        for first in range(columns):
            low = run[first]
            for last in range(first, columns):
                low = min(low, run[last])
                if low == 0:
                    break
                if low * (last - first + 1) > high * wide:
                    high, wide = low, last - first + 1
    return high, wide
