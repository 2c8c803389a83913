"""The case laid flat for the compiled search of residents: only who may settle where.

Decides nothing. Which sources can run short is asked here: only those have a price.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from siting.portfolio.envelope import find_corners
from siting.portfolio.modes import ample_sources
from siting.portfolio.stairs import greatest_need
from siting.units import UTILITIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.portfolio.case import Case

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SLACK = 1e-9


@dataclass(frozen=True, kw_only=True)
class Laid:
    """What the compiled functions of `packing` take, and the sources that can run short."""

    flat: tuple[object, ...]
    """(who fits, their worth, ...), (areas, demands, ...), (ways, prices, spare), corners."""
    scarce: Ints
    """Positions of sources that can run short and whose reinforcement costs money, shape (c,)."""
    ceiling_mrub: Floats
    """Price of a unit beyond the spare capacity of each of them, shape (c,)."""
    utility: Ints
    """Utility of each of them, shape (c,)."""


def lay(case: Case) -> Laid:
    """Return the case laid flat."""
    site, who = np.nonzero(case.fits)
    start = np.searchsorted(site, np.arange(len(case.sites) + 1)).astype(np.int64)
    bonus = np.zeros(len(case.prospects))
    # half the worth of a link to each of the two: together no less than what it is worth
    np.add.at(bonus, case.pairs.ravel(), np.repeat(case.pair_mrub / 2, 2))
    onsite = case.public_onsite * case.rates_mrub_ha[site] * case.areas_ha[who]
    people = (case.areas_ha, case.demands, case.coincidence, case.limits_ha)
    ways = case.ways
    low, most = _need_range(start, who.astype(np.int64), people)
    utility = ways.sources["utility"].map(UTILITIES.index).to_numpy(np.int64)
    tapped = np.zeros(len(ways.spare), bool)
    tapped[ways.source[ways.source >= 0]] = True
    extra = ways.extra_mrub[utility]
    scarce = np.flatnonzero(tapped & (extra > 0) & ~ample_sources(case))
    return Laid(
        flat=(
            (start, who.astype(np.int64), case.values[site, who] + bonus[who], onsite),
            people,
            (ways.kernel, ways.prices, ways.spare),
            find_corners(ways.kernel, ways.spare, low, most),
        ),
        scarce=scarce.astype(np.int64),
        ceiling_mrub=extra[scarce],
        utility=utility[scarce],
    )


@njit(cache=True, nogil=True)
def _need_range(start, who, people):  # type: ignore[no-untyped-def]
    """Return the least and greatest need of any residents of each row 8i+u, flat."""
    areas, demands, share, limits = people
    utilities = len(share)
    low = np.zeros((len(start) - 1) * utilities)
    most = np.zeros(len(low))
    for i in range(len(start) - 1):
        mine = who[start[i] : start[i + 1]]
        for u in range(utilities):
            need = demands[mine, u]
            if len(need) == 0 or np.max(need) <= 0.0:
                continue
            low[i * utilities + u] = np.min(need[need > 0.0])
            most[i * utilities + u] = greatest_need(need, areas[mine], limits[i], share[u])
    return low, most
