"""Draws of everything that is doubted, one seed, all at once.

Prices of a utility move together: the level of option t of utility u is

    level = Phi( sqrt(rho) z_u + sqrt(1 - rho) z_t ),   z standard normal

with rho = price_correlation_share, so any two options of a utility have normal scores of
correlation rho, options of different utilities none; the level is the quantile of a triangle (low,
central, high), the same for fixed part, kilometre and unit. Demands of an industry share a factor
in the same way (demand_correlation_share). Spare capacities are independent, occupancy is one
share for all.

Old data is doubted more: the ends of a price lie farther from its middle, and the spread of a spare
capacity is wider, by `age_spread_share` a year. Source: Gaussian copula (general knowledge).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtr

from siting.portfolio.stakes import World, scale_loads
from siting.units import UTILITIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.portfolio.stakes import Stakes
    from siting.region import DoubtParams

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Worlds:
    """D draws; levels and factors of what was assumed."""

    stakes: Stakes
    price_level: Floats
    """Quantile of the price of each option, shape (D, options)."""
    demand: Floats
    """Factor of the loads of each prospect, shape (D, m)."""
    spare: Floats
    """Factor of the spare capacity of each source, shape (D, s)."""
    share: Floats
    """Share of prospects that come, shape (D,)."""
    come: Floats
    """1 for each prospect that comes, else 0, shape (D, m)."""

    def world(self, draw: int) -> World:
        """Return one draw."""
        case, stakes = self.stakes.case, self.stakes
        level = self.price_level[draw]
        return World(
            prices=triangular(level, stakes.low_prices, case.ways.prices, stakes.high_prices),
            spare=case.ways.spare * self.spare[draw],
            demands=scale_loads(case.demands, self.demand[draw]),
            come=self.come[draw],
        )


def draw_worlds(stakes: Stakes, params: DoubtParams, random: np.random.Generator) -> Worlds:
    """Return `params.draws` draws."""
    case, draws = stakes.case, params.draws
    options, m = case.ways.options, len(case.prospects)
    utility = np.array([UTILITIES.index(u) for u in options["utility"]])
    industry = pd.factorize(stakes.industries, sort=True)[0]
    price = correlated(random, utility, params.price_correlation_share, draws)
    load = correlated(random, industry, params.demand_correlation_share, draws)
    spare = random.random((draws, len(case.ways.spare)))
    share = random.uniform(params.occupancy_low_share, params.occupancy_high_share, draws)
    come = random.random((draws, m)) < share[:, None]
    return Worlds(
        stakes=stakes,
        price_level=price,
        demand=around_one(load, np.full(m, params.demand_spread_share)),
        spare=around_one(spare, stakes.spare_spread),
        share=share,
        come=come.astype(float),
    )


def correlated(
    random: np.random.Generator, group: NDArray[np.intp], rho: float, draws: int
) -> Floats:
    """Return uniform levels, shape (draws, n), whose normal scores correlate by rho in a group."""
    count = int(group.max()) + 1 if len(group) else 0
    common = random.standard_normal((draws, count))
    own = random.standard_normal((draws, len(group)))
    return np.asarray(ndtr(np.sqrt(rho) * common[:, group] + np.sqrt(1 - rho) * own), float)


def triangular(level: Floats, low: Floats, mode: Floats, high: Floats) -> Floats:
    """Return the quantile `level` of triangular distributions; `mode` where low equals high."""
    span = high - low
    safe = np.where(span > 0, span, 1.0)
    turn = (mode - low) / safe
    up = low + np.sqrt(level * safe * (mode - low))
    down = high - np.sqrt((1 - level) * safe * (high - mode))
    return np.where(span > 0, np.where(level < turn, up, down), mode)


def around_one(level: Floats, spread: Floats) -> Floats:
    """Return the quantiles of triangles (1 - spread, 1, 1 + spread)."""
    ones = np.ones(level.shape)
    return triangular(level, ones - spread, ones, ones + spread)
