"""The ledger over time: capital, upkeep a year and present value by resident, item and payer.

Capital is that of the ledger, kopeck by kopeck. Upkeep of a shared connection is split as its
capital is (Shapley), and paid by the region's rules; who taps no source pays the whole of it.
Present values are rounded to kopecks row by row, so every grouping adds up exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from siting.portfolio.ledger import ITEMS, KOPECKS_PER_MRUB, PAYERS, by_payer, split_kopecks
from siting.portfolio.upkeep import Rates, keep_up
from siting.portfolio.ways import price_all
from siting.units import UTILITIES

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame, Series

    from siting.portfolio.case import Case
    from siting.portfolio.choosing import Chosen
    from siting.portfolio.settle import Settled
    from siting.portfolio.timing import Timing
    from siting.region import MoneyParams

    Ints = NDArray[np.int64]

KEY = ["prospect_id", "site_id", "utility", "payer"]
MONEY = ("standalone", "park", "alone_fixed", "alone_used", "park_fixed", "park_used")
"""Whole kopecks of one row: capital alone and in the park, upkeep for what is built and used."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The chosen plan as arrays."""

    chosen: Chosen
    case: Case
    settled: Settled


def write_over_time(rows: DataFrame, timing: Timing) -> DataFrame:
    """Return table LEDGER_OVER_TIME of the rows `kopecks_by_row` found, in their order."""
    pv_alone = (
        rows["standalone"] * timing.capital_alone
        + (rows["alone_fixed"] + rows["alone_used"]) * timing.upkeep_come
    ).round()
    pv_park = (
        rows["park"] * timing.capital_park
        + rows["park_fixed"] * timing.upkeep_built
        + rows["park_used"] * timing.upkeep_come
    ).round()
    alone, park = rows["standalone"], rows["park"]
    yearly_alone = rows["alone_fixed"] + rows["alone_used"]
    yearly_park = rows["park_fixed"] + rows["park_used"]
    money: dict[str, Series] = {
        "standalone_mrub": alone,
        "park_mrub": park,
        "saving_mrub": alone - park,
        "standalone_yearly_mrub": yearly_alone,
        "park_yearly_mrub": yearly_park,
        "saving_yearly_mrub": yearly_alone - yearly_park,
        "standalone_pv_mrub": pv_alone,
        "park_pv_mrub": pv_park,
        "saving_pv_mrub": pv_alone - pv_park,
    }
    return pd.DataFrame(
        {name: rows[name] for name in KEY}
        | {name: kopecks.astype(float) / KOPECKS_PER_MRUB for name, kopecks in money.items()}
    )


def kopecks_by_row(plan: Plan, rates: Rates, params: MoneyParams) -> DataFrame:
    """Return the columns KEY and MONEY of every row in which anybody pays anything.

    The order is park, resident, utility, payer.
    """
    case, settled, served = plan.case, plan.settled, plan.chosen.served
    capital = _capital(plan)
    found = []
    for at, site in enumerate(settled.parks.tolist()):
        residents = np.flatnonzero(settled.members[at])
        names = case.prospects[residents]
        alone, park = capital[0].loc[names].to_numpy(), capital[1].loc[names].to_numpy()
        upkeep_alone, own_alone = _alone_upkeep(plan, rates, residents, alone)
        upkeep_park, own_park = _park_upkeep(plan, rates, at, park)
        for r, c in np.ndindex(alone.shape):
            item = ITEMS[c]
            rule = params.payer_yearly.get(item, {})
            shares = (
                served.params.payer_alone.get(item, {}),
                served.params.payer_park.get(item, {}),
                *[{} if own_alone[r, c] else rule] * 2,
                *[{} if own_park[c] else rule] * 2,
            )
            sums = (alone[r, c], park[r, c], *upkeep_alone[:, r, c], *upkeep_park[:, r, c])
            paid = [by_payer(int(total), told) for total, told in zip(sums, shares, strict=True)]
            found += [
                (names[r], case.sites[site], item, payer, *(each[payer] for each in paid))
                for payer in PAYERS
                if any(each[payer] for each in paid)
            ]
    table = pd.DataFrame(found, columns=[*KEY, *MONEY])
    return table.astype(dict.fromkeys(KEY, "str") | dict.fromkeys(MONEY, "int64"))


def _capital(plan: Plan) -> tuple[DataFrame, DataFrame]:
    """Return capital of each resident by item, alone and in the park, whole kopecks."""
    ledger = plan.chosen.ledger
    keys = [ledger["prospect_id"], ledger["utility"]]
    both = []
    for name in ("standalone_mrub", "park_mrub"):
        kopecks = np.rint(ledger[name] * KOPECKS_PER_MRUB).astype("int64")
        # no row in the ledger means that nobody pays anything
        wide = kopecks.groupby(keys).sum().unstack(fill_value=0)
        residents = plan.chosen.portfolio.residents.index
        both.append(wide.reindex(index=residents, columns=list(ITEMS), fill_value=0))
    return both[0], both[1]


def _alone_upkeep(
    plan: Plan, rates: Rates, residents: Ints, capital: Ints
) -> tuple[Ints, NDArray[np.bool_]]:
    """Return upkeep alone for what is built and used, kopecks, shape (2, r, 10), and own or not."""
    needs = plan.case.demands[residents]
    ways = plan.chosen.served.ways_alone.reordered(plan.case.prospects[residents])
    _, chosen = price_all(ways.kernel, ways.prices, ways.spare, needs)
    kept = keep_up(rates, ways, chosen, capital / KOPECKS_PER_MRUB, needs)
    both = np.rint(np.stack([kept.fixed, kept.used]) * KOPECKS_PER_MRUB).astype(np.int64)
    return both, kept.is_own


def _park_upkeep(
    plan: Plan, rates: Rates, at: int, capital: Ints
) -> tuple[Ints, NDArray[np.bool_]]:
    """Return each resident's part of the upkeep of park `at`, kopecks, shape (2, r, 10)."""
    settled = plan.settled
    total = capital.sum(axis=0, keepdims=True) / KOPECKS_PER_MRUB
    kept = keep_up(rates, settled.ways, settled.chosen[[at]], total, settled.needs[[at]])
    parts = np.zeros((2, *capital.shape), np.int64)
    for c in range(len(ITEMS)):
        shares = capital[:, c].astype(float)
        if not shares.any() and c < len(UTILITIES):
            # a connection that costs nothing to build is kept up by those who use it
            shares = plan.case.demands[settled.members[at], c]
        for kind, money in enumerate((kept.fixed[0, c], kept.used[0, c])):
            parts[kind, :, c] = split_kopecks(round(money * KOPECKS_PER_MRUB), shares)
    return parts, kept.is_own[0]
