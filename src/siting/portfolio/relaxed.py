"""The best set of residents of one site when prospects and the budget have prices: relaxed, fast.

With prices on prospects and on public money each site is a knapsack of its area, its connections
replaced by a line below their cost. The fractional knapsack bounds every site; the whole one,
with areas rounded down to a cell, bounds the best of them more tightly. Both only err upwards.
"""

from __future__ import annotations

import numpy as np
from numba import njit

CELLS = 256
"""Cells into which the area of a site is cut for the whole knapsack."""


@njit(cache=True, nogil=True)
def bound_sites(gain, areas, fits, limits, fixed, optional, needed):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Return the best fractional knapsack of each site, and which optional utilities it builds.

    Parameters
    ----------
    gain
        What each prospect brings to each site, shape (n, m).
    fixed
        What opening a site costs at least, shape (n,).
    optional
        What building each optional utility costs at least, shape (n, e).
    needed
        Whether a prospect needs an optional utility, shape (m, e).
    """
    n, m = gain.shape
    e = optional.shape[1]
    best = np.full(n, -np.inf)
    chosen = np.zeros(n, np.int64)
    ratio = np.empty(m)
    for i in range(n):
        for j in range(m):
            ratio[j] = -gain[i, j] / areas[j]
        order = np.argsort(ratio, kind="mergesort")
        for mask in range(2**e):
            value, room = -fixed[i], limits[i]
            for o in range(e):
                if mask >> o & 1:
                    value -= optional[i, o]
            for j in order:
                if gain[i, j] <= 0.0 or room <= 0.0:
                    break
                if not fits[i, j] or not _served(needed[j], mask):
                    continue
                share = min(1.0, room / areas[j])
                value += share * gain[i, j]
                room -= share * areas[j]
            if value > best[i]:
                best[i], chosen[i] = value, mask
    return best, chosen


@njit(cache=True, nogil=True)
def _served(needed, mask):  # type: ignore[no-untyped-def]
    for o in range(len(needed)):
        if needed[o] and not mask >> o & 1:
            return False
    return True


@njit(cache=True, nogil=True)
def pack_site(gain, areas, fits, limit, fixed, optional, needed):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Return the best whole knapsack of one site over all masks: value and members, shape (m,)."""
    m, e = len(gain), len(optional)
    best, members = -np.inf, np.zeros(m, np.bool_)
    for mask in range(2**e):
        cost = fixed
        for o in range(e):
            if mask >> o & 1:
                cost += optional[o]
        allowed = np.zeros(m, np.bool_)
        for j in range(m):
            allowed[j] = fits[j] and gain[j] > 0.0 and _served(needed[j], mask)
        value, taken = _knapsack(gain, areas, allowed, limit)
        if value - cost > best:
            best = value - cost
            members = taken
    return best, members


@njit(cache=True, nogil=True)
def _knapsack(gain, areas, allowed, limit):  # type: ignore[no-untyped-def]
    m = len(gain)
    # rounded down, so a set that fits the area always fits the cells
    weight = np.floor(areas * (CELLS / max(limit, 1e-12))).astype(np.int64)
    value = np.zeros(CELLS + 1)
    taken = np.zeros((m, CELLS + 1), np.bool_)
    for j in range(m):
        if not allowed[j] or weight[j] > CELLS:
            continue
        for room in range(CELLS, weight[j] - 1, -1):
            better = value[room - weight[j]] + gain[j]
            if better > value[room]:
                value[room] = better
                taken[j, room] = True
    members = np.zeros(m, np.bool_)
    room = CELLS
    for j in range(m - 1, -1, -1):
        if taken[j, room]:
            members[j] = True
            room -= weight[j]
    return value[CELLS], members
