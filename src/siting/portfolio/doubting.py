"""How sure the answer is: seeded draws of what was assumed, and which facts matter most.

Each draw takes, independently: a price level of every option (triangular between its low, central
and high price, the same level for its fixed part, its kilometre and its unit), a demand of every
prospect, a spare capacity of every source, and a share of prospects that come. The saving of a site
is drawn with the residents `serve` gave it, so sites compare; a site nobody fits has none.

`chosen_share` repeats the choice in each draw by a greedy search under the same limits, among the
`POOL` sites that save most and those chosen. It is quick, not the optimum, and a site outside the
pool is never chosen.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.portfolio.facts import facts_to_check
from siting.portfolio.stakes import Stakes, World, build_stakes, scale_loads
from siting.tables import check
from siting.tables.results import DOUBTED, FACTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.portfolio.choosing import Chosen
    from siting.region import DoubtParams

    Floats = NDArray[np.float64]

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
    """Table FACTS, the largest swing first."""
    plan_saving_mrub: DataFrame
    """Saving of the whole plan in each draw; index draw, column saving_mrub."""


def _silent(done_share: float) -> None:
    """Report nothing."""


def doubt(
    sites: GeoDataFrame,
    *,
    chosen: Chosen,
    params: DoubtParams,
    seed: int,
    progress: Callable[[float], None] = _silent,
) -> Doubted:
    """Return percentiles of each site's saving, how often it is chosen, and the facts to check."""
    stakes = build_stakes(chosen)
    savings, picked, totals = _draw_all(stakes, params, seed, progress)
    table = sites.assign(**_site_columns(sites, stakes, savings, picked))
    facts = facts_to_check(stakes, chosen, params)
    index = pd.RangeIndex(len(totals), name="draw")
    return Doubted(
        sites=check(table, DOUBTED),
        facts=check(facts, FACTS),
        plan_saving_mrub=pd.DataFrame({"saving_mrub": totals}, index=index),
    )


def _draw_all(
    stakes: Stakes, params: DoubtParams, seed: int, progress: Callable[[float], None]
) -> tuple[Floats, Floats, Floats]:
    """Return savings, shape (draws, n), times each site was chosen, and totals of the plan."""
    random = np.random.default_rng(seed)
    savings = np.zeros((params.draws, len(stakes.case.sites)))
    picked = np.zeros(len(stakes.case.sites))
    totals = np.zeros(params.draws)
    pool = stakes.pool(POOL)
    every = max(1, params.draws // REPORTS)

    def judge(world: World) -> tuple[Floats, float, NDArray[np.bool_]]:
        values = stakes.values_in(world)
        return (
            stakes.savings_in(world, values),
            stakes.total_in(world, values),
            stakes.reselect_in(world, values, pool),
        )

    # worlds are drawn in one order and only judged side by side, so threads change no number
    worlds = (draw_world(stakes, params, random) for _ in range(params.draws))
    with ThreadPoolExecutor() as workers:
        for draw, found in enumerate(workers.map(judge, worlds)):
            savings[draw], totals[draw], chosen = found
            picked[pool.sites] += chosen
            if draw % every == 0:
                progress(draw / params.draws)
    return savings, picked / params.draws, totals


def draw_world(stakes: Stakes, params: DoubtParams, random: np.random.Generator) -> World:
    """Return one draw of everything that is doubted."""
    case = stakes.case
    level = random.random((case.ways.prices.shape[1],))
    demand = _around_one(random.random((len(case.prospects),)), params.demand_spread_share)
    spare = _around_one(random.random((len(case.ways.spare),)), params.spare_spread_share)
    share = random.uniform(params.occupancy_low_share, params.occupancy_high_share)
    come = (random.random((len(case.prospects),)) < share).astype(float)
    return World(
        prices=triangular(level, stakes.low_prices, case.ways.prices, stakes.high_prices),
        spare=case.ways.spare * spare,
        demands=scale_loads(case.demands, demand),
        come=come,
    )


def triangular(level: Floats, low: Floats, mode: Floats, high: Floats) -> Floats:
    """Return the quantile `level` of triangular distributions; `mode` where low equals high."""
    span = high - low
    safe = np.where(span > 0, span, 1.0)
    turn = (mode - low) / safe
    up = low + np.sqrt(level * safe * (mode - low))
    down = high - np.sqrt((1 - level) * safe * (high - mode))
    return np.where(span > 0, np.where(level < turn, up, down), mode)


def _around_one(level: Floats, spread: float) -> Floats:
    ones = np.ones(len(level))
    return triangular(level, ones - spread, ones, ones + spread)


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
