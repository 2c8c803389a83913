"""Who could supply a new plant, and what an enterprise could make besides.

A supplier is a named maker of an input within `near_km` of the plant's best site. An addition is
a product the enterprise does not make, that the region lacks, ranked by

    likeness to the most like of its products * gap / (gap + minimum scale)

Ignores contracts and free capacity: who makes a thing is asked first, not who has it to spare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from siting.economy.arrays import divided
from siting.tables import check
from siting.tables.trade import ADDITIONS, SUPPLIERS

if TYPE_CHECKING:
    from pandas import DataFrame

    from siting.economy.freight import Floats
    from siting.economy.placing import Placing
    from siting.economy.products import Market
    from siting.economy_params import EconomyParams
    from siting.tables import Layers


def list_suppliers(
    market: Market, placing: Placing, *, layers: Layers, params: EconomyParams
) -> DataFrame:
    """Return the table SUPPLIERS of products that have a best site: largest input, nearest first.

    An input nobody near makes has one row without an enterprise.
    """
    recipe = market.book.share.tocoo()
    placed = placing.site_id.notna().to_numpy()
    output = placing.plants["output_mrub"].to_numpy(float)
    wanted = pd.DataFrame(
        {"row": recipe.row, "column": recipe.col, "needed_mrub": recipe.data * output[recipe.row]}
    )[placed[recipe.row]]
    makers = pd.DataFrame(
        {
            "column": market.output.product,
            "firm": market.output.firm,
            "enterprise_id": market.firms[market.output.firm],
            "output_mrub": market.output.volume_mrub,
        }
    )
    # every maker with every product that uses what it makes; then those too far are left out
    pairs = wanted.merge(makers, on="column")
    away = placing.to_firms_km[pairs["row"], pairs["firm"]]
    pairs = pairs.assign(distance_km=away)[away <= params.near_km]
    both = wanted.merge(pairs.drop(columns="needed_mrub"), on=["row", "column"], how="left")
    told = both.assign(
        product=market.codes[both["row"]],
        input=market.codes[both["column"]],
        name=both["enterprise_id"].map(layers.enterprises["name"]),
    ).sort_values(
        ["product", "needed_mrub", "input", "distance_km", "enterprise_id"],
        ascending=[True, False, True, True, True],
        ignore_index=True,
    )
    texts = dict.fromkeys(("product", "input", "enterprise_id", "name"), "str")
    columns = [column.name for column in SUPPLIERS.columns]
    return check(told[columns].astype(texts), SUPPLIERS)


def list_additions(
    market: Market, alike: Floats, *, products: DataFrame, params: EconomyParams
) -> DataFrame:
    """Return the table ADDITIONS: for each enterprise the best few products it does not make."""
    goods = products.reindex(market.codes)
    gap = goods["gap_mrub"].to_numpy(float)
    worth = divided(gap, gap + goods["minimum_scale_mrub"].to_numpy(float))
    # what no park is built for is no advice to an enterprise either
    worth = np.where(goods["score"].to_numpy(float) > 0, worth, 0.0)
    rows = []
    for firm in np.unique(market.output.firm):
        own = market.output.product[market.output.firm == firm]
        like = alike[own].max(axis=0)
        like[own] = 0.0
        mark = np.where(like >= params.chain_min_likeness, like * worth, 0.0)
        best = np.lexsort((np.arange(len(mark)), -mark))[: params.additions_told]
        rows += [
            (market.firms[firm], rank, market.codes[i], min(float(like[i]), 1.0), float(gap[i]))
            for rank, i in enumerate(best[mark[best] > 0], start=1)
        ]
    columns = [column.name for column in ADDITIONS.columns]
    told = pd.DataFrame(rows, columns=columns).astype({"enterprise_id": "str", "product": "str"})
    return check(told.astype({"rank": int, "likeness": float, "gap_mrub": float}), ADDITIONS)
