"""The choice among a few sites as a mixed-integer programme, solved by HiGHS.

    max  sum_ij (alone_j - onsite_ij) x_ij  -  sum_modes (F w + v g)  -  sum_s R_s r_s
         - opening sum_i y_i  +  sum_pairs worth z
    s.t. a prospect settles at most once, in an open park, within its area
         a park takes at least `min_residents`
         modes hold the coincident demand, and no less than that of each resident
         flows from a source <= its spare capacity + reinforcement r_s
         the budget's shares of modes, reinforcement, on-site networks and opening <= budget
         parks: at most k, at least `min_parks`, at most m by district, one of an exclusive group

x, y, w are 0 or 1; w says which mode (circuits of an option from a source) feeds a site, g how much
flows through it. The status and the bound are HiGHS's own words, never interpreted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from siting.portfolio.modes import ample_sources, find_modes
from siting.portfolio.programme import Programme
from siting.units import UTILITIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.portfolio.case import Case
    from siting.portfolio.modes import Modes

    Ints = NDArray[np.int64]

NOWHERE: Final = -1
"""Assignment of a prospect that stays alone."""
HALF: Final = 0.5
"""A column of whole numbers above this is 1: HiGHS returns them to within a tolerance."""


@dataclass(frozen=True, kw_only=True)
class Solved:
    """What HiGHS found."""

    status: str
    """HiGHS's own model status text."""
    bound_mrub: float
    """HiGHS's dual bound: no plan of these sites saves more."""
    assignment: Ints | None
    """Position of the site of each prospect, NOWHERE for none; None without a solution."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """When to stop."""

    gap_share: float
    time_limit_s: float
    max_nodes: int
    """A limit of work, unlike one of time, stops every run at the same plan."""


@dataclass(kw_only=True)
class _Model:
    """The programme and the numbers of its columns."""

    case: Case
    sites: Ints
    rows: Programme = field(default_factory=Programme)
    opens: dict[int, int] = field(default_factory=dict)
    settles: dict[tuple[int, int], int] = field(default_factory=dict)
    public: list[tuple[int, float]] = field(default_factory=list)
    """Columns that cost the budget, and how much."""
    taps: dict[int, list[int]] = field(default_factory=dict)
    """Flows from each source that may run short."""


def solve_master(
    case: Case, sites: Ints, *, patience: Patience, known: Ints | None = None
) -> Solved:
    """Return the best plan of `sites` that HiGHS finds, from the plan `known` if there is one."""
    model = _build(case, sites)
    _add_budget(model)
    return _run(model, patience, known)


def least_budget_mrub(case: Case, sites: Ints, patience: Patience) -> float:
    """Return the least the budget can pay for a plan that keeps all other limits; inf for none."""
    model = _build(case, sites)
    public = np.zeros(len(model.rows.cost))
    for column, cost in model.public:
        public[column] += cost
    model.rows.cost = (-public).tolist()
    answer = model.rows.solve(_options(patience), {})
    return np.inf if answer.values is None else float(public @ answer.values)


def _build(case: Case, sites: Ints) -> _Model:
    model = _Model(case=case, sites=sites)
    _add_parks(model)
    ample = ample_sources(case)
    for site in sites.tolist():
        for utility in range(len(UTILITIES)):
            _add_utility(model, site, utility, find_modes(case, site, utility, ample))
    _add_sources(model)
    _add_pairs(model)
    _add_limits(model)
    return model


def _add_parks(model: _Model) -> None:
    """Add y and x, and who fits into a park."""
    case, rows, params = model.case, model.rows, model.case.params
    for i in model.sites.tolist():
        y = model.opens[i] = rows.column(-params.opening_mrub, upper=1, whole=True)
        model.public.append((y, case.public_opening * params.opening_mrub))
        mine = []
        for j in np.flatnonzero(case.fits[i]).tolist():
            x = model.settles[i, j] = rows.column(case.values[i, j], upper=1, whole=True)
            onsite = case.rates_mrub_ha[i] * case.areas_ha[j]
            model.public.append((x, case.public_onsite * onsite))
            rows.row(-np.inf, 0, [(x, 1), (y, -1)])
            mine.append((x, j))
        area = [(x, case.areas_ha[j]) for x, j in mine]
        rows.row(-np.inf, 0, [*area, (y, -case.limits_ha[i])])
        rows.row(0, np.inf, [*((x, 1.0) for x, _ in mine), (y, -float(params.min_residents))])
    for j in range(len(case.prospects)):
        everywhere = [(model.settles[i, j], 1.0) for i in model.opens if (i, j) in model.settles]
        if everywhere:
            rows.row(-np.inf, 1, everywhere)


def _add_utility(model: _Model, site: int, utility: int, modes: Modes) -> None:
    """Add the modes of a utility of a site, and that they hold what its residents need."""
    case, rows = model.case, model.rows
    users = [
        (model.settles[site, j], float(case.demands[j, utility]))
        for j in np.flatnonzero(case.fits[site] & (case.demands[:, utility] > 0)).tolist()
    ]
    if not users:
        return
    share = float(case.public[utility])
    built, held = [], []
    for at in range(len(modes.way)):
        w = rows.column(-modes.fixed_mrub[at], upper=1, whole=True)
        model.public.append((w, share * modes.fixed_mrub[at]))
        built.append((w, 1.0))
        capacity = modes.capacity[at]
        if modes.per_unit_mrub[at] > 0 or modes.source[at] >= 0:
            g = rows.column(-modes.per_unit_mrub[at])
            model.public.append((g, share * modes.per_unit_mrub[at]))
            rows.row(-np.inf, 0, [(g, 1), (w, -capacity)])
            held.append((g, -1.0))
            if modes.source[at] >= 0:
                model.taps.setdefault(int(modes.source[at]), []).append(g)
        else:
            held.append((w, -capacity))
    rows.row(-np.inf, 0, [*built, (model.opens[site], -1)])
    shared = float(case.coincidence[utility])
    if shared > 0:
        rows.row(-np.inf, 0, [*((x, shared * need) for x, need in users), *held])
    _add_largest(model, users, held, shared)
    _add_strength(model, site, users, built)


def _add_largest(
    model: _Model,
    users: list[tuple[int, float]],
    held: list[tuple[int, float]],
    shared: float,
) -> None:
    """Add that a park is never built for less than its largest resident.

    Written only for residents whose own need can exceed the coincident one of all.
    """
    if shared >= 1:
        return
    for x, need in users:
        model.rows.row(-np.inf, 0, [(x, need), *held])


def _add_strength(
    model: _Model,
    site: int,
    users: list[tuple[int, float]],
    built: list[tuple[int, float]],
) -> None:
    """Add that a resident needs some mode whole: implied for whole numbers, not for fractions."""
    minus = [(w, -1.0) for w, _ in built]
    if len(users) == int(model.case.fits[site].sum()):
        model.rows.row(-np.inf, 0, [(model.opens[site], 1), *minus])
        return
    for x, _ in users:
        model.rows.row(-np.inf, 0, [(x, 1), *minus])


def _add_sources(model: _Model) -> None:
    """Add spare capacities shared by all parks, and reinforcement beyond them."""
    case = model.case
    utility_of = case.ways.sources["utility"].map(UTILITIES.index).to_numpy(int)
    for source, flows in sorted(model.taps.items()):
        utility = utility_of[source]
        price = float(case.ways.extra_mrub[utility])
        r = model.rows.column(-price)
        model.public.append((r, float(case.public[utility]) * price))
        taken = [(g, 1.0) for g in flows]
        model.rows.row(-np.inf, case.ways.spare[source], [*taken, (r, -1)])


def _add_pairs(model: _Model) -> None:
    """Add the worth of linked firms in one park."""
    case, rows = model.case, model.rows
    for (a, b), worth in zip(case.pairs.tolist(), case.pair_mrub.tolist(), strict=True):
        for i in model.opens:
            if (i, a) in model.settles and (i, b) in model.settles:
                z = rows.column(worth, upper=1)
                rows.row(-np.inf, 0, [(z, 1), (model.settles[i, a], -1)])
                rows.row(-np.inf, 0, [(z, 1), (model.settles[i, b], -1)])


def _add_limits(model: _Model) -> None:
    """Add the limits of the portfolio."""
    case, rows, params = model.case, model.rows, model.case.params
    rows.row(params.min_parks, params.max_parks, [(y, 1.0) for y in model.opens.values()])
    for district in np.unique(case.districts[model.sites]).tolist():
        mine = [(y, 1.0) for i, y in model.opens.items() if case.districts[i] == district]
        if district >= 0 and len(mine) > params.max_parks_per_district:
            rows.row(-np.inf, params.max_parks_per_district, mine)
    for group in case.exclusive:
        mine = [(model.opens[i], 1.0) for i in group.tolist() if i in model.opens]
        if len(mine) > 1:
            rows.row(-np.inf, 1, mine)
    for i in case.locked_in.tolist():
        rows.row(1, 1, [(model.opens[i], 1.0)])


def _add_budget(model: _Model) -> None:
    """Add that the budget's shares stay within the budget."""
    spent = [(column, cost) for column, cost in model.public if cost > 0]
    if spent:
        model.rows.row(-np.inf, model.case.params.budget_mrub, spent)


def _run(model: _Model, patience: Patience, known: Ints | None) -> Solved:
    answer = model.rows.solve(
        _options(patience), {} if known is None else _columns_of(model, known)
    )
    assignment = None
    if answer.values is not None:
        assignment = np.full(len(model.case.prospects), NOWHERE, np.int64)
        for (i, j), x in model.settles.items():
            if answer.values[x] > HALF:
                assignment[j] = i
    return Solved(status=answer.status, bound_mrub=answer.bound, assignment=assignment)


def _options(patience: Patience) -> dict[str, float]:
    return {
        "mip_rel_gap": patience.gap_share,
        "time_limit": patience.time_limit_s,
        "mip_max_nodes": patience.max_nodes,
    }


def _columns_of(model: _Model, known: Ints) -> dict[int, float]:
    """Return the parks and residents of a known plan as columns; HiGHS completes the rest."""
    opened = set(known[known >= 0].tolist())
    parks = {y: float(i in opened) for i, y in model.opens.items()}
    return parks | {x: float(known[j] == i) for (i, j), x in model.settles.items()}
