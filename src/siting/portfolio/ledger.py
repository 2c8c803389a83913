"""Who saves what in the plan: by resident, utility and payer, to the kopeck.

The cost of a shared connection is split by the Shapley value of the game in which a group of
residents pays what connecting it alone at this site would cost: exact up to `EXACT_RESIDENTS`,
above that the mean over seeded orders of arrival. Opening a park is split equally, which is
its Shapley value; on-site networks go by the hectare.

Money is counted in whole kopecks. What rounding leaves goes to the largest remainders, so every
grouping adds up exactly.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.portfolio.fill import park_need
from siting.portfolio.ways import cheapest_way
from siting.units import UTILITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.portfolio.case import Case
    from siting.portfolio.savings import Served
    from siting.portfolio.settle import Settled

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    GroupCost = Callable[[float, float], float]

KOPECKS_PER_MRUB: Final = 100_000_000
EXACT_RESIDENTS: Final = 12
ORDERS: Final = 400
"""Orders of arrival drawn for a park of more residents (ASSUMED: standard error near 2 %)."""

PAYERS: Final = ("budget", "network_company", "resident")
ITEMS: Final = (*UTILITIES, "onsite", "opening")


def write_ledger(case: Case, settled: Settled, served: Served) -> DataFrame:
    """Return table LEDGER of the plan; the order is park, resident, utility, payer."""
    rows = []
    for at, site in enumerate(settled.parks.tolist()):
        residents = np.flatnonzero(settled.members[at])
        park = _park_kopecks(case, settled, at, residents, served)
        alone = served.standalone.loc[case.prospects[residents]].assign(opening=0.0)
        alone_kopecks = np.rint(alone[list(ITEMS)].to_numpy(float) * KOPECKS_PER_MRUB)
        for r, prospect in enumerate(case.prospects[residents]):
            for c, item in enumerate(ITEMS):
                one = by_payer(int(alone_kopecks[r, c]), served.params.payer_alone.get(item, {}))
                two = by_payer(int(park[r, c]), served.params.payer_park.get(item, {}))
                rows += [
                    (prospect, case.sites[site], item, payer, one[payer], two[payer])
                    for payer in PAYERS
                    if one[payer] or two[payer]
                ]
    columns = ["prospect_id", "site_id", "utility", "payer", "standalone", "park"]
    table = pd.DataFrame(rows, columns=columns).astype(
        dict.fromkeys(columns[:4], "str") | dict.fromkeys(columns[4:], "int64")
    )
    return pd.DataFrame(
        {
            **{name: table[name] for name in columns[:4]},
            "standalone_mrub": table["standalone"] / KOPECKS_PER_MRUB,
            "park_mrub": table["park"] / KOPECKS_PER_MRUB,
            "saving_mrub": (table["standalone"] - table["park"]) / KOPECKS_PER_MRUB,
        }
    )


def sum_kopecks(money_mrub: pd.Series) -> int:
    """Return the exact sum of amounts that are whole kopecks, in kopecks."""
    return int(np.rint(money_mrub.to_numpy(float) * KOPECKS_PER_MRUB).astype(np.int64).sum())


def _park_kopecks(
    case: Case, settled: Settled, at: int, residents: Ints, served: Served
) -> NDArray[np.int64]:
    """Return what each resident of a park pays for each item, kopecks, shape (r, 10)."""
    demands = case.demands[residents]
    shares = np.zeros((len(residents), len(ITEMS)))
    totals = np.zeros(len(ITEMS))
    for u in range(len(UTILITIES)):
        totals[u] = settled.costs[at, u]
        if totals[u] > 0:
            shares[:, u] = _connection_shares(case, settled, at, u, demands[:, u])
    area = case.areas_ha[residents]
    lone = served.params.onsite_alone_share if len(residents) == 1 else 1.0
    totals[-2] = case.rates_mrub_ha[settled.parks[at]] * area.sum() * lone
    shares[:, -2] = area
    totals[-1] = case.params.opening_mrub
    shares[:, -1] = 1
    split = [
        split_kopecks(round(total * KOPECKS_PER_MRUB), shares[:, c])
        for c, total in enumerate(totals)
    ]
    return np.stack(split, axis=1)


def _connection_shares(
    case: Case, settled: Settled, at: int, utility: int, demands: Floats
) -> Floats:
    """Return the Shapley values of the residents' demands for one utility of one park."""
    ways, row = settled.ways, at * len(UTILITIES) + utility

    def cost(need: float) -> float:
        return float(cheapest_way(ways.kernel, ways.prices, ways.spare, row, need)[0])

    shared = float(case.coincidence[utility])
    known: dict[float, float] = {}

    def group_cost(total: float, largest: float) -> float:
        need = float(park_need(total, largest, shared))
        if need not in known:
            known[need] = cost(need)
        return known[need]

    if len(demands) <= EXACT_RESIDENTS:
        return shapley_exact(demands, group_cost)
    return shapley_sampled(demands, group_cost)


def shapley_exact(demands: Floats, group_cost: GroupCost) -> Floats:
    """Return the Shapley value of each demand, by all groups: at most EXACT_RESIDENTS of them."""
    n = len(demands)
    groups = np.arange(2**n)
    inside = (groups[:, None] >> np.arange(n)) & 1
    total, largest = inside @ demands, (inside * demands).max(axis=1, initial=0)
    costs = np.array([group_cost(t, m) for t, m in zip(total, largest, strict=True)])
    size = inside.sum(axis=1)
    weight = np.array([1 / (n * math.comb(n - 1, k)) for k in range(n)])
    values = np.zeros(n)
    for j in range(n):
        without = groups[inside[:, j] == 0]
        values[j] = weight[size[without]] @ (costs[without | (1 << j)] - costs[without])
    return values


def shapley_sampled(demands: Floats, group_cost: GroupCost) -> Floats:
    """Return the mean cost each demand adds over ORDERS seeded orders of arrival."""
    n = len(demands)
    values = np.zeros(n)
    random = np.random.default_rng(n)
    for _ in range(ORDERS):
        total, largest, paid = 0.0, 0.0, 0.0
        for j in random.permutation(n):
            # no demand adds no cost: the resident is a null player
            if demands[j] > 0:
                total, largest = total + demands[j], max(largest, demands[j])
                cost = group_cost(total, largest)
                values[j] += cost - paid
                paid = cost
    return values / ORDERS


def split_kopecks(total: int, shares: Floats) -> NDArray[np.int64]:
    """Return whole kopecks in proportion to `shares` that add up to `total` exactly."""
    if total == 0:
        return np.zeros(len(shares), np.int64)
    exact = total * shares / shares.sum()
    whole = np.floor(exact).astype(np.int64)
    left = total - int(whole.sum())
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[:left]] += 1
    return whole


def by_payer(kopecks: int, told: Mapping[str, float]) -> dict[str, int]:
    """Return what each payer pays; the resident pays what the others do not."""
    paid = {payer: round(kopecks * told.get(payer, 0.0)) for payer in PAYERS[:-1]}
    return paid | {PAYERS[-1]: kopecks - sum(paid.values())}
