"""Relatedness of products from trade data: what is usually exported together.

    rca[c, p]        = (x[c, p] / x[c, .]) / (x[., p] / x[., .])                  (Balassa 1965)
    made[c, p]       = rca[c, p] >= 1
    proximity(p, q)  = (economies that make both) / max(those that make p, those that make q)
    density[c, p]    = sum over q of proximity(p, q) * made[c, q] / sum over q of proximity(p, q)
                                                                       (Hidalgo and others 2007)

q runs over p as well. Density never holds the proximity of thousands of products. A product nobody
makes with an advantage is near nothing and has density NaN; an economy or a product without exports
has rca NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.economy.arrays import divided

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame, Series

    from siting.economy.freight import Floats

_HS_DIGITS: Final = 4
"""Trade is compared by headings: finer codes differ between editions of the HS."""


def revealed_advantage(value: Floats) -> Floats:
    """Return the advantage of each economy in each product, no unit, shape (c, p)."""
    share = value / _or_nan(value.sum(axis=1, keepdims=True))
    world = value.sum(axis=0) / _or_nan(np.asarray(value.sum()))
    return np.asarray(share / _or_nan(world))


def density(is_made: NDArray[np.bool_]) -> Floats:
    """Return how near each product is to what each economy makes, 0 to 1, shape (c, p).

    Products are taken by their number of makers k, fewest first. For a product of k makers the
    sum over q is, economy by economy,

        sum over d that make it of ( inside[c, d] / k + beyond[c, d] ),
        inside = products of at most k makers that c and d both make
        beyond = sum of 1 / makers over the others that both make

    so it takes c * c * p steps in place of the c * p * p of its definition.
    """
    made = is_made.astype(np.float64)
    makers = made.sum(axis=0)
    found = np.full(is_made.shape, np.nan)
    inverse = divided(np.ones(len(makers)), makers)
    inside, beyond = np.zeros((len(made), len(made))), (made * inverse) @ made.T
    own_inside, own_beyond = np.zeros(len(made)), made @ inverse
    for count in np.unique(makers[makers > 0]):
        group = makers == count
        own = made[:, group]
        both, each = own @ own.T, own.sum(axis=1)
        inside, beyond = inside + both, beyond - both / count
        own_inside, own_beyond = own_inside + each, own_beyond - each / count
        near = (inside / count + beyond) @ own
        found[:, group] = near / ((own_inside / count + own_beyond) @ own)
    # sums taken apart again leave their last digit
    return np.clip(found, 0.0, 1.0)


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


def _between(is_made: NDArray[np.bool_]) -> Floats:
    made = is_made.astype(np.float64)
    makers = made.sum(axis=0)
    return divided(made.T @ made, np.maximum(makers[:, None], makers))


def _or_nan(value: Floats) -> Floats:
    return np.where(value > 0, value, np.nan)
