"""What moves the saving of the whole plan, one group of assumptions at a time: a tornado.

A group is the prices of a utility together, all demands, all spare capacities, or occupancy, each
at its low and at its high end. Parks and residents stay, options and sources are chosen again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.portfolio.stakes import scale_loads
from siting.units import UTILITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.portfolio.stakes import Stakes, World
    from siting.region import DoubtParams

    Floats = NDArray[np.float64]

ALL: Final = "all"
COLUMNS: Final = ("kind", "subject", "low_mrub", "central_mrub", "high_mrub", "swing_mrub")


def draw_tornado(stakes: Stakes, params: DoubtParams) -> DataFrame:
    """Return table TORNADO, the widest bar first; groups that move nothing are left out."""
    central = saving_of(stakes, stakes.central)
    rows = []
    for kind, subject, low_world, high_world in _groups(stakes, params):
        low, high = saving_of(stakes, low_world), saving_of(stakes, high_world)
        rows.append((kind, subject, low, central, high, abs(high - low)))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    kinds = dict.fromkeys(COLUMNS[:2], "str") | dict.fromkeys(COLUMNS[2:], "float64")
    moved = table.astype(kinds).query("swing_mrub > 0")
    return moved.sort_values(
        ["swing_mrub", "kind", "subject"], ascending=[False, True, True], kind="stable"
    ).reset_index(drop=True)


def saving_of(stakes: Stakes, world: World) -> float:
    """Return the saving of the plan in one world, mln roubles."""
    return stakes.total_in(world, stakes.values_in(world))


def _groups(stakes: Stakes, params: DoubtParams) -> Iterator[tuple[str, str, World, World]]:
    central = stakes.central
    of_utility = stakes.case.ways.options["utility"].to_numpy(str)
    for utility in UTILITIES:
        ends = []
        for end in (stakes.low_prices, stakes.high_prices):
            prices = np.where(of_utility == utility, end, central.prices)
            ends.append(replace(central, prices=prices))
        yield "price", utility, ends[0], ends[1]
    spread = params.demand_spread_share
    m = len(stakes.case.prospects)
    loads = [scale_loads(central.demands, np.full(m, f)) for f in (1 - spread, 1 + spread)]
    yield "demand", ALL, replace(central, demands=loads[0]), replace(central, demands=loads[1])
    wide = stakes.spare_spread
    spares = [central.spare * (1 - wide), central.spare * (1 + wide)]
    yield (
        "spare_capacity",
        ALL,
        replace(central, spare=spares[0]),
        replace(central, spare=spares[1]),
    )
    shares = (params.occupancy_low_share, params.occupancy_high_share)
    come = [central.come * each for each in shares]
    yield "occupancy", ALL, replace(central, come=come[0]), replace(central, come=come[1])
