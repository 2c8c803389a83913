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

from siting.network.kernel import JUST_BELOW, QUANTUM, WINDOW, find_even, sweep_buckets, sweep_heap
from siting.network.single import sweep_single

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.network.moves import Moves

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MAX_LISTS: Final = 1 << 22
"""More open lists (windows times sources) than this and the heap is faster."""

_UNBOUNDED: Final = 1e300


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A friction raster ready for the sweep."""

    friction: NDArray[np.float32]
    """Multiplier of each cell, flat; inf is a barrier; the outer ring is barrier."""
    is_even: NDArray[np.bool_]
    """The whole square of cells within the reach of a move has the friction of this cell."""
    cols: int
    least: float
    """Least and greatest friction that is not a barrier."""
    dearest: float
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
    free = flat[np.isfinite(flat)]
    return Ground(
        friction=flat,
        is_even=find_even(flat, cols, moves.reach),
        cols=cols,
        least=float(free.min(initial=np.inf)),
        dearest=float(free.max(initial=0.0)),
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
    moves, least, names = ground.moves, ground.least, int(roots.sources.max()) + 1
    start = np.rint(roots.start / QUANTUM) * QUANTUM
    width = least * JUST_BELOW
    longest = max(ground.dearest * float(moves.length.max()), float(start.max()))
    ground_arrays = (ground.friction, ground.is_even)
    move_arrays = (ground.steps, moves.length, moves.start, ground.parts, moves.part_share)
    root_arrays = (roots.cells, roots.sources, start)
    if labels == 1 and longest / width < MAX_LISTS:
        buckets = 1 << int(np.ceil(np.log2(longest / width + 2)))
        limits = (bound, least, width, buckets)
        sweep_single(ground_arrays, move_arrays, root_arrays, (cost, tag), limits, targets)
        return Surface(labels=labels, cost=cost, tag=tag)
    windows = 1 << int(np.ceil(np.log2(longest / (width * WINDOW) + 2)))
    kept = (ground_arrays, move_arrays, root_arrays, (cost, tag, labels))
    if windows * names > MAX_LISTS:
        sweep_heap(*kept, (bound, least), targets)
    else:
        # made here: numpy asks for large pages, compiled code does not
        front = (np.full(len(ground.friction), np.inf), np.empty(len(ground.friction), np.int32))
        sweep_buckets(*kept, (bound, least, 1.0 / width, windows, names), targets, front)
    return Surface(labels=labels, cost=cost, tag=tag)
