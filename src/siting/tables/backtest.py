"""What the back-test tells: where real parks would rank, and what real contracts would have cost."""

from __future__ import annotations

from typing import Final

from siting.tables.columns import flag, mrub, number, text
from siting.tables.schema import Column, Table

PLACES: Final = Table(
    name="backtest_places",
    en="real parks, hidden with what serves them, among the candidates",
    ru="настоящие парки, скрытые вместе с их сетями, среди площадок-кандидатов",
    index="park_id",
    columns=(
        text("name", "name", "название"),
        text("name_en", "name in English", "название по-английски"),
        number("area_ha", "area taken, ha", "принятая площадь, га"),
        flag("is_area_known", "the area is stated", "площадь указана"),
        number("hidden_count", "sources hidden with it", "скрыто источников"),
        flag("is_eligible", "its place may become a park", "место может стать парком"),
        text("why_not", "codes of the causes of refusal, joined by ;", "коды причин отказа через ;", nullable=True),
        number("sites_count", "eligible sites, itself included", "пригодных площадок вместе с ней"),
        Column(name="connection_rank", en="rank by connection cost per hectare; 1 is cheapest", ru="место по цене подключений на гектар; 1: дешевле всех", low=1, nullable=True),
        Column(name="saving_rank", en="rank by saving if opened alone; 1 is most", ru="место по экономии одного парка; 1: больше всех", low=1, nullable=True),
        mrub("saving_mrub", "saving if opened alone", "экономия, если открыть только его", nullable=True),
    ),
)  # fmt: skip

COSTS: Final = Table(
    name="backtest_costs",
    en="published contracts against the prices of the region",
    ru="опубликованные контракты против цен региона",
    columns=(
        text("contract", "what was built", "что построено, по-английски"),
        text("contract_ru", "in Russian", "что построено"),
        mrub("paid_mrub", "what was paid", "сколько заплачено"),
        Column(name="price_year", en="price level, year", ru="уровень цен, год", low=1990, high=2100),
        mrub("paid_now_mrub", "the same in prices of the region; empty: no index", "то же в ценах региона; пусто: нет индекса", nullable=True),
        mrub("named_mrub", "what the prices of the region give", "сколько дают цены региона"),
        number("ratio", "named per paid, in prices of one year", "названное к заплаченному в ценах одного года", nullable=True),
        text("status", "how the contract is known", "как известен контракт"),
        text("source", "source", "источник"),
    ),
)  # fmt: skip
