"""Ways to connect, their options and sources, as the page prices them again.

Ways that no demand and no price could make the cheapest are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.maps.encode import pack_flags, pack_numbers, pack_texts
from siting.pricing import REACH_CODE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.maps.encode import Packed
    from siting.portfolio.ways import Ways

    Floats = NDArray[np.float64]

KM_DECIMALS: Final = 4
"""Decimals of a km kept for pricing: 0.1 m, some thousand roubles at most."""

_EXACT: Final = 6


def exact_numbers(values: Floats) -> Packed:
    """Return a column of numbers to the rouble, the kilowatt and the square metre."""
    return pack_numbers(pd.Series(values), _EXACT)


def pack_options(ways: Ways) -> Packed:
    """Return the options of all utilities with their central prices."""
    options, prices = ways.options, ways.prices
    columns = {
        "utility": pack_texts(options["utility"]),
        "option": pack_texts(options["id"]),
        "capacity": exact_numbers(options["capacity"].to_numpy(float)),
        "rule": exact_numbers(
            np.array([REACH_CODE[rule] for rule in options["reach_rule"]], float)
        ),
        "reach": exact_numbers(options["reach_value"].to_numpy(float)),
        "fixed": exact_numbers(prices[0]),
        "per_km": exact_numbers(prices[1]),
        "per_unit": exact_numbers(prices[2]),
    }
    return {"n": len(options), "columns": columns}


def pack_sources(ways: Ways) -> Packed:
    """Return the sources of all utilities with what they can spare."""
    sources = ways.sources
    columns = {
        "id": pack_texts(sources["id"]),
        "spare": exact_numbers(ways.spare),
        "is_spare_known": pack_flags(sources["is_spare_known"]),
    }
    return {"n": len(sources), "columns": columns}


def pack_ways(ways: Ways, *, decimals: int = KM_DECIMALS) -> Packed:
    """Return ways row by row (8 rows a place), without those that can never be the cheapest."""
    row = np.repeat(np.arange(len(ways.start) - 1), np.diff(ways.start))
    keep = _useful(ways, row)
    length = np.round(ways.length_km[keep], decimals)
    # friction is what lengthens a route in money; most of the way there is none
    extra = np.round(ways.effective_km[keep], decimals) - length
    columns = {
        "option": exact_numbers(ways.option[keep].astype(float)),
        "source": pack_numbers(
            pd.Series(ways.source[keep], dtype=float).where(ways.source[keep] >= 0), 0
        ),
        "length": pack_numbers(pd.Series(length), decimals),
        "extra": pack_numbers(pd.Series(extra), decimals),
        "crossings": exact_numbers(ways.crossings_mrub[keep]),
    }
    counts = np.bincount(row[keep], minlength=len(ways.start) - 1)
    return {
        "n": int(keep.sum()),
        "columns": columns,
        "counts": pack_numbers(pd.Series(counts, dtype=float), 0),
    }


def _useful(ways: Ways, row: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether each way may be the cheapest at some demand and price.

    Of two ways of one place and option, one that is no longer in money and metres, crosses for no
    more and taps a source without limit makes the other useless. A source that spares more today
    may be the emptier one after other parks have taken their share, so a limit is no reason.
    """
    endless = np.isinf(np.where(ways.source >= 0, np.append(ways.spare, 0.0)[ways.source], np.inf))
    traits = np.stack([ways.effective_km, ways.length_km, ways.crossings_mrub], axis=1)
    order = np.lexsort((~endless, *traits.T[::-1], ways.option, row))
    group = np.stack([row[order], ways.option[order]], axis=1)
    fresh = np.append(True, (group[1:] != group[:-1]).any(axis=1)) if len(order) else order == 0
    begin = np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))
    ranked, useless = traits[order], np.zeros(len(order), bool)
    # a group is sorted by money, so only an earlier way can make a later one useless
    for back in range(1, int((np.arange(len(order)) - begin).max(initial=0)) + 1):
        has = np.flatnonzero(np.arange(len(order)) - back >= begin)
        useless[has] |= (ranked[has - back] <= ranked[has]).all(axis=1) & endless[order][has - back]
    keep = np.ones(len(order), bool)
    keep[order[useless]] = False
    return keep
