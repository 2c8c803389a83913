"""A better plan from a good one: move, swap and drop residents, and try other sites.

Each park is priced as if alone on its sources; the caller judges the result with sources shared. A
change is taken when the saving of the parks it touches grows and area, sanitary class, number of
residents and budget still fit. It ends where no single change helps, after `SWEEPS` at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from siting.portfolio.fill import LEAST_STEP_MRUB, LONE, ROUNDING, VALUE, set_needs
from siting.portfolio.ways import cheapest_way

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.portfolio.case import Case

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SWEEPS: Final = 20
NOBODY = -1
"""Position of no prospect, and of no park."""
WORTH = 0
SPENT = 1


def improve_plan(case: Case, plan: Ints, candidates: Ints) -> Ints:
    """Return a plan that saves no less than `plan`, sources not shared."""
    parks = np.unique(plan[plan >= 0]).astype(np.int64)
    if not len(parks):
        return plan
    slots = np.where(plan >= 0, np.searchsorted(parks, plan), NOBODY).astype(np.int64)
    for _ in range(SWEEPS):
        supply, people, sites, money = _arguments(case, parks)
        changed = move_residents(supply, people, sites, slots, money)
        moved = _move_parks(case, parks, slots, candidates)
        if not changed and not moved:
            break
    return np.where(slots >= 0, parks[slots], NOBODY).astype(np.int64)


def _arguments(case: Case, parks: Ints) -> tuple[object, object, object, object]:
    """Return supply, people, sites and money as the compiled functions take them."""
    onsite = case.rates_mrub_ha[parks][:, None] * case.areas_ha * case.public_onsite
    return (
        (case.ways.thinned.kernel, case.ways.prices, case.ways.spare),
        (case.demands, case.coincidence, case.areas_ha),
        (
            parks,
            np.stack([case.values[parks], case.lone[parks]], axis=1),
            case.fits[parks],
            case.limits_ha[parks],
        ),
        (
            case.params.budget_mrub,
            case.public,
            onsite,
            case.public_opening * case.params.opening_mrub,
            case.params.min_residents,
        ),
    )


def _move_parks(case: Case, parks: Ints, slots: Ints, candidates: Ints) -> bool:
    """Move whole parks to better sites; changes `parks` in place, says whether any moved."""
    moved = False
    locked = set(case.locked_in.tolist())
    for slot in range(len(parks)):
        if int(parks[slot]) in locked:
            continue
        others = np.delete(parks, slot)
        free = candidates[_may_stand(case, candidates, others) & (candidates != parks[slot])]
        trial = np.concatenate([parks[slot : slot + 1], free])
        supply, people, places, money = _arguments(case, trial)
        best = best_site(supply, people, places, slots == slot, money)
        spent = _spent(case, np.append(np.delete(parks, slot), trial[best]), slots, slot)
        if best > 0 and spent <= case.params.budget_mrub:
            parks[slot] = trial[best]
            moved = True
    return moved


def _spent(case: Case, parks: Ints, slots: Ints, moved: int) -> float:
    """Return what the budget pays for parks of which the last is the one at slot `moved`."""
    supply, people, sites, money = _arguments(case, parks)
    order = [at for at in range(len(parks)) if at != moved] + [moved]
    total = 0.0
    for row, slot in enumerate(order):
        total += park_worth(supply, people, sites, row, slots == slot, money)[SPENT]
    return total


def _may_stand(case: Case, sites: Ints, others: Ints) -> NDArray[np.bool_]:
    """Return whether each site may open beside `others`."""
    barred = set(others.tolist()).union(*(case.rivals.get(i, ()) for i in others.tolist()))
    districts = case.districts[others]
    known, counts = np.unique(districts[districts >= 0], return_counts=True)
    full = known[counts >= case.params.max_parks_per_district]
    return ~np.isin(sites, sorted(barred)) & ~np.isin(case.districts[sites], full)


@njit(cache=True, nogil=True)
def park_worth(supply, people, sites, row, members, money):  # type: ignore[no-untyped-def]
    """Return the saving of a set of residents of a site and what the budget pays for it."""
    ways, prices, spare = supply
    demands, coincidence, _ = people
    _, shares, onsite, fee, _ = money
    needs = set_needs(members, demands, coincidence)
    worth, lone, spent, count = 0.0, 0.0, fee, 0
    for j in range(len(members)):
        if members[j]:
            worth += sites[1][row, VALUE, j]
            lone += sites[1][row, LONE, j]
            spent += onsite[row, j]
            count += 1
    if count == 1:
        worth += lone
    for u in range(len(needs)):
        at = sites[0][row] * len(needs) + u
        cost, _ = cheapest_way(ways, prices, spare, at, needs[u])
        worth -= cost
        spent += shares[u] * cost
    return worth, spent


@njit(cache=True, nogil=True)
def best_site(supply, people, sites, members, money):  # type: ignore[no-untyped-def]
    """Return the row of `sites` where these residents save most; row 0 is where they are."""
    areas = people[2]
    best, top = 0, park_worth(supply, people, sites, 0, members, money)[0]
    for row in range(1, len(sites[0])):
        used, fit = 0.0, True
        for j in range(len(members)):
            if members[j]:
                used += areas[j]
                fit = fit and sites[2][row, j]
        if not fit or used > sites[3][row] * ROUNDING:
            continue
        worth = park_worth(supply, people, sites, row, members, money)[0]
        if worth > top + LEAST_STEP_MRUB:
            best, top = row, worth
    return best


@njit(cache=True, nogil=True)
def move_residents(supply, people, sites, slots, money):  # type: ignore[no-untyped-def]
    """Move, drop, add and swap residents while that helps; changes `slots`, says if it did."""
    k, m = len(sites[0]), len(slots)
    members, state = np.zeros((k, m), np.bool_), np.zeros((k, 2))
    for j in range(m):
        if slots[j] >= 0:
            members[slots[j], j] = True
    for row in range(k):
        state[row, 0], state[row, 1] = park_worth(supply, people, sites, row, members[row], money)
    any_change = False
    for _ in range(SWEEPS):
        changed = False
        for j in range(m):
            changed |= _move_one(supply, people, sites, (members, state, slots), (j, money))
        any_change |= changed
        if not changed:
            break
    return any_change


@njit(cache=True, nogil=True)
def _move_one(supply, people, sites, now, asked):  # type: ignore[no-untyped-def]
    """Try every place for one prospect, and every swap with a later one; changes `now` in place."""
    slots, (j, money), changed = now[2], asked, False
    for target in range(-1, len(sites[0])):
        if target != slots[j]:
            changed |= _try(supply, people, sites, now, ((j, target, NOBODY, NOBODY), money))
    for other in range(j + 1, len(slots)):
        if slots[j] != slots[other]:
            swap = (j, slots[other], other, slots[j])
            changed |= _try(supply, people, sites, now, (swap, money))
    return changed


@njit(cache=True, nogil=True)
def _try(supply, people, sites, now, asked):  # type: ignore[no-untyped-def]
    """Take a change of one or two prospects if it helps; changes `now` in place."""
    members, state, slots = now
    (first, to_first, second, to_second), money = asked
    from_first = slots[first]
    touched = (from_first, to_first)
    _put(members, slots, first, to_first)
    if second >= 0:
        _put(members, slots, second, to_second)
    gain, spent, fit = 0.0, np.sum(state[:, 1]), True
    fresh = np.zeros((2, 2))
    for side in range(2):
        row = touched[side]
        if row < 0:
            continue
        if not _holds(people, sites, row, members[row], money[4]):
            fit = False
            break
        fresh[side, 0], fresh[side, 1] = park_worth(supply, people, sites, row, members[row], money)
        gain += fresh[side, 0] - state[row, 0]
        spent += fresh[side, 1] - state[row, 1]
    if fit and gain > LEAST_STEP_MRUB and spent <= money[0]:
        for side in range(2):
            if touched[side] >= 0:
                state[touched[side], 0] = fresh[side, 0]
                state[touched[side], 1] = fresh[side, 1]
        return True
    if second >= 0:
        _put(members, slots, second, to_first)
    _put(members, slots, first, from_first)
    return False


@njit(cache=True, nogil=True)
def _put(members, slots, j, target):  # type: ignore[no-untyped-def]
    """Settle a prospect in a park, or nowhere; changes `members` and `slots` in place."""
    if slots[j] >= 0:
        members[slots[j], j] = False
    slots[j] = target
    if target >= 0:
        members[target, j] = True


@njit(cache=True, nogil=True)
def _holds(people, sites, row, members, fewest):  # type: ignore[no-untyped-def]
    """Return whether a park holds its residents: who may settle, area and fewest residents."""
    used, count = 0.0, 0
    for j in range(len(members)):
        if members[j]:
            if not sites[2][row, j]:
                return False
            used += people[2][j]
            count += 1
    return count >= fewest and used <= sites[3][row] * ROUNDING
