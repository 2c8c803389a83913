"""What connecting costs anywhere: the offers of one plot in each cell of a coarse grid.

Nothing is interpolated. A cell shows what was computed for the plot nearest its centre and says so;
a cell without a plot is blank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from siting.maps.packing import PackedTable
from siting.maps.ways import pack_options, pack_sources, pack_ways
from siting.portfolio.ways import lay_flat, list_all
from siting.units import DEMAND_UNIT, M_PER_KM, UTILITIES

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.maps.encode import Packed
    from siting.study import Plan

CELLS_MOST: Final = 6000
"""The grid is as coarse as it must be for the region to have no more cells."""

SIDES_KM: Final = (1, 2, 5, 10, 20, 50, 100)

SPOT_KM_DECIMALS: Final = 2
"""Ten metres of a route: a cell is a thousand times wider."""


def pricing(plan: Plan) -> Packed | None:
    """Return options, sources and the offers of the cells; None for a plan without offers."""
    if plan.offers is None:
        return None
    lists = list_all(plan.offers)
    spots = _spots(plan, plan.offers.plots.places)
    ways = lay_flat([plan.offers.plots.take(pd.Index(spots["plot_id"]))], lists)
    side_m = _side_m(plan)
    cells = gpd.GeoSeries(
        [shapely.box(x, y, x + side_m, y + side_m) for x, y in spots[["x", "y"]].to_numpy()],
        crs=plan.plots.crs,
    )
    table = PackedTable(spots).texts("plot_id").flags("is_synthetic").shapes(cells).done()
    return {
        "side_km": side_m / M_PER_KM,
        "extra": lists.extra_mrub.tolist(),
        "units": [DEMAND_UNIT[utility] for utility in UTILITIES],
        "tables": {
            "options": pack_options(ways),
            "sources": pack_sources(ways),
            "spots": table,
        },
        "ways": pack_ways(ways, decimals=SPOT_KM_DECIMALS),
    }


def _side_m(plan: Plan) -> float:
    area_km2 = float(plan.layers.districts.area.sum()) / M_PER_KM**2
    least = np.sqrt(area_km2 / CELLS_MOST)
    return next((side for side in SIDES_KM if side >= least), SIDES_KM[-1]) * M_PER_KM


def _spots(plan: Plan, offered: pd.Index) -> DataFrame:
    """Return, by cell that holds a plot with offers, that plot and the cell's corner, metres."""
    side_m = _side_m(plan)
    known = plan.plots[plan.plots.index.isin(offered)]
    at: NDArray[np.float64] = shapely.get_coordinates(known.representative_point().to_numpy())
    corner = np.floor(at / side_m) * side_m
    far = np.hypot(*(at - corner - side_m / 2).T)
    plots = known.index
    made_up = plan.layers.plots["is_synthetic"].reindex(plots)
    found = pd.DataFrame(
        {
            "plot_id": plots,
            "x": corner[:, 0],
            "y": corner[:, 1],
            "far": far,
            "is_synthetic": made_up.to_numpy(bool, na_value=False),
        }
    )
    nearest = found.sort_values(["x", "y", "far", "plot_id"], kind="stable")
    return nearest.drop_duplicates(["x", "y"]).reset_index(drop=True)
