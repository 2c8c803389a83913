"""The price of a connection again, laid out for thousands of draws: one row of numbers a way.

The formula is that of `ways.way_cost`; here what no draw changes stands in one array, so that a
draw brings only prices, spare capacities and needs. A test holds the two together.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from siting.portfolio.ways import SLACK

CIRCUITS, EFFECTIVE, CROSSINGS, MOST, SOURCE, EXTRA, OPTION = range(7)
"""Columns of a laid way: circuits per unit of need, friction-weighted km, crossings, greatest need
it can meet, source (-1: none), price of a unit beyond its spare capacity, option."""


@njit(cache=True, nogil=True)
def lay(ways):  # type: ignore[no-untyped-def]
    """Return what no draw changes of every way, shape (ways, 7)."""
    start, option, source, effective, length, crossings, capacity, rule, reach, extra = ways
    laid = np.empty((len(option), 7))
    for row in range(len(start) - 1):
        for at in range(start[row], start[row + 1]):
            t = option[at]
            most = np.inf
            if rule[t] == 1 and length[at] > reach[t] * (1.0 + SLACK):  # km
                most = -1.0
            elif rule[t] == 2 and length[at] > 0.0:  # mw_km
                most = reach[t] * (1.0 + SLACK) / length[at]
            laid[at, 0] = (1.0 - SLACK) / capacity[t]
            laid[at, 1] = effective[at]
            laid[at, 2] = crossings[at]
            laid[at, 3] = most
            laid[at, 4] = source[at]
            laid[at, 5] = extra[row % 8] if source[at] >= 0 else 0.0
            laid[at, 6] = t
    return laid


@njit(cache=True, nogil=True)
def lay_sure(ways, laid, least_spare, most_spare, most_need):  # type: ignore[no-untyped-def]
    """Return the ways, as starts and rows, that could be cheapest in some draw.

    A way cannot be where another of the same option is no longer, crosses no dearer and either
    never needs reinforcement or never has less to spare. Only for places that find every source
    untouched: who comes second may find another way best.

    Parameters
    ----------
    least_spare, most_spare
        Of each source in any draw, shape (s,).
    most_need
        Of each place and utility in any draw, shape (8n,).
    """
    start, length = ways[0], ways[4]
    kept = np.ones(len(laid), np.bool_)
    for row in range(len(start) - 1):
        for a in range(start[row], start[row + 1]):
            for b in range(start[row], start[row + 1]):
                if a == b or laid[a, 6] != laid[b, 6] or not kept[b]:
                    continue
                near = laid[b, 1] <= laid[a, 1] and laid[b, 2] <= laid[a, 2]
                s, r = int(laid[b, 4]), int(laid[a, 4])
                rich = laid[b, 5] == 0.0 or least_spare[s] >= most_need[row]
                rich = rich or (r >= 0 and (r == s or least_spare[s] >= most_spare[r]))
                if near and length[b] <= length[a] and rich:
                    kept[a] = False
                    break
    begin = np.zeros(len(start), np.int64)
    for row in range(len(start) - 1):
        begin[row + 1] = begin[row] + np.sum(kept[start[row] : start[row + 1]])
    return begin, laid[kept]


@njit(cache=True, nogil=True, inline="always")
def laid_cost(laid, prices, left, at, need):  # type: ignore[no-untyped-def]
    """Return the cost of `need` by way `at`, mln roubles; inf where it does not reach.

    `prices` has shape (options, 3): fixed, per km, per unit.
    """
    if need > laid[at, 3]:
        return np.inf
    t = int(laid[at, 6])
    circuit = prices[t, 0] + prices[t, 1] * laid[at, 1]
    cost = np.ceil(need * laid[at, 0]) * circuit + prices[t, 2] * need + laid[at, 2]
    if laid[at, 5] > 0.0:
        cost += laid[at, 5] * max(0.0, need - left[int(laid[at, 4])])
    return cost


@njit(cache=True, nogil=True)
def cheapest_laid(start, laid, prices, left, row, need):  # type: ignore[no-untyped-def]
    """Return the least cost of `need` at row 8i+u and the way; inf and -1 where none fits."""
    if need <= 0.0:
        return 0.0, -1
    best, chosen = np.inf, -1
    for at in range(start[row], start[row + 1]):
        cost = laid_cost(laid, prices, left, at, need)
        if cost < best:
            best, chosen = cost, at
    return best, chosen
