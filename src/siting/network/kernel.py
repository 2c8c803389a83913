"""The compiled part of the sweep: labels, buckets and heap. `surface` says what it is for.

All of it stands in one file: numba's cache does not see a change in a file it did not compile.
"""

from typing import Final

import numpy as np
from numba import njit

WINDOW: Final = 32
"""Buckets of one source worked through before the next source has its turn."""

CODE_BITS: Final = 6
"""Low bits of a tag that hold the move plus 1, 0 at a root; the source stands above them."""

CODE_MASK: Final = (1 << CODE_BITS) - 1
JUST_BELOW: Final = 1.0 - 1e-9
"""Keeps a bucket narrower than the cheapest move in spite of rounding."""

QUANTUM: Final = 2.0**-36
"""Moves are priced in whole multiples of this, cells, so that sums are free of rounding."""

_PER_QUANTUM: Final = 1 / QUANTUM


@njit(cache=True, nogil=True)
def find_even(friction, cols, reach):  # type: ignore[no-untyped-def]
    """Return whether the square of cells within `reach` of each cell has its friction."""
    found = np.zeros(len(friction), np.bool_)
    rows = len(friction) // cols
    for row in range(reach, rows - reach):
        run = 0
        for col in range(cols):
            cell = row * cols + col
            here = friction[cell]
            # `run` counts even columns of the same friction that end here
            same = True
            for up in range(-reach, reach + 1):
                same &= friction[cell + up * cols] == here
            if not same:
                run = 0
            elif run > 0 and friction[cell - 1] == here:
                run += 1
            else:
                run = 1
            if run > 2 * reach:
                found[cell - reach] = np.isfinite(here)
    return found


@njit(cache=True, nogil=True)
def _mean(friction, here, cell, low, high, parts, share):  # type: ignore[no-untyped-def]  # noqa: PLR0913, PLR0917
    """Return the mean friction along a move; inf where it is blocked."""
    mean = here
    for p in range(low, high):
        # differences from the start cell, so that even ground costs exactly its own friction
        mean += share[p] * (np.float64(friction[cell + parts[p]]) - here)
    return mean


@njit(cache=True, nogil=True)
def _exact(price):  # type: ignore[no-untyped-def]
    return np.rint(price * _PER_QUANTUM) * QUANTUM


@njit(cache=True, nogil=True)
def _is_wanted(cost, tag, last, new, name):  # type: ignore[no-untyped-def]
    """Return whether a label is among the k best of a cell whose worst is at `last`."""
    worst = cost[last]
    return new < worst or (new == worst and new < np.inf and name <= tag[last] >> CODE_BITS)


@njit(cache=True, nogil=True)
def _offer(cost, tag, at, last, new, name, code):  # type: ignore[no-untyped-def]  # noqa: PLR0913, PLR0917
    """Offer a label to the cell whose labels are at:last + 1; return whether it was taken."""
    i = last
    for j in range(at, last + 1):
        if tag[j] >> CODE_BITS == name:
            if new >= cost[j]:
                # equal routes: the lower move, whoever comes first
                if new == cost[j] and code < tag[j] & CODE_MASK:
                    tag[j] = name << CODE_BITS | code
                return False
            i = j
            break
    while i > at and (cost[i - 1] > new or (cost[i - 1] == new and tag[i - 1] >> CODE_BITS > name)):
        cost[i] = cost[i - 1]
        tag[i] = tag[i - 1]
        i -= 1
    cost[i] = new
    tag[i] = name << CODE_BITS | code
    return True


@njit(cache=True, nogil=True)
def _code_of(cost, tag, at, k, name, value):  # type: ignore[no-untyped-def]
    """Return the move code of a label, -1 if its cell holds it no more or a shorter one."""
    for j in range(at, at + k):
        if tag[j] >> CODE_BITS == name:
            return tag[j] & CODE_MASK if cost[j] == value else -1
    return -1


@njit(cache=True, nogil=True)
def _are_final(cost, k, targets, done, value):  # type: ignore[no-untyped-def]
    """Return whether all targets hold k labels shorter than `value`; done[0] of them are known."""
    while done[0] < len(targets) and cost[targets[done[0]] * k + k - 1] < value:
        done[0] += 1
    return done[0] == len(targets)


@njit(cache=True, nogil=True)
def _wider(values):  # type: ignore[no-untyped-def]
    grown = np.empty(2 * len(values), values.dtype)
    grown[: len(values)] = values
    return grown


@njit(cache=True, nogil=True)
def _plant(cost, tag, k, cell, name, start):  # type: ignore[no-untyped-def]
    """Put a root into its cell; return whether it was taken."""
    at = cell * k
    last = at + k - 1
    return _is_wanted(cost, tag, last, start, name) and _offer(cost, tag, at, last, start, name, 0)


@njit(cache=True, nogil=True)
def _empty(size):  # type: ignore[no-untyped-def]
    return np.full(size, -1, np.int32)


@njit(cache=True, nogil=True)
def _most(cost, tag, k, cell, name):  # type: ignore[no-untyped-def]
    """Return the length that a label of a source must stay below to be wanted in a cell."""
    last = cell * k + k - 1
    for j in range(cell * k, last + 1):
        if tag[j] >> CODE_BITS == name:
            return cost[j]
    # of two equally far sources the lower number is kept
    return np.nextafter(cost[last], np.inf) if name < tag[last] >> CODE_BITS else cost[last]


@njit(cache=True, nogil=True)
def _settle(cost, tag, k, cell, name, value, code):  # type: ignore[no-untyped-def]  # noqa: PLR0913, PLR0917
    """Put the final label of a source into a cell without one; return whether it is wanted."""
    at, i = cell * k, cell * k + k - 1
    if value > cost[i] or (value == cost[i] and name > tag[i] >> CODE_BITS):
        return False
    while i > at and (
        cost[i - 1] > value or (cost[i - 1] == value and tag[i - 1] >> CODE_BITS > name)
    ):
        cost[i], tag[i] = cost[i - 1], tag[i - 1]
        i -= 1
    cost[i], tag[i] = value, name << CODE_BITS | code
    return True


@njit(cache=True, nogil=True)
def _list_roots(roots, queue, later, limits):  # type: ignore[no-untyped-def]
    """List every root for the window of its length; return how many there are."""
    q_cell, q_cost, q_code, q_next, _ = queue
    bound, _, per_width, windows, names = limits
    used = 0
    for r in range(len(roots[0])):
        if roots[2][r] <= bound:
            b = (np.int64(roots[2][r] * per_width) // WINDOW & (windows - 1)) * names + roots[1][r]
            q_cell[used], q_cost[used], q_code[used] = roots[0][r], roots[2][r], 0
            q_next[used], later[b] = later[b], used
            used += 1
    return used


@njit(cache=True, nogil=True)
def _open(labels, front, queue, lists, place, per_width, state):  # type: ignore[no-untyped-def]  # noqa: PLR0913, PLR0917
    """Spread the list of a source over the buckets of its window; drop what is not wanted."""
    near, entry = front
    q_cell, q_cost, q_code, q_next, met = queue
    heads, later = lists
    window, ahead, names, name = place
    at, seen = (window & ahead) * names + name, 0
    q = np.int64(later[at])
    later[at] = -1
    while q >= 0:
        cell, after = np.int64(q_cell[q]), np.int64(q_next[q])
        if near[cell] == np.inf:
            near[cell], entry[cell] = _most(labels[0], labels[1], labels[2], cell, name), -1
            met[seen], seen = cell, seen + 1
        before = entry[cell]
        if q_cost[q] < near[cell]:
            near[cell], entry[cell] = q_cost[q], q
            b = np.int64(q_cost[q] * per_width) % WINDOW
            q_next[q], heads[b] = heads[b], q
        else:
            if q_cost[q] == near[cell] and before >= 0:
                q_code[before] = min(q_code[before], q_code[q])
            q_next[q], state[1], state[2] = state[1], q, state[2] - 1
        q = after
    state[3] = seen


@njit(cache=True, nogil=True)
def _file(heads, later, q_next, q, key, place):  # type: ignore[no-untyped-def]
    """Put an entry into its bucket of this window, or its source's list of a later one."""
    window, ahead, names, name = place
    if key // WINDOW == window:
        q_next[q], heads[key % WINDOW] = heads[key % WINDOW], q
    else:
        b = (key // WINDOW & ahead) * names + name
        q_next[q], later[b] = later[b], q


@njit(cache=True, nogil=True)
def _forget(near, met, seen):  # type: ignore[no-untyped-def]
    """Leave the raster of a source's turn as it was before."""
    for n in range(seen):
        near[met[n]] = np.inf


@njit(cache=True, nogil=True)
def _grow(q_cell, q_cost, q_code, q_next, met):  # type: ignore[no-untyped-def]
    return _wider(q_cell), _wider(q_cost), _wider(q_code), _wider(q_next), _wider(met)


@njit(cache=True, nogil=True)
def _improve(entry, q_cost, q_code, per_width, cell, before, new, code):  # type: ignore[no-untyped-def]  # noqa: PLR0913, PLR0917
    """Take a route to a cell into the entry that stands for it; return whether there is one."""
    q = entry[cell]
    if new == before:
        # equal routes: the lower move, whoever comes first
        if q >= 0 and code < q_code[q]:
            q_code[q] = code
        return True
    if q >= 0 and np.int64(q_cost[q] * per_width) == np.int64(new * per_width):
        q_cost[q], q_code[q] = new, code
        return True
    return False


@njit(cache=True, nogil=True)
def _advance(ground, moves, labels, limits, front, queue, lists, place, state):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0913, PLR0917
    """Work one source through one window; return its queue, which may have grown."""
    friction, is_even, floor = ground
    steps, length, start, parts, share = moves
    cost, tag, k = labels
    bound, per_width = limits
    near, entry = front
    q_cell, q_cost, q_code, q_next, met = queue
    used, spare, waiting, seen = state
    heads, later, count, name = lists[0], lists[1], len(steps), place[3]
    for turn in range(WINDOW):
        while heads[turn] >= 0:
            q = np.int64(heads[turn])
            cell, base, code = np.int64(q_cell[q]), q_cost[q], q_code[q]
            heads[turn], q_next[q], spare, waiting = q_next[q], spare, q, waiting - 1
            if entry[cell] != q or not _settle(cost, tag, k, cell, name, base, code):
                continue
            entry[cell] = -1
            if max(used, seen) + count > len(q_cell):
                q_cell, q_cost, q_code, q_next, met = _grow(q_cell, q_cost, q_code, q_next, met)
            here, narrow = np.float64(friction[cell]), is_even[cell] and code > 0
            for turned in range(-1, 2) if narrow else range(count):
                i = code - 1 + turned if narrow else turned
                # round the compass; a remainder would take longer than all the rest
                i += count if i < 0 else (-count if i >= count else 0)
                to = cell + steps[i]
                before = near[to]
                if base + floor[i] > before:
                    continue
                # even ground has no part of another price
                low = start[i + 1] if is_even[cell] else start[i]
                mean = _mean(friction, here, cell, low, start[i + 1], parts, share)
                new = base + _exact(length[i] * mean)
                if new > bound or new > before:
                    continue
                if before == np.inf:
                    before, entry[to] = _most(cost, tag, k, to, name), -1
                    near[to], met[seen], seen = before, to, seen + 1
                    if new > before:
                        continue
                near[to] = new
                if _improve(entry, q_cost, q_code, per_width, to, before, new, i + 1):
                    continue
                q, spare, waiting = spare, np.int64(q_next[max(spare, 0)]), waiting + 1
                if q < 0:
                    q, spare, used = used, np.int64(-1), used + 1
                q_cell[q], q_cost[q], q_code[q], entry[to] = to, new, i + 1, q
                _file(heads, later, q_next, q, np.int64(new * per_width), place)
    _forget(near, met, seen)
    state[0], state[1], state[2] = used, spare, waiting
    return q_cell, q_cost, q_code, q_next, met


@njit(cache=True, nogil=True)
def sweep_buckets(ground, moves, roots, labels, limits, targets, front):  # type: ignore[no-untyped-def]  # noqa: PLR0913, PLR0917
    """Fill the labels with Dial's buckets, window by window and source by source."""
    cost, _, k = labels
    bound, least, per_width, windows, names = limits
    lists, room = (_empty(WINDOW), _empty(windows * names)), 1024 + len(roots[0])
    queue = (_empty(room), np.empty(room), _empty(room), _empty(room), _empty(room))
    floor, done, window = moves[1] * (least * JUST_BELOW), np.zeros(1, np.int64), 0
    # entries ever used, the first of those free again, entries that wait, cells met in this turn
    state = np.array([_list_roots(roots, queue, lists[1], limits), -1, 0, 0])
    state[2] = state[0]
    while state[2] > 0:
        if _are_final(cost, k, targets, done, window * WINDOW / per_width * JUST_BELOW):
            break
        for name in range(names):
            place = (window, windows - 1, names, name)
            if lists[1][(window & (windows - 1)) * names + name] >= 0:
                _open(labels, front, queue, lists, place, per_width, state)
                queue = _advance(
                    (*ground, floor), moves, labels, (bound, per_width), front, queue, lists,
                    place, state,
                )  # fmt: skip
        window += 1


@njit(cache=True, nogil=True)
def _sift_up(h_cell, h_name, h_cost, i):  # type: ignore[no-untyped-def]
    cell, name, value = h_cell[i], h_name[i], h_cost[i]
    while i > 0 and h_cost[(i - 1) >> 1] > value:
        above = (i - 1) >> 1
        h_cell[i], h_name[i], h_cost[i] = h_cell[above], h_name[above], h_cost[above]
        i = above
    h_cell[i], h_name[i], h_cost[i] = cell, name, value


@njit(cache=True, nogil=True)
def _drop_top(h_cell, h_name, h_cost, last):  # type: ignore[no-untyped-def]
    """Move the label at `last` to the top and down to its place."""
    cell, name, value = h_cell[last], h_name[last], h_cost[last]
    i = 0
    while 2 * i + 1 < last:
        below = 2 * i + 1
        if below + 1 < last and h_cost[below + 1] < h_cost[below]:
            below += 1
        if h_cost[below] >= value:
            break
        h_cell[i], h_name[i], h_cost[i] = h_cell[below], h_name[below], h_cost[below]
        i = below
    h_cell[i], h_name[i], h_cost[i] = cell, name, value


@njit(cache=True, nogil=True)
def sweep_heap(ground, moves, roots, labels, limits, targets):  # type: ignore[no-untyped-def]  # noqa: C901
    """Fill the labels with a binary heap, for prices of a wide span."""
    friction, _ = ground
    steps, length, start, parts, share = moves
    cost, tag, k = labels
    bound, least = limits[0], limits[1]
    room = 1024 + len(roots[0])
    h_cell, h_name, h_cost = np.empty(room, np.int64), np.empty(room, np.int32), np.empty(room)
    size, done = 0, np.zeros(1, np.int64)
    for r in range(len(roots[0])):
        if roots[2][r] <= bound and _plant(cost, tag, k, roots[0][r], roots[1][r], roots[2][r]):
            h_cell[size], h_name[size], h_cost[size] = roots[0][r], roots[1][r], roots[2][r]
            _sift_up(h_cell, h_name, h_cost, size)
            size += 1
    while size > 0:
        cell, name, base = h_cell[0], h_name[0], h_cost[0]
        size -= 1
        _drop_top(h_cell, h_name, h_cost, size)
        if _code_of(cost, tag, cell * k, k, name, base) < 0:
            continue
        if _are_final(cost, k, targets, done, base):
            break
        if size + len(steps) > len(h_cell):
            h_cell, h_name, h_cost = _wider(h_cell), _wider(h_name), _wider(h_cost)
        here = np.float64(friction[cell])
        for i in range(len(steps)):
            at = (cell + steps[i]) * k
            last = at + k - 1
            if base + length[i] * least * JUST_BELOW > cost[last]:
                continue
            mean = _mean(friction, here, cell, start[i], start[i + 1], parts, share)
            new = base + _exact(length[i] * mean)
            if new > bound or not _is_wanted(cost, tag, last, new, name):
                continue
            if _offer(cost, tag, at, last, new, name, i + 1):
                h_cell[size], h_name[size], h_cost[size] = cell + steps[i], name, new
                _sift_up(h_cell, h_name, h_cost, size)
                size += 1
