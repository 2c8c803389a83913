"""Steps in which a source is enlarged: the smallest that holds what is missing.

A transformer is changed for the next size, never for one of 3.7 MW. What a park pays of a step is
reckoned by the unit it takes (`reinforcement_mrub`): the rest of the step is capacity for others,
and prices add up over parks. The step itself, with its whole price, is told beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from siting.network_params import ReinforcementStep

    Floats = NDArray[np.float64]

_SURELY_LESS: Final = 1.0 - 1e-9
"""What is missing by rounding alone needs no larger step."""


@dataclass(frozen=True, kw_only=True)
class Steps:
    """A step for each of n sources that are too small."""

    name: NDArray[np.object_]
    """None where nothing is missing or the region names no steps, shape (n,)."""
    mrub: Floats
    """Price of the whole step, NaN where there is none, shape (n,)."""


def find_steps(steps: Sequence[ReinforcementStep], missing: Floats) -> Steps:
    """Return the smallest step that holds what is `missing`, shape (n,); NaN misses nothing.

    More than the largest step holds takes as many of it as are needed.
    """
    name, mrub = np.full(len(missing), None, object), np.full(len(missing), np.nan)
    short = np.flatnonzero(missing > 0)
    if not steps or not len(short):
        return Steps(name=name, mrub=mrub)
    capacity = np.array([step.capacity for step in steps])
    held = missing[short] * _SURELY_LESS
    count = np.maximum(1, np.ceil(held / capacity[-1])).astype(int)
    at = np.where(count > 1, len(steps) - 1, np.searchsorted(capacity, held))
    name[short] = np.array([step.name for step in steps], object)[at]
    for row, many in zip(short[count > 1].tolist(), count[count > 1].tolist(), strict=True):
        name[row] = f"{many} x ({steps[-1].name})"
    mrub[short] = count * np.array([step.mrub for step in steps])[at]
    return Steps(name=name, mrub=mrub)
