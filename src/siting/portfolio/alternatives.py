"""What else could be done: near-best portfolios, irreplaceable sites, regrets and the front.

    irreplaceability, by loss     (best - best without the site) / best
    irreplaceability, by share    portfolios within `near_best_share` that open it / all of those
    regret of a favourite         best - best with the site locked in

Two definitions because the field has two: how often an area is in a set that reaches the goal
(Ferrier, Pressey and Barrett, 2000, Biological Conservation 93), counted here over portfolios, each
a different set of sites; and the replacement cost of forcing a site out or in (Cabeza and Moilanen,
2006, Biological Conservation 132). Values are what the search found: another portfolio may lie
between, so a loss and a regret are at most what is told, against the plan. Where every set of
sites was solved (`is_proven`) they are exact, but for the front, which is never promised whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from siting.portfolio.exploring import explore
from siting.portfolio.master import NOWHERE
from siting.tables import check
from siting.tables.alternatives import ALTERNATIVES, IRREPLACEABILITY, PARETO, REGRETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.portfolio.case import Case
    from siting.portfolio.exploring import Found, Pool
    from siting.tables import Table

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Alternatives:
    """What else could be done, beside the plan."""

    near_best: DataFrame
    """Table ALTERNATIVES."""
    irreplaceability: DataFrame
    """Table IRREPLACEABILITY."""
    regrets: DataFrame
    """Table REGRETS."""
    pareto: DataFrame
    """Table PARETO."""
    near_best_count: int
    """Portfolios within `near_best_share`, the plan among them; the table tells the first."""
    is_proven: bool
    """Every set of sites was solved to the end."""

    @property
    def tables(self) -> dict[str, DataFrame]:
        """Return the tables by name."""
        return {
            ALTERNATIVES.name: self.near_best,
            IRREPLACEABILITY.name: self.irreplaceability,
            REGRETS.name: self.regrets,
            PARETO.name: self.pareto,
        }


def find_alternatives(
    case: Case, plan: Ints, jobs: Floats, usable: Ints
) -> tuple[Ints, Alternatives]:
    """Return the best plan met, never worse than `plan`, and what else could be done.

    Parameters
    ----------
    jobs
        Jobs of each prospect, shape (m,).
    usable
        Sites that could open.
    """
    favourites = _favourites(case, usable)
    pool = explore(case, plan, jobs, usable, favourites)
    best = pool.best
    near = _near_best(pool)
    return best.plan, Alternatives(
        near_best=_table(ALTERNATIVES, _alternatives(case, near)),
        irreplaceability=_table(IRREPLACEABILITY, _irreplaceability(pool, near)),
        regrets=_table(REGRETS, _regrets(pool, favourites)),
        pareto=_table(PARETO, _pareto(pool)),
        near_best_count=len(near),
        is_proven=pool.is_proven,
    )


def _favourites(case: Case, usable: Ints) -> Ints:
    """Return the sites named as favourites, and those that save most alone."""
    order = usable[np.argsort(-case.alone_mrub[usable], kind="stable")]
    named = case.sites.get_indexer(pd.Index(case.params.favourites, dtype="str"))
    return np.union1d(order[: case.params.favourites_told], named).astype(np.int64)


def _near_best(pool: Pool) -> list[Found]:
    top = pool.best.saving_mrub
    # kopecks of rounding must not cut the edge
    floor = top - pool.case.params.near_best_share * abs(top) - 1e-9 * abs(top)
    return [each for each in pool.ranked if each.saving_mrub >= floor]


def _alternatives(case: Case, near: list[Found]) -> Iterable[tuple[object, ...]]:
    best = near[0]
    for at, each in enumerate(near[: case.params.alternatives_told]):
        yield (
            at, _names(case, each.parks), *_swapped(case, best, each), each.saving_mrub,
            _share(best.saving_mrub - each.saving_mrub, best.saving_mrub),
            int((each.plan != NOWHERE).sum()), each.jobs_count, each.public_mrub,
        )  # fmt: skip


def _irreplaceability(pool: Pool, near: list[Found]) -> Iterable[tuple[object, ...]]:
    best = pool.best
    opened = sorted({site for each in near for site in each.parks})
    for site in opened:
        other = pool.best_without(site)
        share = sum(site in each.parks for each in near) / len(near)
        yield (
            pool.case.sites[site], site in best.parks, *_against(best, other), share,
            pool.is_proven,
        )  # fmt: skip


def _regrets(pool: Pool, favourites: Ints) -> Iterable[tuple[object, ...]]:
    best = pool.best
    for site in favourites.tolist():
        other = pool.best_with(site)
        swapped = (None, None) if other is None else _swapped(pool.case, best, other)
        yield (
            pool.case.sites[site], site in best.parks, *_against(best, other), *swapped,
            pool.is_proven,
        )  # fmt: skip


def _pareto(pool: Pool) -> Iterable[tuple[object, ...]]:
    order = sorted(pool.front, key=lambda each: (-each.saving_mrub, each.public_mrub))
    for each in order:
        yield (
            each.saving_mrub, each.jobs_count, each.public_mrub, len(each.parks),
            int((each.plan != NOWHERE).sum()), _names(pool.case, each.parks),
            each is pool.best,
        )  # fmt: skip


def _against(best: Found, other: Found | None) -> tuple[float, float, float]:
    """Return what another plan saves, how much less that is, and as a share; empty for none."""
    if other is None:
        return np.nan, np.nan, np.nan
    less = best.saving_mrub - other.saving_mrub
    return other.saving_mrub, less, _share(less, best.saving_mrub)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0


def _swapped(case: Case, best: Found, other: Found) -> tuple[str | None, str | None]:
    come = sorted(set(other.parks) - set(best.parks))
    gone = sorted(set(best.parks) - set(other.parks))
    return _names(case, come), _names(case, gone)


def _names(case: Case, sites: Iterable[int]) -> str | None:
    return ";".join(case.sites[site] for site in sites) or None


def _table(table: Table, rows: Iterable[tuple[object, ...]]) -> DataFrame:
    frame = pd.DataFrame(list(rows), columns=[column.name for column in table.columns])
    kinds = {"text": "str", "number": "float64", "flag": "bool"}
    return check(frame.astype({c.name: kinds[c.kind] for c in table.columns}), table)
