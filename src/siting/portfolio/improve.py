"""A better plan from a good one: move, swap and drop residents, and try other sites.

Each park is priced as if alone on its sources; the caller judges the result with sources shared. A
change is taken when the saving of the parks it touches grows and area, sanitary class, number of
residents and budget still fit. It ends where no single change helps, after `SWEEPS` at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from siting.portfolio.books import AREA, COUNT, copy_page, enter, judge, leave, open_books, pay
from siting.portfolio.fill import LEAST_STEP_MRUB, ROUNDING, set_needs
from siting.portfolio.stairs import stairs_of
from siting.portfolio.ways import cheapest_way

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.portfolio.case import Case

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Frame = tuple[object, object, object]

SWEEPS: Final = 20
NOBODY = -1
"""Position of no prospect, and of no park."""


def improve_plan(case: Case, plan: Ints, candidates: Ints) -> Ints:
    """Return a plan that saves no less than `plan`, sources not shared."""
    parks = np.unique(plan[plan >= 0]).astype(np.int64)
    if not len(parks):
        return plan
    slots = np.where(plan >= 0, np.searchsorted(parks, plan), NOBODY).astype(np.int64)
    for _ in range(SWEEPS):
        people, sites, money = _frame(case, parks)
        changed = move_residents(
            people, sites, (case.fits[parks], case.limits_ha[parks]), slots, money
        )
        moved = _move_parks(case, parks, slots, candidates)
        if not changed and not moved:
            break
    return np.where(slots >= 0, parks[slots], NOBODY).astype(np.int64)


def _supply(case: Case) -> tuple[object, object, object]:
    return case.ways.thinned.kernel, case.ways.prices, case.ways.spare


def _entries(case: Case, sites: Ints) -> Floats:
    """Return values, what a single resident is spared and public money, shape (3, k, m)."""
    onsite = case.rates_mrub_ha[sites][:, None] * case.areas_ha * case.public_onsite
    return np.stack([case.values[sites], case.lone[sites], onsite])


def _frame(case: Case, parks: Ints) -> Frame:
    """Return people, sites and money as the compiled functions take them."""
    people = (case.demands, case.coincidence, case.areas_ha)
    able, limits = case.fits[parks], case.limits_ha[parks]
    start, lines = stairs_of(_supply(case), people, parks, able, limits)
    fee = case.public_opening * case.params.opening_mrub
    money = (case.params.budget_mrub, case.public, fee, case.params.min_residents)
    return people, (_entries(case, parks), start, lines), money


def _move_parks(case: Case, parks: Ints, slots: Ints, candidates: Ints) -> bool:
    """Move whole parks to better sites; changes `parks` in place, says whether any moved."""
    moved = False
    locked = set(case.locked_in.tolist())
    for slot in range(len(parks)):
        if int(parks[slot]) in locked:
            continue
        members = np.flatnonzero(slots == slot)
        trial = np.append(parks[slot], _roomy(case, parks, slot, members, candidates))
        needs = set_needs(slots == slot, case.demands, case.coincidence)
        worth = _values(case, trial, members) - costs_at(_supply(case), trial, needs)
        best = int(np.argmax(worth))
        if worth[best] <= worth[0] + LEAST_STEP_MRUB:
            continue
        fresh = parks.copy()
        fresh[slot] = trial[best]
        people, sites, money = _frame(case, fresh)
        if total_spent(people, sites, slots, money) <= case.params.budget_mrub:
            parks[slot] = trial[best]
            moved = True
    return moved


def _roomy(case: Case, parks: Ints, slot: int, members: Ints, candidates: Ints) -> Ints:
    """Return the sites that may open instead of the park at `slot` and hold all its residents."""
    fit = case.areas_ha[members].sum() <= case.limits_ha[candidates] * ROUNDING
    fit &= case.fits[np.ix_(candidates, members)].all(axis=1)
    fit &= _may_stand(case, candidates, np.delete(parks, slot)) & (candidates != parks[slot])
    return candidates[fit]


def _values(case: Case, sites: Ints, members: Ints) -> Floats:
    """Return what residents are worth at each site before connections."""
    worth: Floats = case.values[np.ix_(sites, members)].sum(axis=1)
    if len(members) == 1:
        worth += case.lone[np.ix_(sites, members)].sum(axis=1)
    return worth


def _may_stand(case: Case, sites: Ints, others: Ints) -> NDArray[np.bool_]:
    """Return whether each site may open beside `others`."""
    barred = set(others.tolist()).union(*(case.rivals.get(i, ()) for i in others.tolist()))
    districts = case.districts[others]
    known, counts = np.unique(districts[districts >= 0], return_counts=True)
    full = known[counts >= case.params.max_parks_per_district]
    return ~np.isin(sites, sorted(barred)) & ~np.isin(case.districts[sites], full)


@njit(cache=True, nogil=True)
def costs_at(supply, sites, needs):  # type: ignore[no-untyped-def]
    """Return what connecting the same needs costs at each site, shape (n,)."""
    ways, prices, spare = supply
    costs = np.zeros(len(sites))
    for k in range(len(sites)):
        for u in range(len(needs)):
            costs[k] += cheapest_way(ways, prices, spare, sites[k] * len(needs) + u, needs[u])[0]
    return costs


@njit(cache=True, nogil=True)
def total_spent(people, sites, slots, money):  # type: ignore[no-untyped-def]
    """Return what the budget pays for all parks."""
    _, costs, books = open_books(people, sites, slots)
    total = 0.0
    for row in range(len(books)):
        total += judge(costs[row], books[row], money)[1]
    return total


@njit(cache=True, nogil=True)
def move_residents(people, sites, rooms, slots, money):  # type: ignore[no-untyped-def]
    """Move, drop, add and swap residents while that helps; changes `slots`, says if it did."""
    needs, costs, books = open_books(people, sites, slots)
    k = len(books)
    state = np.zeros((k, 2))
    for row in range(k):
        state[row, 0], state[row, 1] = judge(costs[row], books[row], money)
    scratch = (np.zeros((2, 3, needs.shape[2])), np.zeros((2, needs.shape[2])), np.zeros((2, 5)))
    now = (needs, costs, books, state, scratch, slots)
    frame = (people, sites, rooms, money)
    any_change = False
    for _ in range(SWEEPS):
        changed = False
        for j in range(len(slots)):
            changed |= _move_one(frame, now, j)
        any_change |= changed
        if not changed:
            break
    return any_change


@njit(cache=True, nogil=True)
def _move_one(frame, now, j):  # type: ignore[no-untyped-def]
    """Try every place for one prospect, and every swap with a later one; changes `now` in place."""
    slots, changed = now[5], False
    for target in range(-1, len(now[2])):
        if target != slots[j] and _may_move(frame, now, j, target, NOBODY):
            changed |= _try(frame, now, (j, target, NOBODY))
    for other in range(j + 1, len(slots)):
        if slots[j] != slots[other] and _may_move(frame, now, j, slots[other], other):
            changed |= _try(frame, now, (j, slots[other], other))
    return changed


@njit(cache=True, nogil=True)
def _may_move(frame, now, j, target, other):  # type: ignore[no-untyped-def]
    """Return whether `j` may go to `target` and `other` to where it was: who, area, how few."""
    areas, (fits, limits), fewest = frame[0][2], frame[2], frame[3][3]
    books, origin = now[2], now[5][j]
    more = areas[j] - (areas[other] if other >= 0 else 0.0)
    if target >= 0 and not fits[target, j]:
        return False
    if target >= 0 and books[target, AREA] + more > limits[target] * ROUNDING:
        return False
    if other < 0:
        return origin < 0 or books[origin, COUNT] > fewest
    if origin < 0:
        return True
    return fits[origin, other] and books[origin, AREA] - more <= limits[origin] * ROUNDING


@njit(cache=True, nogil=True)
def _try(frame, now, move):  # type: ignore[no-untyped-def]
    """Take a change of one or two prospects if it helps; changes `now` in place."""
    people, (entries, start, lines), _, money = frame
    needs, costs, books, state, scratch, slots = now
    j, target, other = move
    rows, out, into = (slots[j], target), (j, other), (other, j)
    gain, spent = 0.0, np.sum(state[:, 1])
    judged = np.zeros((2, 2))
    for side in range(2):
        row = rows[side]
        if row < 0:
            continue
        page = (scratch[0][side], scratch[2][side])
        copy_page((needs[row], books[row]), page)
        # who leaves goes first: the largest of the rest is sought among those settled now
        if out[side] >= 0:
            leave(people, entries[:, row], page, slots, out[side])
        if into[side] >= 0:
            enter(people, entries[:, row], page, into[side])
        pay(people[1], (start, lines), scratch[0][side], scratch[1][side], row)
        judged[side, 0], judged[side, 1] = judge(scratch[1][side], scratch[2][side], money)
        gain += judged[side, 0] - state[row, 0]
        spent += judged[side, 1] - state[row, 1]
    if not (gain > LEAST_STEP_MRUB and spent <= money[0]):
        return False
    for side in range(2):
        row = rows[side]
        if row >= 0:
            copy_page((scratch[0][side], scratch[2][side]), (needs[row], books[row]))
            pay(people[1], (start, lines), needs[row], costs[row], row)
            state[row, 0], state[row, 1] = judged[side, 0], judged[side, 1]
    slots[j] = target
    if other >= 0:
        slots[other] = rows[0]
    return True
