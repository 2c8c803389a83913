"""How old what was assumed is: years since the price level of options and the date of sources.

A row without a date is as old as `unknown_age_years` says: not knowing is no reason to be sure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.portfolio.ways import Ways
    from siting.region import DoubtParams

    Floats = NDArray[np.float64]

_YEAR = r"^(\d{4})"
"""A date begins with its year, as ISO 8601 has it."""


@dataclass(frozen=True, kw_only=True)
class Ages:
    """Years since what was assumed was true, never negative."""

    price_years: Floats
    """Of options, shape (options,)."""
    spare_years: Floats
    """Of the spare capacities of sources, shape (s,)."""

    @classmethod
    def none(cls, ways: Ways) -> Ages:
        """Return ages of data that is of today."""
        return cls(price_years=np.zeros(len(ways.options)), spare_years=np.zeros(len(ways.sources)))


def find_ages(ways: Ways, infrastructure: DataFrame, params: DoubtParams) -> Ages:
    """Return the ages of the options and sources of `ways` in the year of the study."""
    told = infrastructure["as_of"].astype("str").str.extract(_YEAR, expand=False)
    year = pd.to_numeric(told).groupby(level=0).first().reindex(ways.sources["id"])
    return Ages(
        price_years=_age(ways.options["price_year"], params),
        spare_years=_age(year, params),
    )


def _age(years: pd.Series, params: DoubtParams) -> Floats:
    # not knowing the year is itself a fact, and the parameter says how old such a row counts
    age = (params.year - years.astype(float)).fillna(params.unknown_age_years)
    return np.maximum(0.0, age.to_numpy(float))
