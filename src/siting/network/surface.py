"""The sweep: for every cell the k nearest distinct sources of a class, in one pass over the map.

A label is a source with its friction-weighted length to the cell and the move that came last. A
cell keeps its k best labels, ordered by length and then by source, so that the result does not
depend on the order of work. A source outside the k best of a cell cannot be among the k best of a
cell behind it, so keeping k is exact.

On even ground a label goes on only in the direction it came from and in the two beside it: a
sharper turn there is always longer than some route inside the same square of even cells, so
skipping it is exact too, and most of a region is even.

The queue is Dial's: buckets no wider than the cheapest move, so a label is final when its turn
comes. The buckets are worked through in windows, and in a window source by source: the front of
one source fits the processor's cache, the fronts of all do not. A label that a later source of the
same window drives out has been followed in vain, but nothing that followed from it can stay:
moves cost whole multiples of a tiny quantum, so sums are exact and comparisons transitive.
Where prices span so widely that windows would be too many, a binary heap takes over.

Lengths here are in cells. Ignored: direction of flow, slope.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.network.moves import Moves

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

WINDOW: Final = 32
"""Buckets of one source worked through before the next source has its turn."""

MAX_LISTS: Final = 1 << 22
"""More open lists (windows times sources) than this and the heap is faster."""

CODE_BITS: Final = 6
"""Low bits of a tag that hold the move plus 1, 0 at a root; the source stands above them."""

CODE_MASK: Final = (1 << CODE_BITS) - 1
_UNBOUNDED: Final = 1e300
_JUST_BELOW: Final = 1.0 - 1e-9
"""Keeps a bucket narrower than the cheapest move in spite of rounding."""

_QUANTUM: Final = 2.0**-36
"""Moves are priced in whole multiples of this, cells, so that sums are free of rounding."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A friction raster ready for the sweep."""

    friction: NDArray[np.float32]
    """Multiplier of each cell, flat; inf is a barrier; the outer ring is barrier."""
    is_even: NDArray[np.bool_]
    """The whole square of cells within the reach of a move has the friction of this cell."""
    cols: int
    moves: Moves
    steps: Ints
    """Flat offset of each move."""
    parts: Ints
    """Flat offset of each crossed cell of each move."""


@dataclass(frozen=True, kw_only=True)
class Roots:
    """Cells at which sources are tapped, and the length already used up there, in cells."""

    cells: Ints
    sources: NDArray[np.int32]
    start: Floats


@dataclass(frozen=True, kw_only=True)
class Surface:
    """The k best labels of every cell, flat: label j of cell c is at c * k + j."""

    labels: int
    cost: Floats
    """Friction-weighted length in cells; inf where there is no label."""
    tag: NDArray[np.int32]
    """Source, counted within the class, and last move; -1 where there is no label."""


def make_ground(friction: NDArray[np.float32], moves: Moves) -> Ground:
    """Return a friction raster, shape (rows, cols), prepared for a sweep with `moves`."""
    cols = friction.shape[1]
    flat = np.ascontiguousarray(friction, dtype=np.float32).ravel()
    return Ground(
        friction=flat,
        is_even=_find_even(flat, cols, moves.reach),
        cols=cols,
        moves=moves,
        steps=moves.rows * cols + moves.cols,
        parts=moves.part_rows * cols + moves.part_cols,
    )


def sweep(ground: Ground, roots: Roots, *, labels: int, bound: float, targets: Ints) -> Surface:
    """Return the `labels` nearest sources of every cell, by friction-weighted length in cells.

    Parameters
    ----------
    ground
        Friction and moves.
    roots
        Where the sources are; at least one, none on a barrier.
    labels
        Sources kept per cell.
    bound
        Greatest length followed, in cells.
    targets
        Cells that are asked about. Once their labels are final the sweep stops: cells farther off
        may then hold labels that are not final.
    """
    size = len(ground.friction) * labels
    cost, tag = np.full(size, np.inf), np.full(size, -1, np.int32)
    free = ground.friction[np.isfinite(ground.friction)]
    moves, least, names = ground.moves, float(free.min()), int(roots.sources.max()) + 1
    start = np.rint(roots.start / _QUANTUM) * _QUANTUM
    width = least * _JUST_BELOW
    longest = max(float(free.max()) * float(moves.length.max()), float(start.max()))
    windows = 1 << int(np.ceil(np.log2(longest / (width * WINDOW) + 2)))
    run = _sweep_buckets if windows * names <= MAX_LISTS else _sweep_heap
    run(
        (ground.friction, ground.is_even),
        (ground.steps, moves.length, moves.start, ground.parts, moves.part_share),
        (roots.cells, roots.sources, start),
        (cost, tag, labels),
        (bound, least, width, windows, names),
        targets,
    )
    return Surface(labels=labels, cost=cost, tag=tag)


@njit(cache=True, nogil=True)
def _find_even(friction, cols, reach):  # type: ignore[no-untyped-def]
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
    return np.rint(price / _QUANTUM) * _QUANTUM


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
    """Return how many targets, from the first on, hold k labels all shorter than `value`."""
    while done < len(targets) and cost[targets[done] * k + k - 1] < value:
        done += 1
    return done


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
def _sweep_buckets(ground, moves, roots, labels, limits, targets):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912, PLR0915
    friction, is_even = ground
    steps, length, start, parts, share = moves
    cost, tag, k = labels
    bound, least, width, windows, names = limits
    count, ahead = len(steps), windows - 1
    heads, later = np.full(WINDOW, -1, np.int64), np.full(windows * names, -1, np.int64)
    room = 1024 + len(roots[0])
    q_cell, q_cost, q_next = np.empty(room, np.int64), np.empty(room), np.empty(room, np.int64)
    used, spare, window, done, waiting = 0, -1, 0, 0, 0
    for r in range(len(roots[0])):
        if roots[2][r] <= bound and _plant(cost, tag, k, roots[0][r], roots[1][r], roots[2][r]):
            b = (np.int64(roots[2][r] / width) // WINDOW & ahead) * names + roots[1][r]
            q_cell[used], q_cost[used], q_next[used] = roots[0][r], roots[2][r], later[b]
            later[b] = used
            used, waiting = used + 1, waiting + 1
    while waiting > 0:
        done = _are_final(cost, k, targets, done, window * WINDOW * width)
        if done == len(targets):
            break
        for name in range(names):
            q = later[(window & ahead) * names + name]
            later[(window & ahead) * names + name] = -1
            while q >= 0:
                b = np.int64(q_cost[q] / width) % WINDOW
                after = q_next[q]
                q_next[q], heads[b] = heads[b], q
                q = after
            for turn in range(WINDOW):
                while heads[turn] >= 0:
                    q = heads[turn]
                    heads[turn] = q_next[q]
                    cell, base = q_cell[q], q_cost[q]
                    q_next[q], spare, waiting = spare, q, waiting - 1
                    code = _code_of(cost, tag, cell * k, k, name, base)
                    if code < 0:
                        continue
                    if used + count > len(q_cell):
                        q_cell, q_cost, q_next = _wider(q_cell), _wider(q_cost), _wider(q_next)
                    here, even = np.float64(friction[cell]), is_even[cell]
                    narrow = even and code > 0
                    for turned in range(-1, 2) if narrow else range(count):
                        i = (code - 1 + turned) % count if narrow else turned
                        at = (cell + steps[i]) * k
                        last = at + k - 1
                        if base + length[i] * least * _JUST_BELOW > cost[last]:
                            continue
                        mean = here
                        if not even:
                            mean = _mean(friction, here, cell, start[i], start[i + 1], parts, share)
                        new = base + _exact(length[i] * mean)
                        if new > bound or not _is_wanted(cost, tag, last, new, name):
                            continue
                        if not _offer(cost, tag, at, last, new, name, i + 1):
                            continue
                        if spare >= 0:
                            q = spare
                            spare = q_next[q]
                        else:
                            q = used
                            used += 1
                        q_cell[q], q_cost[q], waiting = cell + steps[i], new, waiting + 1
                        key = np.int64(new / width)
                        if key // WINDOW == window:
                            q_next[q], heads[key % WINDOW] = heads[key % WINDOW], q
                        else:
                            b = (key // WINDOW & ahead) * names + name
                            q_next[q], later[b] = later[b], q
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
def _sweep_heap(ground, moves, roots, labels, limits, targets):  # type: ignore[no-untyped-def]  # noqa: C901
    friction, _ = ground
    steps, length, start, parts, share = moves
    cost, tag, k = labels
    bound, least = limits[0], limits[1]
    room = 1024 + len(roots[0])
    h_cell, h_name, h_cost = np.empty(room, np.int64), np.empty(room, np.int32), np.empty(room)
    size, done = 0, 0
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
        done = _are_final(cost, k, targets, done, base)
        if done == len(targets):
            break
        if size + len(steps) > len(h_cell):
            h_cell, h_name, h_cost = _wider(h_cell), _wider(h_name), _wider(h_cost)
        here = np.float64(friction[cell])
        for i in range(len(steps)):
            at = (cell + steps[i]) * k
            last = at + k - 1
            if base + length[i] * least * _JUST_BELOW > cost[last]:
                continue
            mean = _mean(friction, here, cell, start[i], start[i + 1], parts, share)
            new = base + _exact(length[i] * mean)
            if new > bound or not _is_wanted(cost, tag, last, new, name):
                continue
            if _offer(cost, tag, at, last, new, name, i + 1):
                h_cell[size], h_name[size], h_cost[size] = cell + steps[i], name, new
                _sift_up(h_cell, h_name, h_cost, size)
                size += 1
