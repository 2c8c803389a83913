"""Prices of different years made comparable: price x index of the region's year / its own.

The index is a table of the region (`price_indices`); only ratios of its years count. Decides
nothing about which index suits which price: one level serves all construction prices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame, Series

    Floats = NDArray[np.float64]


def level_factors(years: Series, indices: DataFrame, price_year: int) -> Floats:
    """Return what prices of each year are multiplied by to be those of `price_year`, shape (n,).

    1 for the year itself, with or without an index; NaN where an index is missing.
    """
    level = pd.Series(indices["index"].to_numpy(float), index=indices["year"].to_numpy(float))
    # the last row of a year stated twice stands; the reader refuses such a table
    level = level[~level.index.duplicated(keep="last")]
    own = float(level.get(float(price_year), np.nan))
    told = years.to_numpy(float)
    ratio = own / level.reindex(told).to_numpy(float)
    return np.where(told == price_year, 1.0, ratio)
