"""Where food and medicines may be made: outside the sanitary zones of other plants.

A plant's zone is that of its sanitary class, or of its industry where it states none. Enterprises
are points, so a zone is measured from the point; a plant of many hectares reaches farther than told
here. Plants of the clean divisions themselves keep nobody out: food may stand beside food. Housing
is the other side of the same zones (see `housing`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from siting.land.housing import housing_widths
from siting.tables.inputs import CLEAN_DIVISIONS

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series

    from siting.tables import Layers

_DIVISION_DIGITS = 2
"""An OKVED code begins with the two digits of its division."""


def dirty_neighbours(plots: GeoDataFrame, layers: Layers) -> DataFrame:
    """Return the pairs of a plot and a plant whose sanitary zone meets it, by id."""
    plants = layers.enterprises
    division = plants["okved"].astype("str").str[:_DIVISION_DIGITS]
    plants = plants[~division.isin(CLEAN_DIVISIONS)]
    width_m = zones_m(plants, layers)
    # what nobody knows restricts nothing
    plants = plants[width_m.notna().to_numpy()]
    if plants.empty or plots.empty:
        return pd.DataFrame({"plot_id": [], "enterprise_id": []}, dtype="str")
    plant, plot = shapely.STRtree(plots.geometry.to_numpy()).query(
        plants.geometry.to_numpy(), predicate="dwithin", distance=width_m.dropna().to_numpy()
    )
    pairs = pd.DataFrame(
        {
            "plot_id": plots.index.astype("str").to_numpy()[plot],
            "enterprise_id": plants.index.astype("str").to_numpy()[plant],
        }
    )
    ordered = pairs.sort_values(["plot_id", "enterprise_id"], kind="stable")
    return ordered.reset_index(drop=True)


def zones_m(plants: GeoDataFrame, layers: Layers) -> Series:
    """Return the width of the sanitary zone of each plant, m; NaN where nothing tells it."""
    by_class = plants["sanitary_class"].map(housing_widths(layers.protection_zones))
    profiles = layers.demand_profiles["sanitary_zone_m"]
    known = profiles[~profiles.index.duplicated()]
    by_industry = pd.Series(np.nan, index=plants.index)
    # the longest code that the activity begins with is the nearest industry
    for digits in sorted({len(code) for code in known.index.astype("str")}):
        here = plants["okved"].astype("str").str[:digits].map(known)
        by_industry = here.astype("float64").fillna(by_industry)
    return by_class.astype("float64").fillna(by_industry)
