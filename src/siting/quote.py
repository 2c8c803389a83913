"""What connecting a demand costs at any point of a region: `siting.price`.

The study's own raster, options and formula, asked about points that are no sites.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from siting.errors import Problem, SitingError
from siting.layers import read
from siting.network import price_points
from siting.progress import Progress, silent
from siting.stopwatch import Stopwatch
from siting.units import UTILITIES

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from pandas import DataFrame

    from siting.region import Region

Demand = Mapping[str, "float | ArrayLike"]
LON_LAT: Final = "EPSG:4326"
_MOST_DEGREES: Final = (180.0, 90.0)


class QuestionError(SitingError, ValueError):
    """Points or demands that cannot be priced as they are asked."""


def price(
    region: Region,
    points: GeoSeries | GeoDataFrame | ArrayLike,
    demand: Demand,
    *,
    progress: Progress = silent,
) -> DataFrame:
    """Return table QUOTES: what each demand costs at each point, a row for point and utility.

    Parameters
    ----------
    region
        The region whose sources, options and prices are used.
    points
        Places with a CRS (of areas the point that represents them), or longitudes and latitudes
        in degrees, shape (n, 2). A million are as welcome as one.
    demand
        Utility -> demand in the unit of `siting.units.DEMAND_UNIT`: one number for all points or
        one for each. Utilities that are not named are not priced.
    progress
        Told the share of the work that is done.

    Raises
    ------
    QuestionError
        Listing every problem of points and demands.
    TableError, LayerError, RegionError
        Listing every problem of the region.
    """
    places, demands = check_points(points), check_demand(demand, _count(points))
    timed = Stopwatch(progress)
    layers = timed(read, region)
    at = places.to_crs(region.crs)
    return timed(
        price_points, at, demands, layers=layers, params=region.network, cell_m=region.cell_m,
        progress=timed.tick,
    )  # fmt: skip


def park_demand(region: Region, buildable_ha: float) -> dict[str, float]:
    """Return the demand of a park of some hectares, as a study takes it before residents are known.

    One carriageway and one line; what `network.park_demand_ha` does not name is not demanded.
    """
    known = {
        utility: buildable_ha * region.network.park_demand_ha.get(utility, 0.0)
        for utility in UTILITIES
    }
    once = {u: 1.0 for u in region.network.park_utilities if u in {"road", "rail", "telecom"}}
    return {utility: told for utility, told in (known | once).items() if told > 0}


def _count(points: GeoSeries | GeoDataFrame | ArrayLike) -> int:
    return len(points) if isinstance(points, GeoSeries | GeoDataFrame) else len(np.asarray(points))


def check_points(points: GeoSeries | GeoDataFrame | ArrayLike) -> GeoSeries:
    """Return the points as a GeoSeries of points with a CRS.

    Raises
    ------
    QuestionError
        If they have no CRS, no place or are no degrees.
    """
    if isinstance(points, GeoSeries | GeoDataFrame):
        shapes = points.geometry
        if shapes.crs is None:
            raise QuestionError(Problem(code="quote_no_crs"))
        empty = shapes.isna() | shapes.is_empty
        if empty.any():
            rows = tuple(shapes.index[empty].astype(str))
            raise QuestionError(Problem(code="quote_no_place", rows=rows))
        is_point = shapes.geom_type == "Point"
        return shapes if is_point.all() else shapes.representative_point()
    told = np.asarray(points, dtype=float)
    if told.ndim != 2 or told.shape[1] != 2:
        raise QuestionError(Problem(code="quote_shape", values={"shape": str(told.shape)}))
    # what is no number is no degree either
    wrong = ~(np.abs(told) <= _MOST_DEGREES).all(axis=1)
    if wrong.any():
        rows = tuple(map(str, np.flatnonzero(wrong)))
        raise QuestionError(Problem(code="quote_degrees", rows=rows))
    index = pd.RangeIndex(len(told))
    return gpd.GeoSeries(shapely.points(told), index=index, crs=LON_LAT)


def check_demand(demand: Demand, count: int) -> dict[str, NDArray[np.float64]]:
    """Return the demand of each of `count` points by utility, in the order of the utilities.

    Raises
    ------
    QuestionError
        Listing every unknown utility, wrong number of values and demand below zero.
    """
    problems: list[Problem] = []
    if not demand:
        problems.append(Problem(code="quote_no_demand", values={"known": ", ".join(UTILITIES)}))
    found = {}
    for utility, told in demand.items():
        values = np.asarray(told, dtype=float)
        if utility not in UTILITIES:
            about: dict[str, object] = {"utility": utility, "known": ", ".join(UTILITIES)}
            problems.append(Problem(code="quote_utility", values=about))
        elif values.ndim > 0 and values.shape != (count,):
            about = {"utility": utility, "given": str(values.shape), "count": count}
            problems.append(Problem(code="quote_demand_count", values=about))
        elif not (np.isfinite(values) & (values >= 0)).all():
            problems.append(Problem(code="quote_demand_value", values={"utility": utility}))
        else:
            found[utility] = np.broadcast_to(values, (count,)).astype(float)
    if problems:
        raise QuestionError(problems)
    return {utility: found[utility] for utility in UTILITIES if utility in found}
