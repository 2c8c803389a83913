"""Modes of connecting a site to a utility: so many circuits of one option from one source.

A mode has a capacity, a fixed price and a price by the unit; building n circuits is the nth mode of
a way. The cost of a demand is that of the cheapest mode that holds it, so a choice among modes is
the formula of `siting.pricing` made linear, and its relaxation is its convex envelope: the
tightest that linear programming can know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from siting.pricing import REACH_CODE
from siting.units import UTILITIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.portfolio.case import Case

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

SLACK = 1e-9


@dataclass(frozen=True, kw_only=True)
class Modes:
    """Modes of one site and utility; none is worse than another in everything."""

    way: Ints
    circuits: Ints
    capacity: Floats
    fixed_mrub: Floats
    per_unit_mrub: Floats
    source: Ints
    """Position in `Ways.sources`; -1 where none is needed or it has enough for everybody."""


def find_modes(case: Case, site: int, utility: int, ample: Flags) -> Modes:
    """Return the modes that hold up to what all who fit there could need.

    Parameters
    ----------
    ample
        Whether each source has enough for all prospects together, so that nobody competes for it.
    """
    rows = _rows(case, site, utility, most_needed(case, site, utility))
    if not len(rows):
        return _modes(rows)
    source = rows[:, 5].astype(np.int64)
    # a source nobody competes for, or whose reinforcement is free, is as good as none
    free = (source < 0) | ample[source] | (case.ways.extra_mrub[utility] == 0)
    rows[:, 5] = np.where(free, -1, source)
    return _modes(rows[_undominated(rows)])


def _modes(rows: Floats) -> Modes:
    return Modes(
        way=rows[:, 0].astype(np.int64),
        circuits=rows[:, 1].astype(np.int64),
        capacity=rows[:, 2],
        fixed_mrub=rows[:, 3],
        per_unit_mrub=rows[:, 4],
        source=rows[:, 5].astype(np.int64),
    )


def ample_sources(case: Case) -> Flags:
    """Return whether the spare capacity of each source exceeds what all prospects need."""
    everybody = case.demands[case.fits.any(axis=0)].sum(axis=0)
    of_source = case.ways.sources["utility"].map({u: i for i, u in enumerate(UTILITIES)})
    return case.ways.spare >= everybody[of_source.to_numpy(int)]


def most_needed(case: Case, site: int, utility: int) -> float:
    """Return the greatest demand residents of a site can have together, by a relaxed knapsack."""
    here = case.fits[site] & (case.demands[:, utility] > 0)
    demand, area = case.demands[here, utility], case.areas_ha[here]
    if not len(demand):
        return 0.0
    order = np.argsort(-demand / area, kind="stable")
    before = np.cumsum(area[order]) - area[order]
    share = np.clip((case.limits_ha[site] - before) / area[order], 0, 1)
    packed = case.coincidence[utility] * float(demand[order] @ share)
    return max(packed, float(demand.max())) * (1 + SLACK)


def _rows(case: Case, site: int, utility: int, most: float) -> Floats:
    """Return rows way, circuits, capacity, fixed, per unit, source of every mode."""
    ways, found = case.ways, []
    *_, capacity, rule, reach, _ = ways.kernel
    fixed, per_km, per_unit = ways.prices
    row = site * len(UTILITIES) + utility
    for at in range(ways.start[row], ways.start[row + 1]):
        t, length = ways.option[at], ways.length_km[at]
        limit = np.inf
        if rule[t] == REACH_CODE["km"] and length > reach[t] * (1 + SLACK):
            continue
        if rule[t] == REACH_CODE["mw_km"] and length > 0:
            limit = reach[t] / length
        circuit = fixed[t] + per_km[t] * ways.effective_km[at]
        count, held = 0, 0.0
        while held < min(most, limit):
            count += 1
            held = min(count * capacity[t], limit, most)
            price = count * circuit + ways.crossings_mrub[at]
            found.append((at, count, held, price, per_unit[t], ways.source[at]))
    return np.array(found, float).reshape(-1, 6)


def _undominated(rows: Floats) -> Ints:
    """Return positions of modes no other equals or beats in capacity, prices and source."""
    capacity, fixed, per_unit, source = rows[:, 2], rows[:, 3], rows[:, 4], rows[:, 5]
    larger = capacity[None, :] >= capacity[:, None]
    cheaper = (fixed[None, :] <= fixed[:, None]) & (per_unit[None, :] <= per_unit[:, None])
    freer = (source[None, :] == source[:, None]) | (source[None, :] < 0)
    beats = larger & cheaper & freer
    # of equal modes the first stays
    equal = beats & beats.T
    beats &= ~equal | (np.arange(len(rows))[None, :] < np.arange(len(rows))[:, None])
    np.fill_diagonal(beats, val=False)
    return np.flatnonzero(~beats.any(axis=1))
