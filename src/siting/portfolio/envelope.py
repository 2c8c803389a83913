"""The staircase of connecting a site when money and spare capacity have prices.

The cost of a utility over its demand is a staircase. Between two corners it is concave (the least
of straight lines), so a line that lies below it at the corners of a range of demands, and at both
ends of it, lies below it everywhere between.

Reinforcement enters as by the unit: where it is sold in steps, it costs no less.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from siting.portfolio.fill import park_need
from siting.portfolio.stairs import descending
from siting.portfolio.ways import SLACK


@njit(cache=True, nogil=True)
def priced_way(supply, tolls, at, utility, need):  # type: ignore[no-untyped-def]
    """Return the cost of a need by way `at` with money and sources priced; inf out of reach.

    The own use of a source up to its spare capacity pays its toll, use beyond it its reinforcement:
    summed over parks that is exactly what reinforcing the source for all of them together takes.
    """
    ways, prices, spare = supply
    weight, toll = tolls
    _, option, source, effective, length, crossings, capacity, rule, reach, extra = ways
    t = option[at]
    load = length[at] * (need if rule[t] == 2 else 1.0)  # mw_km
    if rule[t] != 0 and load > reach[t] * (1.0 + SLACK):
        return np.inf
    count = np.ceil(need / capacity[t] * (1.0 - SLACK))
    built = count * (prices[0, t] + prices[1, t] * effective[at]) + prices[2, t] * need
    cost = built + crossings[at]
    charged = 0.0
    s = source[at]
    if s >= 0:
        cost += extra[utility] * max(0.0, need - spare[s])
        charged = toll[s] * min(need, spare[s])
    return weight[utility] * cost + charged


@njit(cache=True, nogil=True)
def priced_cheapest(supply, tolls, row, need):  # type: ignore[no-untyped-def]
    """Return the least priced cost of `need` at row 8i+u and its way; inf and -1 where none."""
    best, chosen = np.inf, -1
    if need <= 0.0:
        return 0.0, -1
    for at in range(supply[0][0][row], supply[0][0][row + 1]):
        cost = priced_way(supply, tolls, at, row % 8, need)
        if cost < best:
            best, chosen = cost, at
    return best, chosen


@njit(cache=True, nogil=True)
def find_corners(ways, spare, low, most):  # type: ignore[no-untyped-def]
    """Return the needs at which each row's cost may break, flat, ascending in a row, and starts.

    Parameters
    ----------
    low, most
        Least and greatest need of any residents of each row 8i+u; most 0: nobody needs it.
    """
    begin = np.zeros(len(low) + 1, np.int64)
    flat = [0.0]
    for row in range(len(low)):
        if most[row] > 0.0:
            found = _breaks(ways, spare, row, low[row], most[row])
            last = -1.0
            for k in descending(-found):
                if found[k] > last:
                    flat.append(found[k])
                last = found[k]
        begin[row + 1] = len(flat) - 1
    return begin, np.array(flat)[1:].copy()


@njit(cache=True, nogil=True)
def _breaks(ways, spare, row, low, most):  # type: ignore[no-untyped-def]
    """Return the ends of a range of needs and those within at which some way jumps or bends."""
    start, option, source, _, length, _, capacity, rule, reach, _ = ways
    found = [low, most]
    for at in range(start[row], start[row + 1]):
        t = option[at]
        limit = most
        if rule[t] == 2 and length[at] > 0:  # mw_km
            limit = min(most, reach[t] / length[at])
        held = capacity[t]
        while held < limit:
            if held > low:
                found.append(held)
            held += capacity[t]
        if low < limit < most:
            found.append(limit)
        if source[at] >= 0 and low < spare[source[at]] < most:
            found.append(spare[source[at]])
    return np.array(found)


@njit(cache=True, nogil=True)
def ways_of_set(case, prices, i, members, taken):  # type: ignore[no-untyped-def]
    """Return the cost by utility of the priced cheapest ways of a set; adds to `taken`.

    `taken` counts the use of each source up to its spare capacity.
    """
    _, (_, demands, share, _), supply, _ = case
    _, weight, toll, _ = prices
    source, spare = supply[0][2], supply[2]
    paid = np.zeros(len(share))
    for u in range(len(share)):
        total, largest = 0.0, 0.0
        for j in members:
            total += demands[j, u]
            largest = max(largest, demands[j, u])
        need = park_need(total, largest, share[u])
        cost, at = priced_cheapest(supply, (weight, toll), i * len(share) + u, need)
        if at >= 0:
            s = source[at]
            charged = 0.0
            if s >= 0:
                taken[s] += min(need, spare[s])
                charged = toll[s] * min(need, spare[s])
            paid[u] = (cost - charged) / weight[u]
    return paid
