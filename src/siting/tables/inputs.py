"""Tables a region brings: layers, registers, and its rules and prices."""

from __future__ import annotations

from typing import Final

from siting.tables.columns import optional, text
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
INDUSTRIAL_PARK: Final = "industrial_park"
BROWNFIELD_PARK: Final = "brownfield_park"
TECHNOPARK: Final = "technopark"
SITE_KINDS: Final = (INDUSTRIAL_PARK, BROWNFIELD_PARK, TECHNOPARK)

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
WATER_WIDTH: Final = optional(
    "water_width_m",
    "width of the water, m; of an area 2 area / perimeter where empty",
    "ширина воды, м; у площади, если пусто, 2 площади / периметр",
    high=1e5,
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


INFRASTRUCTURE: Final = Table(
    name="infrastructure",
    en="connection points and lines of every utility",
    ru="точки подключения и линии всех сетей",
    geometry=ANY,
    index="source_id",
    columns=(
        text("utility", "which network", "вид сети", choices=UTILITIES),
        text("kind", "substation, line, gas_station, ...", "подстанция, линия, ГРС, ..."),
        NAME,
        NAME_EN,
        optional("voltage_kv", "highest voltage, kV", "высшее напряжение, кВ", high=1150),
        optional("pressure_mpa", "pressure, MPa", "давление, МПа", high=15),
        optional("diameter_mm", "nominal diameter, mm", "условный диаметр, мм", high=2000),
        text(
            "road_category", "I to V", "категория дороги от I до V",
            choices=("I", "II", "III", "IV", "V"), nullable=True, required=False,
        ),
        optional("capacity", "capacity in capacity_unit", "мощность в capacity_unit"),
        optional("spare_capacity", "free capacity; empty is unknown", "свободная мощность; пусто: неизвестна"),
        Column(name="spare_is_synthetic", en="spare capacity made by a script", ru="запас мощности придуман программой", kind="flag", required=False),
        text("capacity_unit", "unit", "единица", choices=tuple(sorted(set(DEMAND_UNIT.values()))), nullable=True, required=False),
        text("owner", "owner", "владелец", nullable=True, required=False),
        text("status", "operating or planned", "действует или намечен", choices=OPERATING),
        optional("year", "year from which a planned object counts", "год ввода намеченного объекта", high=2100),
        optional("width_m", "width of the protection zone where it is known", "ширина охранной зоны, если известна"),
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
        text("category", "land category", "категория земель", choices=CATEGORIES),
        text("permitted_use", "permitted use (VRI code or text)", "вид разрешённого использования"),
        text("ownership", "kind of owner", "форма собственности", choices=OWNERSHIPS),
        text("status", "greenfield or brownfield", "гринфилд или браунфилд", choices=("greenfield", "brownfield")),
        optional("building_m2", "usable buildings, m2", "пригодные здания, м2"),
        optional("price_mrub", "price of the land, mln roubles", "цена земли, млн руб."),
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
        text("okved", "main activity, OKVED-2", "основной ОКВЭД-2"),
        optional("revenue_mrub", "yearly revenue, mln roubles", "выручка за год, млн руб."),
        optional("employees", "people employed", "работников"),
        text("products", "OKPD2 codes, joined by ;", "коды ОКПД2 через ;", nullable=True, required=False),
        text("sanitary_class", "I to V", "санитарный класс от I до V", choices=("I", "II", "III", "IV", "V"), nullable=True, required=False),
        text("size_status", "how revenue and employees are known", "откуда известны выручка и число работников", choices=STATUSES),
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
        text("kind", "feature of protection_zones", "объект из protection_zones"),
        text("class", "class within the feature", "класс объекта", nullable=True, required=False),
        WATER_WIDTH,
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
        text("cover", "what covers the ground", "покров", choices=COVERS),
        WATER_WIDTH,
        text("name", "name", "название", nullable=True, required=False),
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
        text("rank", "city, town, rayon_centre or village", "город, райцентр или село", choices=("city", "town", "rayon_centre", "village")),
        Column(name="population", en="people", ru="жителей", low=0, high=3e7),
        optional("workforce", "people of working age in work or seeking it", "рабочая сила, чел."),
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
        text("kind", "industrial_park, brownfield_park, technopark or economic_zone", "индустриальный парк, браунфилд, технопарк или ОЭЗ", choices=(*SITE_KINDS, "economic_zone")),
        optional("area_ha", "area, ha", "площадь, га"),
        optional("free_ha", "free area, ha", "свободно, га"),
        optional("occupancy_share", "share of area taken", "доля занятой площади", high=1),
        *ORIGIN,
    ),
)  # fmt: skip
DEMANDS: Final = tuple(
    optional(DEMAND_COLUMN[utility], f"demand for {utility}, {DEMAND_UNIT[utility]}", f"потребность: {utility}, {DEMAND_UNIT[utility]}")
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
        text("okved", "activity, OKVED-2", "ОКВЭД-2"),
        text("enterprise_id", "enterprise that wants to move; its links become the prospect's", "предприятие, которое хочет переехать; его связи переходят к проекту", nullable=True, required=False),
        Column(name="area_ha", en="area needed, ha", ru="нужная площадь, га", low=0.01, high=10_000),
        optional("jobs_count", "jobs; from the profile where absent", "рабочих мест; если нет, по профилю"),
        text("sanitary_class", "I to V; from the profile where absent", "санитарный класс; если нет, по профилю", choices=("I", "II", "III", "IV", "V"), nullable=True, required=False),
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
        text("hs", "HS (TN VED) code", "код ТН ВЭД", nullable=True),
        NAME,
        NAME_EN,
        text("okved", "industry that makes it, OKVED-2", "отрасль-производитель, ОКВЭД-2", required=False, nullable=True),
        optional("demand_mrub", "final demand of the region a year, where known", "конечный спрос региона в год, если известен"),
        optional("supply_mrub", "supply of the region a year, where known", "выпуск региона в год, если известен"),
        optional("import_mrub", "import of the region a year, where known", "импорт региона в год, если известен"),
        optional("value_mrub_per_t", "price of a tonne, mln roubles", "цена тонны, млн руб."),
        optional("minimum_scale_mrub", "smallest efficient yearly output", "наименьший эффективный выпуск в год"),
        *ORIGIN,
    ),
)  # fmt: skip
RECIPES: Final = Table(
    name="recipes",
    en="inputs of products as shares of the product's value",
    ru="из чего делают продукты: доли стоимости продукта",
    columns=(
        text("product", "OKPD2 of the product", "ОКПД2 продукта"),
        text("input", "OKPD2 of the input", "ОКПД2 сырья"),
        Column(name="share", en="share of the product's value", ru="доля стоимости продукта", low=0, high=1),
        text("source", "where it stands", "источник"),
        text("confidence", "how far it is trusted", "достоверность", choices=CONFIDENCES),
    ),
)  # fmt: skip
CONTRACTS: Final = Table(
    name="contracts", en="known contracts: links that are told and not inferred",
    ru="известные договоры: поставки, о которых известно, а не вычислено",
    columns=(
        text("supplier_id", "supplier", "поставщик"),
        text("buyer_id", "buyer", "покупатель"),
        text("product", "OKPD2", "ОКПД2"),
        Column(name="volume_mrub", en="volume a year, mln roubles", ru="объём в год, млн руб.", low=0),
        *ORIGIN,
    ),
)  # fmt: skip
CUSTOMS: Final = Table(
    name="customs", en="imports of the region by customs code",
    ru="ввоз в регион по таможенным кодам",
    columns=(
        text("hs", "HS (TN VED) code, 2 to 10 digits", "код ТН ВЭД, от 2 до 10 цифр"),
        Column(name="value_mrub", en="imports a year, mln roubles", ru="ввоз за год, млн руб.", low=0),
        *ORIGIN,
    ),
)  # fmt: skip
EXPORTS: Final = Table(
    name="exports", en="exports of economies by product: what is usually made together",
    ru="экспорт стран или регионов по продуктам: что обычно делают вместе",
    columns=(
        text("economy", "country or region", "страна или регион"),
        text("hs", "HS (TN VED) code, at least a heading", "код ТН ВЭД, не короче позиции"),
        Column(name="value_musd", en="exports a year, mln US dollars", ru="экспорт за год, млн долл.", low=0),
    ),
)  # fmt: skip

LAYERS: Final = (
    INFRASTRUCTURE, PLOTS, ENTERPRISES, CONSTRAINTS, TERRAIN, SETTLEMENTS, DISTRICTS, PARKS,
    PROSPECTS, PRODUCTS_IN, RECIPES, CONTRACTS, EXPORTS, CUSTOMS,
)  # fmt: skip
"""The layers of a region, in the order in which they are read."""
