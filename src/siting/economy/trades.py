"""One side of a market: who, which product, how much, and how far that is trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from siting.economy.freight import Floats, Ints


@dataclass(frozen=True, kw_only=True)
class Trades:
    """One side of the market: who, which product, how much; in order of enterprise, product."""

    firm: Ints
    """Position in `Market.firms`."""
    product: Ints
    """Position in `Market.codes`."""
    volume_mrub: Floats
    confidence: Floats
    """How far the volume is trusted, 0 to 1."""

    def matrix(self, shape: tuple[int, int]) -> csr_array:
        """Return the volumes as a sparse matrix (enterprises, products), mln roubles."""
        return csr_array((self.volume_mrub, (self.firm, self.product)), shape=shape)

    def with_volume(self, volume_mrub: Floats) -> Trades:
        """Return the same rows with other volumes."""
        return replace(self, volume_mrub=volume_mrub)


def ordered(trades: Trades) -> Trades:
    """Return the rows with a positive volume, in order of enterprise, product."""
    kept = np.flatnonzero(trades.volume_mrub > 0)
    kept = kept[np.lexsort((trades.product[kept], trades.firm[kept]))]
    return Trades(
        firm=trades.firm[kept],
        product=trades.product[kept],
        volume_mrub=trades.volume_mrub[kept],
        confidence=trades.confidence[kept],
    )


def at_pairs(matrix: csr_array, row: Ints, column: Ints) -> Floats:
    """Return the entries of a sparse matrix at some pairs, shape (k,)."""
    if not len(row):
        return np.empty(0)
    picked = matrix[row, column]
    dense = picked.toarray() if hasattr(picked, "toarray") else picked
    return np.asarray(dense, dtype=float).ravel()
