"""Who could work at a site: the workforce near it, and the nearest university.

Both are told, not judged: no act sets a limit. A university is an enterprise whose main activity is
higher education (OKVED 85.22). What nobody states stays unknown: the workforce of a neighbourhood
is known only if that of every place in it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from siting.land.housing import outlines
from siting.units import M_PER_KM

if TYPE_CHECKING:
    from geopandas import GeoSeries
    from pandas import Series

    from siting.region import LandParams
    from siting.tables import Layers

HIGHER_EDUCATION: Final = "85.22"


def workforce_near(points: GeoSeries, layers: Layers, params: LandParams) -> Series:
    """Return the workforce of the places within `technopark_near_km` of each point, people."""
    people = layers.settlements["workforce"].to_numpy(dtype=float)
    reach_m = params.technopark_near_km * M_PER_KM
    place, settlement = shapely.STRtree(outlines(layers.settlements, params)).query(
        points.to_numpy(), predicate="dwithin", distance=reach_m
    )
    # a sum with an unknown place is unknown; a point without any place near has none
    total = pd.Series(people[settlement]).groupby(place).agg(lambda own: own.sum(skipna=False))
    return total.reindex(range(len(points)), fill_value=0.0).set_axis(points.index)


def university_km(points: GeoSeries, layers: Layers) -> Series:
    """Return the distance to the nearest university, km; NaN where none is told."""
    code = layers.enterprises["okved"].astype("str")
    schools = layers.enterprises.geometry.to_numpy()[code.str.startswith(HIGHER_EDUCATION)]
    if len(schools) == 0 or len(points) == 0:
        return pd.Series(np.nan, index=points.index)
    (place, _), away_m = shapely.STRtree(schools).query_nearest(
        points.to_numpy(), return_distance=True, all_matches=False
    )
    return pd.Series(away_m / M_PER_KM, index=points.index[place]).reindex(points.index)
