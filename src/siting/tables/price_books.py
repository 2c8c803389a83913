"""Price books of a region: operating costs, connection tariffs, price indices and support."""

from __future__ import annotations

from typing import Final

from siting.tables.columns import mrub, number, text
from siting.tables.inputs import RULE_ORIGIN
from siting.tables.schema import Column, Table
from siting.units import UTILITIES

ITEMS: Final = (*UTILITIES, "onsite", "opening")
"""What the ledger counts money for."""
TARIFF_BASES: Final = ("demand", "connection", "km")
"""A price is for a unit of demand, for a connection or for a kilometre of its route."""
SUBJECTS: Final = ("park", "resident", "both")
OPERATORS: Final = (">=", "<=", "=")

YEARLY_COSTS: Final = Table(
    name="yearly_costs",
    en="operation and maintenance of what is built, a year",
    ru="содержание построенного за год",
    columns=(
        text("item", "utility, onsite or opening", "сеть, внутренние сети или открытие", choices=ITEMS),
        text("option", "way to connect; empty: every other of the item", "способ подключения; пусто: все прочие", nullable=True, required=False),
        number("operation_share", "operation and maintenance a year, share of the capital", "содержание за год, доля капитальных затрат", high=1),
        mrub("per_unit_mrub", "what a unit of demand costs a year beyond that", "сколько сверх того стоит за год единица нагрузки"),
        *RULE_ORIGIN,
    ),
)  # fmt: skip

PRICE_BOOK: Final = Table(
    name="price_book",
    en="tariffs of connecting and other published prices, with the rule that applies",
    ru="тарифы на подключение и другие опубликованные цены с действующим правилом",
    columns=(
        text("item", "name of the price", "название цены"),
        text("utility", "which network", "вид сети", choices=UTILITIES),
        text("basis", "what the price is for", "за что цена", choices=TARIFF_BASES),
        text("subject", "whom it applies to", "к кому относится", choices=SUBJECTS),
        number("demand_min", "least demand it applies to, unit of the utility", "с какой нагрузки действует"),
        number("demand_max", "greatest demand; empty: no limit", "до какой нагрузки; пусто: без предела", nullable=True, required=False),
        mrub("price_mrub", "price; empty where it is set individually", "цена; пусто, если назначается отдельно", nullable=True),
        Column(name="price_year", en="price level, year", ru="уровень цен, год", kind="whole", low=1990, high=2100),
        text("rule", "the rule that applies", "какое правило действует, по-английски"),
        text("rule_ru", "the same in Russian", "какое правило действует"),
        *RULE_ORIGIN,
    ),
)  # fmt: skip

PRICE_INDICES: Final = Table(
    name="price_indices",
    en="price level of construction by year",
    ru="уровень строительных цен по годам",
    columns=(
        Column(name="year", en="year", ru="год", kind="whole", low=1990, high=2100),
        Column(name="index", en="level; only ratios of years count", ru="уровень; важны только отношения лет", low=1e-9, high=1e9),
        *RULE_ORIGIN,
    ),
)  # fmt: skip

SUPPORT_MEASURES: Final = Table(
    name="support_measures",
    en="support of parks, a row for each condition",
    ru="меры поддержки парков, строка на каждое условие",
    columns=(
        text("measure", "code of the measure", "код меры"),
        text("title", "in words", "словами, по-английски"),
        text("title_ru", "in Russian words", "словами"),
        text("payer", "whose cost it refunds", "чьи затраты возмещает", choices=("budget", "network_company", "resident")),
        text("items", "what it refunds, joined by ;", "что возмещает, через ;"),
        number("share", "greatest share refunded", "наибольшая возмещаемая доля", high=1),
        mrub("cap_mrub", "most it refunds a park; empty: no limit", "предел на парк; пусто: без предела", nullable=True, required=False),
        text("condition", "code of the condition", "код условия"),
        text("column", "column of the site table it compares; empty: nothing is known of it", "столбец таблицы площадок; пусто: ничего не известно", nullable=True, required=False),
        text("operator", "comparison", "сравнение", choices=OPERATORS, nullable=True, required=False),
        Column(name="limit", en="limit", ru="предел", nullable=True, required=False),
        *RULE_ORIGIN,
    ),
)  # fmt: skip

PUBLISHED_COSTS: Final = Table(
    name="published_costs",
    en="what real connections and parks cost, to test the prices against",
    ru="сколько стоили настоящие подключения и парки: для проверки цен",
    columns=(
        text("contract", "what was built", "что построено, по-английски"),
        text("contract_ru", "in Russian", "что построено"),
        text("option", "way to connect it is; empty: networks of a park by the hectare", "каким способом подключения это считать; пусто: сети парка по гектарам", nullable=True, required=False),
        text("items", "networks of the park, joined by ;", "какие сети парка, через ;", nullable=True, required=False),
        number("length_km", "length of the route, km", "длина трассы, км", nullable=True, required=False),
        number("area_ha", "area of the park, ha", "площадь парка, га", nullable=True, required=False),
        mrub("paid_mrub", "what was paid", "сколько заплачено"),
        Column(name="price_year", en="price level, year", ru="уровень цен, год", kind="whole", low=1990, high=2100),
        *RULE_ORIGIN,
    ),
)  # fmt: skip

PRICE_BOOKS: Final = (YEARLY_COSTS, PRICE_BOOK, PRICE_INDICES, SUPPORT_MEASURES, PUBLISHED_COSTS)
"""Optional, editable CSV, each row with status and source."""
