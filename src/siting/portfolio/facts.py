"""Which assumptions are most worth checking: what knowing each is worth, and how far it swings.

The worth is that of `siting.portfolio.knowing`: how much better one would choose. A fact may swing
the saving of every plan and be worth nothing, because it changes no choice; so facts are ordered by
worth, and by swing where the worth is equal. The swing is that of the plan, one assumption at a
time at its low and its high end; parks and residents stay, options and sources are chosen again.

`low` and `high` are shares of what was assumed: 0.5 is half the price, demand or capacity. For
occupancy they are the shares of residents that come.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.portfolio.knowing import worth_of
from siting.portfolio.stakes import scale_loads
from siting.portfolio.tornado import saving_of
from siting.tables.inputs import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.portfolio.choosing import Chosen
    from siting.portfolio.stakes import World
    from siting.portfolio.worlds import Worlds
    from siting.region import DoubtParams

    Floats = NDArray[np.float64]

FACTS_COUNT: Final = 10
ASSUMED: Final = STATUSES[2]
DERIVED: Final = STATUSES[1]
COLUMNS: Final = (
    "kind", "subject", "low", "high", "value_mrub", "swing_mrub", "status", "source",
)  # fmt: skip


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
    drawn: Floats
    """What was drawn for it, shape (draws,)."""


def facts_to_check(
    worlds: Worlds, savings: Floats, chosen: Chosen, params: DoubtParams
) -> DataFrame:
    """Return table FACTS: the assumptions most worth knowing, then those that swing most.

    Assumptions that move nothing are left out, so a plan of no parks has none.

    Parameters
    ----------
    savings
        Of the plan and its rivals in each draw, shape (draws, plans).
    """
    rows = []
    for question in _questions(worlds, chosen, params):
        low, high = (
            saving_of(worlds.stakes, world) for world in (question.low_world, question.high_world)
        )
        rows.append(
            (
                question.kind,
                question.subject,
                question.low,
                question.high,
                worth_of(question.drawn, savings),
                abs(high - low),
                question.status,
                question.source,
            )
        )
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table = table.astype(dict.fromkeys(("kind", "subject", "status", "source"), "str"))
    numbers = ("low", "high", "value_mrub", "swing_mrub")
    table = table.astype(dict.fromkeys(numbers, "float64"))
    told = table[(table["swing_mrub"] > 0) & bool(len(worlds.stakes.plan_layout.parks))]
    ordered = told.sort_values(
        ["value_mrub", "swing_mrub", "kind", "subject"],
        ascending=[False, False, True, True],
        kind="stable",
    )
    return ordered.head(FACTS_COUNT).reset_index(drop=True)


def _questions(worlds: Worlds, chosen: Chosen, params: DoubtParams) -> Iterator[_Question]:
    yield from _prices(worlds)
    yield from _demands(worlds, chosen, params)
    yield from _spares(worlds, chosen)
    yield _occupancy(worlds, params)


def _prices(worlds: Worlds) -> Iterator[_Question]:
    stakes = worlds.stakes
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
            drawn=worlds.price_level[:, at],
        )


def _demands(worlds: Worlds, chosen: Chosen, params: DoubtParams) -> Iterator[_Question]:
    """Ask about the demand of each industry: all its prospects together."""
    stakes, spread = worlds.stakes, params.demand_spread_share
    central, served, industry = stakes.central, chosen.served, stakes.industries
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
            drawn=worlds.demand[:, mine].mean(axis=1),
        )


def _spares(worlds: Worlds, chosen: Chosen) -> Iterator[_Question]:
    """Ask about sources the plan taps: others cannot matter to it by much."""
    stakes = worlds.stakes
    central = stakes.central
    sources = stakes.case.ways.sources
    tapped = set(chosen.portfolio.headroom.index)
    for at, (_, source) in enumerate(sources.iterrows()):
        if source["id"] not in tapped:
            continue
        spread = float(stakes.spare_spread[at])
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
            drawn=worlds.spare[:, at],
        )


def _occupancy(worlds: Worlds, params: DoubtParams) -> _Question:
    central = worlds.stakes.central
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
        drawn=worlds.share,
    )


def _share(drawn: Floats, central: Floats) -> float:
    """Return the mean ratio of the prices that are not zero; 1 where all are."""
    priced = central > 0
    return float((drawn[priced] / central[priced]).mean()) if priced.any() else 1.0
