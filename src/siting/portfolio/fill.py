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

BY_SAVING = 0.0
BY_HECTARE = 1.0
"""Exponents of the area by which a marginal saving is divided."""

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
def set_saving(ways, prices, spare, site, members, values, demands, coincidence):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Return the saving of a set of residents of a site: values minus connections."""
    utilities = demands.shape[1]
    needs = set_needs(members, demands, coincidence)
    saving = np.sum(values[VALUE][members])
    if np.sum(members) == 1:
        saving += np.sum(values[LONE][members])
    for u in range(utilities):
        cost, _ = cheapest_way(ways, prices, spare, site * utilities + u, needs[u])
        saving -= cost
    return saving


@njit(cache=True, nogil=True)
def _course(ways, prices, spare, site, values, demands, coincidence, areas, fits, limit_ha, power):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Return the best set met on one greedy course, and its saving."""
    m, utilities = demands.shape
    members, best_members = np.zeros(m, np.bool_), np.zeros(m, np.bool_)
    total, largest, costs = np.zeros(utilities), np.zeros(utilities), np.zeros(utilities)
    saving, best, used_ha, chosen_gain = 0.0, -np.inf, 0.0, 0.0
    for step in range(m):
        chosen, top = -1, -np.inf
        for j in range(m):
            if members[j] or not fits[j] or used_ha + areas[j] > limit_ha * (1.0 + 1e-9):
                continue
            gain = values[VALUE, j]
            for u in range(utilities):
                if demands[j, u] > 0.0:
                    need = park_need(
                        total[u] + demands[j, u], max(largest[u], demands[j, u]), coincidence[u]
                    )
                    cost, _ = cheapest_way(ways, prices, spare, site * utilities + u, need)
                    gain -= cost - costs[u]
            score = gain / areas[j] ** power
            if score > top:
                chosen, top, chosen_gain = j, score, gain
        if chosen < 0 or not np.isfinite(top):
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
            best_members[:] = members
    return best, best_members


@njit(cache=True, nogil=True)
def _polish(ways, prices, spare, site, members, values, demands, coincidence, areas, fits, limit_ha):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Drop, then add, single residents while the saving grows; changes `members` in place."""
    best = set_saving(ways, prices, spare, site, members, values, demands, coincidence)
    for _ in range(2):
        changed = False
        for j in range(len(members)):
            used_ha = np.sum(areas[members])
            joins = not members[j]
            if joins and (not fits[j] or used_ha + areas[j] > limit_ha * (1.0 + 1e-9)):
                continue
            if not joins and np.sum(members) == 1:
                continue
            members[j] = joins
            saving = set_saving(ways, prices, spare, site, members, values, demands, coincidence)
            if saving > best + 1e-9:
                best, changed = saving, True
            else:
                members[j] = not joins
        if not changed:
            break
    return best


@njit(cache=True, nogil=True)
def fill_site(ways, prices, spare, site, values, demands, coincidence, areas, fits, limit_ha):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Return the saving and members, shape (m,), of the best set of at least one found at a site.

    The saving may be negative; it is -inf, with no members, where nobody fits.
    """
    best, members = -np.inf, np.zeros(values.shape[1], np.bool_)
    for power in (BY_SAVING, BY_HECTARE):
        saving, found = _course(
            ways, prices, spare, site, values, demands, coincidence, areas, fits, limit_ha, power
        )
        if saving > best:
            best = saving
            members[:] = found
    if np.isfinite(best):
        best = _polish(
            ways, prices, spare, site, members, values, demands, coincidence, areas, fits, limit_ha
        )
    return best, members


@njit(cache=True, nogil=True)
def fill_sites(ways, prices, spare, values, demands, coincidence, areas, fits, limits_ha):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Return savings, shape (n,), and members, shape (n, m), of every site taken alone."""
    n, _, m = values.shape
    savings, members = np.zeros(n), np.zeros((n, m), np.bool_)
    for i in range(n):
        savings[i], members[i] = fill_site(
            ways,
            prices,
            spare,
            i,
            values[i],
            demands,
            coincidence,
            areas,
            fits[i],
            limits_ha[i],
        )
    return savings, members
