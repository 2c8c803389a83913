"""What a given plan costs: the cheapest way of every park when sources are shared by all.

Where nobody competes, each park takes its own cheapest way. Where parks would together take more
than a source has to spare, HiGHS chooses the ways of that utility so that connections and
reinforcement cost least; this small programme is solved to the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from siting.errors import InfeasibleError, Problem
from siting.portfolio.fill import set_needs
from siting.portfolio.master import HALF
from siting.portfolio.programme import Programme
from siting.portfolio.ways import price_all, way_cost
from siting.units import UTILITIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.portfolio.case import Case
    from siting.portfolio.ways import Ways

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

TOLERANCE: Final = 1e-9
"""Relative: use of a source within this of its spare capacity is not beyond it."""


@dataclass(frozen=True, kw_only=True)
class Settled:
    """Parks in the order of their sites, and what each pays by utility."""

    parks: Ints
    """Positions of the open sites, p of them."""
    members: NDArray[np.bool_]
    """Shape (p, m)."""
    needs: Floats
    """Shape (p, 8)."""
    ways: Ways
    """Ways of the parks alone."""
    chosen: Ints
    """Position in `ways`, -1 for no need, shape (p, 8)."""
    costs: Floats
    """With the park's share of reinforcement, mln roubles, shape (p, 8)."""
    used: Floats
    """Taken from each source by all parks, in the unit of its utility, shape (s,)."""


def settle(case: Case, assignment: Ints) -> Settled:
    """Return the cheapest connections of the plan in which prospect j settles at assignment[j].

    Reinforcement of a source that parks share is split in proportion to what they take.
    """
    parks = np.unique(assignment[assignment >= 0])
    members = assignment[None, :] == parks[:, None]
    needs = np.array([set_needs(row, case.demands, case.coincidence) for row in members])
    needs = needs.reshape(-1, len(UTILITIES))
    ways = case.ways.reordered(case.ways.places[parks])
    _, chosen = price_all(ways.kernel, ways.prices, ways.spare, needs)
    for utility in range(len(UTILITIES)):
        taken = _taken(ways.source, chosen[:, [utility]], needs[:, [utility]], len(ways.spare))
        extra = ways.extra_mrub[utility]
        if extra > 0 and (taken > ways.spare * (1 + TOLERANCE)).any():
            chosen[:, utility] = _share(ways, utility, needs[:, utility])
    used = _taken(ways.source, chosen, needs, len(ways.spare))
    return Settled(
        parks=parks,
        members=members,
        needs=needs,
        ways=ways,
        chosen=chosen,
        costs=_costs(ways, chosen, needs, used),
        used=used,
    )


def _taken(sources: Ints, chosen: Ints, needs: Floats, count: int) -> Floats:
    """Return what all parks take from each source, shape (s,)."""
    used = chosen >= 0
    source = sources[chosen[used]]
    tapped = source >= 0
    return np.bincount(source[tapped], weights=needs[used][tapped], minlength=count).astype(float)


def _costs(ways: Ways, chosen: Ints, needs: Floats, used: Floats) -> Floats:
    """Return the cost of each park and utility, shared reinforcement by what each takes."""
    plenty = np.full(len(ways.spare), np.inf)
    beyond = np.maximum(0.0, used - ways.spare)
    costs = np.zeros(needs.shape)
    for park, utility in zip(*np.nonzero(chosen >= 0), strict=True):
        at, need = chosen[park, utility], needs[park, utility]
        costs[park, utility] = way_cost(ways.kernel, ways.prices, plenty, at, utility, need)
        source = ways.source[at]
        # the tolerance keeps the rounding of a sum from being reinforced
        if source >= 0 and beyond[source] > TOLERANCE * ways.spare[source]:
            part = need / used[source]
            costs[park, utility] += ways.extra_mrub[utility] * beyond[source] * part
    return costs


def _share(ways: Ways, utility: int, needs: Floats) -> Ints:
    """Return the way of each park so that all together cost least, reinforcement included."""
    plenty = np.full(len(ways.spare), np.inf)
    found: list[tuple[int, int, float]] = []
    for park in np.flatnonzero(needs > 0).tolist():
        row = park * len(UTILITIES) + utility
        for at in range(ways.start[row], ways.start[row + 1]):
            cost = way_cost(ways.kernel, ways.prices, plenty, at, utility, needs[park])
            if np.isfinite(cost):
                found.append((park, at, cost))
    rows = Programme()
    picks = [rows.column(-cost, upper=1, whole=True) for *_, cost in found]
    for park in sorted({park for park, *_ in found}):
        rows.row(1, 1, [(c, 1.0) for c, (p, *_) in zip(picks, found, strict=True) if p == park])
    for source in np.unique(ways.source[[at for _, at, _ in found]]).tolist():
        if source >= 0:
            extra = rows.column(-float(ways.extra_mrub[utility]))
            flows = [
                (pick, float(needs[park]))
                for pick, (park, at, _) in zip(picks, found, strict=True)
                if ways.source[at] == source
            ]
            rows.row(-np.inf, float(ways.spare[source]), [*flows, (extra, -1.0)])
    answer = rows.solve({"mip_rel_gap": 0.0}, {})
    chosen = np.full(len(needs), -1, np.int64)
    if answer.values is None:
        raise InfeasibleError(Problem(code="solver_failed", values={"status": answer.status}))
    for pick, (park, at, _) in zip(picks, found, strict=True):
        if answer.values[pick] > HALF:
            chosen[park] = at
    return chosen
