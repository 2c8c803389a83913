"""Who would buy each product: consumers by name, how much, how far, and at what price.

Prices are indexes on the price at the gate: delivered 1 + freight * distance from the best site,
import 1 + freight * import distance. Ignores duties and the exchange rate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.economy.products import final_confidence
from siting.tables import check
from siting.tables.results import CONSUMERS

if TYPE_CHECKING:
    from pandas import DataFrame

    from siting.economy.freight import Floats
    from siting.economy.placing import Placing
    from siting.economy.products import Market
    from siting.economy_params import EconomyParams
    from siting.tables import Layers

FINAL_DEMAND: Final = "final_demand"
"""Code in the place of a name: the people and public bodies of the region; words at the doors."""


def list_consumers(
    market: Market, placing: Placing, *, layers: Layers, freight: Floats, params: EconomyParams
) -> DataFrame:
    """Return the table CONSUMERS; its volumes add up to the demand of each product.

    Largest first within a product; the people, one row without enterprise, are last.
    """
    told = pd.concat([_named(market, placing, layers), _people(market, placing, layers)])
    rate = freight[told["position"]]
    told = told.assign(
        product=market.codes[told["position"]],
        delivered_price_index=1 + rate * told["distance_km"],
        import_price_index=1 + rate * params.import_distance_km,
    ).sort_values(
        ["product", "is_people", "volume_mrub", "enterprise_id"],
        ascending=[True, True, False, True],
        ignore_index=True,
    )
    told = told.astype({"product": "str", "enterprise_id": "str", "name": "str"})
    return check(told[[column.name for column in CONSUMERS.columns]], CONSUMERS)


def _named(market: Market, placing: Placing, layers: Layers) -> DataFrame:
    bought = market.demand
    firm = market.firms[bought.firm]
    return pd.DataFrame(
        {
            "position": bought.product,
            "is_people": False,
            "enterprise_id": firm,
            "name": layers.enterprises["name"].reindex(firm).to_numpy(),
            "volume_mrub": bought.volume_mrub,
            "distance_km": placing.to_firms_km[bought.product, bought.firm],
            "confidence": bought.confidence,
        }
    )


def _people(market: Market, placing: Placing, layers: Layers) -> DataFrame:
    product = np.flatnonzero(market.final_mrub > 0)
    return pd.DataFrame(
        {
            "position": product,
            "is_people": True,
            "enterprise_id": pd.Series(np.nan, index=range(len(product)), dtype="str"),
            "name": FINAL_DEMAND,
            "volume_mrub": market.final_mrub[product],
            "distance_km": placing.to_people_km[product],
            "confidence": final_confidence(layers.products)[product],
        }
    )
