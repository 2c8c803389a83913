"""What it is worth to know a fact before choosing: expected value of partial perfect information.

The decision is among the plan, no park at all, and the `rivals_told` other plans a greedy choice
makes most often in the draws, each filled again without knowing the draw. With V_k the saving of
plan k and phi the fact,

    value of phi = mean over draws of max_k E[V_k | phi]  -  max_k E[V_k]

E[V_k | phi] is a parabola fitted to the draws by least squares, its deviation from the mean shrunk
by adjusted R2 / R2, so that noise is not taken for knowledge. What knowing everything is worth is
the same with V_k itself. Sources: Raiffa and Schlaifer 1961; fitting by regression, Strong,
Oakley and Brennan 2014. Ignores plans outside the list: the values are from below.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.portfolio.stakes import Layout, Pool, Stakes

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DEGREE: Final = 2
LEAST_DRAWS: Final = 10
"""Fewer draws cannot tell a parabola from noise."""


def find_rivals(stakes: Stakes, pool: Pool, picked: list[Ints], most: int) -> list[Layout]:
    """Return the plan and its rivals; `picked` are the sites of the pool opened in each draw."""
    often = Counter(tuple(opened.tolist()) for opened in picked)
    ranked = sorted(often, key=lambda opened: (-often[opened], opened))
    plans = [stakes.plan_layout]
    values = stakes.values_in(stakes.central)
    mine = tuple(stakes.plan_layout.parks.tolist())
    for opened in ranked:
        if len(plans) > most:
            break
        if opened and tuple(pool.sites[list(opened)].tolist()) != mine:
            only = stakes.reselect_in(stakes.central, values, pool.only(np.array(opened)))
            plans.append(stakes.layout(_members(stakes, pool, only)))
    return plans


def _members(stakes: Stakes, pool: Pool, homes: Ints) -> NDArray[np.bool_]:
    members = np.zeros(stakes.residents.shape, bool)
    settled = np.flatnonzero(homes >= 0)
    members[pool.sites[homes[settled]], settled] = True
    return members


def worth_of_all(savings: Floats) -> float:
    """Return what knowing everything is worth, mln roubles; `savings` has shape (draws, plans).

    No park at all, which saves nothing, is always possible.
    """
    return float(np.maximum(savings.max(axis=1), 0).mean() - max(savings.mean(axis=0).max(), 0))


def worth_of(fact: Floats, savings: Floats) -> float:
    """Return what knowing `fact`, shape (draws,), is worth, mln roubles; never below zero."""
    spread = fact.std()
    if len(fact) < LEAST_DRAWS or spread == 0:
        return 0.0
    basis = np.vander((fact - fact.mean()) / spread, DEGREE + 1)
    mean = savings.mean(axis=0)
    away = savings - mean
    fitted = basis @ np.linalg.lstsq(basis, away, rcond=None)[0]
    whole = (away**2).sum(axis=0)
    explained = np.divide((fitted**2).sum(axis=0), whole, out=np.zeros(len(mean)), where=whole > 0)
    free = len(fact) - DEGREE - 1
    adjusted = np.maximum(0.0, 1 - (1 - explained) * (len(fact) - 1) / free)
    shrink = np.divide(adjusted, explained, out=np.zeros(len(mean)), where=explained > 0)
    expected = mean + shrink * fitted
    gain = np.maximum(expected.max(axis=1), 0).mean() - max(mean.max(), 0)
    return max(0.0, float(gain))
