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
def bound_sites(gain, order, room, costs):  # type: ignore[no-untyped-def]
    """Return the best fractional knapsack of each site over all choices of optional utilities.

    Parameters
    ----------
    gain
        What each prospect brings to each site, shape (n, m).
    order
        Prospects of each site by gain per hectare, the best first, shape (n, m).
    room
        Areas, shape (m,), who may settle where, shape (n, m), and areas of the sites, shape (n,).
    costs
        What opening each site costs at least, shape (n,), what building each optional utility costs
        at least, shape (n, e), and whether a prospect needs it, shape (m, e).
    """
    areas, fits, limits = room
    fixed, optional, needed = costs
    n = len(gain)
    e = optional.shape[1]
    best = np.full(n, -np.inf)
    for i in range(n):
        for mask in range(2**e):
            value, left = -fixed[i], limits[i]
            for o in range(e):
                if mask >> o & 1:
                    value -= optional[i, o]
            for j in order[i]:
                if gain[i, j] <= 0.0 or left <= 0.0:
                    break
                if not fits[i, j] or not _served(needed[j], mask):
                    continue
                share = min(1.0, left / areas[j])
                value += share * gain[i, j]
                left -= share * areas[j]
            best[i] = max(best[i], value)
    return best


@njit(cache=True, nogil=True)
def _served(needed, mask):  # type: ignore[no-untyped-def]
    """Return whether the utilities built, a bit each, are all a prospect needs."""
    for o in range(len(needed)):  # noqa: SIM110  # numba compiles no all()
        if needed[o] and not mask >> o & 1:
            return False
    return True


@njit(cache=True, nogil=True)
def pack_site(gain, room, costs):  # type: ignore[no-untyped-def]
    """Return the best whole knapsack of one site over all masks: value and members, shape (m,)."""
    areas, fits, limit = room
    fixed, optional, needed = costs
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
