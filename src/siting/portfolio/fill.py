"""Which prospects fill a site: greedy by marginal saving, with area and sanitary limits.

From an empty site the prospect that adds most is added again and again, once judged by roubles and
once by roubles per hectare; the best moment of either course is kept, then residents that cost
more than they bring are dropped and better ones taken in their place. The first residents may
lose money: they pay for connections that later ones share. This is a heuristic: its saving is
real, but a better set may exist.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from siting.portfolio.stairs import build_stairs, stair_cost

BY_SAVING = 0
BY_HECTARE = 1
"""How a course ranks who comes next."""

ROUNDS = 2
"""Passes over all prospects when a set is polished."""
LEAST_STEP_MRUB = 1e-9
"""Gains below this are rounding."""
ROUNDING = 1.0 + 1e-9
"""Areas may add up to this times the limit: sums of decimals are not exact."""

VALUE = 0
LONE = 1
"""Rows of `values`: cost alone minus on-site networks, and what a single resident is spared."""


@njit(cache=True, nogil=True)
def park_need(total, largest, coincidence):  # type: ignore[no-untyped-def]
    """Return the demand a connection is built for: coincident, but never below the largest."""
    return max(coincidence * total, largest)


@njit(cache=True, nogil=True)
def set_needs(members, demands, coincidence):  # type: ignore[no-untyped-def]
    """Return the need of a set of residents by utility, shape (8,)."""
    needs = np.zeros(demands.shape[1])
    for u in range(demands.shape[1]):
        total, largest = 0.0, 0.0
        for j in range(demands.shape[0]):
            if members[j]:
                total += demands[j, u]
                largest = max(largest, demands[j, u])
        needs[u] = park_need(total, largest, coincidence[u])
    return needs


@njit(cache=True, nogil=True)
def _marginal(people, stairs, state, j):  # type: ignore[no-untyped-def]
    """Return what one more resident adds to the cost of connections."""
    demands, coincidence, _ = people
    total, largest, costs = state
    paid = 0.0
    for u in range(len(total)):
        demand = demands[j, u]
        if demand > 0.0:
            need = park_need(total[u] + demand, max(largest[u], demand), coincidence[u])
            # one access serves all: who asks for no more of it costs nothing
            if need != park_need(total[u], largest[u], coincidence[u]):
                paid += stair_cost(stairs[0], stairs[1], u, need) - costs[u]
    return paid


@njit(cache=True, nogil=True)
def _join(people, stairs, state, j):  # type: ignore[no-untyped-def]
    """Add a resident to what a site needs and pays; changes `state` in place."""
    total, largest, costs = state
    for u in range(len(total)):
        total[u] += people[0][j, u]
        largest[u] = max(largest[u], people[0][j, u])
        need = park_need(total[u], largest[u], people[1][u])
        costs[u] = stair_cost(stairs[0], stairs[1], u, need)


@njit(cache=True, nogil=True)
def _course(people, place, stairs, power):  # type: ignore[no-untyped-def]
    """Return the best set met on one greedy course, and its saving."""
    areas = people[2]
    values, fits, limit_ha = place
    m, utilities = people[0].shape
    members, best_members = np.zeros(m, np.bool_), np.zeros(m, np.bool_)
    state = (np.zeros(utilities), np.zeros(utilities), np.zeros(utilities))
    saving, best, used_ha, chosen_gain = 0.0, -np.inf, 0.0, 0.0
    able = np.flatnonzero(fits)
    for step in range(len(able)):
        chosen, top = -1, -np.inf
        for j in able:
            if members[j] or used_ha + areas[j] > limit_ha * ROUNDING:
                continue
            gain = values[VALUE, j] - _marginal(people, stairs, state, j)
            score = gain / areas[j] if power == BY_HECTARE else gain
            if score > top:
                chosen, top, chosen_gain = int(j), score, gain
        if chosen < 0:
            break
        members[chosen] = True
        used_ha += areas[chosen]
        saving += chosen_gain
        _join(people, stairs, state, chosen)
        here = saving + (values[LONE, chosen] if step == 0 else 0.0)
        if here > best:
            best = here
            best_members = members.copy()
    return best, best_members


@njit(cache=True, nogil=True)
def _saving_of(people, stairs, total, sums):  # type: ignore[no-untyped-def]
    """Return the saving of residents whose demands and values add up to `total` and `sums`."""
    saving = sums[VALUE] + (sums[LONE] if sums[2] == 1.0 else 0.0)
    for u in range(len(people[1])):
        need = park_need(total[0, u], total[1, u], people[1][u])
        saving -= stair_cost(stairs[0], stairs[1], u, need)
    return saving


@njit(cache=True, nogil=True)
def _added_up(people, values, members):  # type: ignore[no-untyped-def]
    """Return demands together and the largest, shape (2, 8), and sums of both values and heads."""
    total, sums = np.zeros((2, people[0].shape[1])), np.zeros(3)
    for j in np.flatnonzero(members):
        for u in range(total.shape[1]):
            total[0, u] += people[0][j, u]
            total[1, u] = max(total[1, u], people[0][j, u])
        sums[VALUE] += values[VALUE, j]
        sums[LONE] += values[LONE, j]
        sums[2] += 1.0
    return total, sums


@njit(cache=True, nogil=True)
def _polish(people, place, stairs, members):  # type: ignore[no-untyped-def]
    """Drop or add single residents while the saving grows; changes `members` in place."""
    areas = people[2]
    values, fits, limit_ha = place
    total, sums = _added_up(people, values, members)
    best = _saving_of(people, stairs, total, sums)
    used_ha = np.sum(areas[members])
    for _ in range(ROUNDS):
        changed = False
        for j in np.flatnonzero(fits):
            joins = not members[j]
            if joins and used_ha + areas[j] > limit_ha * ROUNDING:
                continue
            if not joins and sums[2] == 1.0:
                continue
            members[j] = joins
            total, fresh = _added_up(people, values, members)
            saving = _saving_of(people, stairs, total, fresh)
            if saving > best + LEAST_STEP_MRUB:
                best, changed, sums = saving, True, fresh
                used_ha += areas[j] if joins else -areas[j]
            else:
                members[j] = not joins
        if not changed:
            break
    return best


@njit(cache=True, nogil=True)
def fill_site(supply, people, place):  # type: ignore[no-untyped-def]
    """Return the saving and members, shape (m,), of the best set of at least one found at a site.

    The saving may be negative; it is -inf, with no members, where nobody fits.

    Parameters
    ----------
    supply
        Ways, prices and spare capacities: what `cheapest_way` takes.
    people
        Demands, shape (m, 8), coincidence, shape (8,), and areas, ha, shape (m,).
    place
        Position of the site, values, shape (2, m), who may settle, shape (m,), and its area, ha.
    """
    site, values, fits, limit_ha = place
    stairs = build_stairs(supply, people, site, fits, limit_ha)
    held = (values, fits, limit_ha)
    best, members = _course(people, held, stairs, BY_SAVING)
    other, found = _course(people, held, stairs, BY_HECTARE)
    if other > best:
        best, members = other, found
    if np.isfinite(best):
        best = _polish(people, held, stairs, members)
    return best, members


@njit(cache=True, nogil=True)
def fill_sites(supply, people, values, fits, limits_ha):  # type: ignore[no-untyped-def]
    """Return savings, shape (n,), and members, shape (n, m), of every site taken alone."""
    n, _, m = values.shape
    savings, members = np.zeros(n), np.zeros((n, m), np.bool_)
    for i in range(n):
        savings[i], found = fill_site(supply, people, (i, values[i], fits[i], limits_ha[i]))
        # a loop: assigning a row compiles the text of an error about shapes, two seconds long
        for j in range(m):
            members[i, j] = found[j]
    return savings, members
