"""What the plan costs over time, who pays, and the plain verdict on every site.

The portfolio is chosen by capital, the number whose bound is proven; upkeep, stages and the ramp of
residents are counted here for the plan that was chosen (docs/decisions/0020). Land, tariffs and
support stand beside and change no saving.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from siting.portfolio.beside import find_support, price_land, price_tariffs
from siting.portfolio.case import build_case
from siting.portfolio.ledger import KOPECKS_PER_MRUB
from siting.portfolio.over_time import Plan, kopecks_by_row, write_over_time
from siting.portfolio.settle import settle
from siting.portfolio.timing import find_timing
from siting.portfolio.upkeep import read_rates
from siting.portfolio.verdicts import judge_sites
from siting.portfolio.years import write_years
from siting.tables import check
from siting.tables.money import (
    ACCOUNTED,
    LAND_PRICES,
    LEDGER_OVER_TIME,
    SUPPORT,
    TARIFFS,
    YEARS,
)

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from siting.portfolio.choosing import Chosen
    from siting.region import MoneyParams
    from siting.tables import Layers


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """Sites with their verdicts, and every account of the plan."""

    sites: GeoDataFrame
    """Table ACCOUNTED."""
    ledger: DataFrame
    """Table LEDGER_OVER_TIME: the ledger of the plan with upkeep and present values."""
    books: dict[str, DataFrame]
    """Tables YEARS, LAND_PRICES, TARIFFS and SUPPORT by name."""


def account(
    sites: GeoDataFrame,
    *,
    chosen: Chosen,
    layers: Layers,
    price_year: int,
    params: MoneyParams,
) -> Accounts:
    """Return the ledger over time, what stands beside it, and a verdict on every site."""
    plan = _plan_of(chosen)
    timing = find_timing(params)
    rates = read_rates(plan.case.ways.options, layers.yearly_costs)
    rows = kopecks_by_row(plan, rates, params)
    ledger = check(write_over_time(rows, timing), LEDGER_OVER_TIME)
    columns = judge_sites(sites, chosen, rates, timing)
    texts = ("verdict", "verdict_reason")
    found = {
        name: pd.Series(told, index=sites.index, dtype="str" if name in texts else "float64")
        for name, told in columns.items()
    }
    table = sites.assign(
        **found,
        plan_saving_yearly_mrub=_by_site(ledger, "saving_yearly_mrub", sites.index),
        plan_saving_pv_mrub=_by_site(ledger, "saving_pv_mrub", sites.index),
    )
    books = {
        YEARS.name: check(write_years(rows, ledger, timing), YEARS),
        LAND_PRICES.name: check(price_land(plan, sites, layers.plots), LAND_PRICES),
        TARIFFS.name: check(price_tariffs(plan, layers, price_year), TARIFFS),
        SUPPORT.name: check(find_support(sites, ledger, layers.support_measures), SUPPORT),
    }
    return Accounts(sites=check(table, ACCOUNTED), ledger=ledger, books=books)


def _plan_of(chosen: Chosen) -> Plan:
    """Return the chosen plan as arrays, priced as `choose` priced it."""
    no_links = pd.DataFrame(
        {"supplier_id": [], "buyer_id": [], "volume_mrub": [], "distance_km": []}
    )
    case = build_case(chosen.sites, chosen.served, no_links, chosen.params)
    homes = chosen.portfolio.residents["site_id"].reindex(case.prospects)
    assignment = np.asarray(case.sites.get_indexer(pd.Index(homes)), np.int64)
    return Plan(chosen=chosen, case=case, settled=settle(case, assignment))


def _by_site(ledger: DataFrame, column: str, sites: pd.Index) -> pd.Series:
    kopecks = np.rint(ledger[column] * KOPECKS_PER_MRUB).astype("int64")
    # a site that is not opened has no rows and saves nothing in the plan
    return (kopecks.groupby(ledger["site_id"]).sum() / KOPECKS_PER_MRUB).reindex(sites).fillna(0.0)
