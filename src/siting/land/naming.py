"""What a site is called: the nearest settlement and a number, in Russian and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from siting.land.housing import outlines
from siting.translit import transliterate

if TYPE_CHECKING:
    from geopandas import GeoDataFrame, GeoSeries
    from pandas import DataFrame, Series

    from siting.land.pieces import Geometries
    from siting.region import LandParams
    from siting.tables import Layers


def name_sites(points: GeoSeries, *, layers: Layers, params: LandParams) -> DataFrame:
    """Return `name`, `name_en` and `district_id` of the site at each point, index of `points`.

    The number counts the sites of one name in the order of site_id, so it does not depend on the
    order of rows. Without settlements the district names the site, without either its id.
    """
    district = _district(points, layers.districts)
    places = _named(points, layers.settlements, outlines(layers.settlements, params))
    if places.empty:
        inside = layers.districts.reindex(district.dropna())
        places = pd.DataFrame(_english(inside).set_axis(district.dropna().index))
    own = pd.DataFrame({"name": points.index, "name_en": points.index}, index=points.index)
    told = places.reindex(points.index).fillna(own.astype("str"))
    by_id = told["name"].sort_index()
    numbers = (by_id.groupby(by_id).cumcount() + 1).reindex(points.index)
    numbered = told.add("-" + numbers.astype("str"), axis=0)
    return numbered.assign(district_id=district).astype("str")


def name_expansions(names: DataFrame, expands: Series, parks: GeoDataFrame) -> DataFrame:
    """Return `names` where the expansion of a park is called after the park."""
    told = _english(parks).set_axis(parks.index.astype("str")).reindex(expands.dropna())
    told = told.set_axis(expands.dropna().index)
    named = names.copy()
    named.loc[told.index, "name"] = told["name"] + ": расширение"
    named.loc[told.index, "name_en"] = told["name_en"] + ": expansion"
    return named


def nearest(points: GeoSeries, shapes: Geometries) -> Series:
    """Return the position of the nearest shape to each point, the first among equals."""
    place, shape = shapely.STRtree(shapes).query_nearest(points.to_numpy())
    first = pd.Series(shape).groupby(place).min()
    return first.set_axis(points.index[first.index])


def _named(points: GeoSeries, settlements: GeoDataFrame, shapes: Geometries) -> DataFrame:
    if settlements.empty or points.empty:
        return pd.DataFrame(columns=["name", "name_en"], index=points.index[:0])
    # inside two outlines the larger place names the site; sorting makes it the first among equals
    order = np.lexsort((settlements.index.to_numpy(), -settlements["population"].to_numpy()))
    found = nearest(points, shapes[order])
    return _english(settlements.iloc[order[found.to_numpy()]]).set_axis(found.index)


def _english(rows: DataFrame) -> DataFrame:
    name = rows["name"].astype("str")
    english = rows["name_en"].astype("str")
    told = english.where(english.notna(), name.map(transliterate))
    return pd.DataFrame({"name": name, "name_en": told})


def _district(points: GeoSeries, districts: GeoDataFrame) -> Series:
    found = pd.Series(np.nan, index=points.index, dtype="str")
    if len(points) and len(districts):
        ordered = districts.sort_index()
        tree = shapely.STRtree(ordered.geometry.to_numpy())
        place, area = tree.query(points.to_numpy(), predicate="intersects")
        # a point on a common border lies in both; the first by id takes it
        first = pd.Series(area).groupby(place).min()
        found.iloc[first.index] = ordered.index.astype("str").to_numpy()[first.to_numpy()]
    return found
