"""No plan saves more than this: a Lagrangian bound over all sites.

Prospects that settle twice and money beyond the budget are not forbidden but priced, spare
capacity is counted for each park as if it were alone, ties of exclusive sites are dropped, and the
staircase of connections is replaced by lines below it. All of this only makes the problem easier,
so for any prices the value is a bound; a subgradient search looks for the prices that make it
small. Sites that cannot be part of a plan better than a known one are proven so and left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from siting.portfolio.envelope import find_lines
from siting.portfolio.modes import most_needed
from siting.portfolio.relaxed import bound_sites, pack_site
from siting.units import UTILITIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.portfolio.case import Case

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

ITERATIONS: Final = 150
"""Steps of the subgradient search: work is counted, not time, so that runs repeat."""
PATIENCE: Final = 12
"""Steps without a better bound after which the step is halved."""
FIRST_STEP: Final = 1.5
"""Share of the distance to the known plan that the first steps go (Held and Karp: 0 to 2)."""
HINT_EVERY: Final = 15
"""Steps between sets of sites that are passed on as hints."""
MOST_OPTIONAL: Final = 3
"""Utilities only some need whose fixed cost is weighed exactly; the rest cost by the unit."""
MOST_KEPT: Final = 16
"""Sites handed to HiGHS; the bound of the others is stated, not forgotten."""


@dataclass(frozen=True, kw_only=True)
class Bound:
    """The bound of all plans, and of the plans that open a given site."""

    sites: Ints
    """Positions of the sites that could open."""
    total_mrub: float
    """No plan saves more."""
    opening_mrub: Floats
    """No plan that opens the site saves more, in the order of `sites`."""
    least_mrub: float
    """What a known plan saves: a site bounded below it can be left out."""
    hints: tuple[Ints, ...]
    """Sets of sites the search passed by: starts for a better plan."""

    def promising(self, always: Ints) -> Ints:
        """Return the sites most worth a closer look, those of `always` among them, sorted."""
        order = np.argsort(-self.opening_mrub, kind="stable")
        alive = order[self.opening_mrub[order] > self.least_mrub][:MOST_KEPT]
        return np.union1d(self.sites[alive], always).astype(np.int64)

    def without(self, kept: Ints) -> float:
        """Return the bound of plans that open a site not in `kept`; -inf where there is none."""
        others = self.opening_mrub[~np.isin(self.sites, kept)]
        return float(others.max(initial=-np.inf))


@dataclass(frozen=True, kw_only=True)
class _Relaxation:
    """The relaxed problem: `sites` of a case, their lines, and which utilities are optional."""

    case: Case
    sites: Ints
    alpha: Floats
    beta: Floats
    count: Ints
    optional: Ints
    """Positions of utilities that only some need and whose fixed cost is weighed exactly."""
    bonus: Floats
    """Half the worth of the links of each prospect, shape (m,)."""


@dataclass(kw_only=True)
class _Prices:
    """Where the search stands."""

    prospect: Floats
    budget: float
    line: Ints
    """Line of the envelope in use, shape (n, 8)."""


@dataclass(frozen=True, kw_only=True)
class _Step:
    """The relaxed optimum at given prices."""

    total: float
    opening: Floats
    """Bound of plans that open each site."""
    count: Floats
    """How often each prospect settles."""
    spent: float
    packed: dict[int, Flags]
    """Residents of the sites that were packed whole."""
    chosen: tuple[int, ...]
    """Sites of the relaxed optimum, the best first."""


def find_bound(case: Case, usable: Ints, *, least: float) -> Bound:
    """Return the bound of all plans that open sites of `usable`.

    Parameters
    ----------
    least
        Saving of a known plan, mln roubles; -inf where none is known.
    """
    problem = _relax(case, usable)
    n = len(problem.sites)
    prices = _Prices(
        prospect=np.zeros(len(case.prospects)), budget=0.0, line=np.zeros((n, len(UTILITIES)), int)
    )
    total, opening = np.inf, np.full(n, np.inf)
    step_share, waited = FIRST_STEP, 0
    goal = least if np.isfinite(least) else 0.0
    hints: list[Ints] = []
    for iteration in range(ITERATIONS):
        step = _evaluate(problem, prices, opening >= least)
        opening = np.minimum(opening, step.opening)
        if iteration % HINT_EVERY == HINT_EVERY - 1:
            hints.append(np.sort(problem.sites[list(step.chosen)]))
        if step.total < total - abs(total) * 1e-6 or not np.isfinite(total):
            waited = 0
        else:
            waited += 1
        total = min(total, step.total)
        if waited >= PATIENCE:
            step_share, waited = step_share / 2, 0
        if not _move(problem, prices, step, step_share * max(step.total - goal, 0.0)):
            break
        _turn_lines(problem, prices, step)
    return Bound(
        sites=problem.sites,
        total_mrub=max(total, least),
        opening_mrub=np.minimum(opening, total),
        least_mrub=least,
        hints=tuple(hints),
    )


def _relax(case: Case, sites: Ints) -> _Relaxation:
    users = case.demands > 0
    partial = np.flatnonzero(users.any(axis=0) & ~users.all(axis=0))
    low, most = _need_range(case, sites)
    ways = case.ways.reordered(case.ways.places[sites]).thinned
    through = np.zeros(len(UTILITIES), bool)
    lines = find_lines(ways.kernel, ways.prices, ways.spare, low, most, through)
    # the dearest to begin are weighed exactly; np.argsort is stable, so ties go by utility
    begin = lines[0][:, partial, 0].sum(axis=0)
    optional = np.sort(partial[np.argsort(-begin, kind="stable")[:MOST_OPTIONAL]])
    through[np.setdiff1d(partial, optional)] = True
    alpha, beta, count = find_lines(ways.kernel, ways.prices, ways.spare, low, most, through)
    shared = case.coincidence == 0
    # an access serves all: its least cost is that of its least demanding user
    alpha[:, shared, 0] += np.where(through, 0.0, beta[:, :, 0] * low)[:, shared]
    beta[:, shared], count[:, shared] = 0.0, 1
    bonus = np.zeros(len(case.prospects))
    np.add.at(bonus, case.pairs.ravel(), np.repeat(case.pair_mrub / 2, 2))
    return _Relaxation(
        case=case, sites=sites, alpha=alpha, beta=beta, count=count, optional=optional, bonus=bonus
    )


def _need_range(case: Case, sites: Ints) -> tuple[Floats, Floats]:
    """Return the least and greatest need of any residents of each site, shape (n, 8)."""
    low = np.zeros((len(sites), len(UTILITIES)))
    most = np.zeros_like(low)
    for row, site in enumerate(sites.tolist()):
        for u in range(len(UTILITIES)):
            mine = case.demands[case.fits[site] & (case.demands[:, u] > 0), u]
            if len(mine):
                low[row, u] = mine.min()
                most[row, u] = most_needed(case, site, u)
    return low, most


def _evaluate(problem: _Relaxation, prices: _Prices, alive: Flags) -> _Step:
    case, sites = problem.case, problem.sites
    gain, fixed, optional = _terms(problem, prices)
    needed = case.demands[:, problem.optional] > 0
    fits, limits = case.fits[sites], case.limits_ha[sites]
    order = np.argsort(-gain / case.areas_ha, axis=1, kind="stable")
    value = bound_sites(gain, order, (case.areas_ha, fits, limits), (fixed, optional, needed))
    locked = np.isin(sites, case.locked_in)
    value[~alive & ~locked] = -np.inf
    packed: dict[int, Flags] = {}
    while True:
        chosen = _best_sites(problem, value, locked, case.params.max_parks)
        fresh = [at for at in chosen if at not in packed]
        if not fresh:
            break
        for at in fresh:
            exact, members = pack_site(
                gain[at],
                (case.areas_ha, fits[at], limits[at]),
                (fixed[at], optional[at], needed),
            )
            value[at], packed[at] = min(value[at], exact), members
    rest = _best_sites(problem, value, locked, case.params.max_parks - 1)
    constant = float(prices.prospect.sum()) + prices.budget * case.params.budget_mrub
    total = constant + float(value[chosen].sum())
    count = np.sum([packed[at] for at in chosen], axis=0, dtype=float) * np.ones(
        len(case.prospects)
    )
    return _Step(
        total=total,
        opening=np.minimum(total, constant + float(value[rest].sum()) + value),
        count=count,
        spent=_spent(problem, prices, {at: packed[at] for at in chosen}),
        packed=packed,
        chosen=tuple(chosen),
    )


def _terms(problem: _Relaxation, prices: _Prices) -> tuple[Floats, Floats, Floats]:
    """Return gain by prospect, fixed cost and cost of optional utilities at these prices."""
    case, sites = problem.case, problem.sites
    weight = 1 + prices.budget * case.public
    rows, columns = np.ogrid[: len(sites), : len(UTILITIES)]
    alpha = problem.alpha[rows, columns, prices.line] * weight
    beta = problem.beta[rows, columns, prices.line] * weight * case.coincidence
    onsite = case.rates_mrub_ha[sites][:, None] * case.areas_ha
    gain = case.values[sites] + problem.bonus - prices.prospect - beta @ case.demands.T
    gain -= prices.budget * case.public_onsite * onsite
    opening = case.params.opening_mrub * (1 + prices.budget * case.public_opening)
    always = np.ones(len(UTILITIES), bool)
    always[problem.optional] = False
    return gain, alpha[:, always].sum(axis=1) + opening, alpha[:, problem.optional]


def _best_sites(problem: _Relaxation, value: Floats, locked: Flags, most: int) -> list[int]:
    """Return the best sites within the number of parks and of parks by district.

    Those locked in come first; greedy is exact here, because these limits are nested.
    """
    districts = problem.case.districts[problem.sites]
    cap = problem.case.params.max_parks_per_district
    chosen = np.flatnonzero(locked).tolist()
    used: dict[int, int] = {}
    for at in chosen:
        used[int(districts[at])] = used.get(int(districts[at]), 0) + 1
    for at in np.argsort(-value, kind="stable").tolist():
        if len(chosen) >= most or value[at] <= 0:
            break
        district = int(districts[at])
        if locked[at] or (district >= 0 and used.get(district, 0) >= cap):
            continue
        chosen.append(at)
        used[district] = used.get(district, 0) + 1
    return chosen


def _spent(problem: _Relaxation, prices: _Prices, parks: dict[int, Flags]) -> float:
    """Return what the budget pays for the relaxed parks, mln roubles."""
    case, total = problem.case, 0.0
    for at, members in parks.items():
        site = problem.sites[at]
        rows = np.arange(len(UTILITIES))
        demand = case.coincidence * case.demands[members].sum(axis=0)
        built = case.demands[members].any(axis=0) | ~np.isin(rows, problem.optional)
        alpha = problem.alpha[at, rows, prices.line[at]]
        lines = built * alpha + problem.beta[at, rows, prices.line[at]] * demand
        total += float(case.public @ lines) + case.public_opening * case.params.opening_mrub
        total += case.public_onsite * case.rates_mrub_ha[site] * case.areas_ha[members].sum()
    return total


def _move(problem: _Relaxation, prices: _Prices, step: _Step, length: float) -> bool:
    """Move the prices along the subgradient; False where it vanishes: the bound is the best."""
    case = problem.case
    excess = step.count - 1.0
    # a price at zero that would go lower stays where it is
    excess[(prices.prospect <= 0) & (excess < 0)] = 0.0
    scale = max(case.params.budget_mrub / max(len(case.prospects), 1), 1e-9)
    over = (step.spent - case.params.budget_mrub) / scale
    if prices.budget <= 0 and over < 0:
        over = 0.0
    norm = float(excess @ excess) + over * over
    if norm <= 0 or length <= 0:
        return False
    prices.prospect = np.maximum(0.0, prices.prospect + length / norm * excess)
    prices.budget = max(0.0, prices.budget + length / norm * over / scale)
    return True


def _turn_lines(problem: _Relaxation, prices: _Prices, step: _Step) -> None:
    """Take, for sites that were packed, the line that is highest at what they now need."""
    case = problem.case
    for at, members in step.packed.items():
        demand = case.coincidence * case.demands[members].sum(axis=0)
        heights = problem.alpha[at] + problem.beta[at] * demand[:, None]
        valid = np.arange(heights.shape[1]) < problem.count[at][:, None]
        prices.line[at] = np.where(valid, heights, -np.inf).argmax(axis=1)
