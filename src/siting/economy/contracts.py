"""Known contracts: links that are told, not inferred, and that everything inferred keeps to.

A contract is better known than an assumed size, so a maker makes at least what it has sold and a
buyer needs at least what it has bought. What is left of both is inferred.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from siting.economy.arrays import divided
from siting.economy.recipes import code_problems, unknown_problems
from siting.economy.trades import Trades, at_pairs, ordered
from siting.errors import Problem
from siting.tables.codes import some
from siting.tables.results import CONFIDENCE_SHARE

if TYPE_CHECKING:
    from pandas import DataFrame, Index

    from siting.economy.freight import Floats, Ints
    from siting.tables import Layers


@dataclass(frozen=True, kw_only=True)
class Contracts:
    """Contracts by position: k of them."""

    supplier: Ints
    buyer: Ints
    """Positions in the enterprises."""
    product: Ints
    volume_mrub: Floats
    confidence: Floats

    def sold(self) -> Trades:
        """Return the contracts as sales."""
        return self._side(self.supplier)

    def bought(self) -> Trades:
        """Return the contracts as purchases."""
        return self._side(self.buyer)

    def _side(self, firm: Ints) -> Trades:
        return Trades(
            firm=firm,
            product=self.product,
            volume_mrub=self.volume_mrub,
            confidence=self.confidence,
        )


def read_contracts(contracts: DataFrame, firms: Index, codes: Index) -> Contracts:
    """Return the contracts by position; they must have passed `contract_problems`."""
    kept = contracts[contracts["volume_mrub"] > 0]
    return Contracts(
        supplier=firms.get_indexer(pd.Index(kept["supplier_id"])),
        buyer=firms.get_indexer(pd.Index(kept["buyer_id"])),
        product=codes.get_indexer(pd.Index(kept["product"])),
        volume_mrub=kept["volume_mrub"].to_numpy(float),
        confidence=np.asarray(kept["confidence"].map(CONFIDENCE_SHARE), dtype=np.float64),
    )


def contract_problems(layers: Layers) -> list[Problem]:
    """Return every contract of an unknown enterprise or product, or of one with itself."""
    told = layers.contracts
    ends = told[["supplier_id", "buyer_id"]]
    lost = ~ends.isin(set(layers.enterprises.index))
    strangers = {str(end) for end in np.unique(ends.to_numpy(str)[lost.to_numpy()])}
    own = told["supplier_id"] == told["buyer_id"]
    found = [
        *code_problems(told["product"], layer="contracts"),
        *unknown_problems(told["product"], layers.products.index, layer="contracts"),
    ]
    for code, rows, named in (
        ("contract_stranger", lost.any(axis=1), strangers),
        ("contract_own", own, set(told.loc[own, "buyer_id"])),
    ):
        if rows.any():
            labels = tuple(map(str, told.index[rows]))
            values = {"ids": some(sorted(named))}
            found.append(Problem(code=code, layer="contracts", rows=labels, values=values))
    return found


def at_least(trades: Trades, told: Trades, shape: tuple[int, int]) -> Trades:
    """Return `trades`, raised where `told` adds up to more; what is told is added where absent."""
    if not len(told.firm):
        return trades
    matrix, now = told.matrix(shape), trades.matrix(shape)
    lacking = matrix - matrix.minimum(now)
    lacking.eliminate_zeros()
    both = (now + lacking).tocoo()
    rows, columns = both.row.astype(np.intp), both.col.astype(np.intp)
    own = at_pairs(trades.with_volume(trades.confidence).matrix(shape), rows, columns)
    weighed = told.with_volume(told.volume_mrub * told.confidence).matrix(shape)
    trust = at_pairs(weighed, rows, columns)
    whole = at_pairs(matrix, rows, columns)
    return ordered(
        Trades(
            firm=rows,
            product=columns,
            volume_mrub=both.data,
            confidence=np.where(own > 0, own, divided(trust, whole)),
        )
    )


def less(trades: Trades, told: Trades, shape: tuple[int, int]) -> Trades:
    """Return what is left of `trades` after what is told; nothing is left below zero."""
    if not len(told.firm):
        return trades
    taken = at_pairs(told.matrix(shape), trades.firm, trades.product)
    return ordered(replace(trades, volume_mrub=np.maximum(trades.volume_mrub - taken, 0.0)))
