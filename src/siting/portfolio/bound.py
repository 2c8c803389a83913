"""No plan saves more than this: a Lagrangian bound over all sites.

Four ties between parks are not forbidden to break but priced: a prospect that settles twice, spare
capacity that several parks take, public money, and sites that exclude each other. What is left
falls apart into one packing of residents for each site (`packing`), solved by branch and bound,
and the choice of the best sites within the number of parks and of parks by district, solved by
sorting. Whatever the prices, no plan saves more than the value so found; a deflected subgradient
search (Held and Karp 1971; Camerini, Fratta and Maffioli 1975) looks for prices that make it small.

Sites are packed only where they matter: all are bounded by their root, and those that lead are
searched further, until the leaders are known. Sites that cannot be part of a plan better than a
known one are proven so and left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from siting.portfolio.envelope import ways_of_set
from siting.portfolio.laying import lay
from siting.portfolio.packing import pack_sites
from siting.units import UTILITIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.portfolio.case import Case
    from siting.portfolio.laying import Laid

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

ITERATIONS: Final = 40
"""Steps of the subgradient search: work is counted, not time, so that runs repeat."""
NODES: Final = 8
"""Boxes opened in a leading site at each step."""
FIRST_LEVEL: Final = 0.08
"""Share of the bound by which the first steps hope to lower it; halved when hope fails."""
LEADING_SHARE: Final = 0.9
"""Sites below this share of the last leader are not searched further."""
LAST_LEVEL: Final = 2e-4
"""Share of the bound below which hope is given up and the search ends."""
PATIENCE: Final = 6
"""Steps without a tenth of the hoped gain after which hope is halved."""
DEFLECTION: Final = 1.5
"""How far a step that turns back is bent towards the last one (Camerini and others: 1.5)."""
MOST_KEPT: Final = 24
"""Sites handed to HiGHS; the bound of the others is stated, not forgotten."""
ROUND_OFF: Final = 1e-9
"""Share by which a bound is lifted so that sums of many terms never round it below the truth."""


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
    sets: tuple[tuple[int, tuple[int, ...]], ...]
    """Site and residents of parks the search passed by, the last first: parts of better plans."""

    @property
    def alive(self) -> Ints:
        """Return the sites that could be part of a better plan than the known one."""
        return self.sites[self.opening_mrub > self.least_mrub]

    def lifted(self, least: float) -> Bound:
        """Return the bound when a plan that saves `least` is known."""
        known = max(least, self.least_mrub)
        return replace(self, least_mrub=known, total_mrub=max(self.total_mrub, known))

    def lowered(self, proven: float) -> Bound:
        """Return the bound when no plan saves more than `proven`."""
        return replace(
            self,
            total_mrub=min(self.total_mrub, proven),
            opening_mrub=np.minimum(self.opening_mrub, proven),
        )

    def promising(self, always: Ints) -> Ints:
        """Return the sites most worth a closer look, those of `always` among them, sorted."""
        order = np.argsort(-self.opening_mrub, kind="stable")
        alive = order[self.opening_mrub[order] > self.least_mrub][:MOST_KEPT]
        return np.union1d(self.sites[alive], always).astype(np.int64)

    def without(self, kept: Ints) -> float:
        """Return the bound of plans that open a site not in `kept`; -inf where there is none."""
        others = self.opening_mrub[~np.isin(self.sites, kept)]
        return float(others.max(initial=-np.inf))


@dataclass(kw_only=True)
class _Prices:
    """Where the search stands, mln roubles."""

    prospect: Floats
    toll: Floats
    """Of all the spare capacity of each scarce source, shape (c,)."""
    group: Floats
    """Of each group of exclusive sites."""
    budget: float
    """Of a rouble of public money."""


@dataclass(kw_only=True)
class _Search:
    """The relaxed problem, and what was learnt of it."""

    case: Case
    sites: Ints
    laid: Laid
    slopes: Floats
    locked: Flags
    member: NDArray[np.bool_]
    """Whether a site belongs to an exclusive group, shape (groups, n of `sites`)."""
    sets: dict[tuple[int, tuple[int, ...]], None] = field(default_factory=dict)
    leading_mrub: float = 0.0
    """What the last of the leading sites saved at the last step, prices paid."""


@dataclass(frozen=True, kw_only=True)
class _Step:
    """The relaxed optimum at given prices."""

    total: float
    opening: Floats
    slope: Floats
    """Subgradient: how much each priced tie is broken, prospects, sources, groups, budget."""


def find_bound(case: Case, usable: Ints, *, least: float) -> Bound:
    """Return the bound of all plans that open sites of `usable`.

    Parameters
    ----------
    least
        Saving of a known plan, mln roubles; -inf where none is known.
    """
    search = _begin(case, usable)
    laid = search.laid
    prices = _first_prices(search, least)
    best, total = prices, np.inf
    opening = np.full(len(usable), np.inf)
    hope, waited, last = FIRST_LEVEL, 0, None
    goal = least if np.isfinite(least) else 0.0
    for _ in range(ITERATIONS):
        step = _evaluate(search, prices, opening >= least)
        opening = np.minimum(opening, step.opening)
        gained = total - step.total
        waited = 0 if gained > 0.1 * hope * abs(total) or not np.isfinite(total) else waited + 1
        if step.total < total:
            total, best = step.total, prices
        if waited >= PATIENCE:
            hope, waited, last = hope / 2, 0, None
            prices = best
            if hope < LAST_LEVEL:
                break
        length = step.total - max(goal, total - hope * abs(total))
        last = _deflected(step.slope, last)
        norm = float(last @ last)
        if norm <= 0 or length <= 0:
            break
        prices = _moved(laid, case, prices, last * (length / norm))
    lift = ROUND_OFF * abs(total)
    return Bound(
        sites=usable,
        total_mrub=max(total + lift, least),
        opening_mrub=np.minimum(opening, total) + lift,
        least_mrub=least,
        sets=tuple(reversed(search.sets)),
    )


def _begin(case: Case, sites: Ints) -> _Search:
    member = np.zeros((len(case.exclusive), len(sites)), bool)
    for row, group in enumerate(case.exclusive):
        member[row] = np.isin(sites, group)
    return _Search(
        case=case,
        sites=sites,
        laid=lay(case),
        slopes=np.zeros((len(case.sites), len(UTILITIES))),
        locked=np.isin(sites, case.locked_in),
        member=member,
    )


def _first_prices(search: _Search, least: float) -> _Prices:
    """Return prices at which all prospects together are worth what the known plan saves."""
    case = search.case
    most = np.where(case.fits[search.sites], case.values[search.sites], 0.0).max(axis=0, initial=0)
    total = float(most.sum())
    share = min(max(least, 0.0) / total, 1.0) if total > 0 else 0.0
    return _Prices(
        prospect=share * most,
        toll=np.zeros(len(search.laid.scarce)),
        group=np.zeros(len(search.member)),
        budget=0.0,
    )


def _evaluate(search: _Search, prices: _Prices, alive: Flags) -> _Step:
    case, laid, sites = search.case, search.laid, search.sites
    weight = 1 + prices.budget * case.public
    toll = np.zeros(len(case.ways.spare))
    spare = case.ways.spare[laid.scarce]
    toll[laid.scarce] = np.divide(prices.toll, spare, out=np.zeros(len(spare)), where=spare > 0)
    told = (prices.prospect, weight, toll, prices.budget)
    opening_mrub = case.params.opening_mrub * (1 + prices.budget * case.public_opening)
    fee = opening_mrub + prices.group @ search.member
    use = np.flatnonzero(alive | search.locked)
    value = np.full(len(sites), -np.inf)
    # below the leaders of the last step nobody asks how much less a site saves
    cutoff = np.where(search.locked, -1e12, fee + LEADING_SHARE * search.leading_mrub)
    roots, _, _ = pack_sites(laid.flat, told, sites[use], search.slopes, (cutoff[use], -1))
    value[use] = roots - fee[use]
    packed: dict[int, Ints] = {}
    while True:
        chosen = _best_sites(search, value, case.params.max_parks)
        fresh = [at for at in chosen if at not in packed]
        if not fresh:
            break
        asked = (cutoff[fresh], NODES)
        uppers, _, inside = pack_sites(laid.flat, told, sites[fresh], search.slopes, asked)
        value[fresh] = np.minimum(value[fresh], uppers - fee[fresh])
        for at, flags in zip(fresh, inside, strict=True):
            packed[at] = np.flatnonzero(flags)
            if len(packed[at]) >= case.params.min_residents:
                key = (int(sites[at]), tuple(packed[at].tolist()))
                search.sets.pop(key, None)
                search.sets[key] = None
    free = value[chosen][~search.locked[chosen]]
    full = len(chosen) == case.params.max_parks and len(free) > 0
    search.leading_mrub = max(0.0, float(free.min())) if full else 0.0
    rest = _best_sites(search, value, case.params.max_parks - 1)
    constant = float(prices.prospect.sum() + prices.toll.sum() + prices.group.sum())
    constant += prices.budget * case.params.budget_mrub
    total = constant + float(value[chosen].sum())
    return _Step(
        total=total,
        opening=np.minimum(total, constant + float(value[rest].sum()) + value),
        slope=_broken(search, told, chosen, packed, prices),
    )


def _best_sites(search: _Search, value: Floats, most: int) -> list[int]:
    """Return the best sites within the number of parks and of parks by district.

    Those locked in come first; greedy is exact here, because these limits are nested.
    """
    districts = search.case.districts[search.sites]
    cap = search.case.params.max_parks_per_district
    chosen = np.flatnonzero(search.locked).tolist()
    used: dict[int, int] = {}
    for at in chosen:
        used[int(districts[at])] = used.get(int(districts[at]), 0) + 1
    for at in np.argsort(-value, kind="stable").tolist():
        if len(chosen) >= most or value[at] <= 0:
            break
        district = int(districts[at])
        if search.locked[at] or (district >= 0 and used.get(district, 0) >= cap):
            continue
        chosen.append(at)
        used[district] = used.get(district, 0) + 1
    return chosen


def _broken(
    search: _Search,
    told: tuple[object, ...],
    chosen: list[int],
    packed: dict[int, Ints],
    prices: _Prices,
) -> Floats:
    """Return by how much the relaxed plan breaks each tie, in the order of the prices."""
    case, laid = search.case, search.laid
    count = np.zeros(len(case.prospects))
    taken = np.zeros(len(case.ways.spare))
    spent = 0.0
    for at in chosen:
        site, members = search.sites[at], packed[at]
        count[members] += 1
        paid = ways_of_set(laid.flat, told, site, members, taken)
        spent += float(case.public @ paid) + case.public_opening * case.params.opening_mrub
        spent += case.public_onsite * case.rates_mrub_ha[site] * case.areas_ha[members].sum()
    spare = case.ways.spare[laid.scarce]
    use = np.divide(taken[laid.scarce], spare, out=np.zeros(len(spare)), where=spare > 0) - 1.0
    groups = search.member[:, chosen].sum(axis=1) - 1.0
    scale = _budget_scale(case)
    over = np.array([(spent - case.params.budget_mrub) / scale])
    slope = np.concatenate([count - 1.0, use, groups, over])
    level = np.concatenate([prices.prospect, prices.toll, prices.group, np.array([prices.budget])])
    # a price at zero that would go lower stays where it is
    slope[(level <= 0) & (slope < 0)] = 0.0
    ceiling = laid.ceiling_mrub * (1 + prices.budget * case.public[laid.utility]) * spare
    m = len(count)
    part = slope[m : m + len(use)]
    part[(prices.toll >= ceiling) & (part > 0)] = 0.0
    return slope


def _budget_scale(case: Case) -> float:
    return max(case.params.budget_mrub / max(len(case.prospects), 1), 1e-9)


def _deflected(slope: Floats, last: Floats | None) -> Floats:
    if last is None:
        return slope
    back = float(slope @ last)
    return slope - DEFLECTION * min(back, 0.0) / max(float(last @ last), 1e-12) * last


def _moved(laid: Laid, case: Case, prices: _Prices, by: Floats) -> _Prices:
    m, c, g = len(prices.prospect), len(prices.toll), len(prices.group)
    budget = max(0.0, prices.budget + float(by[m + c + g]) / _budget_scale(case))
    ceiling = laid.ceiling_mrub * (1 + budget * case.public[laid.utility])
    spare = case.ways.spare[laid.scarce]
    return _Prices(
        prospect=np.maximum(0.0, prices.prospect + by[:m]),
        toll=np.clip(prices.toll + by[m : m + c], 0.0, ceiling * spare),
        group=np.maximum(0.0, prices.group + by[m + c : m + c + g]),
        budget=budget,
    )
