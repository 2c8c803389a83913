"""The moves of the sweep: where a step of the route may go, and which cells it then crosses.

A long move is a straight line between two cell centres. It pays for every cell it crosses by the
length it runs through it, and a barrier in any of them stops it. A diagonal move touches its two
side cells only in a corner: it neither pays for them nor is stopped by them, as in scikit-image's
`MCP_Geometric`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import atan2, hypot
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RING: Final = 3
"""Cells of barrier around every raster, so that no move of any neighbourhood can leave it."""

LENGTH_ERROR_SHARE: Final = {8: 0.0824, 16: 0.0275, 32: 0.0131}
"""By how much at most a route over even ground is longer than the straight line."""

_REACH: Final = {8: 1, 16: 2, 32: 3}
_HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, kw_only=True)
class Moves:
    """m moves round the compass; move i crosses its start and parts start[i]:start[i + 1]."""

    reach: int
    """Cells that the longest move goes along a row or a column."""

    rows: NDArray[np.int64]
    cols: NDArray[np.int64]
    length: NDArray[np.float64]
    """Length of each move in cells, shape (m,)."""
    start: NDArray[np.int64]
    part_rows: NDArray[np.int64]
    part_cols: NDArray[np.int64]
    part_share: NDArray[np.float64]
    """Share of the move's length that runs through the part."""


@cache
def moves_of(neighbours: int) -> Moves:
    """Return the moves of a neighbourhood of 8, 16 or 32 cells, in the order of their angle."""
    reach = range(-_REACH[neighbours], _REACH[neighbours] + 1)
    ends = [(r, c) for r in reach for c in reach if np.gcd(r, c) == 1]
    ends.sort(key=lambda end: atan2(*end))
    parts = [[item for item in crossed(*end).items() if item[0] != (0, 0)] for end in ends]
    flat = [item for part in parts for item in part]
    return Moves(
        reach=_REACH[neighbours],
        rows=np.array([r for r, _ in ends], np.int64),
        cols=np.array([c for _, c in ends], np.int64),
        length=np.array([hypot(r, c) for r, c in ends]),
        start=np.cumsum([0, *map(len, parts)], dtype=np.int64),
        part_rows=np.array([r for (r, _), _ in flat], np.int64),
        part_cols=np.array([c for (_, c), _ in flat], np.int64),
        part_share=np.array([float(share) for _, share in flat]),
    )


def crossed(rows: int, cols: int) -> dict[tuple[int, int], Fraction]:
    """Return the cells a move of `rows` down and `cols` right crosses, with the share in each.

    The line is cut where it passes from cell to cell, in exact fractions.
    """
    cuts = {Fraction(0), Fraction(1)}
    for span in (abs(rows), abs(cols)):
        cuts |= {(i + _HALF) / span for i in range(span)}
    ordered = sorted(cuts)
    shares: dict[tuple[int, int], Fraction] = {}
    for low, high in pairwise(ordered):
        middle = (low + high) / 2
        cell = ((rows * middle + _HALF) // 1, (cols * middle + _HALF) // 1)
        shares[cell] = shares.get(cell, Fraction(0)) + high - low
    return shares
