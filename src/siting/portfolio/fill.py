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

from siting.portfolio.ways import cheapest_way

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
def set_saving(supply, people, place, members):  # type: ignore[no-untyped-def]
    """Return the saving of a set of residents of a site: values minus connections."""
    ways, prices, spare = supply
    demands, coincidence, _ = people
    site, values, _, _ = place
    utilities = demands.shape[1]
    needs = set_needs(members, demands, coincidence)
    saving, lone, count = 0.0, 0.0, 0
    for j in range(len(members)):
        if members[j]:
            saving += values[VALUE, j]
            lone += values[LONE, j]
            count += 1
    if count == 1:
        saving += lone
    for u in range(utilities):
        cost, _ = cheapest_way(ways, prices, spare, site * utilities + u, needs[u])
        saving -= cost
    return saving


@njit(cache=True, nogil=True)
def _marginal(supply, people, place, state, j):  # type: ignore[no-untyped-def]
    """Return what one more resident adds to the saving of a site."""
    ways, prices, spare = supply
    demands, coincidence, _ = people
    total, largest, costs = state
    utilities = demands.shape[1]
    gain = place[1][VALUE, j]
    for u in range(utilities):
        if demands[j, u] > 0.0:
            need = park_need(
                total[u] + demands[j, u], max(largest[u], demands[j, u]), coincidence[u]
            )
            # one access serves all: who asks for no more of it costs nothing
            if need == park_need(total[u], largest[u], coincidence[u]):
                continue
            cost, _ = cheapest_way(ways, prices, spare, place[0] * utilities + u, need)
            gain -= cost - costs[u]
    return gain


@njit(cache=True, nogil=True)
def _course(supply, people, place, power):  # type: ignore[no-untyped-def]
    """Return the best set met on one greedy course, and its saving."""
    ways, prices, spare = supply
    demands, coincidence, areas = people
    site, values, fits, limit_ha = place
    m, utilities = demands.shape
    members, best_members = np.zeros(m, np.bool_), np.zeros(m, np.bool_)
    total, largest, costs = np.zeros(utilities), np.zeros(utilities), np.zeros(utilities)
    saving, best, used_ha, chosen_gain = 0.0, -np.inf, 0.0, 0.0
    for step in range(m):
        chosen, top = -1, -np.inf
        for j in range(m):
            if members[j] or not fits[j] or used_ha + areas[j] > limit_ha * ROUNDING:
                continue
            gain = _marginal(supply, people, place, (total, largest, costs), j)
            score = gain / areas[j] if power == BY_HECTARE else gain
            if score > top:
                chosen, top, chosen_gain = j, score, gain
        if chosen < 0:
            break
        members[chosen] = True
        used_ha += areas[chosen]
        saving += chosen_gain
        for u in range(utilities):
            total[u] += demands[chosen, u]
            largest[u] = max(largest[u], demands[chosen, u])
            need = park_need(total[u], largest[u], coincidence[u])
            costs[u], _ = cheapest_way(ways, prices, spare, site * utilities + u, need)
        here = saving + (values[LONE, chosen] if step == 0 else 0.0)
        if here > best:
            best = here
            best_members = members.copy()
    return best, best_members


@njit(cache=True, nogil=True)
def _polish(supply, people, place, members):  # type: ignore[no-untyped-def]
    """Drop or add single residents while the saving grows; changes `members` in place."""
    areas = people[2]
    _, _, fits, limit_ha = place
    best = set_saving(supply, people, place, members)
    used_ha, count = 0.0, 0
    for j in range(len(members)):
        if members[j]:
            used_ha += areas[j]
            count += 1
    for _ in range(ROUNDS):
        changed = False
        for j in range(len(members)):
            joins = not members[j]
            if joins and (not fits[j] or used_ha + areas[j] > limit_ha * ROUNDING):
                continue
            if not joins and count == 1:
                continue
            members[j] = joins
            saving = set_saving(supply, people, place, members)
            if saving > best + LEAST_STEP_MRUB:
                best, changed = saving, True
                used_ha += areas[j] if joins else -areas[j]
                count += 1 if joins else -1
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
    best, members = _course(supply, people, place, BY_SAVING)
    other, found = _course(supply, people, place, BY_HECTARE)
    if other > best:
        best, members = other, found
    if np.isfinite(best):
        best = _polish(supply, people, place, members)
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
