"""The residents of one site as a fractional knapsack, connections held from below by lines.

In a box of needs any line that lies below the staircase of a utility makes the knapsack easier and
the needs its own affair, prospect by prospect; so the value bounds every set with needs in the box,
whatever the slopes. Slopes are moved to where the line touches the staircase at what is needed.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from siting.portfolio.stairs import descending

FREE, TAKEN, BARRED = 0, 1, 2
"""What is decided of a prospect."""
NO_STEP = 1e-12
"""Squared distance of needs from where their lines touch, per need, that moves no slope."""
STEP_SHARE = 0.7
"""Share of the distance to the goal that slopes move (Polyak)."""
TINY_HA = 1e-12


@njit(cache=True, nogil=True)
def floor_of(box, corner, slope, u):  # type: ignore[no-untyped-def]
    """Return the intercept of the highest line of a slope below the cost in a box, and where."""
    low, high = box[0, u], box[1, u]
    begin, needs, costs = corner
    best, where = box[2, u] - slope * low, low
    value = box[3, u] - slope * high
    if value < best:
        best, where = value, high
    for k in range(begin[u], begin[u + 1]):
        if low < needs[k] < high:
            value = costs[k] - slope * needs[k]
            if value < best:
                best, where = value, needs[k]
    return best, where


@njit(cache=True, nogil=True)
def relax(items, box, corner, state, goal, steps):  # type: ignore[no-untyped-def]
    """Return the bound of a node, the shares settled there and the prospect partly in.

    Changes the slopes of the box to those of the bound.
    """
    share, slopes = items[3], box[4]
    utilities = len(share)
    best, best_x, best_part = np.inf, np.zeros(len(state)), -1
    best_slopes = slopes.copy()
    need, away = np.zeros(utilities), np.zeros(utilities)
    for _ in range(steps):
        value, x, part = _fractional(items, state, slopes, need)
        norm = 0.0
        for u in range(utilities):
            floor, where = floor_of(box, corner, slopes[u], u)
            value -= floor
            away[u] = 0.0
            if share[u] > 0.0 and box[1, u] > 0.0:
                away[u] = (need[u] - where) / box[1, u]
                if slopes[u] <= 0.0 and away[u] < 0.0:
                    away[u] = 0.0
                norm += away[u] * away[u]
        if value < best:
            best, best_x, best_part = value, x, part
            best_slopes[:] = slopes
        if best <= goal or norm < NO_STEP:
            break
        length = STEP_SHARE * (value - goal) / norm
        for u in range(utilities):
            if away[u] != 0.0:
                slopes[u] = max(0.0, slopes[u] + length * away[u] / box[1, u])
    slopes[:] = best_slopes
    return best, best_x, best_part


@njit(cache=True, nogil=True)
def _fractional(items, state, slopes, need):  # type: ignore[no-untyped-def]
    """Return the value of the fractional knapsack, shares and who is partly in; writes `need`."""
    _, area, demand, share, limit = items
    m, utilities = demand.shape
    worth, x = _net(items, state, slopes)
    keys, those, count, part = np.empty(m), np.empty(m, np.int64), 0, -1
    room, value = limit, 0.0
    for j in range(m):
        if x[j] > 0.0:
            room -= area[j]
            value += worth[j]
        elif worth[j] > 0.0:
            keys[count], those[count] = worth[j] / max(area[j], TINY_HA), j
            count += 1
    for k in descending(keys[:count]):
        if room <= 0.0:
            break
        j = those[k]
        x[j] = min(1.0, room / max(area[j], TINY_HA))
        room -= x[j] * area[j]
        value += x[j] * worth[j]
        if x[j] < 1.0:
            part = j
    for u in range(utilities):
        need[u] = share[u] * np.sum(x * demand[:, u])
    return value, x, part


@njit(cache=True, nogil=True)
def _net(items, state, slopes):  # type: ignore[no-untyped-def]
    """Return what each prospect is worth after its part of the lines, and 1 for those taken."""
    gain, _, demand, share, _ = items
    worth, x = np.zeros(len(gain)), np.zeros(len(gain))
    for j in range(len(gain)):
        if state[j] == BARRED:
            continue
        worth[j] = gain[j]
        for u in range(len(share)):
            worth[j] -= slopes[u] * share[u] * demand[j, u]
        if state[j] == TAKEN:
            x[j] = 1.0
    return worth, x
