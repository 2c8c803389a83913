"""Where rows lie: from lon/lat, WKT or a file's own geometry, and in which CRS.

CSV and workbooks give `lon` and `lat`, or `wkt` in the order lon lat, in EPSG:4326 unless
region.toml names another CRS. A row may give either; a prospect may give neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from siting.layers.columns import PLACE_COLUMNS, read_numbers
from siting.layers.corners import is_curved, straighten
from siting.layers.files import ring_closed
from siting.layers.piece import Piece, place_kinds

if TYPE_CHECKING:
    from numpy.typing import NDArray

LON_LAT: Final = "EPSG:4326"
LON_MAX_DEG: Final = 180.0
LAT_MAX_DEG: Final = 90.0


def locate(piece: Piece, stated_crs: str) -> Piece:
    """Return the piece with a geometry column in its source's CRS, and no other place columns."""
    if not piece.is_read or place_kinds(piece.table) is None:
        return piece
    stated: CRS | None = None
    if stated_crs:
        try:
            stated = CRS.from_user_input(stated_crs)
        except CRSError:
            return piece.failing("crs_unknown", crs=stated_crs)
    if isinstance(piece.frame, gpd.GeoDataFrame):
        return _own_geometry(piece, stated)
    return _written_geometry(piece, stated or CRS.from_user_input(LON_LAT))


def _own_geometry(piece: Piece, stated: CRS | None) -> Piece:
    frame = piece.frame
    extra = [name for name in PLACE_COLUMNS if name in frame.columns and name != "geometry"]
    frame = frame.drop(columns=extra)
    if frame.crs is not None:
        if stated is not None and not _same(CRS.from_user_input(frame.crs), stated):
            return piece.failing("crs_conflict", own=frame.crs.name, stated=stated.name)
        return piece.having(frame)
    if stated is None:
        looks_lon_lat = len(frame) > 0 and bool(in_degrees(bounds_centres(frame.geometry)).all())
        return piece.failing("crs_missing_degrees" if looks_lon_lat else "crs_missing")
    return piece.having(frame.set_crs(stated))


def _same(own: CRS, stated: CRS) -> bool:
    # shapefiles and GeoPackage write lon lat where the authority says lat lon
    return own.equals(stated, ignore_axis_order=True)


def _written_geometry(piece: Piece, crs: CRS) -> Piece:
    frame = piece.frame
    has_point = {"lon", "lat"} <= set(frame.columns)
    if not has_point and "wkt" not in frame.columns:
        if piece.table.geometry is None:
            geometry = np.full(len(frame), None, dtype=object)
            return piece.having(gpd.GeoDataFrame(frame, geometry=geometry, crs=crs))
        return piece.failing("place_missing")
    geometry = np.full(len(frame), None, dtype=object)
    if has_point:
        piece, geometry = _points(piece)
    if "wkt" in frame.columns:
        piece, drawn = _from_wkt(piece)
        geometry = np.where(pd.isna(drawn), geometry, drawn)
    bare = frame.drop(columns=[name for name in PLACE_COLUMNS if name in frame.columns])
    return piece.having(gpd.GeoDataFrame(bare, geometry=geometry, crs=crs))


def _points(piece: Piece) -> tuple[Piece, NDArray[Any]]:
    piece, lon = read_numbers(piece, piece.frame["lon"], "lon")
    piece, lat = read_numbers(piece, piece.frame["lat"], "lat")
    half = lon.isna() != lat.isna()
    if half.any():
        piece = piece.failing("point_half", piece.frame.index[half])
    whole = (lon.notna() & lat.notna()).to_numpy()
    geometry = np.full(len(lon), None, dtype=object)
    geometry[whole] = shapely.points(lon[whole], lat[whole])
    return piece, geometry


def _from_wkt(piece: Piece) -> tuple[Piece, NDArray[Any]]:
    texts = piece.frame["wkt"].astype(object)
    given = texts.notna().to_numpy()
    curved = texts.map(is_curved).to_numpy(dtype=bool)
    with np.errstate(invalid="ignore"):
        # a corner that is no number is dealt with later
        drawn = shapely.from_wkt(texts.where(given & ~curved, None).to_numpy(), on_invalid="ignore")
    if curved.any():
        drawn[curved] = straighten(texts[curved].tolist())
    unread = given & pd.isna(drawn)
    if unread.any():
        drawn = drawn.copy()
        flat = unread & ~curved
        drawn[flat] = shapely.from_wkt(texts[flat].to_numpy(), on_invalid="fix")
        closed = piece.frame.index[unread & ~pd.isna(drawn)]
        piece = piece.having(piece.frame, [ring_closed(str(row)) for row in closed])
        hopeless = piece.frame.index[given & pd.isna(drawn)]
        if len(hopeless):
            piece = piece.failing("wkt_broken", hopeless)
    return piece, drawn


def bounds_centres(geometry: gpd.GeoSeries) -> NDArray[np.float64]:
    """Return the centre of the bounds of each geometry, its own CRS, shape (n, 2); nan if none."""
    box = shapely.bounds(geometry.to_numpy())
    return np.column_stack([(box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2])


def in_degrees(xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which points could be longitude and latitude; a missing one could, shape (n,)."""
    outside = (np.abs(xy[:, 0]) > LON_MAX_DEG) | (np.abs(xy[:, 1]) > LAT_MAX_DEG)
    return ~outside
