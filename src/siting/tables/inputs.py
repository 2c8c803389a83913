"""Tables a region brings: layers, registers, and its rules and prices."""

from __future__ import annotations

from typing import Final

from siting.tables.schema import ANY, POINT, POLYGON, Column, Table
from siting.units import DEMAND_COLUMN, DEMAND_UNIT, UTILITIES

STATUSES: Final = ("VERIFIED", "DERIVED", "ASSUMED")
"""How a number is known. It travels with the number to the user."""

CONFIDENCES: Final = ("high", "medium", "low")
OPERATING: Final = ("operating", "planned")
COVERS: Final = ("water", "wetland", "forest", "built_up", "rock")
CATEGORIES: Final = (
    "agricultural",
    "settlements",
    "industry",
    "protected",
    "forest",
    "water",
    "reserve",
)
"""Land categories of the Land Code, article 7."""

CLEAN_DIVISIONS: Final = ("10", "11", "12", "21")
"""OKVED divisions kept out of the sanitary zones of other plants: food, drink, tobacco, medicines.
SanPiN 2.2.1/2.1.1.1200-03, section 5 (ASSUMED H)."""

OWNERSHIPS: Final = ("state", "municipal", "private", "undivided")
SITE_KINDS: Final = ("industrial_park", "technopark")

NAME: Final = Column(name="name", en="name", ru="название", kind="text")
NAME_EN: Final = Column(
    name="name_en",
    en="name in English; transliterated where absent",
    ru="название по-английски; если нет, транслитерация",
    kind="text",
    nullable=True,
    required=False,
)
ORIGIN: Final = (
    Column(name="source", en="where the row comes from", ru="источник строки", kind="text"),
    Column(name="as_of", en="date the row describes", ru="на какую дату", kind="text"),
    Column(
        name="confidence",
        en="how far the row is trusted",
        ru="достоверность",
        kind="text",
        choices=CONFIDENCES,
    ),
)
SYNTHETIC: Final = Column(
    name="is_synthetic",
    en="made by a script, not observed",
    ru="создано программой, не наблюдалось",
    kind="flag",
    required=False,
)
RULE_ORIGIN: Final = (
    Column(name="status", en="how the number is known", ru="статус", kind="text", choices=STATUSES),
    Column(name="source", en="where it stands", ru="источник", kind="text"),
)


def _optional(name: str, en: str, ru: str, **rule: object) -> Column:
    return Column(name=name, en=en, ru=ru, nullable=True, required=False, low=0, **rule)  # type: ignore[arg-type]


def _text(name: str, en: str, ru: str, **rule: object) -> Column:
    return Column(name=name, en=en, ru=ru, kind="text", **rule)  # type: ignore[arg-type]


INFRASTRUCTURE: Final = Table(
    name="infrastructure",
    en="connection points and lines of every utility",
    ru="точки подключения и линии всех сетей",
    geometry=ANY,
    index="source_id",
    columns=(
        _text("utility", "which network", "вид сети", choices=UTILITIES),
        _text("kind", "substation, line, gas_station, ...", "подстанция, линия, ГРС, ..."),
        NAME,
        NAME_EN,
        _optional("voltage_kv", "highest voltage, kV", "высшее напряжение, кВ", high=1150),
        _optional("pressure_mpa", "pressure, MPa", "давление, МПа", high=15),
        _optional("diameter_mm", "nominal diameter, mm", "условный диаметр, мм", high=2000),
        _text(
            "road_category", "I to V", "категория дороги от I до V",
            choices=("I", "II", "III", "IV", "V"), nullable=True, required=False,
        ),
        _optional("capacity", "capacity in capacity_unit", "мощность в capacity_unit"),
        _optional("spare_capacity", "free capacity; empty is unknown", "свободная мощность; пусто: неизвестна"),
        Column(name="spare_is_synthetic", en="spare capacity made by a script", ru="запас мощности придуман программой", kind="flag", required=False),
        _text("capacity_unit", "unit", "единица", choices=tuple(sorted(set(DEMAND_UNIT.values()))), nullable=True, required=False),
        _text("owner", "owner", "владелец", nullable=True, required=False),
        _text("status", "operating or planned", "действует или намечен", choices=OPERATING),
        _optional("year", "year from which a planned object counts", "год ввода намеченного объекта", high=2100),
        _optional("width_m", "width of the protection zone where it is known", "ширина охранной зоны, если известна"),
        SYNTHETIC,
        *ORIGIN,
    ),
)  # fmt: skip

PLOTS: Final = Table(
    name="plots",
    en="land plots",
    ru="земельные участки",
    geometry=POLYGON,
    index="plot_id",
    columns=(
        _text("category", "land category", "категория земель", choices=CATEGORIES),
        _text("permitted_use", "permitted use (VRI code or text)", "вид разрешённого использования"),
        _text("ownership", "kind of owner", "форма собственности", choices=OWNERSHIPS),
        _text("status", "greenfield or brownfield", "гринфилд или браунфилд", choices=("greenfield", "brownfield")),
        _optional("building_m2", "usable buildings, m2", "пригодные здания, м2"),
        _optional("price_mrub", "price of the land, mln roubles", "цена земли, млн руб."),
        SYNTHETIC,
        *ORIGIN,
    ),
)  # fmt: skip

ENTERPRISES: Final = Table(
    name="enterprises",
    en="producers",
    ru="предприятия",
    geometry=POINT,
    index="enterprise_id",
    columns=(
        NAME,
        NAME_EN,
        _text("okved", "main activity, OKVED-2", "основной ОКВЭД-2"),
        _optional("revenue_mrub", "yearly revenue, mln roubles", "выручка за год, млн руб."),
        _optional("employees", "people employed", "работников"),
        _text("products", "OKPD2 codes, joined by ;", "коды ОКПД2 через ;", nullable=True, required=False),
        _text("sanitary_class", "I to V", "санитарный класс от I до V", choices=("I", "II", "III", "IV", "V"), nullable=True, required=False),
        _text("size_status", "how revenue and employees are known", "откуда известны выручка и число работников", choices=STATUSES),
        *ORIGIN,
    ),
)  # fmt: skip

CONSTRAINTS: Final = Table(
    name="constraints",
    en="objects that restrict land; widths and effects come from protection_zones",
    ru="объекты, ограничивающие застройку; ширина и действие берутся из protection_zones",
    geometry=ANY,
    index="constraint_id",
    columns=(
        _text("kind", "feature of protection_zones", "объект из protection_zones"),
        _text("class", "class within the feature", "класс объекта", nullable=True, required=False),
        NAME,
        NAME_EN,
        SYNTHETIC,
        *ORIGIN,
    ),
)
TERRAIN: Final = Table(
    name="terrain",
    en="areas that change the price of a route",
    ru="местность, меняющая цену трассы",
    geometry=POLYGON,
    index="terrain_id",
    columns=(
        _text("cover", "what covers the ground", "покров", choices=COVERS),
        _text("name", "name", "название", nullable=True, required=False),
        NAME_EN,
        SYNTHETIC,
        *ORIGIN,
    ),
)
SETTLEMENTS: Final = Table(
    name="settlements",
    en="places where people live",
    ru="населённые пункты",
    geometry=POINT | POLYGON,
    index="settlement_id",
    columns=(
        NAME,
        NAME_EN,
        _text("rank", "city, town, rayon_centre or village", "город, райцентр или село", choices=("city", "town", "rayon_centre", "village")),
        Column(name="population", en="people", ru="жителей", low=0, high=3e7),
        _optional("workforce", "people of working age in work or seeking it", "рабочая сила, чел."),
        *ORIGIN,
    ),
)  # fmt: skip
DISTRICTS: Final = Table(
    name="districts",
    en="districts; together they are the region",
    ru="районы; вместе составляют регион",
    geometry=POLYGON,
    index="district_id",
    columns=(NAME, NAME_EN, *ORIGIN),
)
PARKS: Final = Table(
    name="parks",
    en="existing parks, technoparks and zones",
    ru="существующие парки, технопарки и зоны",
    geometry=POINT | POLYGON,
    index="park_id",
    columns=(
        NAME,
        NAME_EN,
        _text("kind", "industrial_park, technopark or economic_zone", "индустриальный парк, технопарк или ОЭЗ", choices=(*SITE_KINDS, "economic_zone")),
        _optional("area_ha", "area, ha", "площадь, га"),
        _optional("free_ha", "free area, ha", "свободно, га"),
        _optional("occupancy_share", "share of area taken", "доля занятой площади", high=1),
        *ORIGIN,
    ),
)  # fmt: skip
DEMANDS: Final = tuple(
    _optional(DEMAND_COLUMN[utility], f"demand for {utility}, {DEMAND_UNIT[utility]}", f"потребность: {utility}, {DEMAND_UNIT[utility]}")
    for utility in UTILITIES
)  # fmt: skip
PROSPECTS: Final = Table(
    name="prospects",
    en="investment projects and enterprises that want to move or grow; geometry is their own place, may be empty",
    ru="инвестпроекты и предприятия, желающие расти или переехать; геометрия: их собственное место, может не быть",
    index="prospect_id",
    columns=(
        NAME,
        NAME_EN,
        _text("okved", "activity, OKVED-2", "ОКВЭД-2"),
        Column(name="area_ha", en="area needed, ha", ru="нужная площадь, га", low=0.01, high=10_000),
        _optional("jobs_count", "jobs; from the profile where absent", "рабочих мест; если нет, по профилю"),
        _text("sanitary_class", "I to V; from the profile where absent", "санитарный класс; если нет, по профилю", choices=("I", "II", "III", "IV", "V"), nullable=True, required=False),
        *DEMANDS,
        SYNTHETIC,
        *ORIGIN,
    ),
)  # fmt: skip
PRODUCTS_IN: Final = Table(
    name="products",
    en="products the region uses",
    ru="продукты, которыми пользуется регион",
    index="product",
    columns=(
        _text("hs", "HS (TN VED) code", "код ТН ВЭД", nullable=True),
        NAME,
        NAME_EN,
        _text("okved", "industry that makes it, OKVED-2", "отрасль-производитель, ОКВЭД-2", required=False, nullable=True),
        _optional("demand_mrub", "final demand of the region a year, where known", "конечный спрос региона в год, если известен"),
        _optional("supply_mrub", "supply of the region a year, where known", "выпуск региона в год, если известен"),
        _optional("import_mrub", "import of the region a year, where known", "импорт региона в год, если известен"),
        _optional("value_mrub_per_t", "price of a tonne, mln roubles", "цена тонны, млн руб."),
        _optional("minimum_scale_mrub", "smallest efficient yearly output", "наименьший эффективный выпуск в год"),
        *ORIGIN,
    ),
)  # fmt: skip
RECIPES: Final = Table(
    name="recipes",
    en="inputs of products as shares of the product's value",
    ru="из чего делают продукты: доли стоимости продукта",
    columns=(
        _text("product", "OKPD2 of the product", "ОКПД2 продукта"),
        _text("input", "OKPD2 of the input", "ОКПД2 сырья"),
        Column(name="share", en="share of the product's value", ru="доля стоимости продукта", low=0, high=1),
        _text("source", "where it stands", "источник"),
        _text("confidence", "how far it is trusted", "достоверность", choices=CONFIDENCES),
    ),
)  # fmt: skip
CONTRACTS: Final = Table(
    name="contracts", en="known contracts: links that are told and not inferred",
    ru="известные договоры: поставки, о которых известно, а не вычислено",
    columns=(
        _text("supplier_id", "supplier", "поставщик"),
        _text("buyer_id", "buyer", "покупатель"),
        _text("product", "OKPD2", "ОКПД2"),
        Column(name="volume_mrub", en="volume a year, mln roubles", ru="объём в год, млн руб.", low=0),
        *ORIGIN,
    ),
)  # fmt: skip
CUSTOMS: Final = Table(
    name="customs", en="imports of the region by customs code",
    ru="ввоз в регион по таможенным кодам",
    columns=(
        _text("hs", "HS (TN VED) code, 2 to 10 digits", "код ТН ВЭД, от 2 до 10 цифр"),
        Column(name="value_mrub", en="imports a year, mln roubles", ru="ввоз за год, млн руб.", low=0),
        *ORIGIN,
    ),
)  # fmt: skip
EXPORTS: Final = Table(
    name="exports", en="exports of economies by product: what is usually made together",
    ru="экспорт стран или регионов по продуктам: что обычно делают вместе",
    columns=(
        _text("economy", "country or region", "страна или регион"),
        _text("hs", "HS (TN VED) code, at least a heading", "код ТН ВЭД, не короче позиции"),
        Column(name="value_musd", en="exports a year, mln US dollars", ru="экспорт за год, млн долл.", low=0),
    ),
)  # fmt: skip


def _money(stem: str, en: str, ru: str) -> tuple[Column, ...]:
    return tuple(
        Column(name=f"{stem}{suffix}", en=f"{en}, {level_en}", ru=f"{ru}, {level_ru}", low=0, high=1e5)
        for suffix, level_en, level_ru in (
            ("_low", "low", "наименьшая"),
            ("", "central", "средняя"),
            ("_high", "high", "наибольшая"),
        )
    )  # fmt: skip


CONNECTION_OPTIONS: Final = Table(
    name="connection_options",
    en="ways to connect and their prices, without VAT",
    ru="способы подключения и их цены без НДС",
    columns=(
        _text("utility", "which network", "вид сети", choices=UTILITIES),
        _text("option", "name of the way to connect", "способ подключения"),
        Column(name="capacity", en="capacity of one circuit", ru="мощность одной цепи", low=1e-9, high=1e9),
        _text("capacity_unit", "unit of the capacity", "единица мощности", choices=tuple(sorted(set(DEMAND_UNIT.values())))),
        _text("reach_rule", "km, mw_km or none", "правило дальности: km, mw_km или none", choices=("km", "mw_km", "none")),
        Column(name="reach_value", en="limit of the rule; 0 with none", ru="предел правила; 0 при none", low=0, high=1e6),
        *_money("fixed_mrub", "fixed price of a circuit, mln roubles", "постоянная цена цепи, млн руб."),
        *_money("per_km_mrub", "price per km of a circuit, mln roubles", "цена километра цепи, млн руб."),
        *_money("per_unit_mrub", "price per unit of demand, mln roubles", "цена единицы нагрузки, млн руб."),
        _text("friction", "family of friction", "семейство трения", choices=("underground", "overhead", "road", "rail", "none")),
        _text("source_kinds", "kinds of sources it taps, joined by ;", "виды источников через ;", nullable=True),
        Column(name="source_class_min", en="least voltage, pressure or diameter of the source", ru="наименьшее напряжение, давление или диаметр источника", low=0, nullable=True),
        Column(name="source_class_max", en="greatest voltage, pressure or diameter of the source", ru="наибольшее напряжение, давление или диаметр источника", low=0, nullable=True),
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
        _text("industry", "industry", "отрасль"),
        _text("industry_ru", "industry in Russian", "отрасль по-русски"),
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
        _text("feature", "kind of object", "вид объекта"),
        _text("class", "class of the object", "класс объекта", nullable=True),
        Column(name="half_width_m", en="width from the object, m", ru="ширина от объекта, м", low=0, high=30_000),
        _text("effect", "what it means", "что это значит"),
        _text("effect_ru", "what it means, in Russian", "что это значит, по-русски"),
        Column(name="is_hard", en="nothing may be built there", ru="строить нельзя вовсе", kind="flag"),
        *RULE_ORIGIN,
    ),
)  # fmt: skip
REQUIREMENTS: Final = Table(
    name="requirements",
    en="what a park, technopark or cluster must have",
    ru="чему должны отвечать парк, технопарк и кластер",
    columns=(
        _text("subject", "who must", "кто обязан", choices=(*SITE_KINDS, "cluster")),
        _text("requirement", "measure that is compared", "сравниваемый показатель"),
        _text("title", "in words", "словами, по-английски"),
        _text("title_ru", "in Russian words", "словами"),
        _text("operator", "comparison", "сравнение", choices=(">=", "<=", "=")),
        Column(name="limit", en="limit", ru="предел"),
        _text("unit", "unit of the limit", "единица предела"),
        _text("on_failure", "what a failure means", "что значит несоответствие", choices=("fail", "warn")),
        _text("edition", "edition of the act", "редакция акта"),
        _text("act", "act of a dated pack; empty: always in force", "акт из датированного набора; пусто: действует всегда", nullable=True, required=False),
        _text("valid_from", "first day, YYYY-MM-DD; empty in a pack: a draft", "первый день, ГГГГ-ММ-ДД; пусто в наборе: проект", nullable=True, required=False),
        _text("valid_to", "last day; empty: still valid", "последний день; пусто: действует", nullable=True, required=False),
        *RULE_ORIGIN,
    ),
)  # fmt: skip
INDUSTRY_INPUTS: Final = Table(
    name="industry_inputs", en="what an industry buys of each industry; used where an enterprise has no recipe",
    ru="что отрасль покупает у каждой отрасли; для предприятий без рецептов",
    columns=(
        _text("industry", "OKVED-2 division that buys", "класс ОКВЭД-2, который покупает"),
        _text("input", "OKVED-2 division that sells", "класс ОКВЭД-2, который продаёт"),
        Column(name="share", en="share of the buyer's output", ru="доля выпуска покупателя", low=0, high=1),
        *RULE_ORIGIN,
    ),
)  # fmt: skip

LAYERS: Final = (
    INFRASTRUCTURE, PLOTS, ENTERPRISES, CONSTRAINTS, TERRAIN, SETTLEMENTS, DISTRICTS, PARKS,
    PROSPECTS, PRODUCTS_IN, RECIPES, CONTRACTS, EXPORTS, CUSTOMS,
)  # fmt: skip
"""The layers of a region, in the order in which they are read."""

RULES: Final = (
    CONNECTION_OPTIONS, DEMAND_PROFILES, PROTECTION_ZONES, REQUIREMENTS, INDUSTRY_INPUTS,
)  # fmt: skip
"""The rules and prices of a region: editable CSV, each row with status and source."""
