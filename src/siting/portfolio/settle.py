"""What a given plan costs: the cheapest way of every park when sources are shared by all.

Where nobody competes, each park takes its own cheapest way. Where parks would together take more
than a source has to spare, the ways of that utility are chosen together so that connections and
reinforcement cost least (siting.portfolio.competing).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from siting.portfolio.competing import cheapest_together
from siting.portfolio.fill import set_needs
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
            met = np.where(chosen[:, utility] >= 0, needs[:, utility], 0.0)
            chosen[:, utility] = cheapest_together(ways, utility, met)
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
