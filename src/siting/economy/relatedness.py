"""How much alike products are, and so how near a product is to what the region already makes.

    proximity(i, j) = (1 - w) * cosine of their inputs + w * industry(i, j)
    industry: 1 in one class (XX.YY), 1/2 in one division (XX), 0 otherwise
    feasibility(i) = sum over j of proximity(i, j) * made(j) / sum over j of proximity(i, j)

Inputs are shares of value, weighted by how rare they are among recipes (log of recipes per use,
Salton and Buckley 1988), so that electricity in everything makes nothing alike. The feasibility
is the density of Hidalgo and others (2007) with shared inputs in place of shared exporters, since
no trade data is given. j runs over what the region makes or uses, so an idle row of a register
changes nothing; i is one of them, so what is made here already is the more feasible. Ignores
skills and machines, which recipes do not tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_array, diags_array

from siting.economy.arrays import divided

if TYPE_CHECKING:
    from pandas import Index

    from siting.economy.freight import Floats
    from siting.economy.products import Market
    from siting.economy.recipes import RecipeBook

_DIVISION_DIGITS: Final = len("20")
_CLASS_DIGITS: Final = len("20.16")


def proximity(book: RecipeBook, *, industry_weight: float) -> Floats:
    """Return the likeness of products, 0 to 1, 1 with itself, shape (p, p)."""
    alike = (1 - industry_weight) * _shared_inputs(book) + industry_weight * _industry(book.codes)
    np.fill_diagonal(alike, 1.0)
    return alike


def feasibility(market: Market, alike: Floats) -> Floats:
    """Return how much of what is like each product the region makes, 0 to 1, shape (p,)."""
    made = market.total(market.output) > 0
    active = made | (market.demand_mrub > 0) | (market.supply_mrub > 0)
    known = alike * active
    # the two sums run in different order, so their ratio may pass 1 in its last digit
    return np.minimum(divided(known @ made.astype(float), known.sum(axis=1)), 1.0)


def _shared_inputs(book: RecipeBook) -> Floats:
    has_recipe = book.share.sum(axis=1) > 0
    uses = np.bincount(book.share.indices, minlength=len(book.codes))
    rarity = np.log(divided(np.full(len(uses), 1.0 + has_recipe.sum()), uses.astype(float)).clip(1))
    weighed = csr_array(book.share @ diags_array(rarity))
    length = np.sqrt(weighed.multiply(weighed).sum(axis=1))
    unit = csr_array(diags_array(divided(np.ones(len(length)), length)) @ weighed)
    return np.asarray((unit @ unit.T).toarray()).clip(0.0, 1.0)


def _industry(codes: Index) -> Floats:
    division = codes.str[:_DIVISION_DIGITS].to_numpy()
    own_class = codes.str[:_CLASS_DIGITS].to_numpy()
    same_division = division[:, None] == division[None, :]
    same_class = own_class[:, None] == own_class[None, :]
    return (same_division.astype(float) + same_class) / 2
