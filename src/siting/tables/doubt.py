"""Tables of doubt: facts worth checking, ranks in the draws, and what moves the plan."""

from __future__ import annotations

from typing import Final

from siting.tables.columns import mrub, number, text
from siting.tables.inputs import STATUSES
from siting.tables.schema import Table

ANY_SIGN: Final = float("-inf")
FACT_KINDS: Final = ("price", "demand", "spare_capacity", "occupancy")

FACTS: Final = Table(
    name="facts_to_check",
    en="assumptions most worth checking before choosing",
    ru="допущения, которые прежде всего стоит проверить до выбора",
    columns=(
        text("kind", "price, demand, spare_capacity or occupancy", "цена, нагрузка, запас мощности или заполнение"),
        text("subject", "option, industry, source or site", "способ, отрасль, источник или площадка"),
        number("low", "low value, as a share of what was assumed", "наименьшее, в долях от принятого", low=ANY_SIGN, nullable=True),
        number("high", "high value, as a share of what was assumed", "наибольшее, в долях от принятого", low=ANY_SIGN, nullable=True),
        mrub("value_mrub", "what knowing it before choosing is worth: the mean gain of choosing anew", "сколько стоит узнать это до выбора: средний выигрыш от нового выбора"),
        mrub("swing_mrub", "change of the saving of the plan from low to high", "изменение экономии плана от наименьшего к наибольшему"),
        text("status", "how it is known", "откуда известно", choices=STATUSES),
        text("source", "where it stands", "источник"),
    ),
)  # fmt: skip

RANKS: Final = Table(
    name="ranks",
    en="how often each site has each rank in the draws, by its saving if it alone is opened",
    ru="как часто площадка занимает каждое место в розыгрышах, по экономии, если открыть только её",
    columns=(
        text("site_id", "site", "площадка"),
        number("rank", "1 saves most", "место; 1: наибольшая экономия", low=1),
        number("share", "share of draws; ranks that never occur are left out", "доля розыгрышей; места, которых не бывает, опущены", high=1),
    ),
)  # fmt: skip

TORNADO: Final = Table(
    name="tornado",
    en="saving of the plan with one group of assumptions at its low and at its high end",
    ru="экономия плана, когда одна группа допущений на нижнем и на верхнем краю",
    columns=(
        text("kind", "price, demand, spare_capacity or occupancy", "цена, нагрузка, запас мощности или заполнение", choices=FACT_KINDS),
        text("subject", "utility, or all", "сеть или all: все вместе"),
        mrub("low_mrub", "saving at the low end", "экономия на нижнем краю", low=ANY_SIGN),
        mrub("central_mrub", "saving as assumed", "экономия при принятых значениях", low=ANY_SIGN),
        mrub("high_mrub", "saving at the high end", "экономия на верхнем краю", low=ANY_SIGN),
        mrub("swing_mrub", "from end to end", "от края до края"),
    ),
)  # fmt: skip

RESULTS: Final = (FACTS, RANKS, TORNADO)
