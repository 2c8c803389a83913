"""A better plan by tearing one down in part: parks are closed by twos and their land reopened.

Single moves cannot leave a plan in which two parks hold each other's best residents. So every pair
of parks is closed in turn; the sites the bound passed by are filled with those set free, at the
spare capacity the other parks leave, and the best are opened until the number is full again. What
comes out is polished by single moves and kept if, sources shared, it saves more.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from siting.portfolio.improve import improve_plan
from siting.portfolio.master import NOWHERE
from siting.portfolio.settle import settle
from siting.portfolio.start import bill, fill_at, may_open
from siting.portfolio.worth import spent_mrub, worth_mrub

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.portfolio.case import Case

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

PASSES: Final = 1
"""Times every pair of parks is closed at most."""
HOPE_SHARE: Final = 0.03
"""A rebuilt plan this much worse than the best may still be polished into a better one."""


def mend_plan(case: Case, plan: Ints, candidates: Ints) -> Ints:
    """Return a plan that saves no less than `plan`; opens only its own parks and `candidates`."""
    best, top = plan, worth_mrub(case, plan)
    if not np.isfinite(top):
        return plan
    for _ in range(PASSES):
        changed = False
        for pair in combinations(_movable(case, best), 2):
            if not np.isin(pair, best).all():
                continue
            among = np.union1d(candidates, np.unique(best[best != NOWHERE]))
            trial = _rebuilt(case, best, pair, among)
            if worth_mrub(case, trial) < top - HOPE_SHARE * abs(top):
                continue
            trial = improve_plan(case, trial, among)
            worth = worth_mrub(case, trial)
            if worth > top + 1e-6:
                best, top, changed = trial, worth, True
        if not changed:
            break
    return best


def _movable(case: Case, plan: Ints) -> list[int]:
    return np.setdiff1d(np.unique(plan[plan != NOWHERE]), case.locked_in).tolist()


def _rebuilt(case: Case, plan: Ints, closed: tuple[int, ...], candidates: Ints) -> Ints:
    """Return the plan with some parks closed and as many of the best opened instead."""
    trial = np.where(np.isin(plan, closed), NOWHERE, plan)
    settled = settle(case, trial)
    spare = case.ways.spare - settled.used
    budget = case.params.budget_mrub - spent_mrub(case, settled)
    opened = settled.parks.tolist()
    saving = {int(site): np.inf for site in candidates.tolist()}
    while len(opened) < case.params.max_parks:
        found = (0.0, -1, np.empty(0, np.bool_))
        for site in sorted(saving, key=lambda one: (-saving[one], one)):
            # what a site saves only falls as others take its residents
            if saving[site] <= found[0]:
                break
            if site in opened or not may_open(case, opened, site):
                continue
            saving[site], members = fill_at(case, site, trial == NOWHERE, spare)
            if saving[site] > found[0] and bill(case, site, members, spare)[0] <= budget:
                found = (saving[site], site, members)
        if found[1] < 0:
            break
        spent, taken = bill(case, found[1], found[2], spare)
        trial[found[2]] = found[1]
        opened.append(found[1])
        spare, budget = spare - taken, budget - spent
    return trial
