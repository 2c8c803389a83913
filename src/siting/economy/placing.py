"""A plant for each product, and the eligible site where it would cost least.

    plant output = max(minimum scale, market_taken_share * gap)
    area = output / (workers per ha * revenue per employee)
    cost(x, p) = (connection + on-site cost of x) / buildable ha of x * area
               + freight_years * freight of what p sells and of what it is made of

Sold goods go to the named consumers and the people in proportion to their demand; inputs come
from the nearest maker in the region, or from `import_distance_km`. Ignores competition of plants
for one site: that is the portfolio's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.economy.arrays import divided
from siting.economy.cooperation import people_at
from siting.economy.freight import distance_km, mean_distance_km

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from siting.economy.freight import Floats, Ints
    from siting.economy.products import Market
    from siting.region import EconomyParams
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


def plan_plants(market: Market, *, layers: Layers, params: EconomyParams) -> DataFrame:
    """Return a new plant for each product, index code, sorted.

    Columns `okved`, `minimum_mrub`, `output_mrub`, `area_ha`, `jobs_count` and `is_park_product`
    (an industry that parks are built for, with a profile). Area is missing without a profile.
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
    return pd.DataFrame(
        {
            "okved": okved.astype("str"),
            "minimum_mrub": least,
            "output_mrub": output,
            "area_ha": (jobs / workers_ha).clip(lower=params.min_plant_ha),
            "jobs_count": jobs,
            "is_park_product": fits,
        }
    )


def place(
    sites: GeoDataFrame,
    market: Market,
    *,
    plants: DataFrame,
    layers: Layers,
    freight: Floats,
    params: EconomyParams,
) -> Placing:
    """Return the cheapest eligible site for each park product that somebody here demands."""
    usable = sites[
        sites["is_eligible"] & sites["connection_cost_mrub"].notna() & (sites["buildable_ha"] > 0)
    ].sort_index()
    centre = usable.geometry.centroid
    at_m = np.column_stack([centre.x.to_numpy(float), centre.y.to_numpy(float)])
    homes_m, population = people_at(layers.settlements)
    people_km = mean_distance_km(at_m, homes_m, population)
    firms_km = distance_km(at_m, market.at_m)
    cost = _plant_mrub(usable, plants) + params.freight_years * (
        _selling_mrub(market, plants, freight, firms_km, people_km)
        + _buying_mrub(market, plants, freight, firms_km, params)
    )
    return _cheapest(
        usable, market, plants=plants, cost=cost, firms_km=firms_km, people_km=people_km
    )


def _workers_ha(okved: pd.Series[str], profiles: DataFrame) -> pd.Series[float]:
    middle = (profiles["workers_ha_low"] + profiles["workers_ha_high"]) / 2
    middle = middle[middle > 0]
    found = pd.Series(np.nan, index=okved.index)
    for length in range(_DIVISION_DIGITS, int(okved.str.len().max()) + 1 if len(okved) else 0):
        # longer codes come later and win: the most special profile is the one meant
        exact = okved.str[:length].map(middle)
        found = exact.where(exact.notna() & (okved.str.len() >= length), found)
    return found


def _plant_mrub(sites: GeoDataFrame, plants: DataFrame) -> Floats:
    spent = (sites["connection_cost_mrub"] + sites["onsite_cost_mrub"]) / sites["buildable_ha"]
    area = plants["area_ha"].to_numpy(float)
    fits = sites["buildable_ha"].to_numpy(float)[:, None] >= area[None, :]
    cost = spent.to_numpy(float)[:, None] * area[None, :]
    return np.where(fits & plants["is_park_product"].to_numpy(bool), cost, np.inf)


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


def _cheapest(
    sites: GeoDataFrame,
    market: Market,
    *,
    plants: DataFrame,
    cost: Floats,
    firms_km: Floats,
    people_km: Floats,
) -> Placing:
    wanted = market.demand_mrub > 0
    found: pd.Series[str] = pd.Series(index=market.codes, dtype="str")
    to_firms = np.full((len(market.codes), len(market.firms)), np.nan)
    to_people = np.full(len(market.codes), np.nan)
    if len(sites):
        best: Ints = np.round(cost, _MONEY_DIGITS).argmin(axis=0)
        placed = wanted & np.isfinite(cost[best, np.arange(cost.shape[1])])
        found[placed] = sites.index[best[placed]]
        to_firms[placed] = firms_km[best[placed]]
        to_people[placed] = people_km[best[placed]]
    return Placing(plants=plants, site_id=found, to_firms_km=to_firms, to_people_km=to_people)
