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

from siting.units import M2_PER_KM2

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import Series

    from siting.land.pieces import Geometries
    from siting.region import LandParams

_DISC_QUAD_SEGS = 32
"""Radius of a disc within 0.03 per cent: 4 m for a city of a million."""


def outlines(settlements: GeoDataFrame, params: LandParams) -> Geometries:
    """Return the outline of each settlement, polygons, shape (n,)."""
    area_m2 = settlements["population"].to_numpy() / params.housing_people_km2 * M2_PER_KM2
    is_point = settlements.geom_type.to_numpy() == "Point"
    radius_m = np.where(is_point, np.sqrt(area_m2 / np.pi), 0.0)
    shapes = settlements.geometry.to_numpy().copy()
    shapes[is_point] = shapely.buffer(
        shapes[is_point], radius_m[is_point], quad_segs=_DISC_QUAD_SEGS
    )
    return shapes


def housing_distance_m(
    plots: GeoDataFrame, settlements: GeoDataFrame, params: LandParams
) -> Series:
    """Return the distance from each plot to the nearest housing, m, shape (n,); NaN without any."""
    distance_m = np.full(len(plots), np.nan)
    shapes = outlines(settlements, params)
    shapes = shapes[~shapely.is_empty(shapes)]
    if len(shapes) and len(plots):
        tree = shapely.STRtree(shapes)
        (place, _), found = tree.query_nearest(
            plots.geometry.to_numpy(), return_distance=True, all_matches=False
        )
        distance_m[place] = found
    inside = np.flatnonzero((distance_m == 0) & allows_production(plots, params).to_numpy())
    distance_m[inside] = params.production_zone_housing_m
    return pd.Series(distance_m, index=plots.index, name="housing_distance_m")


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
