"""Which assumptions would change the plan most if they were checked: one at a time, low and high.

The parks and residents of the plan stay, options and sources are chosen again. Ignores that
assumptions may move together, and that a plan would be made anew.

`low` and `high` are shares of what was assumed: 0.5 is half the price, demand or capacity. For
occupancy they are the shares of residents that come.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.portfolio.stakes import scale_loads
from siting.tables.inputs import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.portfolio.choosing import Chosen
    from siting.portfolio.stakes import Stakes, World
    from siting.region import DoubtParams

    Floats = NDArray[np.float64]

FACTS_COUNT: Final = 10
ASSUMED: Final = STATUSES[2]
DERIVED: Final = STATUSES[1]
COLUMNS: Final = ("kind", "subject", "low", "high", "swing_mrub", "status", "source")


@dataclass(frozen=True, kw_only=True)
class _Question:
    """One assumption with its low and its high world."""

    kind: str
    subject: str
    low: float
    high: float
    low_world: World
    high_world: World
    status: str
    source: str


def facts_to_check(stakes: Stakes, chosen: Chosen, params: DoubtParams) -> DataFrame:
    """Return table FACTS: the assumptions that move the saving of the plan most, largest first.

    Assumptions that move it by nothing are left out, so a plan of no parks has none.
    """
    rows = []
    for question in _questions(stakes, chosen, params):
        low, high = (
            stakes.total_in(world, stakes.values_in(world))
            for world in (question.low_world, question.high_world)
        )
        rows.append(
            (
                question.kind,
                question.subject,
                question.low,
                question.high,
                abs(high - low),
                question.status,
                question.source,
            )
        )
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table = table.astype(dict.fromkeys(("kind", "subject", "status", "source"), "str"))
    table = table.astype(dict.fromkeys(("low", "high", "swing_mrub"), "float64"))
    told = table[table["swing_mrub"] > 0]
    ordered = told.sort_values(
        ["swing_mrub", "kind", "subject"], ascending=[False, True, True], kind="stable"
    )
    return ordered.head(FACTS_COUNT).reset_index(drop=True)


def _questions(stakes: Stakes, chosen: Chosen, params: DoubtParams) -> Iterator[_Question]:
    yield from _prices(stakes)
    yield from _demands(stakes, chosen, params)
    yield from _spares(stakes, chosen, params)
    yield _occupancy(stakes, params)


def _prices(stakes: Stakes) -> Iterator[_Question]:
    central = stakes.central
    options = stakes.case.ways.options
    for at, (key, option) in enumerate(options.iterrows()):
        low, high = central.prices.copy(), central.prices.copy()
        low[:, at], high[:, at] = stakes.low_prices[:, at], stakes.high_prices[:, at]
        yield _Question(
            kind="price",
            subject=str(key),
            low=_share(low[:, at], central.prices[:, at]),
            high=_share(high[:, at], central.prices[:, at]),
            low_world=replace(central, prices=low),
            high_world=replace(central, prices=high),
            status=str(option["status"]),
            source=str(option["source"]),
        )


def _demands(stakes: Stakes, chosen: Chosen, params: DoubtParams) -> Iterator[_Question]:
    """Ask about the demand of each industry: all its prospects together."""
    central, spread = stakes.central, params.demand_spread_share
    served = chosen.served
    industry = served.prospects["industry_okved"].reindex(stakes.case.prospects).to_numpy(str)
    for okved in sorted(set(industry.tolist())):
        mine = industry == okved
        low = scale_loads(central.demands, np.where(mine, 1 - spread, 1.0))
        high = scale_loads(central.demands, np.where(mine, 1 + spread, 1.0))
        profile = served.profiles.loc[okved]
        yield _Question(
            kind="demand",
            subject=okved,
            low=1 - spread,
            high=1 + spread,
            low_world=replace(central, demands=low),
            high_world=replace(central, demands=high),
            status=str(profile["status"]),
            source=str(profile["source"]),
        )


def _spares(stakes: Stakes, chosen: Chosen, params: DoubtParams) -> Iterator[_Question]:
    """Ask about sources the plan taps: others cannot matter to it by much."""
    central, spread = stakes.central, params.spare_spread_share
    sources = stakes.case.ways.sources
    tapped = set(chosen.portfolio.headroom.index)
    for at, (_, source) in enumerate(sources.iterrows()):
        if source["id"] not in tapped:
            continue
        low, high = central.spare.copy(), central.spare.copy()
        low[at] *= 1 - spread
        high[at] *= 1 + spread
        known = bool(source["is_spare_known"])
        yield _Question(
            kind="spare_capacity",
            subject=str(source["id"]),
            low=1 - spread,
            high=1 + spread,
            low_world=replace(central, spare=low),
            high_world=replace(central, spare=high),
            status=DERIVED if known else ASSUMED,
            source="infrastructure.spare_capacity" if known else "network.unknown_spare_share",
        )


def _occupancy(stakes: Stakes, params: DoubtParams) -> _Question:
    central = stakes.central
    low, high = params.occupancy_low_share, params.occupancy_high_share
    return _Question(
        kind="occupancy",
        subject="all",
        low=low,
        high=high,
        low_world=replace(central, come=central.come * low),
        high_world=replace(central, come=central.come * high),
        status=ASSUMED,
        source="doubt.occupancy_low_share, doubt.occupancy_high_share",
    )


def _share(drawn: Floats, central: Floats) -> float:
    """Return the mean ratio of the prices that are not zero; 1 where all are."""
    priced = central > 0
    return float((drawn[priced] / central[priced]).mean()) if priced.any() else 1.0
