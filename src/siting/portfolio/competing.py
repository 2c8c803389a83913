"""Parks that compete for the same sources: the ways that cost least all together.

    min over a way a of each park p   sum_p base(p, a) + price * sum_s max(0, taken_s - spare_s)

Depth first, the parks with the greatest need first, each by the way that is cheapest where the
parks before it left off. What a source costs beyond its spare capacity is convex in what is taken,
so a park still to come pays at least what it would pay now: the sum of these least prices bounds
every completion. Of the ways of one park from one source only the cheapest can be taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from siting.portfolio.ways import way_cost

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.portfolio.ways import Ways

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LEAST_GAIN = 1e-12
"""Relative: a cheaper choice is cheaper by more than the rounding of a sum."""


def cheapest_together(ways: Ways, utility: int, needs: Floats) -> Ints:
    """Return the way of each park, -1 for no need, so that all together cost least.

    Parameters
    ----------
    needs
        What each park needs of the utility, shape (p,); a need that no way meets has none.
    """
    order = np.argsort(-needs, kind="stable")
    order = order[needs[order] > 0]
    offers = _offers(ways.kernel, ways.prices, len(ways.spare), utility, order, needs)
    return _search(offers, order, needs, ways.spare, float(ways.extra_mrub[utility]))


@njit(cache=True, nogil=True)
def _offers(ways, prices, count, utility, order, needs):  # type: ignore[no-untyped-def]
    """Return the cheapest way of each park and source: start, way, source and base cost."""
    start, source = ways[0], ways[2]
    plenty = np.full(count, np.inf)
    begin = np.zeros(len(order) + 1, np.int64)
    most = 0
    for park in order:
        most += start[park * 8 + utility + 1] - start[park * 8 + utility]
    way, base = np.zeros(most, np.int64), np.zeros(most)
    n = 0
    for k, park in enumerate(order):
        for at in range(start[park * 8 + utility], start[park * 8 + utility + 1]):
            cost = way_cost(ways, prices, plenty, at, utility, needs[park])
            if cost == np.inf:
                continue
            same = begin[k]
            while same < n and source[way[same]] != source[at]:
                same += 1
            if same == n:
                way[n], base[n] = at, cost
                n += 1
            elif cost < base[same]:
                way[same], base[same] = at, cost
        begin[k + 1] = n
    return begin, way[:n], source[way[:n]], base[:n]


@njit(cache=True, nogil=True)
def _cost(offers, a, need, stock):  # type: ignore[no-untyped-def]
    """Return what way `a` costs now, reinforcement that it alone adds included."""
    (_, _, source, base), (taken, spare, extra) = offers, stock
    s = source[a]
    if s < 0:
        return base[a]
    return base[a] + extra * (max(0.0, taken[s] + need - spare[s]) - max(0.0, taken[s] - spare[s]))


@njit(cache=True, nogil=True)
def _least(offers, k, need, stock):  # type: ignore[no-untyped-def]
    """Return the least a park pays for any of its ways now."""
    least = np.inf
    for a in range(offers[0][k], offers[0][k + 1]):
        least = min(least, _cost(offers, a, need, stock))
    return least


@njit(cache=True, nogil=True)
def _rank(offers, k, need, stock, ranked):  # type: ignore[no-untyped-def]
    """Write what the ways of a park cost now, the cheapest first; return how many."""
    (begin, _, _, _), (costs, picks) = offers, ranked
    for i in range(begin[k + 1] - begin[k]):
        at, cost = i, _cost(offers, begin[k] + i, need, stock)
        while at > 0 and costs[k, at - 1] > cost:
            costs[k, at], picks[k, at] = costs[k, at - 1], picks[k, at - 1]
            at -= 1
        costs[k, at], picks[k, at] = cost, begin[k] + i
    return begin[k + 1] - begin[k]


@njit(cache=True, nogil=True)
def _search(offers, order, needs, spare, extra):  # type: ignore[no-untyped-def]
    """Return the way of each park; the stack holds, by depth, the ways ranked and the one taken."""
    begin, way, source, _ = offers
    chosen, depths = np.full(len(needs), -1, np.int64), len(order)
    widest = max(1, np.max(np.diff(begin))) if depths else 1
    costs, picks = np.zeros((depths, widest)), np.zeros((depths, widest), np.int64)
    counts, tried = np.zeros(depths, np.int64), np.zeros(depths, np.int64)
    spent, taken = np.zeros(depths + 1), np.zeros(len(spare))
    stock, ranked = (taken, spare, extra), (costs, picks)
    best, k = np.inf, 0
    while k >= 0 and depths > 0:
        if k < depths and tried[k] == 0:
            counts[k] = _rank(offers, k, needs[order[k]], stock, ranked)
        elif k < depths:
            _move(source, taken, picks[k, tried[k] - 1], -needs[order[k]])
        if k == depths:
            best = spent[k]
            for d in range(depths):
                chosen[order[d]] = way[picks[d, tried[d] - 1]]
            k -= 1
            continue
        if tried[k] == counts[k]:
            tried[k] = 0
            k -= 1
            continue
        spent[k + 1] = spent[k] + costs[k, tried[k]]
        _move(source, taken, picks[k, tried[k]], needs[order[k]])
        tried[k] += 1
        bound = spent[k + 1]
        for d in range(k + 1, depths):
            bound += _least(offers, d, needs[order[d]], stock)
        if best == np.inf or bound < best - LEAST_GAIN * abs(best):
            k += 1
    return chosen


@njit(cache=True, nogil=True)
def _move(source, taken, a, need):  # type: ignore[no-untyped-def]
    """Take from the source of a way, or give back."""
    if source[a] >= 0:
        taken[source[a]] += need
