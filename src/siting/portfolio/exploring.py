"""Plans near the best one: what happens without each of its parks, with each favourite, with less.

Every plan met is judged with sources shared and kept if it keeps the limits, so all that is told
of alternatives rests on plans that exist. The search swaps each park for each candidate, closes
each park, locks in each favourite, and repeats the choice with part of the budget or a price on
jobs; work is counted, not time, so runs repeat. A better plan met on the way becomes the best.

Where sites are so few that every set of them can be handed to HiGHS, that is done instead of
trusting the search, and the answer is proven.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Final

import numpy as np

from siting.portfolio.improve import improve_plan
from siting.portfolio.limits import INFEASIBLE
from siting.portfolio.master import NOWHERE, Patience, solve_master
from siting.portfolio.settle import settle
from siting.portfolio.start import bill, fill_at, greedy_plan, may_open
from siting.portfolio.worth import objective_mrub, spent_mrub

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from siting.portfolio.case import Case

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

Sites = tuple[int, ...]

CANDIDATES: Final = 40
"""Sites that save most alone, tried in place of each park."""
POLISHED: Final = 2
"""Best swaps of each search that are polished to the end."""
MOST_NEAR: Final = 60
"""Sets of sites polished because a swap came near the best plan."""
HOPE_SHARE: Final = 0.01
"""A swap this much worse than what is asked for may still be polished into it."""
BUDGET_SHARES: Final = (0.2, 0.4, 0.6, 0.8, 1.0)
"""Shares of what the best plan spends, to which the budget is cut for the front."""
JOB_PRICES: Final = (0.0, 0.5, 1.0, 2.0)
"""Prices of a job, in what the best plan saves by the job, for the front."""
EXACT_WORK: Final = 2000
"""Sets of sites times sites times prospects up to which every set is solved."""
ROUNDING_MRUB: Final = 1e-6
"""A solver keeps the budget to within its tolerance."""
OPTIMAL: Final = "Optimal"
"""HiGHS's word for a programme solved to the end."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A plan that keeps the limits."""

    plan: Ints
    """Site of each prospect, NOWHERE for none."""
    parks: Sites
    saving_mrub: float
    jobs_count: float
    public_mrub: float


@dataclass(kw_only=True)
class Pool:
    """Every plan met."""

    case: Case
    jobs: Floats
    """Jobs of each prospect, shape (m,)."""
    by_parks: dict[Sites, Found] = field(default_factory=dict)
    """The best plan of each set of sites."""
    front: list[Found] = field(default_factory=list)
    """Plans no other equals or beats in saving, jobs and public money."""
    is_proven: bool = False
    """Every set of sites was solved to the end."""

    def add(self, plan: Ints) -> Found | None:
        """Judge and keep a plan; None where it breaks a limit."""
        case, settled = self.case, settle(self.case, plan)
        parks = tuple(settled.parks.tolist())
        public = spent_mrub(case, settled)
        locked = set(case.locked_in.tolist())
        short = len(parks) < case.params.min_parks or not locked <= set(parks)
        if short or public > case.params.budget_mrub + ROUNDING_MRUB:
            return None
        found = Found(
            plan=plan,
            parks=parks,
            saving_mrub=objective_mrub(case, settled),
            jobs_count=float(self.jobs[plan != NOWHERE].sum()),
            public_mrub=public,
        )
        known = self.by_parks.get(parks)
        if known is None or found.saving_mrub > known.saving_mrub:
            self.by_parks[parks] = found
        if not any(_covers(other, found) for other in self.front):
            self.front = [each for each in self.front if not _covers(found, each)] + [found]
        return found

    @property
    def ranked(self) -> list[Found]:
        """Return the best plan of each set of sites, the best first."""
        return sorted(self.by_parks.values(), key=lambda each: (-each.saving_mrub, each.parks))

    @property
    def best(self) -> Found:
        """Return the plan that saves most."""
        return self.ranked[0]

    def best_with(self, site: int) -> Found | None:
        """Return the best plan that opens a site; None where none was found."""
        return next((each for each in self.ranked if site in each.parks), None)

    def best_without(self, site: int) -> Found | None:
        """Return the best plan that does not open a site; None where none was found."""
        return next((each for each in self.ranked if site not in each.parks), None)


def _covers(one: Found, other: Found) -> bool:
    return (
        one.saving_mrub >= other.saving_mrub
        and one.jobs_count >= other.jobs_count
        and one.public_mrub <= other.public_mrub
    )


def explore(case: Case, plan: Ints, jobs: Floats, usable: Ints, favourites: Ints) -> Pool:
    """Return the plans met around `plan`: the best of them saves no less than it.

    Parameters
    ----------
    jobs
        Jobs of each prospect, shape (m,).
    usable
        Sites that could open.
    favourites
        Sites for each of which the best plan that opens it is asked.
    """
    pool = Pool(case=case, jobs=jobs)
    pool.add(plan)
    pool.add(np.full(len(case.prospects), NOWHERE, np.int64))
    if not pool.by_parks:
        return pool
    order = usable[np.argsort(-case.alone_mrub[usable], kind="stable")]
    among = np.union1d(np.union1d(order[:CANDIDATES], favourites), np.array(pool.best.parks, int))
    among = among[np.isin(among, usable)].astype(np.int64)
    if _solve_every_set(pool, usable):
        _sweep_front(pool, among)
        return pool
    asked: set[Sites] = set()
    while pool.best.parks not in asked:
        asked.add(pool.best.parks)
        _look_around(pool, among, favourites)
    _sweep_front(pool, among)
    return pool


def _look_around(pool: Pool, among: Ints, favourites: Ints) -> None:
    """Try what may replace each park of the best plan, and every favourite."""
    base = pool.best
    swaps = [swap for gone in (None, *base.parks) for swap in _swaps(pool, base, gone, among)]
    swaps.sort(key=lambda swap: -swap[0])
    near = pool.case.params.near_best_share + HOPE_SHARE
    floor = base.saving_mrub - near * abs(base.saving_mrub)
    for _, _, _, trial in [swap for swap in swaps if swap[0] >= floor][:MOST_NEAR]:
        pool.add(improve_plan(pool.case, trial, np.unique(trial[trial != NOWHERE])))
    for gone in base.parks:
        if gone not in pool.case.locked_in:
            _search(pool, _closed(pool.case, gone), [s for s in swaps if s[1] == gone], among)
    for site in favourites.tolist():
        if site not in base.parks:
            _search(pool, _opened(pool.case, site), [s for s in swaps if s[2] == site], among)


Swap = tuple[float, int | None, int | None, "Ints"]
"""Saving of a plan, the park closed, the site opened, the plan."""


def _swaps(pool: Pool, base: Found, gone: int | None, among: Ints) -> list[Swap]:
    """Return the plans in which one park gives way to one candidate, or to none."""
    case = pool.case
    if gone in case.locked_in:
        return []
    plan = base.plan if gone is None else np.where(base.plan == gone, NOWHERE, base.plan)
    settled = settle(case, plan)
    spare = case.ways.spare - settled.used
    left = case.params.budget_mrub - spent_mrub(case, settled)
    others = settled.parks.tolist()
    tried: list[tuple[int | None, Ints]] = [] if gone is None else [(None, plan)]
    for site in [] if len(others) >= case.params.max_parks else among.tolist():
        if site in others or site == gone or not may_open(case, others, site):
            continue
        _, members = fill_at(case, site, plan == NOWHERE, spare)
        if members.any() and bill(case, site, members, spare)[0] <= left:
            tried.append((site, np.where(members, site, plan)))
    found = [(pool.add(trial), come, trial) for come, trial in tried]
    return [(each.saving_mrub, gone, come, trial) for each, come, trial in found if each]


def _search(pool: Pool, case: Case, swaps: Sequence[Swap], among: Ints) -> None:
    """Add what the choice becomes under the locks of `case`, from its best swaps and anew."""
    starts = [trial for _, _, _, trial in swaps[:POLISHED]]
    starts.append(greedy_plan(case, _open_to(case, among)))
    for start in starts:
        pool.add(improve_plan(case, start, np.array(_open_to(case, among), np.int64)))


def _open_to(case: Case, among: Ints) -> list[int]:
    return [site for site in among.tolist() if case.fits[site].any()]


def _closed(case: Case, *gone: int) -> Case:
    """Return the case with sites locked out."""
    fits = case.fits.copy()
    fits[list(gone)] = False
    return replace(case, fits=fits)


def _opened(case: Case, *come: int) -> Case:
    """Return the case with sites locked in."""
    return replace(case, locked_in=np.union1d(case.locked_in, come).astype(np.int64))


def _sweep_front(pool: Pool, among: Ints) -> None:
    """Add plans of part of the budget and of priced jobs.

    Source: epsilon constraints (Haimes, Lasdon and Wismer, 1971) for public money, a weighted sum
    for jobs; plans between two weights are found only where other searches pass by.
    """
    base, case = pool.best, pool.case
    if not base.parks:
        return
    by_job = max(base.saving_mrub, 0.0) / max(base.jobs_count, 1.0)
    for share in BUDGET_SHARES:
        limit = min(share * base.public_mrub, case.params.budget_mrub)
        for price in JOB_PRICES:
            if (share, price) != (1.0, 0.0):
                variant = _repriced(case, limit, price * by_job * pool.jobs)
                start = greedy_plan(variant, among.tolist())
                pool.add(start)
                pool.add(improve_plan(variant, start, among))


def _repriced(case: Case, budget_mrub: float, bonus: Floats) -> Case:
    """Return the case with a budget, and a bonus for each prospect that settles."""
    return replace(
        case,
        values=case.values + bonus,
        # greedy takes it for the most a site can save
        alone_mrub=case.alone_mrub + case.fits @ bonus,
        params=case.params.model_copy(update={"budget_mrub": budget_mrub}),
    )


def _solve_every_set(pool: Pool, usable: Ints) -> bool:
    """Add the best plan of every set of sites if they are few; say whether all were."""
    case = pool.case
    most = min(case.params.max_parks, len(usable))
    sets = sum(comb(len(usable), count) for count in range(most + 1))
    if sets * len(usable) * len(case.prospects) > EXACT_WORK:
        return False
    pool.is_proven = True
    for parks in _sets(usable.tolist(), most):
        if set(case.locked_in.tolist()) <= set(parks):
            gone = np.setdiff1d(np.arange(len(case.sites)), parks).tolist()
            variant = _opened(_closed(case, *gone), *parks)
            solved = solve_master(variant, np.array(parks, np.int64), patience=_patience(case))
            pool.is_proven &= solved.status in {OPTIMAL, INFEASIBLE}
            # what HiGHS has when it stops early depends on the machine
            if solved.status == OPTIMAL and solved.assignment is not None:
                pool.add(solved.assignment)
    return pool.is_proven


def _sets(sites: list[int], most: int) -> Iterable[Sites]:
    for count in range(1, most + 1):
        yield from combinations(sites, count)


def _patience(case: Case) -> Patience:
    return Patience(
        gap_share=0.0, time_limit_s=case.params.time_limit_s, max_nodes=case.params.max_nodes
    )
