"""Imports of the region by product: customs codes against the HS codes of the products.

A customs line belongs to the products with the longest HS code that begins it or that it begins
(a line of four digits may cover finer products). Several such products share the line in
proportion to their demand; evenly where nobody demands any. A line that fits no product is left
out and counted by `unmatched_mrub`. The products table is the concordance: OKPD2 and HS stand in
one row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from siting.tables.codes import HS, find_malformed

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from siting.economy.freight import Floats
    from siting.errors import Problem


def imports_mrub(customs: DataFrame, hs: Series[str], demand_mrub: Floats) -> Series[float]:
    """Return the imports of each product, mln roubles a year; NaN where no line fits it.

    `hs` holds the HS code of each product (missing where it has none), `demand_mrub` its demand.
    """
    known = hs.dropna()
    demand = pd.Series(demand_mrub, index=hs.index)
    found = pd.Series(np.nan, index=hs.index)
    for code, value in customs.groupby("hs")["value_mrub"].sum().items():
        fitting = _fitting(str(code), known)
        if not len(fitting):
            continue
        wanted = demand[fitting]
        even = pd.Series(1.0 / len(fitting), index=fitting)
        share = wanted / wanted.sum() if wanted.sum() > 0 else even
        found = found.add(float(value) * share, fill_value=0.0).reindex(hs.index)
    return found


def unmatched_mrub(customs: DataFrame, hs: Series[str]) -> float:
    """Return the value of the customs lines that fit no product, mln roubles a year."""
    known = hs.dropna()
    lost = [not len(_fitting(str(code), known)) for code in customs["hs"]]
    return float(customs.loc[lost, "value_mrub"].sum())


def hs_problems(codes: Series[str], *, layer: str) -> list[Problem]:
    """Return a problem naming the rows whose HS code is malformed; missing is no code."""
    return find_malformed(codes, HS, code="hs_malformed", layer=layer)


def _fitting(code: str, known: Series[str]) -> pd.Index[str]:
    """Return the products of the longest HS code that agrees with `code` to its last digit."""
    begun = known[[code.startswith(own) for own in known]]
    if len(begun):
        longest = begun.str.len()
        return begun.index[longest == longest.max()]
    return known.index[known.str.startswith(code)]
