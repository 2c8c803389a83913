"""Straight lines below the cost of connecting a site, whatever its residents turn out to need.

The cost of a utility over its demand is a staircase. Between two corners it is concave (the least
of straight lines), so the lower convex hull of its corners lies below it everywhere, and each
side of that hull is a line alpha + beta D that never exceeds the cost.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from siting.portfolio.ways import cheapest_way

MOST_LINES = 8
"""Sides of a hull that are kept; any subset of them is still a lower bound."""


@njit(cache=True, nogil=True)
def find_lines(ways, prices, spare, low, most, through_origin):  # type: ignore[no-untyped-def]
    """Return intercepts and slopes, shape (n, 8, MOST_LINES), and their number, shape (n, 8).

    Parameters
    ----------
    low, most
        Least and greatest need of any set of residents, shape (n, 8); most 0: nobody needs it.
    through_origin
        Whether the lines of a utility must charge nothing for no demand, shape (8,).
    """
    n, utilities = low.shape
    alpha = np.zeros((n, utilities, MOST_LINES))
    beta = np.zeros((n, utilities, MOST_LINES))
    count = np.ones((n, utilities), np.int64)
    for i in range(n):
        for u in range(utilities):
            if most[i, u] <= 0.0:
                continue
            at, cost = _corners(ways, prices, spare, i * utilities + u, low[i, u], most[i, u])
            if len(at) == 0:
                continue
            if through_origin[u]:
                beta[i, u, 0] = _least_ratio(cost, at)
                continue
            hull = _lower_hull(at, cost)
            count[i, u] = _sides(at, cost, hull, alpha[i, u], beta[i, u])
    return alpha, beta, count


@njit(cache=True, nogil=True)
def _corners(ways, prices, spare, row, low, most):  # type: ignore[no-untyped-def]
    """Return demands at which the cost may break, ascending, and the cost there, finite ones."""
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
    needs = _ascending(found)
    costs = np.empty(len(needs))
    for k in range(len(needs)):
        costs[k], _ = cheapest_way(ways, prices, spare, row, needs[k])
    finite = np.isfinite(costs)
    return needs[finite], costs[finite]


@njit(cache=True, nogil=True)
def _least_ratio(over, under):  # type: ignore[no-untyped-def]
    least = np.inf
    for k in range(len(over)):
        least = min(least, over[k] / under[k])
    return least


@njit(cache=True, nogil=True)
def _ascending(found):  # type: ignore[no-untyped-def]
    """Return different values in ascending order; short lists only, np.unique compiles slowly."""
    values = np.empty(len(found))
    size = 0
    for one in found:
        at = size
        while at > 0 and values[at - 1] > one:
            at -= 1
        if at > 0 and values[at - 1] == one:
            continue
        for k in range(size, at, -1):
            values[k] = values[k - 1]
        values[at] = one
        size += 1
    return values[:size].copy()


@njit(cache=True, nogil=True)
def _lower_hull(x, y):  # type: ignore[no-untyped-def]
    """Return positions of the lower convex hull of points sorted by x."""
    hull = np.empty(len(x), np.int64)
    size = 0
    for k in range(len(x)):
        while size >= 2:  # a turn needs three points
            a, b = hull[size - 2], hull[size - 1]
            turn = (x[b] - x[a]) * (y[k] - y[a]) - (y[b] - y[a]) * (x[k] - x[a])
            if turn > 0:
                break
            size -= 1
        hull[size] = k
        size += 1
    return hull[:size]


@njit(cache=True, nogil=True)
def _sides(x, y, hull, alpha, beta):  # type: ignore[no-untyped-def]
    """Write the lines of the sides of a hull and return how many; spread where too many."""
    sides = len(hull) - 1
    if sides < 1:
        alpha[0] = y[hull[0]]
        return 1
    kept = min(sides, len(alpha))
    for k in range(kept):
        side = k if sides == kept else k * (sides - 1) // (kept - 1)
        a, b = hull[side], hull[side + 1]
        slope = max(0.0, (y[b] - y[a]) / (x[b] - x[a]))
        beta[k] = slope
        alpha[k] = y[a] - slope * x[a]
    return kept
