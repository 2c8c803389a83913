"""What enterprises buy where no recipe tells it: the coefficients of their industry.

    need[e, i] = sum over industries d of output[e, d] * share[d, industry of i] * weight[i]
    weight[i]  = demand for i by recipes and people / the same of its industry; even where none

output[e, d] is what e makes without a recipe: by the division of the product, or by the division
of the enterprise where nothing it makes is known. The coefficients are those of the country, so
what is bought elsewhere is part of the need. Ignores that enterprises of one industry differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from siting.economy.arrays import divided, summed

if TYPE_CHECKING:
    from pandas import DataFrame, Index, Series

    from siting.economy.freight import Floats, Ints
    from siting.economy.recipes import RecipeBook
    from siting.economy.trades import Trades

_DIVISION_DIGITS: Final = len("20")


def industry_needs(
    output: Trades,
    *,
    book: RecipeBook,
    size: DataFrame,
    okved: Series,
    known: tuple[DataFrame, Floats],
) -> csr_array:
    """Return what each enterprise needs beyond its recipes, mln roubles, shape (n, p).

    `known` are the table INDUSTRY_INPUTS and the final demand by product.
    """
    inputs, final = known
    codes, shape = book.codes, (len(size), len(book.codes))
    if inputs.empty or not all(shape):
        return csr_array(shape)
    of_product = codes.str[:_DIVISION_DIGITS]
    of_firm = pd.Index(okved.str[:_DIVISION_DIGITS])
    names = pd.Index(sorted({*inputs["industry"], *inputs["input"], *of_product, *of_firm}))
    made = _made(output, book, size, (of_product, of_firm, names))
    shares = _matrix(inputs, names)
    by_recipe = np.asarray((output.matrix(shape) @ book.share).sum(axis=0))
    weight = _weights(by_recipe + final, names.get_indexer(of_product), len(names))
    spread = csr_array(
        (weight, (names.get_indexer(of_product), np.arange(len(codes)))),
        shape=(len(names), len(codes)),
    )
    needed = csr_array(made @ shares @ spread)
    needed.eliminate_zeros()
    return needed


def _made(
    output: Trades,
    book: RecipeBook,
    size: DataFrame,
    industries: tuple[Index, Index, Index],
) -> csr_array:
    of_product, of_firm, names = industries
    bare = np.asarray(book.share.sum(axis=1))[output.product] <= 0
    silent = np.setdiff1d(np.arange(len(size)), output.firm)
    firm = np.concatenate([output.firm[bare], silent])
    industry = np.concatenate(
        [names.get_indexer(of_product[output.product[bare]]), names.get_indexer(of_firm[silent])]
    )
    volume = np.concatenate(
        [output.volume_mrub[bare], size["revenue_mrub"].to_numpy(float)[silent]]
    )
    return csr_array((volume, (firm, industry)), shape=(len(size), len(names)))


def _matrix(inputs: DataFrame, names: Index) -> csr_array:
    row = names.get_indexer(pd.Index(inputs["industry"]))
    column = names.get_indexer(pd.Index(inputs["input"]))
    size = len(names)
    return csr_array((inputs["share"].to_numpy(float), (row, column)), shape=(size, size))


def _weights(demand: Floats, industry: Ints, count: int) -> Floats:
    whole = summed(industry, demand, count)[industry]
    even = 1.0 / np.bincount(industry, minlength=count)[industry]
    return np.where(whole > 0, divided(demand, whole), even)
