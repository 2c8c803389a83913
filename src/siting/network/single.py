"""The compiled sweep where one label a cell is enough: searches from a point, whole surfaces.

Dial's buckets without the bookkeeping of many labels. A cell stands in a bucket once, whatever
way its length improves inside it; what is left behind in a later bucket is known by its length.
Results, equal routes included, are those of `kernel`: the least length, then the lower source,
then the lower move.
"""

import numpy as np
from numba import njit

from siting.network.kernel import CODE_BITS, CODE_MASK, JUST_BELOW, QUANTUM


@njit(cache=True, nogil=True)
def _grown(values):  # type: ignore[no-untyped-def]
    wider = np.empty(2 * len(values), values.dtype)
    wider[: len(values)] = values
    return wider


@njit(cache=True, nogil=True)
def _plant(roots, labels, queue, bound, per_width):  # type: ignore[no-untyped-def]
    """Put every root into its cell and its bucket; return how many stand there."""
    cost, tag = labels
    q_cell, q_next, heads = queue
    used = 0
    for r in range(len(roots[0])):
        cell, value, name = roots[0][r], roots[2][r], np.int32(roots[1][r] << CODE_BITS)
        if value > bound or value > cost[cell] or (value == cost[cell] and name >= tag[cell]):
            continue
        cost[cell], tag[cell] = value, name
        b = np.int64(value * per_width) & (len(heads) - 1)
        q_cell[used], q_next[used], heads[b] = cell, heads[b], used
        used += 1
    return used


@njit(cache=True, nogil=True)
def _mean(friction, cell, to, here, crossed, share):  # type: ignore[no-untyped-def]
    """Return the mean friction along a move over uneven ground; inf where it is blocked."""
    if len(crossed) == 1:
        return here + 0.5 * (np.float64(friction[to]) - here)
    mean = here
    for p in range(len(crossed)):
        mean += share[p] * (np.float64(friction[cell + crossed[p]]) - here)
    return mean


@njit(cache=True, nogil=True)
def sweep_single(ground, moves, roots, labels, limits, targets):  # type: ignore[no-untyped-def]  # noqa: C901
    """Fill length and tag of every cell; `limits` ends with the number of open buckets, 2^m."""
    friction, is_even = ground
    steps, length, start, parts, share = moves
    cost, tag = labels
    bound, least, width, buckets = limits
    count, ahead, per_width, per_quantum = len(steps), buckets - 1, 1.0 / width, 1.0 / QUANTUM
    heads, room = np.full(buckets, -1, np.int32), 1024 + len(roots[0])
    q_cell, q_next = np.empty(room, np.int32), np.empty(room, np.int32)
    used = _plant(roots, labels, (q_cell, q_next, heads), bound, per_width)
    spare, waiting, done, turn = np.int32(-1), used, 0, np.int64(0)
    while waiting > 0:
        while done < len(targets) and cost[targets[done]] < turn * width:
            done += 1
        if done == len(targets):
            break
        while heads[turn & ahead] >= 0:
            q = heads[turn & ahead]
            cell = np.int64(q_cell[q])
            heads[turn & ahead], q_next[q], spare, waiting = q_next[q], spare, q, waiting - 1
            base = cost[cell]
            if np.int64(base * per_width) != turn:
                continue
            if used + count > len(q_cell):
                q_cell, q_next = _grown(q_cell), _grown(q_next)
            here, even, code = np.float64(friction[cell]), is_even[cell], tag[cell] & CODE_MASK
            name, narrow = tag[cell] - code, even and code > 0
            for turned in range(-1, 2) if narrow else range(count):
                i = (code - 1 + turned + count) % count if narrow else turned
                to = cell + steps[i]
                before = cost[to]
                if base + length[i] * least * JUST_BELOW > before:
                    continue
                low, high, mean = start[i], start[i + 1], here
                if not even:
                    mean = _mean(friction, cell, to, here, parts[low:high], share[low:high])
                new = base + np.rint(length[i] * mean * per_quantum) * QUANTUM
                told = np.int32(name + i + 1)
                if new > before or new > bound or (new == before and told >= tag[to]):
                    continue
                cost[to], tag[to] = new, told
                at = np.int64(new * per_width)
                if before < np.inf and np.int64(before * per_width) == at:
                    continue
                q, used, waiting = np.int32(used), used + 1, waiting + 1
                if spare >= 0:
                    q, spare, used = spare, q_next[spare], used - 1
                q_cell[q], q_next[q], heads[at & ahead] = to, heads[at & ahead], q
        turn += 1
