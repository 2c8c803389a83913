"""The best products become prospects of the siting: plants nobody has proposed yet.

Taken are products with a recipe, made in parks, whose gap fills the smallest efficient plant; by
score, no more than a few of one OKVED class. Their demands come from the industry's profile when
they are served. They are marked as made by a program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.errors import Problem, TableError
from siting.tables.codes import some
from siting.tables.inputs import CONFIDENCES
from siting.tables.results import CONFIDENCE_SHARE

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from siting.economy.products import Market
    from siting.economy_params import EconomyParams
    from siting.tables import Layers

PREFIX: Final = "PRODUCT-"
"""Ids of prospects made from products begin so; the OKPD2 code follows."""

SOURCE: Final = "siting.economy"
_AREA_DIGITS: Final = 1
"""A tenth of a hectare is finer than any profile."""

_CLASS_DIGITS: Final = len("20.16")


def add_prospects(
    products: DataFrame,
    *,
    market: Market,
    plants: DataFrame,
    layers: Layers,
    params: EconomyParams,
) -> GeoDataFrame:
    """Return PROSPECTS: those of the region, then at most `top_prospects` of the best products.

    Raises
    ------
    TableError
        If an id of the region is one that a product's prospect would have.
    """
    best = _best(products, market, plants, params)
    made = _made(products.loc[best], plants.loc[best], layers)
    taken = layers.prospects.index.intersection(made.index)
    if len(taken):
        ids = some(taken)
        raise TableError(
            Problem(
                code="prospect_id_taken", layer="prospects", rows=tuple(taken), values={"ids": ids}
            )
        )
    if made.empty:
        return layers.prospects.copy()
    return _stacked(layers.prospects, made)


def _best(
    products: DataFrame, market: Market, plants: DataFrame, params: EconomyParams
) -> list[str]:
    has_recipe = pd.Series(market.book.share.sum(axis=1) > 0, index=market.codes)
    plant = plants.loc[products.index]
    wanted = products[
        plant["is_park_product"]
        & has_recipe.loc[products.index]
        & (products["score"] > 0)
        & (products["gap_mrub"] >= plant["minimum_mrub"])
    ]
    in_class = plants.loc[wanted.index, "okved"].str[:_CLASS_DIGITS]
    nth = wanted.groupby(in_class).cumcount()
    return list(wanted.index[nth < params.top_prospects_per_class][: params.top_prospects])


def _made(products: DataFrame, plants: DataFrame, layers: Layers) -> DataFrame:
    goods = layers.products.loc[products.index]
    return pd.DataFrame(
        {
            "name": products["name"],
            "name_en": products["name_en"],
            "okved": plants["okved"],
            "area_ha": plants["area_ha"].round(_AREA_DIGITS),
            "jobs_count": plants["jobs_count"].round(),
            "is_synthetic": True,
            "source": SOURCE,
            "as_of": goods["as_of"],
            "confidence": [_word(share) for share in products["confidence"]],
        }
    ).set_axis(PREFIX + products.index.astype("str"))


def _word(share: float) -> str:
    """Return the confidence word whose share is nearest."""
    return min(CONFIDENCES, key=lambda word: abs(CONFIDENCE_SHARE[word] - share))


def _stacked(told: GeoDataFrame, made: DataFrame) -> GeoDataFrame:
    place = told.geometry.name
    kinds = {column: kind for column, kind in told.dtypes.items() if column != place}
    rows = made.reindex(columns=told.columns).astype({**kinds, "is_synthetic": bool})
    nowhere = np.full(len(rows), None)
    added = gpd.GeoDataFrame(rows.assign(**{place: nowhere}), geometry=place, crs=told.crs)
    both = pd.concat([told, added]) if len(told) else added
    return both.rename_axis(told.index.name)
