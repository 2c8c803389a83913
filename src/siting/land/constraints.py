"""What of every plot may be built on, and which rule and object took the rest.

Hard zones and forbidden land categories remove land; soft zones (building with treatment, planned
objects) are only listed. Every hectare lost stands in EXCLUSIONS with its rule and object; where
several zones overlap each is listed with its whole area, and the land is taken once. Objects
outside the region restrict inside it. Slope counts where a DEM is given (see `slope`).

Zones are round: `buffer_quad_segs` segments a quarter, inscribed, so that a zone is never wider
than its rule and with 16 segments at most 0.12 per cent narrower at a corner, exact along lines.
Cost grows with the number of plots that meet zones, not with plots times objects (see `tiles`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from siting.errors import Problem, TableError
from siting.land.clean import dirty_neighbours
from siting.land.housing import housing_distance_m
from siting.land.overlay import TOUCH_M2, find_hits, shared_m2, take
from siting.land.pieces import area_m2, keep_large
from siting.land.rules import find_zones
from siting.land.slope import mean_slope
from siting.land.tiles import widen
from siting.tables import check, same_crs
from siting.tables.inputs import PLOTS
from siting.tables.land import EXCLUSIONS
from siting.tables.results import EXCLUDED
from siting.units import M2_PER_HA

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series

    from siting.land.overlay import Taken
    from siting.land.pieces import Geometries
    from siting.region import LandParams
    from siting.tables import Layers

LIST_SEPARATOR: Final = ";"
_JUDGED: Final = replace(EXCLUDED, geometry=None)


@dataclass(frozen=True, kw_only=True)
class Excluded:
    """Plots with what is left of them, and why the rest is lost."""

    plots: GeoDataFrame
    """Table EXCLUDED and a second geometry column `buildable`, None where nothing is left."""
    exclusions: DataFrame
    """Table EXCLUSIONS, by plot, feature, class and object."""
    unruled: DataFrame
    """Table REPAIRS: objects that restrict nothing because too little is known of them."""


def exclude(plots: GeoDataFrame, *, layers: Layers, params: LandParams) -> Excluded:
    """Add to every plot what may be built on, and list every loss.

    Parameters
    ----------
    plots
        Table PLOTS, n rows.
    layers
        Objects and rules, same CRS.
    params
        Categories and covers never built on, least piece.

    Returns
    -------
    Excluded
        The same n plots in the same order with more columns, and the losses.

    Raises
    ------
    TableError
        If a table breaks its contract, CRSs differ, or a plot id holds the list separator.
    """
    check(plots, PLOTS)
    _check_ids(plots)
    layered = (
        layers.infrastructure, layers.terrain, layers.constraints, layers.settlements,
        layers.enterprises,
    )  # fmt: skip
    same_crs(plots, *(layer for layer in layered if len(layer)))
    zones = find_zones(layers, params)
    land = plots.geometry.to_numpy()
    met, taken = _take_zones(land, zones.rows, params)
    is_forbidden = plots["category"].isin(params.forbidden_categories)
    kept, sliver_m2 = _keep(land, taken, params)
    kept[is_forbidden.to_numpy()] = None
    buildable = gpd.GeoSeries(kept, index=plots.index, crs=plots.crs)
    judged = plots.assign(
        buildable_ha=area_m2(buildable.to_numpy()) / M2_PER_HA,
        housing_distance_m=housing_distance_m(plots, layers.settlements, params),
        slope_share=mean_slope(plots, layers.elevation),
        clean_fits=~plots.index.astype("str").isin(dirty_neighbours(plots, layers)["plot_id"]),
        is_eligible=~is_forbidden & buildable.notna(),
        why_not=_causes(is_forbidden, buildable),
        buildable=buildable,
    )
    own = _own_losses(plots, is_forbidden, sliver_m2)
    return Excluded(
        plots=_checked(judged),
        exclusions=check(_losses(plots, zones.rows, met, own), EXCLUSIONS),
        unruled=zones.unruled,
    )


def _checked(judged: GeoDataFrame) -> GeoDataFrame:
    # the shapes are those of the argument, which are checked; a million of them take seconds
    check(pd.DataFrame(judged.drop(columns=["geometry", "buildable"])), _JUDGED)
    return judged


def _check_ids(plots: GeoDataFrame) -> None:
    bad = plots.index[plots.index.astype("str").str.contains(LIST_SEPARATOR, regex=False)]
    if len(bad):
        raise TableError(Problem(code="plot_id_separator", layer=PLOTS.name, rows=tuple(bad)))


def _take_zones(land: Geometries, zones: DataFrame, params: LandParams) -> tuple[DataFrame, Taken]:
    """Return a row per plot and zone that share land, and what the hard ones leave of each plot."""
    cores = zones["geometry"].to_numpy(dtype=object)
    width_m = zones["half_width_m"].to_numpy(dtype=float)
    tiles, of_zone = widen(cores, width_m, params.buffer_quad_segs)
    hits = find_hits(land, tiles)
    is_hard = zones["is_hard"].to_numpy(dtype=bool)[of_zone]
    taken = take(land, tiles, hits.where(is_hard[hits.tile]))
    return shared_m2(land, tiles, of_zone, hits, taken), taken


def _keep(land: Geometries, taken: Taken, params: LandParams) -> tuple[Geometries, Series]:
    """Return what of each plot may be built on, and the area of the pieces too small for that."""
    left = land.copy()
    left[taken.plot] = taken.left
    # a whole plot of one part stays as it is unless it is a sliver itself
    is_plain = shapely.get_type_id(left) == shapely.GeometryType.POLYGON
    is_plain &= shapely.area(left) >= params.sliver_m2
    is_plain[taken.plot] = False
    some = np.flatnonzero(~is_plain)
    kept = left.copy()
    kept[some] = keep_large(left[some], max(params.sliver_m2, TOUCH_M2))
    return kept, pd.Series(area_m2(left[some]) - area_m2(kept[some]), index=some)


def _causes(is_forbidden: Series, buildable: Series) -> Series:
    codes = np.select(
        [is_forbidden.to_numpy(), buildable.isna().to_numpy()],
        ["category_forbidden", "all_excluded"],
        default="",
    )
    causes = pd.Series(codes, index=is_forbidden.index, dtype="str")
    return causes.where(causes != "")


def _own_losses(plots: GeoDataFrame, is_forbidden: Series, sliver_m2: Series) -> DataFrame:
    """Return the losses that the plot itself causes: its category, and pieces too small."""
    forbidden = plots[is_forbidden]
    category = _own(forbidden.index, "land category", forbidden["category"], forbidden.area)
    # of a forbidden plot nothing is left, slivers or not
    sliver_m2 = sliver_m2[(sliver_m2 > TOUCH_M2) & ~is_forbidden.to_numpy()[sliver_m2.index]]
    small = plots.index[sliver_m2.index]
    sliver = _own(small, "sliver", pd.Series(np.nan, index=small, dtype="str"), sliver_m2)
    return pd.concat(
        [
            category.assign(source="Land Code article 7; region.toml land.forbidden_categories"),
            sliver.assign(source="region.toml land.sliver_m2"),
        ]
    )


def _own(ids: pd.Index, feature: str, name: Series, area: Series) -> DataFrame:
    text = ids.astype("str").to_numpy()
    return pd.DataFrame(
        {
            "plot_id": text,
            "feature": feature,
            "class": name.to_numpy(),
            "object_id": text,
            "object_name": pd.Series(np.nan, index=range(len(ids)), dtype="str").to_numpy(),
            "is_hard": True,
            "area_ha": area.to_numpy() / M2_PER_HA,
            "status": "ASSUMED",
        }
    )


def _losses(plots: GeoDataFrame, zones: DataFrame, met: DataFrame, own: DataFrame) -> DataFrame:
    told = ["feature", "class", "object_id", "object_name", "is_hard", "status", "source"]
    zoned = zones[told].iloc[met["zone"]].reset_index(drop=True)
    zoned = zoned.assign(
        plot_id=plots.index.astype("str").to_numpy()[met["plot"].to_numpy()],
        area_ha=met["area_m2"].to_numpy() / M2_PER_HA,
    )
    columns = [column.name for column in EXCLUSIONS.columns]
    text = {column.name: "str" for column in EXCLUSIONS.columns if column.kind == "text"}
    both = pd.concat([zoned[columns].astype(text), own[columns].astype(text)])
    order = ["plot_id", "feature", "class", "object_id", "source", "area_ha"]
    listed = both.astype({"is_hard": bool, "area_ha": float}).sort_values(order, kind="stable")
    return listed.reset_index(drop=True)
