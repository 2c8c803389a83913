"""The input tables of a study, bundled and frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from siting.tables.by_products import BY_PRODUCTS
from siting.tables.inputs import CONTRACTS, CUSTOMS, EXPORTS
from siting.tables.price_books import (
    PRICE_BOOK,
    PRICE_INDICES,
    PUBLISHED_COSTS,
    SUPPORT_MEASURES,
    YEARLY_COSTS,
)
from siting.tables.rules import INDUSTRY_INPUTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from siting.tables.elevation import Elevation
    from siting.tables.schema import Table


def _none(table: Table) -> DataFrame:
    kinds = {"text": "str", "flag": "bool"}
    return pd.DataFrame(
        {c.name: pd.Series([], dtype=kinds.get(c.kind, "float64")) for c in table.columns}
    )


@dataclass(frozen=True, kw_only=True)
class Layers:
    """Checked tables in the CRS of the region; the columns are those of `tables.inputs`.

    Optional columns are always present, empty where the input had none; absent tables are empty.
    """

    infrastructure: GeoDataFrame
    plots: GeoDataFrame
    enterprises: GeoDataFrame
    constraints: GeoDataFrame
    terrain: GeoDataFrame
    settlements: GeoDataFrame
    districts: GeoDataFrame
    parks: GeoDataFrame
    prospects: GeoDataFrame
    """Geometry is the prospect's own place, a point; None where it has none."""
    products: DataFrame
    recipes: DataFrame
    connection_options: DataFrame
    demand_profiles: DataFrame
    protection_zones: DataFrame
    requirements: DataFrame
    repairs: DataFrame
    """Every repair and refusal: table REPAIRS."""
    sha256: Mapping[str, str]
    """File -> sha256 of its bytes, in the order of reading."""
    elevation: Elevation | None = None
    """Heights of the region; None where no DEM is given: slopes are then unknown."""
    contracts: DataFrame = field(default_factory=lambda: _none(CONTRACTS))
    industry_inputs: DataFrame = field(default_factory=lambda: _none(INDUSTRY_INPUTS))
    by_products: DataFrame = field(default_factory=lambda: _none(BY_PRODUCTS))
    yearly_costs: DataFrame = field(default_factory=lambda: _none(YEARLY_COSTS))
    price_book: DataFrame = field(default_factory=lambda: _none(PRICE_BOOK))
    price_indices: DataFrame = field(default_factory=lambda: _none(PRICE_INDICES))
    support_measures: DataFrame = field(default_factory=lambda: _none(SUPPORT_MEASURES))
    published_costs: DataFrame = field(default_factory=lambda: _none(PUBLISHED_COSTS))
    customs: DataFrame = field(default_factory=lambda: _none(CUSTOMS))
    exports: DataFrame = field(default_factory=lambda: _none(EXPORTS))
