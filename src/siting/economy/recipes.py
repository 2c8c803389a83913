"""Recipes: what a product is made of, as shares of its value.

Decides which codes and shares are sound, and turns the table into one sparse matrix. Ignores
services, wages and margin: they are what a recipe's shares leave of 1. Cycles are allowed, since
a chemical may be made with itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd
from scipy.sparse import csr_array

from siting.errors import Problem
from siting.tables.codes import OKPD2, find_malformed, some
from siting.tables.results import CONFIDENCE_SHARE

if TYPE_CHECKING:
    from pandas import DataFrame, Index, Series

    from siting.economy.freight import Floats, Ints

_SUM_SLACK: Final = 1e-9
"""Shares written in decimals may miss 1 by rounding."""


@dataclass(frozen=True, kw_only=True)
class RecipeBook:
    """Recipes over the p products of a region, in the order of `codes`."""

    codes: Index
    """OKPD2 codes, sorted, p of them."""
    share: csr_array
    """share[i, j]: value of input j per value of product i, dimensionless, shape (p, p)."""
    trusted: csr_array
    """share times the confidence of the recipe, same pattern, shape (p, p)."""


def read_recipes(recipes: DataFrame, codes: Index) -> RecipeBook:
    """Return the recipe matrix over `codes`; the recipes must have passed `recipe_problems`."""
    # a share of nothing is no input, and keeping it would tell that somebody buys it
    used = recipes[recipes["share"] > 0]
    product = codes.get_indexer(pd.Index(used["product"]))
    material = codes.get_indexer(pd.Index(used["input"]))
    share = used["share"].to_numpy(float)
    confidence = used["confidence"].map(CONFIDENCE_SHARE).to_numpy(float)
    shape = (len(codes), len(codes))
    return RecipeBook(
        codes=codes,
        share=_matrix(share, product, material, shape),
        trusted=_matrix(share * confidence, product, material, shape),
    )


def recipe_problems(recipes: DataFrame, codes: Index) -> list[Problem]:
    """Return everything wrong with recipes: codes, unknown products, repeats, shares above 1."""
    found = []
    for column in ("product", "input"):
        found += code_problems(recipes[column], layer="recipes")
        found += unknown_problems(recipes[column], codes, layer="recipes")
    repeated = recipes.duplicated(["product", "input"], keep=False)
    if repeated.any():
        pairs = some(f"{p} <- {i}" for p, i in _pairs(recipes[repeated]))
        found.append(_problem("recipe_duplicate", recipes.index[repeated], {"pairs": pairs}))
    sums = recipes.groupby("product")["share"].sum()
    sums = sums[sums > 1 + _SUM_SLACK]
    if not sums.empty:
        rows = recipes.index[recipes["product"].isin(sums.index)]
        told = some(f"{code} ({total:g})" for code, total in sums.items())
        found.append(_problem("recipe_share_excess", rows, {"sums": told}))
    return found


def code_problems(
    codes: Series, *, layer: str, pattern: str = OKPD2, code: str = "product_code_malformed"
) -> list[Problem]:
    """Return a problem naming the rows whose code does not match `pattern`; missing is no code."""
    return find_malformed(codes, pattern, code=code, layer=layer)


def unknown_problems(codes: Series, known: Index, *, layer: str) -> list[Problem]:
    """Return a problem naming the rows whose product is not in `known`."""
    present = codes.dropna()
    # malformed codes are told elsewhere; one mistake should be one sentence
    wrong = present[~present.isin(known) & present.str.fullmatch(OKPD2)]
    if wrong.empty:
        return []
    return [_problem("product_unknown", wrong.index, {"codes": some(wrong.unique())}, layer)]


def _pairs(recipes: DataFrame) -> list[tuple[str, str]]:
    pairs = recipes[["product", "input"]].drop_duplicates()
    return sorted(zip(pairs["product"], pairs["input"], strict=True))


def _problem(code: str, rows: Index, values: dict[str, object], layer: str = "recipes") -> Problem:
    return Problem(code=code, layer=layer, rows=tuple(map(str, rows)), values=values)


def _matrix(values: Floats, row: Ints, column: Ints, shape: tuple[int, int]) -> csr_array:
    matrix = csr_array((values, (row, column)), shape=shape)
    matrix.sort_indices()
    return matrix
