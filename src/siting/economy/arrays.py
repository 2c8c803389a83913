"""Two sums every module of the economy needs, with the type and the zero case settled once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from siting.economy.freight import Floats, Ints


def summed(groups: Ints, values: Floats, count: int) -> Floats:
    """Return the sum of `values` in each of `count` groups, shape (count,)."""
    return np.asarray(np.bincount(groups, values, minlength=count), dtype=np.float64)


def divided(above: Floats, below: Floats) -> Floats:
    """Return above / below, and 0 where `below` is not positive: nothing is shared out there."""
    shape = np.broadcast_shapes(np.shape(above), np.shape(below))
    zeros = np.zeros(shape, dtype=np.float64)
    return np.asarray(np.divide(above, below, out=zeros, where=np.asarray(below) > 0))
