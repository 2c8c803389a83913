"""Whether rows lie where the region is: exchanged axes, and layers that belong to another place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pyproj import CRS, Transformer

from siting.layers.geometry import LAT_MAX_DEG, LON_LAT, LON_MAX_DEG, bounds_centres, in_degrees
from siting.layers.piece import Repair
from siting.tables.inputs import DISTRICTS
from siting.units import M_PER_KM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.layers.piece import Piece

FAR_M: Final = 100_000.0
"""A row farther than this from every district does not belong to the region, m (ASSUMED)."""

SWAPPED_SHARE: Final = 0.9
"""Axes are exchanged where this share of rows lies in the region only when swapped (ASSUMED)."""

ZONE_MARGIN_DEG: Final = 6.0
"""A CRS still serves a region this far beyond its area of use: one zone of UTM (ASSUMED)."""


@dataclass(frozen=True, kw_only=True)
class Area:
    """The land of the region, in its CRS."""

    land: shapely.Geometry
    crs: CRS


def exchange_axes(piece: Piece, area: Area | None, crs: CRS) -> Piece:
    """Return the piece with x and y exchanged where only that puts rows into the region.

    A whole layer is exchanged where nine rows in ten lie outside as they stand and inside
    exchanged; of another layer the rows that lie more than 100 km away as they stand and inside
    exchanged. Each is listed. Districts, which tell where the region is, are held against the zone
    that the CRS of the region serves.
    """
    frame = piece.frame
    if not isinstance(frame, GeoDataFrame) or frame.crs is None or frame.empty:
        return piece
    shapes = frame.geometry.to_numpy()
    drawn = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    centres = bounds_centres(frame.geometry.iloc[drawn])
    if piece.table.name == DISTRICTS.name:
        wrong = _exchanged_districts(centres, frame.crs, crs)
    elif area is not None:
        wrong = _exchanged_rows(centres, frame.crs, area)
    else:
        return piece
    rows = drawn[wrong]
    if len(rows) == 0:
        return piece
    turned = shapes.copy()
    turned[rows] = shapely.transform(shapes[rows], lambda xy: xy[:, ::-1])
    repairs = [
        Repair(row_id=str(row), action="axes_exchanged", reason="outside_region", effect="")
        for row in frame.index[rows]
    ]
    geometry = GeoSeries(turned, index=frame.index, crs=frame.crs)
    return piece.having(frame.assign(geometry=geometry), repairs)


def _exchanged_rows(centres: NDArray[Any], own: CRS, area: Area) -> NDArray[np.bool_]:
    """Return which rows lie in the region only with their axes exchanged, shape (n,)."""
    into = Transformer.from_crs(own, area.crs, always_xy=True)
    xy = np.column_stack(into.transform(*centres.T))
    inside = _contains(area, np.column_stack(into.transform(*centres.T[::-1])))
    outside = ~_contains(area, xy)
    if len(centres) and outside.mean() >= SWAPPED_SHARE and inside.mean() >= SWAPPED_SHARE:
        return outside & inside
    return inside & ~_dwithin(xy, area.land, FAR_M)


def _exchanged_districts(centres: NDArray[Any], own: CRS, crs: CRS) -> NDArray[np.bool_]:
    """Return all districts where they lie in the zone of the CRS only with axes exchanged."""
    if crs.area_of_use is None:
        return np.zeros(len(centres), dtype=bool)
    zone = shapely.box(*crs.area_of_use.bounds)
    lon_lat = Transformer.from_crs(own, LON_LAT, always_xy=True)
    here = _dwithin(np.column_stack(lon_lat.transform(*centres.T)), zone, ZONE_MARGIN_DEG)
    there = _dwithin(np.column_stack(lon_lat.transform(*centres.T[::-1])), zone, ZONE_MARGIN_DEG)
    return np.full(len(centres), bool(len(centres)) and not here.any() and bool(there.all()))


def check_degrees(piece: Piece) -> Piece:
    """Return the piece, with a problem where degrees are beyond 180 or 90."""
    frame = piece.frame
    if not isinstance(frame, GeoDataFrame) or frame.crs is None or not frame.crs.is_geographic:
        return piece
    box = shapely.bounds(frame.geometry.to_numpy())
    good = in_degrees(box[:, :2]) & in_degrees(box[:, 2:])
    if good.all():
        return piece
    bad = frame.index[~good]
    if in_degrees(box[~good][:, [1, 0]]).all() and in_degrees(box[~good][:, [3, 2]]).all():
        return piece.failing("axes_swapped", bad)
    return piece.failing("degrees_range", bad, lon=LON_MAX_DEG, lat=LAT_MAX_DEG)


def check_zone(piece: Piece, crs: CRS) -> Piece:
    """Return the piece of districts, with a problem where the region's CRS does not serve them."""
    frame, use = piece.frame, crs.area_of_use
    if not isinstance(frame, GeoDataFrame) or frame.crs is None or use is None or frame.empty:
        return piece
    west, south, east, north = use.bounds
    zone = shapely.box(west, south, east, north)
    centres = bounds_centres(frame.geometry)
    lon_lat = Transformer.from_crs(frame.crs, LON_LAT, always_xy=True)
    here = _dwithin(np.column_stack(lon_lat.transform(*centres.T)), zone, ZONE_MARGIN_DEG)
    there = _dwithin(np.column_stack(lon_lat.transform(*centres.T[::-1])), zone, ZONE_MARGIN_DEG)
    if here.any():
        return piece
    if there.mean() >= SWAPPED_SHARE:
        return piece.failing("axes_swapped", frame.index)
    return piece.failing("zone_wrong", crs=crs.name, west=west, south=south, east=east, north=north)


def check_place(piece: Piece, area: Area | None) -> Piece:
    """Return the piece, with a problem for rows that lie elsewhere; its own CRS is still in use.

    Axes are called exchanged when nine rows in ten are outside the region as they stand and
    inside with x and y exchanged. Otherwise rows more than 100 km from every district are named.
    """
    frame = piece.frame
    if area is None or not isinstance(frame, GeoDataFrame) or frame.crs is None:
        return piece
    shapes = frame.geometry.to_numpy()
    there = frame[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    if there.empty:
        return piece
    into = Transformer.from_crs(frame.crs, area.crs, always_xy=True)
    centres = bounds_centres(there.geometry)
    here = _contains(area, np.column_stack(into.transform(*centres.T)))
    exchanged = np.column_stack(into.transform(*centres.T[::-1]))
    inside_exchanged = _contains(area, exchanged)
    if here.mean() <= 1 - SWAPPED_SHARE and inside_exchanged.mean() >= SWAPPED_SHARE:
        return piece.failing("axes_swapped", there.index)
    return _name_far(piece, there[~here], area, inside_exchanged[~here])


def _name_far(piece: Piece, outside: GeoDataFrame, area: Area, exchanged: NDArray[Any]) -> Piece:
    if outside.empty:
        return piece
    shapes = outside.to_crs(area.crs).geometry
    distance_m = shapes.distance(area.land).to_numpy()
    # a point that cannot be projected at all is as far as can be
    distance_m = np.where(np.isfinite(distance_m), distance_m, np.inf)
    far = distance_m > FAR_M
    if not far.any():
        return piece
    if (far & exchanged).any():
        piece = piece.failing("axes_swapped", outside.index[far & exchanged])
    rows = outside.index[far & ~exchanged]
    if rows.empty:
        return piece
    least_km = float(distance_m[far & ~exchanged].min()) / M_PER_KM
    code = "layer_far" if len(rows) == len(piece.frame) else "rows_far"
    return piece.failing(
        code, rows, distance_km=_rounded(least_km), limit_km=round(FAR_M / M_PER_KM)
    )


def _rounded(km: float) -> str:
    return f"{km:.0f}" if np.isfinite(km) else "∞"


def _contains(area: Area, xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    shapely.prepare(area.land)
    inside = np.zeros(len(xy), dtype=bool)
    known = np.isfinite(xy).all(axis=1)
    inside[known] = shapely.intersects_xy(area.land, xy[known, 0], xy[known, 1])
    return inside


def _dwithin(xy: NDArray[np.float64], zone: shapely.Geometry, reach: float) -> NDArray[np.bool_]:
    near = np.zeros(len(xy), dtype=bool)
    # a row without a place, or one that cannot be projected, is near nothing
    known = np.isfinite(xy).all(axis=1)
    near[known] = shapely.dwithin(shapely.points(xy[known]), zone, reach)
    return near
