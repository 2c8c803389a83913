"""Prices of connecting brought to the price level of the region as they are read.

With no table `price_indices` nothing is converted, and the repairs say which rows are of another
year. With one, a year it lacks is a problem: half a conversion would compare nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.errors import Problem
from siting.price_level import level_factors
from siting.tables.price_books import PRICE_BOOK, PRICE_INDICES
from siting.tables.results import REPAIRS
from siting.tables.rules import CONNECTION_OPTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame

_STEMS: Final = ("fixed_mrub", "per_km_mrub", "per_unit_mrub")
_PRICES: Final = [f"{stem}{end}" for stem in _STEMS for end in ("_low", "", "_high")]


def find_missing_years(tables: Mapping[str, DataFrame], price_year: int) -> list[Problem]:
    """Return the problem of years that prices are of and the index does not know."""
    indices = tables[PRICE_INDICES.name]
    if indices.empty:
        return []
    lost: set[int] = set()
    for table in (CONNECTION_OPTIONS, PRICE_BOOK):
        years = tables[table.name]["price_year"]
        factors = level_factors(years, indices, price_year)
        lost |= {int(year) for year in years[np.isnan(factors)]}
    if not lost:
        return []
    told = ", ".join(map(str, sorted(lost)))
    values = {"years": told, "price_year": price_year}
    return [Problem(code="price_index_missing", layer=PRICE_INDICES.name, values=values)]


def at_price_year(
    options: DataFrame, indices: DataFrame, price_year: int
) -> tuple[DataFrame, DataFrame]:
    """Return CONNECTION_OPTIONS at the price level of `price_year`, and REPAIRS of what changed."""
    other = options["price_year"] != price_year
    factors = level_factors(options["price_year"], indices, price_year)
    rows = []
    for year in sorted(options.loc[other, "price_year"].unique()):
        mine = (options["price_year"] == year).to_numpy()
        factor = factors[mine][0]
        known = bool(np.isfinite(factor))
        told = f"{int(year)} -> {price_year}: x {factor:.4f}" if known else f"{int(year)}"
        for utility, option in options.loc[mine, ["utility", "option"]].itertuples(index=False):
            action = "price_converted" if known else "price_kept"
            reason = "other_price_year" if known else "price_index_unknown"
            rows.append((CONNECTION_OPTIONS.name, f"{utility}:{option}", action, reason, told))
    names = [column.name for column in REPAIRS.columns]
    repairs = pd.DataFrame(rows, columns=names, dtype="str")
    # an unknown level is told in the repairs; the price stands as it was given
    scale = np.where(np.isfinite(factors), factors, 1.0)
    priced = {name: options[name] * scale for name in _PRICES}
    return (options.assign(**priced) if other.any() else options), repairs
