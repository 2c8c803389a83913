"""Plots and sites as subjects of questions, and the causes that refuse or limit each.

A cause blocks (the subject may not become a park) or limits (it may, but not for every plant or not
before land is transferred). A plot that is too small alone is no subject of that cause where it
belongs to a site that may become a park.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.land.constraints import LIST_SEPARATOR
from siting.land.housing import allows_production, housing_widths

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series

    from siting.region import LandParams

PLOT: Final = "plot"
CLASSES: Final = ("I", "II", "III", "IV", "V")
"""Sanitary classes, the most harmful first."""


def subjects(plots: GeoDataFrame, sites: GeoDataFrame, params: LandParams) -> GeoDataFrame:
    """Return every plot and site with what its causes follow from, index by their position."""
    in_park = set(sites.loc[sites["is_eligible"], "plot_ids"].str.split(LIST_SEPARATOR).sum() or [])
    fits = allows_production(plots, params)
    lone = pd.DataFrame(
        {
            "subject_id": plots.index.astype("str"),
            "subject_kind": PLOT,
            "plot_ids": plots.index.astype("str"),
            "why_not": plots["why_not"].to_numpy(),
            "buildable_ha": plots["buildable_ha"].to_numpy(),
            "housing_distance_m": plots["housing_distance_m"].to_numpy(),
            "category_fits": fits.to_numpy(),
            "clean_fits": plots["clean_fits"].to_numpy(),
            "is_small": (plots["buildable_ha"] > 0).to_numpy()
            & (plots["buildable_ha"] < params.min_park_ha).to_numpy()
            & ~plots.index.isin(in_park),
        }
    )
    own = ["plot_ids", "why_not", "buildable_ha", "housing_distance_m", "category_fits"]
    own.append("clean_fits")
    joined = pd.DataFrame(sites[own]).assign(
        subject_id=sites.index.astype("str"), subject_kind=sites["kind"].to_numpy()
    )
    joined["is_small"] = sites["why_not"].str.contains("too_small", regex=False).fillna(value=False)
    rows = pd.concat([lone, joined], ignore_index=True)
    shapes = np.concatenate([plots.geometry.to_numpy(), sites.geometry.to_numpy()])
    text = dict.fromkeys(["subject_id", "subject_kind", "plot_ids", "why_not"], "str")
    told = rows.astype(text | dict.fromkeys(["is_small", "category_fits", "clean_fits"], bool))
    return gpd.GeoDataFrame(told, geometry=shapes, crs=plots.crs)


def causes(rows: GeoDataFrame, zones: DataFrame, params: LandParams) -> DataFrame:
    """Return a row per subject and cause: the position of the subject, cause, is_blocking."""
    limit_m = housing_widths(zones).get(params.cures.worst_class, np.nan)
    least_m = housing_widths(zones).get(CLASSES[-1], np.nan)
    refused = rows["why_not"].str.split(LIST_SEPARATOR).explode().dropna()
    small = rows.index[rows["is_small"] & ~rows["why_not"].notna()]
    distance_m = rows["housing_distance_m"]
    near = rows.index[distance_m < limit_m]
    is_lost = rows["why_not"].str.contains("category_forbidden", regex=False).fillna(value=False)
    unfit = rows.index[~rows["category_fits"] & ~is_lost.astype(bool)]
    parts = [
        pd.DataFrame({"subject": refused.index, "cause": refused.to_numpy(), "is_blocking": True}),
        _limits(small, "too_small", rows["subject_kind"] != ""),
        _limits(unfit, "category_unfit", rows["subject_kind"] == ""),
        _limits(near, "near_housing", distance_m < least_m),
        _limits(rows.index[~rows["clean_fits"]], "dirty_neighbour", rows["subject_kind"] == ""),
    ]
    found = pd.concat(parts, ignore_index=True).astype({"cause": "str", "is_blocking": bool})
    return found.sort_values(["subject", "cause"], kind="stable").reset_index(drop=True)


def _limits(at: pd.Index, cause: str, is_blocking: Series) -> DataFrame:
    blocking = is_blocking.loc[at].to_numpy()
    return pd.DataFrame({"subject": at, "cause": cause, "is_blocking": blocking})
