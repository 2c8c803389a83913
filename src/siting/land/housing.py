"""How far plots are from where people live.

A settlement given as a polygon is its outline; one given as a point is a disc that holds its people
at `housing_people_km2`. A plot that touches an outline is at distance 0, because nothing tells
where in the settlement the houses stand, except land where production is allowed: zoning has kept
it `production_zone_housing_m` from housing. Settlements outside the region count too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from siting.land.reach import distances_m
from siting.land.rules import HOUSING
from siting.units import M2_PER_KM2

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pandas import DataFrame, Series

    from siting.land.pieces import Geometries, Positions
    from siting.region import LandParams

    Floats = NDArray[np.float64]

_DISC_QUAD_SEGS = 32
"""Radius of a disc within 0.03 per cent: 4 m for a city of a million."""
_SQUARE_M = 2500.0
"""Side of the squares in which plots are judged together; it changes the time, not the answer."""
_SQUARES_AT_ONCE = 4096
"""Squares compared with all settlements at once, so that memory stays small."""


def outlines(settlements: GeoDataFrame, params: LandParams) -> Geometries:
    """Return the outline of each settlement, polygons, shape (n,)."""
    is_point = settlements.geom_type.to_numpy() == "Point"
    radius_m = _radius_m(settlements, params)
    shapes = settlements.geometry.to_numpy().copy()
    shapes[is_point] = shapely.buffer(
        shapes[is_point], radius_m[is_point], quad_segs=_DISC_QUAD_SEGS
    )
    return shapes


def housing_distance_m(
    plots: GeoDataFrame, settlements: GeoDataFrame, params: LandParams
) -> Series:
    """Return the distance from each plot to the nearest housing, m, shape (n,); NaN without any."""
    distance_m = _nearest_m(plots.geometry.to_numpy(), settlements, params)
    inside = np.flatnonzero((distance_m == 0) & allows_production(plots, params).to_numpy())
    distance_m[inside] = params.production_zone_housing_m
    return pd.Series(distance_m, index=plots.index, name="housing_distance_m")


def _nearest_m(land: Geometries, settlements: GeoDataFrame, params: LandParams) -> Floats:
    """Return the distance to the nearest outline, m, NaN without any, shape (n,).

    Plots of one square of `_SQUARE_M` are judged together: only the settlements whose circle may
    be nearest to the circle of those plots are measured, a disc by its middle and radius.
    """
    people = settlements[~settlements.geometry.is_empty]
    if len(people) == 0 or len(land) == 0:
        return np.full(len(land), np.nan)
    is_disc = (people.geom_type == "Point").to_numpy()
    shapes = people.geometry.to_numpy()
    radius_m = np.where(is_disc, _radius_m(people, params), 0.0)
    place, settlement = _candidates(land, shapes, radius_m)
    distance_m = distances_m(land, shapes, place, settlement)
    distance_m -= radius_m[settlement]
    least_m = np.full(len(land), np.inf)
    np.minimum.at(least_m, place, np.maximum(distance_m, 0.0))
    return least_m


def _candidates(
    land: Geometries, shapes: Geometries, radius_m: Floats
) -> tuple[Positions, Positions]:
    """Return pairs of a plot and a settlement that may be its nearest."""
    middle, reach_m = _circles(land)
    centre, around_m = _circles(shapes)
    column, row = np.floor(middle / _SQUARE_M).astype(np.int64).T
    order = np.lexsort((row, column))
    is_new = np.diff(row[order], prepend=row[order[0]] - 1) != 0
    is_new |= np.diff(column[order], prepend=column[order[0]]) != 0
    first = np.flatnonzero(is_new)
    size = np.diff(first, append=len(order))
    low = np.minimum.reduceat(middle[order], first)
    high = np.maximum.reduceat(middle[order], first)
    core, half_m = (low + high) / 2, np.hypot(*(high - low).T) / 2
    half_m += np.maximum.reduceat(reach_m[order], first)
    places, settlements = [], []
    for at in range(0, len(first), _SQUARES_AT_ONCE):
        some = slice(at, at + _SQUARES_AT_ONCE)
        away_m = np.hypot(*(core[some, None] - centre[None]).transpose(2, 0, 1))
        nearest_m = away_m - around_m - radius_m - half_m[some, None]
        # no plot of the square is farther from the settlement than this
        farthest_m = (away_m + around_m - radius_m + half_m[some, None]).min(axis=1)
        group, settlement = np.nonzero(nearest_m <= np.maximum(farthest_m, 0.0)[:, None])
        count = size[some][group]
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        places.append(order[np.repeat(first[some][group], count) + within])
        settlements.append(np.repeat(settlement, count))
    return np.concatenate(places), np.concatenate(settlements)


def _circles(shapes: Geometries) -> tuple[Floats, Floats]:
    """Return the middle and the half diagonal of the box of each shape, m."""
    west, south, east, north = shapely.bounds(shapes).T
    middle = np.column_stack([west + east, south + north]) / 2
    return middle, np.hypot(east - west, north - south) / 2


def _radius_m(settlements: GeoDataFrame, params: LandParams) -> Floats:
    """Return the radius of the disc that holds the people of each settlement, m."""
    people = settlements["population"].to_numpy(dtype=float)
    return np.sqrt(people / params.housing_people_km2 * M2_PER_KM2 / np.pi)


def housing_widths(zones: DataFrame) -> dict[str, float]:
    """Return the distance to housing that each sanitary class keeps, m, from PROTECTION_ZONES."""
    told = zones[zones["feature"] == HOUSING]
    names = told["class"].astype("str").str.removeprefix("sanitary class").str.strip()
    return dict(zip(names, told["half_width_m"].astype(float), strict=True))


def allows_production(plots: GeoDataFrame, params: LandParams) -> Series:
    """Return whether production is allowed on each plot as it is: category or permitted use."""
    use = plots["permitted_use"].astype("str").str.casefold().str.strip()
    allowed = plots["category"].isin(params.production_categories)
    # a permitted use allows production on settlement land only; elsewhere the category decides
    in_settlement = plots["category"] == "settlements"
    for word in params.production_uses:
        # a code stands at the beginning; a word may stand anywhere
        is_code = word[0].isdigit()
        fits = use.str.startswith(word) if is_code else use.str.contains(word, regex=False)
        allowed |= in_settlement & fits.fillna(value=False).astype(bool)
    return allowed
