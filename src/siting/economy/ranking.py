"""What to make here: every product of the region with its market, ranked.

    score = 100 * gap / (gap + minimum scale) * (weighted mean of feasibility, local inputs,
            share of named consumers, price advantage over import)

A market as large as the smallest efficient plant counts half. The weights are
`params.score_weights`. What no park is built for (farming, mining, power) scores 0 but stays in
the table, because its gap is an answer too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.economy.arrays import divided, summed
from siting.economy.cluster_table import english
from siting.economy.customs import imports_mrub
from siting.economy.products import final_confidence
from siting.economy.relatedness import feasibility
from siting.tables import check
from siting.tables.results import PRODUCTS
from siting.units import DEMAND_COLUMN

if TYPE_CHECKING:
    from pandas import DataFrame

    from siting.economy.freight import Floats
    from siting.economy.placing import Placing
    from siting.economy.products import Market
    from siting.economy_params import EconomyParams
    from siting.tables import Layers

_FULL_SCORE: Final = 100.0
"""A score reads like a mark out of a hundred."""

_PARTS: Final = ("feasibility", "local_inputs", "named_consumers", "price_advantage")


def rank(
    market: Market,
    placing: Placing,
    *,
    alike: Floats,
    consumers: DataFrame,
    layers: Layers,
    params: EconomyParams,
) -> DataFrame:
    """Return the table PRODUCTS, best first; equal scores in the order of codes."""
    goods = layers.products.sort_index()
    plants = placing.plants
    demand, gap = market.demand_mrub, market.gap_mrub
    parts = {
        "feasibility": feasibility(market, alike),
        "local_inputs": local_inputs_share(market, placing, params),
        "named_consumers": divided(market.total(market.demand), demand),
        "price_advantage": _advantage(consumers, market),
    }
    least = plants["minimum_mrub"].to_numpy(float)
    marked = _score(parts, divided(gap, gap + least), params) * plants["is_park_product"]
    told = pd.DataFrame(
        {
            "hs": goods["hs"],
            "name": goods["name"],
            "name_en": english(goods),
            "demand_mrub": demand,
            "supply_mrub": market.supply_mrub,
            # what the region states about a product is finer than what customs say of its code
            "import_mrub": goods["import_mrub"]
            .astype(float)
            .fillna(imports_mrub(layers.customs, goods["hs"], demand)),
            "gap_mrub": gap,
            "consumers_count": np.bincount(market.demand.product, minlength=len(goods)),
            "local_inputs_share": parts["local_inputs"],
            "feasibility": parts["feasibility"],
            "score": marked,
            "best_site_id": placing.site_id,
            "minimum_scale_mrub": least,
            "plant_output_mrub": plants["output_mrub"],
            "plant_area_ha": plants["area_ha"],
            "price_advantage": parts["price_advantage"],
            **_plant(placing),
            "confidence": _confidence(market, layers),
        },
        index=goods.index.rename("product"),
    )
    told = told.sort_values("score", ascending=False, kind="stable")
    return check(told, PRODUCTS)


def _plant(placing: Placing) -> dict[str, pd.Series[float]]:
    """Return what is told of the new plant of each product, by column of PRODUCTS."""
    plants = placing.plants
    first = placing.best[placing.best["rank"] == 1].set_index("product")
    return {
        "plant_jobs_count": plants["jobs_count"],
        "plant_investment_mrub": plants["investment_mrub"],
        **{f"plant_{need}": plants[need] for need in DEMAND_COLUMN.values()},
        "plant_connection_mrub": first["connection_cost_mrub"].reindex(plants.index),
    }


def local_inputs_share(market: Market, placing: Placing, params: EconomyParams) -> Floats:
    """Return the share of the inputs of each product's plant that is made near, 0 to 1, shape (p,).

    An input counts as far as what is made of it within `params.near_km` of the best site (of the
    whole region where there is no best site) covers what the new plant needs. A
    product without a recipe has 0: nobody knows its inputs.
    """
    away = np.nan_to_num(placing.to_firms_km, nan=0.0)
    made = market.output.matrix(market.shape)
    near = np.asarray((away <= params.near_km).astype(float) @ made)
    recipe = market.book.share.tocoo()
    need = recipe.data * placing.plants["output_mrub"].to_numpy(float)[recipe.row]
    covered = np.minimum(divided(near[recipe.row, recipe.col], need), 1.0)
    found = summed(recipe.row, covered * recipe.data, len(market.codes))
    inputs = summed(recipe.row, recipe.data, len(market.codes))
    return np.minimum(divided(found, inputs), 1.0)


def _advantage(consumers: DataFrame, market: Market) -> Floats:
    """Return by what share delivery undercuts import, weighted by volume; 0 with no best site."""
    placed = consumers[consumers["distance_km"].notna()]
    product = market.codes.get_indexer(pd.Index(placed["product"]))
    volume = placed["volume_mrub"].to_numpy(float)
    cheaper = 1 - placed["delivered_price_index"] / placed["import_price_index"]
    won = summed(product, volume * cheaper.to_numpy(float), len(market.codes))
    return np.clip(divided(won, summed(product, volume, len(market.codes))), 0.0, 1.0)


def _score(parts: dict[str, Floats], size: Floats, params: EconomyParams) -> Floats:
    weights = np.array([params.score_weights.get(part, 0.0) for part in _PARTS])
    weighed = divided(weights, np.full(len(weights), weights.sum()))
    mean = sum(weight * parts[part] for weight, part in zip(weighed, _PARTS, strict=True))
    return np.asarray(_FULL_SCORE * size * mean)


def _confidence(market: Market, layers: Layers) -> Floats:
    """Return the confidence in each demand, weighted by volume; that of the row without demand."""
    of_row = final_confidence(layers.products)
    named = summed(
        market.demand.product, market.demand.volume_mrub * market.demand.confidence, len(of_row)
    )
    demand = market.demand_mrub
    weighed = divided(named + market.final_mrub * of_row, demand)
    return np.clip(np.where(demand > 0, weighed, of_row), 0.0, 1.0)
