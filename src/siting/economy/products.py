"""The market of a region: what its named enterprises make and need, and what people buy.

    makes[e, p] = revenue of e / number of its products, lowered to the published supply of p
    needs[e, i] = sum over p of makes[e, p] * share[p, i]

A processor (`tolling_enterprises`) is paid a fee: it makes the published supply nobody else makes.
Where there is no recipe the coefficients of the industry tell the needs (`fallback`). Known
contracts raise what is made and needed (`contracts`). Own use is neither demand nor supply: an
enterprise that makes what it needs buys only the rest and sells only the rest. Ignores stocks and
investment goods.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from siting.economy.arrays import divided, summed
from siting.economy.contracts import Contracts, at_least, contract_problems, read_contracts
from siting.economy.customs import hs_problems
from siting.economy.fallback import industry_needs
from siting.economy.recipes import (
    RecipeBook,
    code_problems,
    read_recipes,
    recipe_problems,
    unknown_problems,
)
from siting.economy.trades import Trades, at_pairs, ordered
from siting.errors import Problem, TableError
from siting.tables.codes import OKVED, find_twins, find_unknown_okved, listed_products
from siting.tables.inputs import CONTRACTS, CUSTOMS, ENTERPRISES, PRODUCTS_IN, RECIPES
from siting.tables.results import CONFIDENCE_SHARE
from siting.tables.rules import INDUSTRY_INPUTS
from siting.tables.schema import find_problems

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame, Index, Series

    from siting.economy.freight import Floats, Ints
    from siting.economy_params import EconomyParams
    from siting.tables import Layers

_CLASS_DIGITS: Final = len("20.16")
"""Length of an OKVED class; its codes begin the OKPD2 codes of what it makes (OK 034-2014)."""

_DIVISION_DIGITS: Final = len("20")


@dataclass(frozen=True, kw_only=True)
class Market:
    """Supply and demand of n enterprises and the people of a region in p products."""

    firms: Index
    """enterprise_id, sorted, n."""
    codes: Index
    """OKPD2, sorted, p."""
    book: RecipeBook
    at_m: Floats
    """Places of the enterprises, m, shape (n, 2)."""
    output: Trades
    """All that is made, own use included."""
    supply: Trades
    """What is made and not used by the maker itself."""
    demand: Trades
    """What is needed and not made by the buyer itself."""
    final_mrub: Floats
    """What people and public bodies buy, shape (p,)."""
    published_mrub: Floats
    """Supply of the region where it is published, else NaN, shape (p,)."""
    revenue_mrub: Series
    """Output of each enterprise: revenue, or the goods a processor makes; index `firms`."""
    contracts: Contracts
    """What is known to be sold; `supply` and `demand` hold it."""

    @property
    def shape(self) -> tuple[int, int]:
        """Return (enterprises, products)."""
        return len(self.firms), len(self.codes)

    def total(self, trades: Trades) -> Floats:
        """Return the volume of each product on one side, mln roubles, shape (p,)."""
        return summed(trades.product, trades.volume_mrub, len(self.codes))

    def of_firms(self, trades: Trades) -> Floats:
        """Return the volume of each enterprise on one side, mln roubles, shape (n,)."""
        return summed(trades.firm, trades.volume_mrub, len(self.firms))

    @property
    def demand_mrub(self) -> Floats:
        """Return the demand of the region, mln roubles a year, shape (p,)."""
        return self.total(self.demand) + self.final_mrub

    @property
    def supply_mrub(self) -> Floats:
        """Return the supply of the region, published or else of named makers, shape (p,)."""
        named = self.total(self.supply)
        return np.where(np.isnan(self.published_mrub), named, self.published_mrub)

    @property
    def gap_mrub(self) -> Floats:
        """Return the demand that supply does not meet, mln roubles a year, shape (p,)."""
        return np.maximum(self.demand_mrub - self.supply_mrub, 0.0)


def read_market(layers: Layers, params: EconomyParams) -> Market:
    """Return supply and demand of the region's enterprises and people.

    Raises
    ------
    TableError
        Listing every malformed or unknown code, negative revenue, repeated enterprise and
        recipe whose shares exceed 1.
    """
    problems = market_problems(layers)
    if problems:
        raise TableError(problems)
    firms = layers.enterprises.sort_index()
    products = layers.products.sort_index()
    book = read_recipes(layers.recipes, products.index)
    size = revenue_mrub(firms, params)
    published = products["supply_mrub"].to_numpy(float)
    output = _output(firms, size, book.codes, published, params)
    # people buy nothing of a product whose final demand is not known: it is an input only
    final = products["demand_mrub"].fillna(0.0).to_numpy(float)
    beyond = industry_needs(
        output,
        book=book,
        size=size,
        okved=firms["okved"],
        known=(layers.industry_inputs, final),
    )
    supply, demand = _net(output, book, beyond, _trust(size, params))
    contracts = read_contracts(layers.contracts, firms.index, book.codes)
    shape = (len(firms), len(products))
    places = firms.geometry
    goods = pd.Series(summed(output.firm, output.volume_mrub, len(firms)), index=firms.index)
    is_fee = firms.index.isin(params.tolling_enterprises)
    return Market(
        firms=firms.index,
        codes=book.codes,
        book=book,
        at_m=np.column_stack([places.x.to_numpy(float), places.y.to_numpy(float)]),
        output=at_least(output, contracts.sold(), shape),
        supply=at_least(supply, contracts.sold(), shape),
        demand=at_least(demand, contracts.bought(), shape),
        final_mrub=final,
        published_mrub=published,
        revenue_mrub=size["revenue_mrub"].mask(is_fee, goods),
        contracts=contracts,
    )


def market_problems(layers: Layers) -> list[Problem]:
    """Return everything wrong with the tables enterprises, products and recipes."""
    found = []
    for frame, table in (
        (layers.enterprises, ENTERPRISES),
        (layers.products, PRODUCTS_IN),
        (layers.recipes, RECIPES),
        (layers.contracts, CONTRACTS),
        (layers.industry_inputs, INDUSTRY_INPUTS),
        (layers.customs, CUSTOMS),
    ):
        found += find_problems(frame, table)
    if found:
        return found
    codes = layers.products.index
    made = listed_products(layers.enterprises["products"])
    return [
        *code_problems(codes.to_series(), layer="products"),
        *code_problems(
            layers.enterprises["okved"], layer="enterprises", pattern=OKVED, code="okved_malformed"
        ),
        *find_unknown_okved(layers.enterprises["okved"], layer="enterprises"),
        *code_problems(made, layer="enterprises"),
        *unknown_problems(made, codes, layer="enterprises"),
        *find_twins(layers.enterprises),
        *recipe_problems(layers.recipes, codes),
        *hs_problems(layers.products["hs"], layer="products"),
        *hs_problems(layers.customs["hs"], layer="customs"),
        *contract_problems(layers),
    ]


def revenue_mrub(firms: GeoDataFrame, params: EconomyParams) -> DataFrame:
    """Return `revenue_mrub` a year and the `confidence` in it, by enterprise.

    Stated revenue is taken; without it, employees times the revenue per employee of the OKVED
    division (one guess); without both, `params.assumed_revenue_mrub` (two guesses). Each guess
    multiplies the confidence by `params.guess_factor`.
    """
    division = firms["okved"].str[:_DIVISION_DIGITS]
    productivity = division.map(params.division_revenue_per_employee_mrub).astype(float)
    # a division without a figure of its own has the region's, by definition of the parameter
    productivity = productivity.fillna(params.revenue_per_employee_mrub)
    stated = firms["revenue_mrub"].astype(float)
    by_staff = firms["employees"].astype(float) * productivity
    known = firms["size_status"].map(params.size_confidence).astype(float)
    guesses = np.select([stated.notna(), by_staff.notna()], [0, 1], default=2)
    return pd.DataFrame(
        {
            # the last resort is a documented assumption, and its confidence says so
            "revenue_mrub": stated.fillna(by_staff).fillna(params.assumed_revenue_mrub),
            "confidence": known * params.guess_factor**guesses,
        },
        index=firms.index,
    )


def _output(
    firms: GeoDataFrame, size: DataFrame, codes: Index, published: Floats, params: EconomyParams
) -> Trades:
    made, is_guessed = _products_made(firms, codes)
    firm = firms.index.get_indexer(made.index)
    product = codes.get_indexer(pd.Index(made))
    count = np.bincount(firm, minlength=len(firms))[firm]
    volume = size["revenue_mrub"].to_numpy(float)[firm] / count
    named = summed(product, volume, len(codes))
    # a published total is better known than the even split of a firm over its products
    limit = np.where(np.isnan(published) | (named <= published), 1.0, divided(published, named))
    volume = volume * limit[product]
    volume = volume + _processed(firms.index[firm], product, published - named, params)
    confidence = size["confidence"].to_numpy(float)[firm]
    confidence = confidence * np.where(is_guessed[firm], params.guess_factor, 1.0)
    return ordered(Trades(firm=firm, product=product, volume_mrub=volume, confidence=confidence))


def _processed(firm: Index, product: Ints, unnamed: Floats, params: EconomyParams) -> Floats:
    """Return what processors make beyond their fee: published supply that nobody else makes.

    Two processors of one product share it evenly.
    """
    is_fee = firm.isin(params.tolling_enterprises)
    several = np.bincount(product[is_fee], minlength=len(unnamed))[product]
    beyond = np.maximum(np.nan_to_num(unnamed, nan=0.0), 0.0)[product]
    return np.where(is_fee, divided(beyond, several.astype(float)), 0.0)


def _trust(size: DataFrame, params: EconomyParams) -> Floats:
    """Return the trust in what an enterprise needs by its industry, shape (n,)."""
    lowest = min(CONFIDENCE_SHARE.values())
    return size["confidence"].to_numpy(float) * params.guess_factor * lowest


def _products_made(
    firms: GeoDataFrame, codes: Index
) -> tuple[Series, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return the product codes of each enterprise and which enterprises' are guessed.

    An enterprise that lists none is taken to make the products of its OKVED class.
    """
    told = listed_products(firms["products"])
    silent = firms.index.difference(told.index)
    own_class = firms.loc[silent, "okved"].str[:_CLASS_DIGITS]
    own_class = own_class[own_class.str.len() == _CLASS_DIGITS]
    of_class = pd.Series(codes, index=codes.str[:_CLASS_DIGITS], dtype="str")
    guessed = own_class.reset_index().merge(
        of_class.rename("product"), left_on="okved", right_index=True
    )
    guess = pd.Series(
        guessed["product"].to_numpy(), index=guessed[firms.index.name or "index"], dtype="str"
    )
    return pd.concat([told, guess]), firms.index.isin(silent)


def _net(
    output: Trades, book: RecipeBook, beyond: csr_array, trust: Floats
) -> tuple[Trades, Trades]:
    """Return supply and demand of enterprises after own use; `beyond` is needed without recipe."""
    made = output.matrix(beyond.shape)
    needed = csr_array(made @ book.share + beyond)
    weighed = output.with_volume(output.volume_mrub * output.confidence).matrix(beyond.shape)
    trusted = csr_array(weighed @ book.trusted + beyond * trust[:, None])
    own = made.minimum(needed)
    need = needed.tocoo()
    firm, product = need.row.astype(np.intp), need.col.astype(np.intp)
    bought = Trades(
        firm=firm,
        product=product,
        volume_mrub=need.data - at_pairs(own, firm, product),
        # recipes and coefficients decide both patterns, so every need has its trust
        confidence=divided(at_pairs(trusted, firm, product), need.data),
    )
    left = output.volume_mrub - at_pairs(own, output.firm, output.product)
    return ordered(output.with_volume(left)), ordered(bought)


def final_confidence(products: DataFrame) -> Floats:
    """Return the confidence in the final demand of each product, sorted by code, shape (p,)."""
    confidence = products.sort_index()["confidence"].map(CONFIDENCE_SHARE)
    return np.asarray(confidence.to_numpy(float))
