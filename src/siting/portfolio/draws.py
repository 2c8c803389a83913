"""What one draw of prices, demands, spare capacities and residents makes of every site.

Option and source are chosen again in each draw. Connections are built for all residents a park was
planned for, and only those who come bring their saving: the money is spent before they do. Ignores
that parks share sources, except in the total of a plan, where each park finds what earlier ones left.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from siting.portfolio.fill import park_need, set_needs
from siting.portfolio.ways import cheapest_way


@njit(cache=True, nogil=True)
def alone_costs(ways, prices, spare, demands):  # type: ignore[no-untyped-def]
    """Return the whole connection cost of each prospect alone, mln roubles, shape (m,)."""
    m, utilities = demands.shape
    costs = np.zeros(m)
    for j in range(m):
        for u in range(utilities):
            cost, _ = cheapest_way(ways, prices, spare, j * utilities + u, demands[j, u])
            costs[j] += cost
    return costs


@njit(cache=True, nogil=True)
def site_savings(ways, prices, spare, groups, demands, coincidence, values, come, rates):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Return the saving of each site with its residents, shape (n,).

    Parameters
    ----------
    groups
        Starts, shape (n + 1,), and positions of the residents of each site, one after another.
    values
        Cost alone, on-site networks included, shape (m,).
    come
        Share of each prospect that comes, 0 to 1, shape (m,).
    rates
        On-site networks by site and prospect, mln roubles, shape (n, m).
    """
    start, residents = groups
    n, utilities = len(start) - 1, demands.shape[1]
    savings = np.zeros(n)
    for i in range(n):
        saving = 0.0
        for j in residents[start[i] : start[i + 1]]:
            saving += come[j] * (values[j] - rates[i, j])
        for u in range(utilities):
            total, largest = 0.0, 0.0
            for j in residents[start[i] : start[i + 1]]:
                total += demands[j, u]
                largest = max(largest, demands[j, u])
            need = park_need(total, largest, coincidence[u])
            cost, _ = cheapest_way(ways, prices, spare, i * utilities + u, need)
            saving -= cost
        savings[i] = saving
    return savings


@njit(cache=True, nogil=True)
def plan_total(ways, prices, spare, groups, demands, coincidence, values, come, rates):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Return the saving of all sites together; each finds the spare capacity earlier ones left."""
    start, residents = groups
    utilities = demands.shape[1]
    left = spare.copy()
    total_saving = 0.0
    for i in range(len(start) - 1):
        for j in residents[start[i] : start[i + 1]]:
            total_saving += come[j] * (values[j] - rates[i, j])
        for u in range(utilities):
            total, largest = 0.0, 0.0
            for j in residents[start[i] : start[i + 1]]:
                total += demands[j, u]
                largest = max(largest, demands[j, u])
            need = park_need(total, largest, coincidence[u])
            cost, way = cheapest_way(ways, prices, left, i * utilities + u, need)
            total_saving -= cost
            _take(ways, left, way, need)
    return total_saving


@njit(cache=True, nogil=True)
def _take(ways, left, way, need):  # type: ignore[no-untyped-def]
    """Lower what is left of the source of a way, never below zero; changes `left` in place."""
    if way >= 0 and ways[2][way] >= 0:
        left[ways[2][way]] = max(0.0, left[ways[2][way]] - need)


@njit(cache=True, nogil=True)
def _quick_fill(ways, prices, left, site, free, gain, demands, coincidence, areas, limit):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Return the saving and members of a site filled by gain per hectare, then thinned once."""
    m, utilities = demands.shape
    members = np.zeros(m, np.bool_)
    room = limit * (1.0 + 1e-9)
    for j in np.argsort(-gain / areas, kind="mergesort"):
        if free[j] and gain[j] > 0.0 and areas[j] <= room:
            members[j] = True
            room -= areas[j]
    best = _worth(ways, prices, left, site, members, gain, demands, coincidence)
    for j in range(m):
        if members[j] and _is_dear(demands[j], demands, members):
            members[j] = False
            without = _worth(ways, prices, left, site, members, gain, demands, coincidence)
            if without > best:
                best = without
            else:
                members[j] = True
    return best, members


@njit(cache=True, nogil=True)
def _is_dear(demand, demands, members):  # type: ignore[no-untyped-def]
    """Return whether a member alone needs some utility: only such are worth thinning."""
    for u in range(len(demand)):
        if demand[u] > 0.0:
            users = 0
            for j in range(len(members)):
                if members[j] and demands[j, u] > 0.0:
                    users += 1
            if users == 1:
                return True
    return False


@njit(cache=True, nogil=True)
def _worth(ways, prices, left, site, members, gain, demands, coincidence):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    utilities = demands.shape[1]
    needs = set_needs(members, demands, coincidence)
    saving = np.sum(gain[members])
    for u in range(utilities):
        cost, _ = cheapest_way(ways, prices, left, site * utilities + u, needs[u])
        saving -= cost
    return saving


@njit(cache=True, nogil=True)
def reselect(ways, prices, spare, gains, demands, coincidence, areas, allowed, limits, rules):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Return which sites a greedy choice opens in this draw, shape (n,).

    The rules are those of the plan: number of parks, of residents, of parks by district, budget,
    exclusive sites and sites locked in. `allowed` holds only prospects that come.
    """
    most, fewest, per_district, district, rivals, locked, opening, budget, public, onsite, fee = rules
    n, m = gains.shape
    opened, closed, free = np.zeros(n, np.bool_), np.zeros(n, np.bool_), np.ones(m, np.bool_)
    left = spare.copy()
    worth, fresh = np.full(n, np.inf), np.zeros(n, np.bool_)
    members = np.zeros((n, m), np.bool_)
    while np.sum(opened) < most:
        site = _leader(worth, opened, closed, locked)
        if site < 0:
            break
        if not fresh[site]:
            worth[site], members[site] = _quick_fill(
                ways, prices, left, site, free & allowed[site], gains[site], demands, coincidence,
                areas, limits[site],
            )  # fmt: skip
            worth[site] -= opening
            fresh[site] = True
            if np.sum(members[site]) < fewest or (worth[site] <= 0.0 and not locked[site]):
                closed[site] = True
            continue
        spent = _bill(
            ways, prices, left, site, members[site], demands, coincidence, public
        ) + fee + np.sum(onsite[site][members[site]])
        if spent > budget:
            closed[site] = True
            continue
        opened[site] = True
        budget -= spent
        _close_rivals(closed, opened, site, district, per_district, rivals)
        free &= ~members[site]
        _settle(ways, prices, left, site, members[site], demands, coincidence)
        fresh[:] = False
    return opened


@njit(cache=True, nogil=True)
def _leader(worth, opened, closed, locked):  # type: ignore[no-untyped-def]
    """Return the open question worth most, those locked in first; -1 where none is left."""
    best = -1
    for i in range(len(worth)):
        if opened[i] or closed[i]:
            continue
        if best < 0 or (locked[i] and not locked[best]):
            best = i
        elif locked[i] == locked[best] and worth[i] > worth[best]:
            best = i
    return best


@njit(cache=True, nogil=True)
def _close_rivals(closed, opened, site, district, per_district, rivals):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    closed |= rivals[site]
    mine = 0
    for i in range(len(opened)):
        if opened[i] and district[i] == district[site]:
            mine += 1
    if district[site] >= 0 and mine >= per_district:
        closed |= district == district[site]


@njit(cache=True, nogil=True)
def _bill(ways, prices, left, site, members, demands, coincidence, public):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    utilities = demands.shape[1]
    needs = set_needs(members, demands, coincidence)
    spent = 0.0
    for u in range(utilities):
        cost, _ = cheapest_way(ways, prices, left, site * utilities + u, needs[u])
        spent += public[u] * cost
    return spent


@njit(cache=True, nogil=True)
def _settle(ways, prices, left, site, members, demands, coincidence):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Take what a park uses from what is left of its sources; changes `left` in place."""
    utilities = demands.shape[1]
    needs = set_needs(members, demands, coincidence)
    for u in range(utilities):
        _, way = cheapest_way(ways, prices, left, site * utilities + u, needs[u])
        _take(ways, left, way, needs[u])
