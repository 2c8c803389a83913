"""Relatedness of products from trade data: what is usually exported together.

    rca[c, p]        = (x[c, p] / x[c, .]) / (x[., p] / x[., .])                  (Balassa 1965)
    made[c, p]       = rca[c, p] >= 1
    proximity(p, q)  = (economies that make both) / max(those that make p, those that make q)
    density[c, p]    = sum over q of proximity(p, q) * made[c, q] / sum over q of proximity(p, q)
                                                                       (Hidalgo and others 2007)

q runs over p as well. The proximity of thousands of products is never held whole: it is made a
block at a time. A product nobody makes with an advantage is near nothing and has density NaN;
an economy or a product without exports has rca NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.economy.arrays import divided

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from pandas import DataFrame, Series

    from siting.economy.freight import Floats

_BLOCK: Final = 256
"""Products whose proximity to all others is held at a time."""

_HS_DIGITS: Final = 4
"""Trade is compared by headings: finer codes differ between editions of the HS."""


def revealed_advantage(value: Floats) -> Floats:
    """Return the advantage of each economy in each product, no unit, shape (c, p)."""
    share = value / _or_nan(value.sum(axis=1, keepdims=True))
    world = value.sum(axis=0) / _or_nan(np.asarray(value.sum()))
    return np.asarray(share / _or_nan(world))


def density(is_made: NDArray[np.bool_]) -> Floats:
    """Return how near each product is to what each economy makes, 0 to 1, shape (c, p)."""
    found = np.full(is_made.shape, np.nan)
    made = is_made.astype(np.float64)
    for block, near in _proximity_blocks(is_made):
        whole = _or_nan(near.sum(axis=1))
        found[:, block] = (made @ near.T) / whole
    return found


def export_proximity(exports: DataFrame, hs: Series) -> Floats:
    """Return the proximity of the products with these HS codes, NaN where unknown, shape (p, p).

    `exports` is the table EXPORTS; a product is known where its heading is traded.
    """
    heading = exports["hs"].str[:_HS_DIGITS]
    wide = exports.assign(hs=heading).pivot_table(
        index="economy", columns="hs", values="value_musd", aggfunc="sum", fill_value=0.0
    )
    with_trade = wide.loc[wide.sum(axis=1) > 0, wide.sum(axis=0) > 0]
    is_made = revealed_advantage(with_trade.to_numpy(float)) >= 1
    own = with_trade.columns.get_indexer(pd.Index(hs.str[:_HS_DIGITS]))
    near = np.full((len(hs), len(hs)), np.nan)
    known = np.flatnonzero(own >= 0)
    near[np.ix_(known, known)] = _between(is_made[:, own[known]])
    return near


def blended(alike: Floats, near: Floats, weight: float) -> Floats:
    """Return (1 - weight) * alike + weight * near where `near` is known, else `alike`."""
    both = np.where(np.isnan(near), alike, (1 - weight) * alike + weight * near)
    np.fill_diagonal(both, 1.0)
    return both


def _proximity_blocks(is_made: NDArray[np.bool_]) -> Iterator[tuple[slice, Floats]]:
    # single precision counts exactly up to 16 million economies, and is twice as fast
    made = is_made.astype(np.float32)
    makers = made.sum(axis=0)
    for start in range(0, made.shape[1], _BLOCK):
        block = slice(start, min(start + _BLOCK, made.shape[1]))
        both = (made[:, block].T @ made).astype(np.float64)
        yield block, divided(both, np.maximum(makers[block, None], makers).astype(np.float64))


def _between(is_made: NDArray[np.bool_]) -> Floats:
    blocks = [near for _, near in _proximity_blocks(is_made)]
    return np.vstack(blocks) if blocks else np.empty((0, 0))


def _or_nan(value: Floats) -> Floats:
    return np.where(value > 0, value, np.nan)
