"""A first plan: open the site that saves most with those still free, again and again.

Each round fills promising sites with the prospects nobody took yet, at the spare capacity earlier
parks left, and opens the best one that keeps every limit. The saving of a site only falls
as others take its residents, so a site is judged anew only when it leads; at first it is worth
what it saves alone.
It is a start for the solver, never the answer.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np

from siting.portfolio.fill import fill_site, set_needs
from siting.portfolio.master import NOWHERE
from siting.portfolio.ways import cheapest_way
from siting.units import UTILITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from siting.portfolio.case import Case

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


def greedy_plan(case: Case, candidates: Sequence[int]) -> Ints:
    """Return the site of each prospect, NOWHERE for those that stay alone.

    Sites locked in come first; `min_parks` is not promised: the solver sees to it.
    """
    plan = np.full(len(case.prospects), NOWHERE, np.int64)
    spare = case.ways.spare.copy()
    budget = case.params.budget_mrub
    opened: list[int] = []
    locked = set(case.locked_in.tolist())
    heap = [
        (-np.inf if i in locked else -float(case.alone_mrub[i]), i)
        for i in sorted(set(candidates))
        if i in locked or np.isfinite(case.alone_mrub[i])
    ]
    heapq.heapify(heap)
    while heap and len(opened) < case.params.max_parks:
        key, site = heapq.heappop(heap)
        if not may_open(case, opened, site):
            continue
        saving, members = fill_at(case, site, plan == NOWHERE, spare)
        if saving <= 0 and site not in locked:
            continue
        current = -np.inf if site in locked else -saving
        if current > key and heap and current > heap[0][0]:
            heapq.heappush(heap, (current, site))
            continue
        spent, taken = bill(case, site, members, spare)
        if spent > budget:
            continue
        opened.append(site)
        plan[members] = site
        spare, budget = spare - taken, budget - spent
    return plan


def may_open(case: Case, opened: list[int], site: int) -> bool:
    """Return whether a site may open beside those opened already."""
    district = case.districts[site]
    neighbours = sum(1 for i in opened if case.districts[i] == district)
    if district >= 0 and neighbours >= case.params.max_parks_per_district:
        return False
    return not any(case.excludes(site, i) for i in opened)


def fill_at(case: Case, site: int, free: Flags, spare: Floats) -> tuple[float, Flags]:
    """Return the saving after opening and the residents of a site; -inf where too few come."""
    saving, members = fill_site(
        # ways that are best at full spare capacity: a start need not know all of them
        (case.ways.thinned.kernel, case.ways.prices, np.maximum(spare, 0.0)),
        (case.demands, case.coincidence, case.areas_ha),
        (
            site,
            np.stack([case.values[site], case.lone[site]]),
            case.fits[site] & free,
            float(case.limits_ha[site]),
        ),
    )
    if members.sum() < case.params.min_residents:
        return -np.inf, np.zeros_like(members)
    return float(saving) - case.params.opening_mrub, members


def bill(case: Case, site: int, members: Flags, spare: Floats) -> tuple[float, Floats]:
    """Return what the budget pays for a park, and what the park takes from each source."""
    needs = set_needs(members, case.demands, case.coincidence)
    taken = np.zeros(len(spare))
    onsite = case.rates_mrub_ha[site] * case.areas_ha[members].sum()
    spent = case.public_onsite * onsite + case.public_opening * case.params.opening_mrub
    for utility, need in enumerate(needs):
        row = site * len(UTILITIES) + utility
        cost, way = cheapest_way(
            case.ways.kernel, case.ways.prices, np.maximum(spare, 0.0), row, need
        )
        spent += case.public[utility] * cost
        if way >= 0 and case.ways.source[way] >= 0:
            taken[case.ways.source[way]] += need
    return float(spent), taken
