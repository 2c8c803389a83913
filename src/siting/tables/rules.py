"""Tables of rules and prices: editable CSV, each row with status and source."""

from __future__ import annotations

from typing import Final

from siting.tables.by_products import BY_PRODUCTS
from siting.tables.columns import money, optional, text
from siting.tables.inputs import RULE_ORIGIN, SITE_KINDS
from siting.tables.price_books import PRICE_BOOKS
from siting.tables.schema import Column, Table
from siting.units import DEMAND_UNIT, UTILITIES

CONNECTION_OPTIONS: Final = Table(
    name="connection_options",
    en="ways to connect and their prices, without VAT",
    ru="способы подключения и их цены без НДС",
    columns=(
        text("utility", "which network", "вид сети", choices=UTILITIES),
        text("option", "name of the way to connect", "способ подключения"),
        Column(name="capacity", en="capacity of one circuit", ru="мощность одной цепи", low=1e-9, high=1e9),
        text("capacity_unit", "unit of the capacity", "единица мощности", choices=tuple(sorted(set(DEMAND_UNIT.values())))),
        text("reach_rule", "km, mw_km or none", "правило дальности: km, mw_km или none", choices=("km", "mw_km", "none")),
        Column(name="reach_value", en="limit of the rule; 0 with none", ru="предел правила; 0 при none", low=0, high=1e6),
        *money("fixed_mrub", "fixed price of a circuit, mln roubles", "постоянная цена цепи, млн руб."),
        *money("per_km_mrub", "price per km of a circuit, mln roubles", "цена километра цепи, млн руб."),
        *money("per_unit_mrub", "price per unit of demand, mln roubles", "цена единицы нагрузки, млн руб."),
        text("friction", "family of friction", "семейство трения", choices=("underground", "overhead", "road", "rail", "none")),
        text("source_kinds", "kinds of sources it taps, joined by ;", "виды источников через ;", nullable=True),
        Column(name="source_class_min", en="least voltage, pressure or diameter of the source", ru="наименьшее напряжение, давление или диаметр источника", low=0, nullable=True),
        Column(name="source_class_max", en="greatest voltage, pressure or diameter of the source", ru="наибольшее напряжение, давление или диаметр источника", low=0, nullable=True),
        optional("second_fixed_mrub", "fixed price added by a second independent feeder, mln roubles; empty: that of a circuit", "надбавка второго независимого ввода к постоянной цене, млн руб.; пусто: цена цепи", high=1e5),
        optional("second_per_km_mrub", "price per km added by a second independent feeder, mln roubles; empty: that of a circuit", "надбавка второго независимого ввода к цене километра, млн руб.; пусто: цена цепи", high=1e5),
        Column(name="price_year", en="price level, year", ru="уровень цен, год", kind="whole", low=1990, high=2100),
        *RULE_ORIGIN,
    ),
)  # fmt: skip
_RANGES: Final = (
    ("kw_per_ha", "electric load, kW per ha", "электрическая нагрузка, кВт на га"),
    ("water_m3_day_ha", "water, m3 a day per ha", "вода, м3 в сутки на га"),
    ("gas_m3_h_ha", "gas, m3 an hour per ha", "газ, м3 в час на га"),
    ("heat_mw_ha", "heat, MW per ha", "тепло, МВт на га"),
    ("workers_ha", "workers per ha", "работников на га"),
)
DEMAND_PROFILES: Final = Table(
    name="demand_profiles",
    en="demand of an industry per gross hectare",
    ru="потребности отрасли на гектар",
    index="okved",
    columns=(
        text("industry", "industry", "отрасль"),
        text("industry_ru", "industry in Russian", "отрасль по-русски"),
        *(
            Column(name=f"{stem}_{end}", en=f"{en}, {end}", ru=f"{ru}, {'от' if end == 'low' else 'до'}", low=0, high=1e6)
            for stem, en, ru in _RANGES
            for end in ("low", "high")
        ),
        Column(name="sewage_share", en="sewage per water", ru="доля стоков от воды", low=0, high=1),
        Column(name="sanitary_zone_m", en="sanitary zone, m", ru="санитарно-защитная зона, м", low=0, high=5000),
        Column(name="needs_rail", en="needs a siding", ru="нужен подъездной путь", kind="flag"),
        Column(name="investment_mrub_ha", en="investment per ha, mln roubles", ru="инвестиции на га, млн руб.", low=0, high=1e5),
        *RULE_ORIGIN,
    ),
)  # fmt: skip
PROTECTION_ZONES: Final = Table(
    name="protection_zones",
    en="zones in which building is forbidden or limited",
    ru="зоны, где строить нельзя или можно с условиями",
    columns=(
        text("feature", "kind of object", "вид объекта"),
        text("class", "class of the object", "класс объекта", nullable=True),
        Column(name="half_width_m", en="width from the object, m", ru="ширина от объекта, м", low=0, high=30_000),
        text("effect", "what it means", "что это значит"),
        text("effect_ru", "what it means, in Russian", "что это значит, по-русски"),
        Column(name="is_hard", en="nothing may be built there", ru="строить нельзя вовсе", kind="flag"),
        *RULE_ORIGIN,
    ),
)  # fmt: skip
REQUIREMENTS: Final = Table(
    name="requirements",
    en="what a park, technopark or cluster must have",
    ru="чему должны отвечать парк, технопарк и кластер",
    columns=(
        text("subject", "who must", "кто обязан", choices=(*SITE_KINDS, "cluster")),
        text("requirement", "measure that is compared", "сравниваемый показатель"),
        text("title", "in words", "словами, по-английски"),
        text("title_ru", "in Russian words", "словами"),
        text("operator", "comparison", "сравнение", choices=(">=", "<=", "=")),
        Column(name="limit", en="limit", ru="предел"),
        text("unit", "unit of the limit", "единица предела"),
        text("on_failure", "what a failure means", "что значит несоответствие", choices=("fail", "warn")),
        text("edition", "edition of the act", "редакция акта"),
        text("act", "act of a dated pack; empty: always in force", "акт из датированного набора; пусто: действует всегда", nullable=True, required=False),
        text("valid_from", "first day, YYYY-MM-DD; empty in a pack: a draft", "первый день, ГГГГ-ММ-ДД; пусто в наборе: проект", nullable=True, required=False),
        text("valid_to", "last day; empty: still valid", "последний день; пусто: действует", nullable=True, required=False),
        *RULE_ORIGIN,
    ),
)  # fmt: skip
INDUSTRY_INPUTS: Final = Table(
    name="industry_inputs", en="what an industry buys of each industry; used where an enterprise has no recipe",
    ru="что отрасль покупает у каждой отрасли; для предприятий без рецептов",
    columns=(
        text("industry", "OKVED-2 division that buys", "класс ОКВЭД-2, который покупает"),
        text("input", "OKVED-2 division that sells", "класс ОКВЭД-2, который продаёт"),
        Column(name="share", en="share of the buyer's output", ru="доля выпуска покупателя", low=0, high=1),
        *RULE_ORIGIN,
    ),
)  # fmt: skip

RULES: Final = (
    CONNECTION_OPTIONS, DEMAND_PROFILES, PROTECTION_ZONES, REQUIREMENTS, INDUSTRY_INPUTS, BY_PRODUCTS,
    *PRICE_BOOKS,
)  # fmt: skip
"""The rules and prices of a region: editable CSV, each row with status and source."""
