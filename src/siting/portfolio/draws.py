"""What one draw of prices, demands, spare capacities and residents makes of every site.

Option and source are chosen again in each draw. Connections are built for all residents a park was
planned for, and only those who come bring their saving: the money is spent before they do. Sites
are judged one by one, as if alone on their sources; in a plan each park finds what earlier ones
left.

Throughout, `supply` is (ways, prices, spare capacities) and `people` is (demands, coincidence,
areas).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from siting.portfolio.fill import ROUNDING, park_need, set_needs
from siting.portfolio.ways import cheapest_way


@njit(cache=True, nogil=True)
def alone_costs(supply, demands):  # type: ignore[no-untyped-def]
    """Return the whole connection cost of each prospect alone, mln roubles, shape (m,)."""
    ways, prices, spare = supply
    m, utilities = demands.shape
    costs = np.zeros(m)
    for j in range(m):
        for u in range(utilities):
            cost, _ = cheapest_way(ways, prices, spare, j * utilities + u, demands[j, u])
            costs[j] += cost
    return costs


@njit(cache=True, nogil=True)
def park_savings(supply, people, groups, brought, shares_sources):  # type: ignore[no-untyped-def]
    """Return the saving of each site with its residents, mln roubles, shape (n,).

    Parameters
    ----------
    groups
        Starts, shape (n + 1,), and positions of the residents of each site, one after another.
    brought
        Cost alone, shape (m,), share of each prospect that comes, 0 to 1, shape (m,), and on-site
        networks by site and prospect, shape (n, m).
    shares_sources
        Whether each site finds only the spare capacity that earlier ones left.
    """
    ways, prices, spare = supply
    demands, coincidence, _ = people
    start, residents = groups
    alone, come, onsite = brought
    left = spare.copy()
    savings = np.zeros(len(start) - 1)
    for i in range(len(savings)):
        for k in range(start[i], start[i + 1]):
            j = residents[k]
            savings[i] += come[j] * (alone[j] - onsite[i, j])
        for u in range(demands.shape[1]):
            total, largest = 0.0, 0.0
            for k in range(start[i], start[i + 1]):
                total += demands[residents[k], u]
                largest = max(largest, demands[residents[k], u])
            need = park_need(total, largest, coincidence[u])
            cost, way = cheapest_way(ways, prices, left, i * len(coincidence) + u, need)
            savings[i] -= cost
            if shares_sources:
                _take(ways, left, way, need)
    return savings


@njit(cache=True, nogil=True)
def _take(ways, left, way, need):  # type: ignore[no-untyped-def]
    """Lower what is left of the source of a way, never below zero; changes `left` in place."""
    if way >= 0 and ways[2][way] >= 0:
        left[ways[2][way]] = max(0.0, left[ways[2][way]] - need)


@njit(cache=True, nogil=True)
def _quick_fill(supply, people, place, order):  # type: ignore[no-untyped-def]
    """Return the saving and members of a site filled in `order`, then thinned once.

    `place` is the position of the site, what each prospect brings, who may settle, and its area.
    """
    demands, _, areas = people
    site, gain, free, limit_ha = place
    members = np.zeros(len(gain), np.bool_)
    room = limit_ha * ROUNDING
    for j in order:
        if free[j] and gain[j] > 0.0 and areas[j] <= room:
            members[j] = True
            room -= areas[j]
    best = _worth(supply, people, site, gain, members)
    for j in range(len(members)):
        if members[j] and _is_only_user(demands, members, j):
            members[j] = False
            without = _worth(supply, people, site, gain, members)
            if without > best:
                best = without
            else:
                members[j] = True
    return best, members


@njit(cache=True, nogil=True)
def _is_only_user(demands, members, j):  # type: ignore[no-untyped-def]
    """Return whether a member alone needs some utility: only such are worth thinning."""
    for u in range(demands.shape[1]):
        if demands[j, u] > 0.0:
            users = 0
            for other in range(len(members)):
                if members[other] and demands[other, u] > 0.0:
                    users += 1
            if users == 1:
                return True
    return False


@njit(cache=True, nogil=True)
def _worth(supply, people, site, gain, members):  # type: ignore[no-untyped-def]
    """Return the saving of a set of residents of a site."""
    worth = -_connect(supply, people, site, members, np.ones(len(people[1])))
    for j in range(len(members)):
        if members[j]:
            worth += gain[j]
    return worth


@njit(cache=True, nogil=True)
def _connect(supply, people, site, members, shares):  # type: ignore[no-untyped-def]
    """Return the cost of connecting a set of residents, each utility times its share."""
    ways, prices, left = supply
    needs = set_needs(members, people[0], people[1])
    total = 0.0
    for u in range(len(needs)):
        cost, _ = cheapest_way(ways, prices, left, site * len(needs) + u, needs[u])
        total += shares[u] * cost
    return total


@njit(cache=True, nogil=True)
def _occupy(supply, people, site, members):  # type: ignore[no-untyped-def]
    """Take what a park uses from what is left of its sources; changes them in place."""
    ways, prices, left = supply
    needs = set_needs(members, people[0], people[1])
    for u in range(len(needs)):
        _, way = cheapest_way(ways, prices, left, site * len(needs) + u, needs[u])
        _take(ways, left, way, needs[u])


@njit(cache=True, nogil=True)
def reselect(supply, people, places, order, rules, money):  # type: ignore[no-untyped-def]
    """Return which sites a greedy choice opens in this draw, shape (n,).

    Parameters
    ----------
    places
        What each prospect brings to each site, shape (n, m), who of those that come may settle
        there, shape (n, m), and areas of the sites, ha, shape (n,).
    order
        Prospects of each site, who brings most per hectare first, shape (n, m).
    rules
        Most parks, fewest residents, most parks of a district, district by site, rivals by pair of
        sites, locked in by site.
    money
        Cost of opening, the budget's part of it, budget, the budget's shares of connections, shape
        (8,), and its part of on-site networks by site and prospect, shape (n, m).
    """
    gains, allowed, limits = places
    opening, fee, budget, shares, onsite = money
    n, m = gains.shape
    opened, closed, fresh = np.zeros(n, np.bool_), np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    free, worth, members = np.ones(m, np.bool_), np.full(n, np.inf), np.zeros((n, m), np.bool_)
    left = (supply[0], supply[1], supply[2].copy())
    while np.sum(opened) < rules[0]:
        site = _leader(worth, opened, closed, rules[5])
        if site < 0:
            break
        if not fresh[site]:
            place = (site, gains[site], free & allowed[site], limits[site])
            saving, found = _quick_fill(left, people, place, order[site])
            worth[site] = saving - opening
            fresh[site] = True
            count = 0
            for j in range(m):
                members[site, j] = found[j]
                count += found[j]
            few = count < rules[1]
            closed[site] = few or (worth[site] <= 0.0 and not rules[5][site])
            continue
        spent = fee + _connect(left, people, site, members[site], shares)
        for j in range(m):
            if members[site, j]:
                spent += onsite[site, j]
        if spent > budget:
            closed[site] = True
            continue
        opened[site] = True
        budget -= spent
        _close_rivals(closed, opened, site, rules)
        _occupy(left, people, site, members[site])
        for j in range(m):
            free[j] = free[j] and not members[site, j]
        for i in range(n):
            fresh[i] = False
    return opened


@njit(cache=True, nogil=True)
def _leader(worth, opened, closed, locked):  # type: ignore[no-untyped-def]
    """Return the open question worth most, those locked in first; -1 where none is left."""
    best = -1
    for i in range(len(worth)):
        if opened[i] or closed[i]:
            continue
        leads = best < 0 or (locked[i] and not locked[best])
        if leads or (locked[i] == locked[best] and worth[i] > worth[best]):
            best = i
    return best


@njit(cache=True, nogil=True)
def _close_rivals(closed, opened, site, rules):  # type: ignore[no-untyped-def]
    """Close the sites that may not open beside `site`; changes `closed` in place."""
    _, _, per_district, district, rivals, _ = rules
    mine = 0
    for i in range(len(opened)):
        if opened[i] and district[i] == district[site]:
            mine += 1
    for i in range(len(opened)):
        full = mine >= per_district and district[site] >= 0 and district[i] == district[site]
        if full or rivals[site, i]:
            closed[i] = True
