"""What a settled plan saves and what it costs the budget: the sum that judges all searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from siting.portfolio.master import NOWHERE
from siting.portfolio.settle import settle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.portfolio.case import Case
    from siting.portfolio.settle import Settled

    Ints = NDArray[np.int64]


def worth_mrub(case: Case, plan: Ints) -> float:
    """Return what a plan saves; -inf where it breaks the budget, a lock or the least of parks.

    A search prices parks one by one, so only here, with sources shared, is the budget sure.
    """
    opened = np.unique(plan[plan != NOWHERE])
    if len(opened) < case.params.min_parks or not set(case.locked_in) <= set(opened):
        return -np.inf
    settled = settle(case, plan)
    if spent_mrub(case, settled) > case.params.budget_mrub:
        return -np.inf
    return objective_mrub(case, settled)


def spent_mrub(case: Case, settled: Settled) -> float:
    """Return what the budget pays for a plan, mln roubles."""
    onsite = (settled.members @ case.areas_ha) @ case.rates_mrub_ha[settled.parks]
    opening = case.public_opening * case.params.opening_mrub * len(settled.parks)
    return float((settled.costs @ case.public).sum() + case.public_onsite * onsite + opening)


def objective_mrub(case: Case, settled: Settled) -> float:
    """Return saving after opening plus the worth of linked firms, mln roubles."""
    lone = settled.members.sum(axis=1) == 1
    value = case.values[settled.parks] + np.where(lone[:, None], case.lone[settled.parks], 0.0)
    saving = float((value * settled.members).sum() - settled.costs.sum())
    opening = case.params.opening_mrub * len(settled.parks)
    return saving - opening + colocation_mrub(case, settled)


def colocation_mrub(case: Case, settled: Settled) -> float:
    """Return the freight that linked firms in one park save, mln roubles."""
    together = settled.members[:, case.pairs[:, 0]] & settled.members[:, case.pairs[:, 1]]
    return float(together.any(axis=0) @ case.pair_mrub)
