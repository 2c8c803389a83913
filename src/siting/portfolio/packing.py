"""The best residents of one site when prospects, sources and public money have prices: proven.

Choosing residents of a site is a knapsack of its area whose connections cost a staircase of what
the residents need together. Branch and bound over boxes of needs: within a box the staircase of
each utility is held from below by a line of any slope, the slopes are moved until the bound is
small, and the box is cut at the corner of the staircase where the line errs most. Inside a box
that leaves no room for error the one prospect that is only partly in is decided.

The bound holds whenever the work ends; so work is limited by nodes, never by time.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from siting.portfolio.envelope import priced_cheapest
from siting.portfolio.fill import ROUNDING, park_need
from siting.portfolio.relaxed import BARRED, FREE, TAKEN, floor_of, relax
from siting.portfolio.stairs import descending

ABOVE = 1.0 + 2e-9
"""Just above a corner: ceilings forgive 1e-9."""
STEPS = 4
"""Moves of the slopes in a box."""
ROOT_STEPS = 5
"""Moves of the slopes before the first cut; they begin where the last search of the site ended."""
SMALL = 1e-7
"""Mln roubles below which bound and set are one."""
ERROR_SHARE = 0.2
"""Error of a line, per distance of bound and set, above which its box is cut first."""
ROUNDS = 3
"""Passes over all prospects when a set is polished."""


@njit(cache=True, nogil=True)
def _worth_of(items, inside, priced):  # type: ignore[no-untyped-def]
    """Return the priced saving of a set, opening not counted."""
    gain, _, demand, share, _ = items
    (row, supply, tolls), worth = priced, 0.0
    for j in range(len(gain)):
        if inside[j]:
            worth += gain[j]
    for u in range(demand.shape[1]):
        total, largest = 0.0, 0.0
        for j in range(len(gain)):
            if inside[j]:
                total += demand[j, u]
                largest = max(largest, demand[j, u])
        cost, _ = priced_cheapest(supply, tolls, row + u, park_need(total, largest, share[u]))
        worth -= cost
    return worth


@njit(cache=True, nogil=True)
def _rounded(items, x):  # type: ignore[no-untyped-def]
    """Return the prospects wholly in, and others that still fit by their share."""
    gain, area, _, _, limit = items
    inside = x >= 1.0 - 1e-12
    room = limit * ROUNDING
    for j in range(len(gain)):
        if inside[j]:
            room -= area[j]
    for j in descending(x):
        if not inside[j] and x[j] > 0.0 and area[j] <= room:
            inside[j] = True
            room -= area[j]
    return inside


@njit(cache=True, nogil=True)
def _polished(items, inside, priced):  # type: ignore[no-untyped-def]
    """Add, drop and exchange single prospects while the priced saving grows."""
    area, limit = items[1], items[4]
    m = len(area)
    best = _worth_of(items, inside, priced)
    room = limit * ROUNDING
    for j in range(m):
        if inside[j]:
            room -= area[j]
    for _ in range(ROUNDS):
        changed = False
        for j in range(m):
            if inside[j] or area[j] <= room:
                inside[j] = not inside[j]
                worth = _worth_of(items, inside, priced)
                if worth > best + SMALL:
                    best, changed = worth, True
                    room += -area[j] if inside[j] else area[j]
                else:
                    inside[j] = not inside[j]
        if not changed:
            break
    return best


@njit(cache=True, nogil=True)
def pack_exact(items, priced, corner, slopes, asked):  # type: ignore[no-untyped-def]
    """Return a bound of the priced saving of any residents of a site, and the best set found.

    Parameters
    ----------
    items
        Gain, shape (m,), area, shape (m,), demand, shape (m, 8), coincidence, shape (8,), and the
        area of the site.
    priced
        8 times the position of the site; ways, prices and spare capacities; weight of money by
        utility and toll by source.
    corner
        Starts by utility, shape (9,), needs and priced costs at the corners of the staircases.
    slopes
        Where the search of slopes begins; changed to where it ends at the root.
    asked
        Saving below which a site is of no interest, and how many boxes may be cut; with fewer
        than none the root is bounded and no set is looked for.
    """
    cutoff, most_nodes = asked
    m, utilities = items[2].shape
    size = 2 * max(most_nodes, 0) + 4
    # in each box: lows, highs, costs there, slopes
    boxes = np.zeros((5, size, utilities))
    states, shares = np.zeros((size, m), np.int8), np.zeros((size, m))
    bounds, parts = np.full(size, -np.inf), np.full(size, -1)
    tree = (boxes, states, shares, bounds, parts)
    members = np.zeros(m, np.bool_)
    if m == 0 or not _root(items[2], corner, boxes):
        return -np.inf, -np.inf, members
    boxes[4, 0] = slopes
    first, count, best = 0, 1, -np.inf
    while True:
        # one call for the root and for halves: it is the largest part of what is compiled
        found = (best, members)
        best = _explore(tree, (first, count), (items, priced, corner), found, asked)
        if first == 0:
            slopes[:] = boxes[4, 0]
        node = 0
        while count < 2 * most_nodes + 1:
            node = int(np.argmax(bounds[:count]))
            if bounds[node] <= max(best + SMALL, cutoff):
                return max(bounds[node], best), best, members
            if _divide(tree, node, count, (items, priced, corner), best):
                break
        if count >= 2 * most_nodes + 1:
            break
        bounds[node] = -np.inf
        first, count = count, count + 2
    return max(np.max(bounds[:count]), best), best, members


@njit(cache=True, nogil=True)
def _explore(tree, span, given, found, asked):  # type: ignore[no-untyped-def]
    """Bound boxes and look for sets in them; return the best saving, changes its members."""
    boxes, states, shares, bounds, parts = tree
    items, priced, corner = given
    best, members = found
    for node in range(span[0], span[1]):
        goal = max(best, asked[0])
        if not _bar(items, corner, boxes[1, node], states[node]):
            continue
        steps = ROOT_STEPS if node == 0 else STEPS
        bounds[node], shares[node], parts[node] = relax(
            items, boxes[:, node], corner, states[node], goal, steps
        )
        if bounds[node] <= goal or asked[1] < 0:
            continue
        inside = _rounded(items, shares[node])
        worth = _worth_of(items, inside, priced)
        if node == 0:
            worth = _polished(items, inside, priced)
        if worth > best:
            best = worth
            members[:] = inside
    return best


@njit(cache=True, nogil=True)
def _divide(tree, node, left, given, best):  # type: ignore[no-untyped-def]
    """Write the two halves of a box at `left` and after it; False where one set is left in it."""
    boxes, states, shares, bounds, parts = tree
    items, priced, corner = given
    u, where, error = _worst(items, corner, boxes[:, node], shares[node], priced)
    part = parts[node]
    for new in range(left, left + 2):
        boxes[:, new], states[new] = boxes[:, node], states[node]
    wrong = error > SMALL if part < 0 else error > ERROR_SHARE * (bounds[node] - best)
    if u >= 0 and wrong and _cut(corner, boxes, left, (u, where), priced):
        return True
    if part < 0:
        # whole shares, but needs outside the box or an arc under its chord: decide somebody
        part = _undecided(items, states[node])
    if part < 0:
        bounds[node] = _worth_of(items, states[node] == TAKEN, priced)
        return False
    states[left, part], states[left + 1, part] = BARRED, TAKEN
    return True


@njit(cache=True, nogil=True)
def _undecided(items, state):  # type: ignore[no-untyped-def]
    """Return the undecided prospect that brings most; -1 where all is decided."""
    chosen = -1
    for j in range(len(state)):
        if state[j] == FREE and (chosen < 0 or items[0][j] > items[0][chosen]):
            chosen = j
    return chosen


@njit(cache=True, nogil=True)
def _root(demand, corner, boxes):  # type: ignore[no-untyped-def]
    """Write the box of all needs; say whether anybody can be connected at all."""
    begin, needs, costs = corner
    for u in range(demand.shape[1]):
        if begin[u + 1] == begin[u]:
            continue
        least = np.min(demand[:, u])
        if least > 0.0:
            boxes[0, 0, u], boxes[2, 0, u] = needs[begin[u]], costs[begin[u]]
        last = begin[u + 1] - 1
        while last > begin[u] and costs[last] == np.inf:
            last -= 1
        if costs[last] < np.inf:
            boxes[1, 0, u], boxes[3, 0, u] = needs[last], costs[last]
        elif least > 0.0:
            return False
    return True


@njit(cache=True, nogil=True)
def _bar(items, corner, highs, state):  # type: ignore[no-untyped-def]
    """Bar who alone needs more than a box holds; say whether those taken still fit."""
    _, area, demand, _, limit = items
    room = limit * ROUNDING
    for j in range(len(area)):
        fits = area[j] <= limit * ROUNDING
        for u in range(demand.shape[1]):
            held = corner[0][u + 1] == corner[0][u] or demand[j, u] <= highs[u] * (1.0 + 1e-9)
            fits = fits and held
        if state[j] == TAKEN:
            room -= area[j]
            if not fits or room < 0.0:
                return False
        elif not fits:
            state[j] = BARRED
    return True


@njit(cache=True, nogil=True)
def _worst(items, corner, box, x, priced):  # type: ignore[no-untyped-def]
    """Return the utility whose line errs most, the need there and by how much; -1 for none."""
    _, _, demand, share, _ = items
    begin = corner[0]
    row, supply, tolls = priced
    worst, where, error = -1, 0.0, 0.0
    for u in range(demand.shape[1]):
        low, high = box[0, u], box[1, u]
        if begin[u + 1] == begin[u] or high <= low:
            continue
        total, largest, smallest = 0.0, 0.0, np.inf
        for j in range(len(x)):
            total += x[j] * demand[j, u]
            if x[j] >= 1.0 - 1e-12:
                largest = max(largest, demand[j, u])
            if x[j] > 0.0 and demand[j, u] > 0.0:
                smallest = min(smallest, demand[j, u])
        need = max(park_need(total, largest, share[u]), low)
        if share[u] <= 0.0 and total > 0.0:
            need = max(need, smallest)
        need = min(need, high)
        floor, _ = floor_of(box, corner, box[4, u], u)
        cost = box[2, u]
        if need > low:
            cost, _ = priced_cheapest(supply, tolls, row + u, need)
        if cost - floor - box[4, u] * share[u] * total > error:
            worst, where = u, need
            error = cost - floor - box[4, u] * share[u] * total
    return worst, where, error


@njit(cache=True, nogil=True)
def _cut(corner, boxes, left, at, priced):  # type: ignore[no-untyped-def]
    """Cut two like boxes, `left` and the next, at zero or a corner; False where there is none."""
    begin, needs, _ = corner
    (u, where), (row, supply, tolls), right = at, priced, left + 1
    low, high = boxes[0, left, u], boxes[1, left, u]
    split = 0.0 if low <= 0.0 < where else -1.0
    if split < 0.0:
        # the corner below the need, else the first above it
        for k in range(begin[u], begin[u + 1]):
            if low < needs[k] < high and (split < 0.0 or needs[k] < where):
                split = needs[k]
    if split < 0.0 or split * ABOVE >= high:
        return False
    boxes[1, left, u] = split
    boxes[3, left, u], _ = priced_cheapest(supply, tolls, row + u, split)
    boxes[0, right, u] = split * ABOVE if split > 0.0 else min(needs[begin[u]], high)
    boxes[2, right, u], _ = priced_cheapest(supply, tolls, row + u, boxes[0, right, u])
    return True


@njit(cache=True, nogil=True)
def _place(case, prices, i):  # type: ignore[no-untyped-def]
    """Return the prospects of a site that are worth something, and what `pack_exact` takes."""
    (start, who, value, onsite), (areas, demands, share, limits), supply, (begin, corners) = case
    prospect, weight, toll, public = prices
    first, last = start[i], start[i + 1]
    gain = np.empty(last - first)
    count = 0
    for k in range(first, last):
        gain[k - first] = value[k] - prospect[who[k]] - public * onsite[k]
        if gain[k - first] > 0.0:
            count += 1
    use = np.empty(count, np.int64)
    g, a, d = np.empty(count), np.empty(count), np.empty((count, len(share)))
    at = 0
    for k in range(first, last):
        if gain[k - first] > 0.0:
            j = who[k]
            use[at], g[at], a[at] = j, gain[k - first], areas[j]
            for u in range(len(share)):
                d[at, u] = demands[j, u]
            at += 1
    row = i * len(share)
    size = begin[row + len(share)] - begin[row]
    starts = np.zeros(len(share) + 1, np.int64)
    needs, costs = np.empty(size), np.empty(size)
    for u in range(len(share)):
        starts[u + 1] = begin[row + u + 1] - begin[row]
        for k in range(begin[row + u], begin[row + u + 1]):
            needs[k - begin[row]] = corners[k]
            costs[k - begin[row]], _ = priced_cheapest(supply, (weight, toll), row + u, corners[k])
    return use, (g, a, d, share, limits[i]), (starts, needs, costs)


@njit(cache=True, nogil=True)
def pack_sites(case, prices, sites, slopes, asked):  # type: ignore[no-untyped-def]
    """Return bounds of `sites`, savings of the best sets found and their prospects, (k, m).

    Parameters
    ----------
    slopes
        Where the search of each site of the case begins, shape (n, 8); changed.
    asked
        Saving below which each site is of no interest, shape (k,), and how many boxes are cut.
    """
    upper, best = np.empty(len(sites)), np.empty(len(sites))
    members = np.zeros((len(sites), len(case[1][0])), np.bool_)
    for k in range(len(sites)):
        i = sites[k]
        use, items, corner = _place(case, prices, i)
        priced = (8 * i, case[2], (prices[1], prices[2]))
        upper[k], best[k], inside = pack_exact(
            items, priced, corner, slopes[i], (asked[0][k], asked[1])
        )
        for j in range(len(use)):
            members[k, use[j]] = inside[j]
        if len(use) < case[0][0][i + 1] - case[0][0][i]:
            # those worth less than their price were left out: a park of them alone saves nothing
            upper[k] = max(upper[k], 0.0)
    return upper, best, members
