"""What one draw of prices, demands, spare capacities and residents makes of every site.

Option and source are chosen again in each draw. Connections are built for all residents a park was
planned for, and only those who come bring their saving: the money is spent before they do. Sites
are judged one by one, as if alone on their sources; in a plan each park finds what earlier ones
left.

Throughout, `supply` is (starts, laid ways, prices, spare capacities) as `siting.portfolio.quick`
has them, and `people` is (demands, coincidence, areas).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from siting.portfolio.fill import ROUNDING, park_need
from siting.portfolio.quick import cheapest_laid


@njit(cache=True, nogil=True)
def alone_costs(supply, demands):  # type: ignore[no-untyped-def]
    """Return the whole connection cost of each prospect alone, mln roubles, shape (m,)."""
    start, laid, prices, spare = supply
    m, utilities = demands.shape
    costs = np.zeros(m)
    for j in range(m):
        for u in range(utilities):
            cost, _ = cheapest_laid(start, laid, prices, spare, j * utilities + u, demands[j, u])
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
        networks by resident, in the order of `groups`.
    shares_sources
        Whether each site finds only the spare capacity that earlier ones left.
    """
    start, laid, prices, spare = supply
    demands, coincidence, _ = people
    begin, residents = groups
    alone, come, onsite = brought
    utilities = demands.shape[1]
    left = spare.copy()
    savings = np.zeros(len(begin) - 1)
    total, largest = np.zeros(utilities), np.zeros(utilities)
    for i in range(len(savings)):
        total[:] = 0.0
        largest[:] = 0.0
        for k in range(begin[i], begin[i + 1]):
            j = residents[k]
            savings[i] += come[j] * (alone[j] - onsite[k])
            for u in range(utilities):
                total[u] += demands[j, u]
                largest[u] = max(largest[u], demands[j, u])
        for u in range(utilities):
            need = park_need(total[u], largest[u], coincidence[u])
            cost, way = cheapest_laid(start, laid, prices, left, i * utilities + u, need)
            savings[i] -= cost
            if shares_sources:
                _take(laid, left, way, need)
    return savings


@njit(cache=True, nogil=True)
def _take(laid, left, way, need):  # type: ignore[no-untyped-def]
    """Lower what is left of the source of a way, never below zero; changes `left` in place."""
    if way >= 0 and laid[way, 4] >= 0.0:
        source = int(laid[way, 4])
        left[source] = max(0.0, left[source] - need)


@njit(cache=True, nogil=True)
def _needs(people, inside):  # type: ignore[no-untyped-def]
    """Return the need of a set of residents by utility, shape (8,); `inside` are positions."""
    demands, coincidence, _ = people
    needs = np.zeros(demands.shape[1])
    for u in range(len(needs)):
        total, largest = 0.0, 0.0
        for j in inside:
            total += demands[j, u]
            largest = max(largest, demands[j, u])
        needs[u] = park_need(total, largest, coincidence[u])
    return needs


@njit(cache=True, nogil=True)
def _connect(supply, people, site, inside, shares):  # type: ignore[no-untyped-def]
    """Return the cost of connecting a set of residents, each utility times its share."""
    start, laid, prices, left = supply
    needs = _needs(people, inside)
    total = 0.0
    for u in range(len(needs)):
        cost, _ = cheapest_laid(start, laid, prices, left, site * len(needs) + u, needs[u])
        total += shares[u] * cost
    return total


@njit(cache=True, nogil=True)
def _quick_fill(supply, people, place, order):  # type: ignore[no-untyped-def]
    """Return the saving and positions of the residents of a site filled in `order`, thinned once.

    `place` is the position of the site, what each prospect brings, who may settle, and its area.
    """
    demands, coincidence, areas = people
    site, gain, free, limit_ha = place
    whole = np.ones(len(coincidence))
    users = np.zeros(len(coincidence), np.int64)
    inside = np.empty(len(order), np.int64)
    count, brought, room = 0, 0.0, limit_ha * ROUNDING
    for j in order:
        if free[j] and gain[j] > 0.0 and areas[j] <= room:
            inside[count] = j
            count += 1
            brought += gain[j]
            room -= areas[j]
            for u in range(len(users)):
                users[u] += demands[j, u] > 0.0
    members = np.sort(inside[:count])
    best = brought - _connect(supply, people, site, members, whole)
    # only who alone needs some utility is worth thinning
    for j in members.copy():
        only = False
        for u in range(len(users)):
            only = only or (users[u] == 1 and demands[j, u] > 0.0)
        if not only:
            continue
        others = members[members != j]
        without = brought - gain[j] - _connect(supply, people, site, others, whole)
        if without > best:
            best, members = without, others
            brought -= gain[j]
            for u in range(len(users)):
                users[u] -= demands[j, u] > 0.0
    return best, members


@njit(cache=True, nogil=True)
def _occupy(supply, people, site, inside):  # type: ignore[no-untyped-def]
    """Take what a park uses from what is left of its sources; changes them in place."""
    start, laid, prices, left = supply
    needs = _needs(people, inside)
    for u in range(len(needs)):
        _, way = cheapest_laid(start, laid, prices, left, site * len(needs) + u, needs[u])
        _take(laid, left, way, needs[u])


@njit(cache=True, nogil=True)
def reselect(supply, people, places, order, rules, money):  # type: ignore[no-untyped-def]
    """Return the site at which a greedy choice settles each prospect, -1 for none, shape (m,).

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
    free, worth, homes = np.ones(m, np.bool_), np.full(n, np.inf), np.full(m, -1)
    members = [np.empty(0, np.int64) for _ in range(n)]
    left = (supply[0], supply[1], supply[2], supply[3].copy())
    while np.sum(opened) < rules[0]:
        site = _leader(worth, opened, closed, rules[5])
        if site < 0:
            break
        if not fresh[site]:
            place = (site, gains[site], free & allowed[site], limits[site])
            saving, found = _quick_fill(left, people, place, order[site])
            worth[site] = saving - opening
            fresh[site] = True
            members[site] = found
            closed[site] = len(found) < rules[1] or (worth[site] <= 0.0 and not rules[5][site])
            continue
        spent = fee + _connect(left, people, site, members[site], shares)
        for j in members[site]:
            spent += onsite[site, j]
        if spent > budget:
            closed[site] = True
            continue
        opened[site] = True
        budget -= spent
        _close_rivals(closed, opened, site, rules)
        _occupy(left, people, site, members[site])
        for j in members[site]:
            free[j] = False
            homes[j] = site
        for i in range(n):
            fresh[i] = False
    return homes


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
