"""The cost of connecting a site over its need as straight lines, so that a search only looks it up.

Between two needs at which some way jumps or bends every way is a straight line; there the least of
them is concave, and a line that is the least at both ends of a step is the least within. A step in
which the least line changes is cut where the two cross. Nothing is rounded or assumed.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from siting.portfolio.ways import SLACK, cheapest_way, way_cost

INSIDE = 1.0 + 2.0 * SLACK
"""Just above the end of the step before: ceilings forgive `SLACK`."""
ALIKE_MRUB = 1e-9
"""Costs nearer than this are one."""


@njit(cache=True, nogil=True)
def descending(keys):  # type: ignore[no-untyped-def]
    """Return positions by falling key; one place, because sorting is slow to compile."""
    return np.argsort(-keys)


@njit(cache=True, nogil=True)
def greatest_need(needs, areas, limit, share):  # type: ignore[no-untyped-def]
    """Return the greatest need residents within an area can have, by a relaxed knapsack."""
    room, packed, largest = limit, 0.0, 0.0
    for k in descending(needs / np.maximum(areas, 1e-12)):
        taken = min(1.0, max(0.0, room) / max(areas[k], 1e-12))
        packed += taken * needs[k]
        room -= taken * areas[k]
        largest = max(largest, needs[k])
    return max(share * packed, largest) * (1.0 + SLACK)


@njit(cache=True, nogil=True)
def build_stairs(supply, people, site, fits, limit_ha):  # type: ignore[no-untyped-def]
    """Return starts by utility, shape (9,), and ends, intercepts and slopes of the steps.

    Steps reach as far as those who fit can need.
    """
    demands, coincidence, areas = people
    utilities = len(coincidence)
    start = np.zeros(utilities + 1, np.int64)
    able = np.flatnonzero(fits)
    found = [(0.0, 0.0, 0.0)]
    for u in range(utilities):
        most = greatest_need(demands[able, u], areas[able], limit_ha, coincidence[u])
        row = site * utilities + u
        low = 0.0
        ends = _ends(supply[0], supply[2], row, most)
        for at in descending(-ends):
            end = ends[at]
            if end > low * INSIDE:
                _add_step(supply, row, (low * INSIDE, end), found)
                low = end
        start[u + 1] = len(found) - 1
    lines = np.empty((3, len(found) - 1))
    for k in range(1, len(found)):
        lines[0, k - 1], lines[1, k - 1], lines[2, k - 1] = found[k]
    return start, lines


@njit(cache=True, nogil=True)
def _ends(ways, spare, row, most):  # type: ignore[no-untyped-def]
    """Return the needs up to `most` at which some way of a row jumps or bends."""
    start, option, source, _, length, _, capacity, rule, reach, _ = ways
    found = [most]
    for at in range(start[row], start[row + 1]):
        t = option[at]
        limit = most
        if rule[t] == 2 and length[at] > 0.0:  # mw_km
            limit = min(most, reach[t] / length[at])
            found.append(limit)
        held = capacity[t]
        while held < limit:
            found.append(held)
            held += capacity[t]
        if source[at] >= 0 and spare[source[at]] < most:
            found.append(spare[source[at]])
    return np.array(found)


@njit(cache=True, nogil=True)
def _add_step(supply, row, span, found):  # type: ignore[no-untyped-def]
    """Add the lines of a step in which every way is straight; changes `found` in place."""
    ways, prices, spare = supply
    low, end = span
    least, way = cheapest_way(ways, prices, spare, row, max(low, 1e-12))
    while way >= 0 and low < end:
        here = way_cost(ways, prices, spare, way, row % 8, end)
        slope = (here - least) / (end - low)
        cut, other = end, way
        # where a way that is cheaper at the end crosses this one; the first such crossing counts
        for _ in range(ways[0][row + 1] - ways[0][row]):
            cost, other = cheapest_way(ways, prices, spare, row, cut)
            if other == way or cost >= least + slope * (cut - low) - ALIKE_MRUB:
                break
            begin = way_cost(ways, prices, spare, other, row % 8, max(low, 1e-12))
            rise = (cost - begin) / (cut - low)
            cut = min(cut, low + max((begin - least) / max(slope - rise, 1e-12), 0.0))
        if cut > low * INSIDE + 1e-12:
            found.append((cut, least - slope * low, slope))
            low = cut
            least, way = cheapest_way(ways, prices, spare, row, low * INSIDE)
        else:
            # two ways meet where the step begins: the flatter one is the least from here
            least, way = way_cost(ways, prices, spare, other, row % 8, max(low, 1e-12)), other
    if low < end:
        found.append((end, np.inf, 0.0))


@njit(cache=True, nogil=True)
def stair_cost(start, lines, u, need):  # type: ignore[no-untyped-def]
    """Return the least cost of a need of a utility; inf where no way meets it."""
    if need <= 0.0:
        return 0.0
    low, high = start[u], start[u + 1]
    last = high
    while low < high:
        middle = (low + high) // 2
        if lines[0, middle] * (1.0 + SLACK) < need:
            low = middle + 1
        else:
            high = middle
    if low == last:
        return np.inf
    return lines[1, low] + lines[2, low] * need


@njit(cache=True, nogil=True)
def stairs_of(supply, people, sites, fits, limits_ha):  # type: ignore[no-untyped-def]
    """Return the steps of several sites as of one: utility u of the kth is row 8k + u."""
    utilities = len(people[1])
    start = np.zeros(len(sites) * utilities + 1, np.int64)
    each = []
    for k in range(len(sites)):
        mine, lines = build_stairs(supply, people, sites[k], fits[k], limits_ha[k])
        start[k * utilities + 1 : (k + 1) * utilities + 1] = start[k * utilities] + mine[1:]
        each.append(lines)
    joined = np.empty((3, start[-1]))
    for k in range(len(sites)):
        first = start[k * utilities]
        for column in range(each[k].shape[1]):
            for line in range(3):
                joined[line, first + column] = each[k][line, column]
    return start, joined
