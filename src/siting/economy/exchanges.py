"""By-products and waste heat that one enterprise yields and a neighbour could take.

    yield[e, b]  = sum over products p of e of makes[e, p] * per_mrub[b, gives, p]
    uptake[f, b] = the same with the side that takes

The rule with the longest code that begins a product's counts. Neighbours within reach are served
nearest first: what is costly to move goes to whoever is nearest, so the distances add up to
little, though not provably to the least. Nobody gives more than it yields or takes more than it
can use. Ignores seasons, permits, quality, and what is already agreed: every row is inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.economy.arrays import divided
from siting.economy.freight import distance_km
from siting.tables import check
from siting.tables.by_products import EXCHANGES, GIVES, TAKES
from siting.tables.results import CONFIDENCE_SHARE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pandas import DataFrame, Series
    from scipy.sparse import csr_array

    from siting.economy.freight import Floats
    from siting.economy.products import Market
    from siting.economy_params import EconomyParams
    from siting.tables import Layers

_TRUST: Final = {"VERIFIED": "high", "DERIVED": "medium", "ASSUMED": "low"}
"""Status of a rule -> how far its yield is trusted."""


def list_exchanges(
    market: Market, clusters: DataFrame, *, layers: Layers, params: EconomyParams
) -> DataFrame:
    """Return the table EXCHANGES, most valuable first.

    Told are exchanges worth at least `exchange_min_mrub` a year to the taker.
    """
    made = market.output.matrix(market.shape)
    trust = _trust(market)
    home = {
        member: str(cluster)
        for cluster, members in clusters["members"].items()
        for member in members.split(";")
    }
    rows = [
        row
        for _, rules in layers.by_products.groupby("by_product")
        for row in _of_one(market, rules, made, trust)
    ]
    told = pd.DataFrame(rows, columns=[column.name for column in EXCHANGES.columns])
    told = told[told["value_mrub_year"].astype(float) >= params.exchange_min_mrub]
    names = layers.enterprises["name"]
    mutual = [
        home[g] if g in home and home[g] == home.get(t) else None
        for g, t in zip(told["giver_id"], told["taker_id"], strict=True)
    ]
    told = told.assign(
        giver_name=told["giver_id"].map(names),
        taker_name=told["taker_id"].map(names),
        cluster_id=pd.Series(mutual, index=told.index, dtype="str"),
    )
    kinds = {c.name: "str" if c.kind == "text" else "float64" for c in EXCHANGES.columns}
    ordered = told.astype(kinds).sort_values(
        ["value_mrub_year", "by_product", "giver_id", "taker_id"],
        ascending=[False, True, True, True],
        ignore_index=True,
    )
    return check(ordered, EXCHANGES)


def _of_one(
    market: Market, rules: DataFrame, made: csr_array, trust: Floats
) -> Iterator[dict[str, object]]:
    """Yield the exchanges of one by-product, nearest pairs first."""
    gives = rules[rules["side"] == GIVES]
    takes = rules[rules["side"] == TAKES]
    if gives.empty or takes.empty:
        return
    left = made @ _by_code(market, gives["product"], gives["per_mrub"])
    room = made @ _by_code(market, takes["product"], takes["per_mrub"])
    givers, takers = np.flatnonzero(left > 0), np.flatnonzero(room > 0)
    away = distance_km(market.at_m[givers], market.at_m[takers])
    first = gives.iloc[0]
    near = (away <= float(first["reach_km"])) & (givers[:, None] != takers[None, :])
    row, column = np.nonzero(near)
    # the same distance: by enterprise, so that nothing depends on the order of rows
    for k in np.lexsort((takers[column], givers[row], away[row, column])):
        giver, taker = givers[row[k]], takers[column[k]]
        volume = min(left[giver], room[taker])
        if volume <= 0:
            continue
        left[giver] -= volume
        room[taker] -= volume
        yield {
            **{name: first[name] for name in ("by_product", "title", "title_ru", "kind", "unit")},
            "giver_id": market.firms[giver],
            "taker_id": market.firms[taker],
            "volume": volume,
            "distance_km": away[row[k], column[k]],
            "value_mrub_year": volume * float(first["value_mrub_unit"]),
            "confidence": _worst(rules) * np.sqrt(trust[giver] * trust[taker]),
            "status": max(rules["status"], key=list(_TRUST).index),
        }


def _by_code(market: Market, begins: Series[str], per_mrub: Series[float]) -> Floats:
    """Return the figure of each product by the longest code that begins its own, shape (p,)."""
    found = np.zeros(len(market.codes))
    for code, value in sorted(zip(begins, per_mrub, strict=True), key=lambda rule: len(rule[0])):
        found[market.codes.str.startswith(code)] = value
    return found


def _worst(rules: DataFrame) -> float:
    return min(CONFIDENCE_SHARE[_TRUST[status]] for status in rules["status"])


def _trust(market: Market) -> Floats:
    """Return how far the output of each enterprise is trusted, shape (n,)."""
    weighed = market.output.with_volume(market.output.volume_mrub * market.output.confidence)
    return divided(market.of_firms(weighed), market.of_firms(market.output))
