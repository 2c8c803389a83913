"""How sure the answer is: seeded draws of what was assumed, and which facts matter most.

Each draw takes a price level of every option (together within a utility), a demand of every
prospect (together within an industry), a spare capacity of every source and a share of prospects
that come (`siting.portfolio.worlds`). The saving of a site is drawn with the residents `serve` gave
it, so sites compare; a site nobody fits has none.

`chosen_share` repeats the choice in each draw by a greedy search under the same limits, among the
`POOL` sites that save most and those chosen. It is quick, not the optimum, and a site outside the
pool is never chosen.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import pandas as pd

from siting.portfolio.ages import find_ages
from siting.portfolio.facts import facts_to_check
from siting.portfolio.knowing import find_rivals, worth_of_all
from siting.portfolio.ranks import rank_sites
from siting.portfolio.stakes import build_stakes
from siting.portfolio.tornado import draw_tornado
from siting.portfolio.worlds import draw_worlds
from siting.tables import check
from siting.tables.doubt import FACTS, RANKS, TORNADO
from siting.tables.results import DOUBTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.portfolio.choosing import Chosen
    from siting.portfolio.stakes import Layout, Pool, Stakes
    from siting.portfolio.worlds import Worlds
    from siting.region import DoubtParams

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_Found = TypeVar("_Found")

POOL: Final = 60
"""Sites among which the choice is repeated in each draw."""
PERCENTILES: Final = (10, 50, 90)
REPORTS: Final = 20
"""How often progress is told."""


@dataclass(frozen=True, kw_only=True)
class Doubted:
    """Sites with the range of their saving, and what to check first."""

    sites: GeoDataFrame
    """Table DOUBTED."""
    facts: DataFrame
    """Table FACTS, the most worth knowing first."""
    books: dict[str, DataFrame]
    """Tables RANKS and TORNADO by name."""
    plan_saving_mrub: DataFrame
    """Saving of the whole plan in each draw; index draw, column saving_mrub."""
    knowing_all_mrub: float
    """What knowing everything before choosing would be worth: more than any one fact."""


def _silent(done_share: float) -> None:
    """Report nothing."""


def doubt(
    sites: GeoDataFrame,
    *,
    chosen: Chosen,
    params: DoubtParams,
    seed: int,
    infrastructure: DataFrame | None = None,
    progress: Callable[[float], None] = _silent,
) -> Doubted:
    """Return percentiles of each site's saving, how often it is chosen, and the facts to check.

    Without `infrastructure` the data of sources and options counts as of today.
    """
    ways = chosen.served.ways
    old = None if infrastructure is None else find_ages(ways, infrastructure, params)
    stakes = build_stakes(chosen, params, old)
    worlds = draw_worlds(stakes, params, np.random.default_rng(seed))
    pool = stakes.pool(POOL)
    savings, picked = _draw_all(stakes, worlds, pool, progress)
    plans = find_rivals(stakes, pool, picked, params.rivals_told)
    totals = _totals(stakes, worlds, plans)
    opened = np.zeros(len(stakes.case.sites))
    for sites_of_draw in picked:
        opened[pool.sites[sites_of_draw]] += 1
    table = sites.assign(**_site_columns(sites, stakes, savings, opened / params.draws))
    ranks = rank_sites(stakes.case.sites, savings, stakes.has_residents, params.ranks_told)
    facts = facts_to_check(worlds, totals, chosen, params)
    index = pd.RangeIndex(params.draws, name="draw")
    return Doubted(
        sites=check(table, DOUBTED),
        facts=check(facts, FACTS),
        books={
            RANKS.name: check(ranks, RANKS),
            TORNADO.name: check(draw_tornado(stakes, params), TORNADO),
        },
        plan_saving_mrub=pd.DataFrame({"saving_mrub": totals[:, 0]}, index=index),
        knowing_all_mrub=worth_of_all(totals),
    )


def _draw_all(
    stakes: Stakes, worlds: Worlds, pool: Pool, progress: Callable[[float], None]
) -> tuple[Floats, list[Ints]]:
    """Return savings, shape (draws, n), and the positions in the pool opened in each draw."""
    draws = len(worlds.share)
    savings = np.zeros((draws, len(stakes.case.sites)))
    picked: list[Ints] = []
    every = max(1, draws // REPORTS)

    def judge(draw: int) -> tuple[Floats, Ints]:
        world = worlds.world(draw)
        values = stakes.values_in(world)
        homes = stakes.reselect_in(world, values, pool)
        return stakes.savings_in(world, values), np.unique(homes[homes >= 0])

    for draw, (saving, opened) in enumerate(_side_by_side(judge, draws)):
        savings[draw] = saving
        picked.append(opened)
        if draw % every == 0:
            progress(draw / draws)
    return savings, picked


def _totals(stakes: Stakes, worlds: Worlds, plans: list[Layout]) -> Floats:
    """Return the saving of each plan in each draw, shape (draws, plans)."""

    def judge(draw: int) -> list[float]:
        world = worlds.world(draw)
        values = stakes.values_in(world)
        return [stakes.total_in(world, values, plan) for plan in plans]

    return np.array(list(_side_by_side(judge, len(worlds.share))))


def _side_by_side(judge: Callable[[int], _Found], draws: int) -> Iterator[_Found]:
    """Yield what `judge` finds in each draw, in order: threads change no number."""
    with ThreadPoolExecutor() as workers:
        yield from workers.map(judge, range(draws))


def _site_columns(
    sites: GeoDataFrame, stakes: Stakes, savings: Floats, picked: Floats
) -> dict[str, pd.Series]:
    places = stakes.case.sites
    filled = stakes.has_residents
    quantiles = np.percentile(savings, PERCENTILES, axis=0)
    found = {
        f"saving_p{p}_mrub": pd.Series(np.where(filled, row, np.nan), index=places)
        for p, row in zip(PERCENTILES, quantiles, strict=True)
    }
    found["chosen_share"] = pd.Series(picked, index=places)
    return {name: column.reindex(sites.index) for name, column in found.items()}
