"""A plant for each product, and the eligible site where it would cost least.

    plant output = max(minimum scale, market_taken_share * gap)
    area = output / (workers per ha * revenue per employee)
    cost(x, p) = connection of exactly this plant at x + on-site cost of x / buildable ha * area
               + freight_years * freight of what p sells and of what it is made of

Without offers the connection is the plant's share, by area, of what connecting the whole site
costs. Sold goods go to the named consumers and the people in proportion to their demand; inputs
come from the nearest maker in the region, or from `import_distance_km`. Ignores competition of
plants for one site: that is the portfolio's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.economy.arrays import divided
from siting.economy.cooperation import people_at
from siting.economy.freight import distance_km, freight_per_km, mean_distance_km
from siting.economy.plants import connection_mrub, needs, profile_of
from siting.tables import check
from siting.tables.trade import PRODUCT_SITES

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from siting.economy.freight import Floats
    from siting.economy.products import Market
    from siting.economy_params import EconomyParams
    from siting.pricing import Offers
    from siting.tables import Layers

_DIVISION_DIGITS: Final = len("20")
_CLASS_DIGITS: Final = len("20.16")
_MONEY_DIGITS: Final = 6
"""Costs closer than a rouble are equal, so rounding never moves a plant; then site_id decides."""


@dataclass(frozen=True, kw_only=True)
class Placing:
    """Where each of p products would best be made; NaN where nowhere."""

    plants: DataFrame
    """The new plant of each product: `plan_plants`."""
    site_id: pd.Series[str]
    """Best site by product, missing where none fits."""
    to_firms_km: Floats
    """From the best site to each enterprise, shape (p, n)."""
    to_people_km: Floats
    """From the best site to the people, population mean, shape (p,)."""
    best: DataFrame
    """Table PRODUCT_SITES: the best few sites of each product."""


@dataclass(frozen=True, kw_only=True)
class _Cost:
    """What n sites cost p plants, mln roubles, each shape (n, p)."""

    connection: Floats
    onsite: Floats
    freight_year: Floats
    years: float

    @property
    def total(self) -> Floats:
        return self.connection + self.onsite + self.years * self.freight_year


def plan_plants(market: Market, *, layers: Layers, params: EconomyParams) -> DataFrame:
    """Return a new plant for each product, index code, sorted.

    Columns `okved`, `minimum_mrub`, `output_mrub`, `area_ha`, `jobs_count`, `is_park_product`
    (an industry that parks are built for, with a profile) and those of `plants.needs`. Area and
    needs are missing without a profile.
    """
    goods = layers.products.sort_index()
    own_class = pd.Series(goods.index.str[:_CLASS_DIGITS], index=goods.index)
    okved = goods["okved"].where(goods["okved"].notna(), own_class)
    scale = goods["minimum_scale_mrub"].astype(float)
    # a scale of 0 would make a plant of nothing, so it counts as not stated
    least = scale.where(scale > 0).fillna(params.default_minimum_scale_mrub)
    output = least.clip(lower=pd.Series(params.market_taken_share * market.gap_mrub, goods.index))
    division = okved.str[:_DIVISION_DIGITS]
    productivity = division.map(params.division_revenue_per_employee_mrub).astype(float)
    productivity = productivity.fillna(params.revenue_per_employee_mrub)
    jobs = output / productivity
    workers_ha = _workers_ha(okved, layers.demand_profiles)
    fits = division.isin(params.park_divisions) & workers_ha.notna()
    area = (jobs / workers_ha).clip(lower=params.min_plant_ha)
    told = pd.DataFrame(
        {
            "okved": okved.astype("str"),
            "minimum_mrub": least,
            "output_mrub": output,
            "area_ha": area,
            "jobs_count": jobs,
            "is_park_product": fits,
        }
    )
    wanted = needs(
        told["okved"], area, layers.demand_profiles, rail_min_area_ha=params.rail_min_area_ha
    )
    return told.join(wanted)


def place(
    sites: GeoDataFrame,
    market: Market,
    *,
    plants: DataFrame,
    layers: Layers,
    params: EconomyParams,
    offers: Offers | None = None,
) -> Placing:
    """Return the cheapest eligible sites for each park product that somebody here demands."""
    is_usable = sites["is_eligible"] & (sites["buildable_ha"] > 0)
    if offers is None:
        is_usable &= sites["connection_cost_mrub"].notna()
    usable = sites[is_usable].sort_index()
    freight = freight_per_km(layers.products.sort_index(), params)
    centre = usable.geometry.centroid
    at_m = np.column_stack([centre.x.to_numpy(float), centre.y.to_numpy(float)])
    homes_m, population = people_at(layers.settlements)
    people_km = mean_distance_km(at_m, homes_m, population)
    firms_km = distance_km(at_m, market.at_m)
    cost = _Cost(
        connection=_connection_mrub(usable, plants, offers),
        onsite=_by_area(usable, plants, "onsite_cost_mrub"),
        freight_year=_selling_mrub(market, plants, freight, firms_km, people_km)
        + _buying_mrub(market, plants, freight, firms_km, params),
        years=params.freight_years,
    )
    best = _best(usable, market, cost, told=params.sites_told)
    return _cheapest(usable, market, plants, best, (firms_km, people_km))


def _workers_ha(okved: pd.Series[str], profiles: DataFrame) -> pd.Series[float]:
    middle = (profiles["workers_ha_low"] + profiles["workers_ha_high"]) / 2
    middle = middle[middle > 0]
    return profile_of(okved, profiles.loc[middle.index]).map(middle).astype(float)


def _connection_mrub(sites: GeoDataFrame, plants: DataFrame, offers: Offers | None) -> Floats:
    if offers is None:
        cost = _by_area(sites, plants, "connection_cost_mrub")
    else:
        cost = connection_mrub(offers.take(sites.index), plants)
    fits = sites["buildable_ha"].to_numpy(float)[:, None] >= plants["area_ha"].to_numpy(float)
    if "housing_distance_m" in sites:
        away = sites["housing_distance_m"].to_numpy(float)[:, None]
        # no housing known is no housing in the zone
        fits &= ~(away < plants["sanitary_zone_m"].to_numpy(float))
    return np.where(fits & plants["is_park_product"].to_numpy(bool), cost, np.inf)


def _by_area(sites: GeoDataFrame, plants: DataFrame, column: str) -> Floats:
    by_ha = (sites[column] / sites["buildable_ha"]).to_numpy(float)
    return np.asarray(by_ha[:, None] * plants["area_ha"].to_numpy(float))


def _selling_mrub(
    market: Market, plants: DataFrame, freight: Floats, firms_km: Floats, people_km: Floats
) -> Floats:
    bought = market.demand.matrix(market.shape)
    # without settlements the way to the people is the same from everywhere: it decides nothing
    to_people = np.nan_to_num(people_km, nan=0.0)
    mrub_km = firms_km @ bought + to_people[:, None] * market.final_mrub
    taken = np.minimum(divided(plants["output_mrub"].to_numpy(float), market.demand_mrub), 1.0)
    return np.asarray(mrub_km * taken * freight)


def _buying_mrub(
    market: Market, plants: DataFrame, freight: Floats, firms_km: Floats, params: EconomyParams
) -> Floats:
    nearest = np.full((len(firms_km), len(market.codes)), params.import_distance_km)
    for product in np.unique(market.output.product):
        makers = market.output.firm[market.output.product == product]
        nearest[:, product] = np.minimum(firms_km[:, makers].min(axis=1), params.import_distance_km)
    per_mrub = (nearest * freight) @ market.book.share.T
    return np.asarray(per_mrub * plants["output_mrub"].to_numpy(float))


def _best(sites: GeoDataFrame, market: Market, cost: _Cost, *, told: int) -> DataFrame:
    """Return the table PRODUCT_SITES: the `told` cheapest sites of each product demanded."""
    whole = np.round(cost.total, _MONEY_DIGITS)
    order = np.argsort(whole, axis=0, kind="stable")[:told]
    rank, column = np.divmod(np.arange(order.size), max(whole.shape[1], 1))
    row = order.ravel()
    kept = np.isfinite(whole[row, column]) & (market.demand_mrub[column] > 0)
    row, column, rank = row[kept], column[kept], rank[kept]
    rows = pd.DataFrame(
        {
            "product": market.codes[column],
            "rank": rank + 1,
            "site_id": sites.index[row],
            "connection_cost_mrub": cost.connection[row, column],
            "onsite_cost_mrub": cost.onsite[row, column],
            "freight_mrub_year": cost.freight_year[row, column],
            "total_mrub": cost.total[row, column],
        }
    ).astype({"product": "str", "site_id": "str"})
    return check(rows.sort_values(["product", "rank"], ignore_index=True), PRODUCT_SITES)


def _cheapest(
    sites: GeoDataFrame,
    market: Market,
    plants: DataFrame,
    best: DataFrame,
    away_km: tuple[Floats, Floats],
) -> Placing:
    first = best[best["rank"] == 1]
    column = market.codes.get_indexer(pd.Index(first["product"]))
    row = sites.index.get_indexer(pd.Index(first["site_id"]))
    found = first.set_index("product")["site_id"].reindex(market.codes)
    to_firms = np.full((len(market.codes), len(market.firms)), np.nan)
    to_people = np.full(len(market.codes), np.nan)
    to_firms[column] = away_km[0][row]
    to_people[column] = away_km[1][row]
    return Placing(
        plants=plants, site_id=found, to_firms_km=to_firms, to_people_km=to_people, best=best
    )
