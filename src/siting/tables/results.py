"""Tables a study makes: SITES, as it grows stage by stage, and those beside it."""

from __future__ import annotations

from typing import Final

from siting.tables.columns import crossed, flag, mrub, number, text
from siting.tables.doubt import RESULTS as DOUBT_RESULTS
from siting.tables.inputs import CONFIDENCES, PLOTS, SITE_KINDS, STATUSES
from siting.tables.land import CURES, EXCLUSIONS, PASSPORTS
from siting.tables.schema import LINE, POLYGON, Column, Table
from siting.units import DEMAND_COLUMN, DEMAND_UNIT, UTILITIES

ANY_SIGN: Final = float("-inf")

SLOPE: Final = Column(
    name="slope_share",
    en="mean slope, rise by run; empty: no DEM tells it",
    ru="средний уклон, подъём на длину; пусто: нет цифровой модели рельефа",
    low=0,
    nullable=True,
    required=False,
)

EXCLUDED: Final = PLOTS.plus(
    "plots after exclude",
    number("buildable_ha", "area on which one may build, ha", "пригодно для застройки, га"),
    number(
        "housing_distance_m",
        "distance to the nearest housing, m",
        "расстояние до жилья, м",
        nullable=True,
    ),
    Column(
        name="clean_fits",
        en="food and medicines may be made: outside the sanitary zones of other plants",
        ru="можно производить пищу и лекарства: вне санитарных зон других предприятий",
        kind="flag",
        required=False,
    ),
    SLOPE,
    flag("is_eligible", "may be built on", "можно застраивать"),
    text(
        "why_not",
        "codes of the causes of refusal, joined by ;",
        "коды причин отказа через ;",
        nullable=True,
    ),
)
"""Beside these a geometry column `buildable`: what is left of the plot, None where nothing is."""

SITES: Final = Table(
    name="sites",
    en="candidate sites",
    ru="площадки-кандидаты",
    geometry=POLYGON,
    index="site_id",
    columns=(
        text("name", "name", "название"),
        text("name_en", "name in English", "название по-английски"),
        text("district_id", "district it lies in", "район", nullable=True),
        text("kind", "industrial_park, brownfield_park (an industrial park in works with usable buildings) or technopark", "индустриальный парк, браунфилд-парк (на старом производстве с пригодными зданиями) или технопарк", choices=SITE_KINDS),
        text("plot_ids", "plots it is made of, joined by ;", "участки через ;"),
        number("area_ha", "area, ha", "площадь, га"),
        number("buildable_ha", "area on which one may build, ha", "пригодно для застройки, га"),
        number("building_m2", "usable buildings, m2", "пригодные здания, м2"),
        mrub("land_price_mrub", "price of the land", "цена земли", nullable=True),
        number("housing_distance_m", "distance to the nearest housing, m", "расстояние до жилья, м", nullable=True),
        flag("is_eligible", "may become a park", "может стать парком"),
        text("why_not", "codes of the causes of refusal, joined by ;", "коды причин отказа через ;", nullable=True),
        Column(name="owners_count", en="owners to agree with", ru="собственников, с которыми договариваться", low=1, required=False),
        Column(name="category_fits", en="production is allowed on every plot as it is", ru="производство разрешено на каждом участке без перевода", kind="flag", required=False),
        Column(name="clean_fits", en="food and medicines may be made: outside the sanitary zones of other plants", ru="можно производить пищу и лекарства: вне санитарных зон других предприятий", kind="flag", required=False),
        SLOPE,
        Column(name="land_status", en="greenfield, brownfield or mixed", ru="гринфилд, браунфилд или смешанная", kind="text", choices=("greenfield", "brownfield", "mixed"), required=False),
        Column(name="onsite_share", en="on-site networks to build, per those of bare land", ru="сколько внутренних сетей строить, от нужных на голой земле", low=0, high=1, required=False),
        text("overlaps", "sites that share land with it, joined by ;: a plan takes one of them", "площадки с общей землёй через ;: в план входит одна из них", nullable=True, required=False),
        Column(name="parts_count", en="parts it lies in", ru="число отдельных частей", low=1, required=False),
        text("expands", "existing park whose expansion it is", "какой существующий парк расширяет", nullable=True, required=False),
        Column(name="park_free_ha", en="free land within that park, beside the site, ha", ru="свободно в самом парке, сверх площадки, га", low=0, nullable=True, required=False),
        Column(name="workforce_count", en="workforce of the places within technopark_near_km; empty: not known of every one", ru="рабочая сила мест в пределах technopark_near_km; пусто: известна не для всех", low=0, nullable=True, required=False),
        Column(name="town_km", en="distance to the nearest city, town or rayon centre, km", ru="расстояние до ближайшего города или райцентра, км", low=0, nullable=True, required=False),
        Column(name="university_km", en="distance to the nearest university (enterprise of OKVED 85.22), km", ru="расстояние до ближайшего вуза (ОКВЭД 85.22), км", low=0, nullable=True, required=False),
        Column(name="rectangle_long_m", en="longer side of the largest rectangle to build on, m", ru="длинная сторона наибольшего прямоугольника застройки, м", low=0, required=False),
        Column(name="rectangle_short_m", en="its shorter side, m", ru="его короткая сторона, м", low=0, required=False),
        Column(name="frontage_m", en="edge along public roads, m", ru="граница вдоль дорог общего пользования, м", low=0, required=False),
        Column(name="parcel_gap_km", en="greatest gap between its plots, km", ru="наибольший разрыв между участками, км", low=0, required=False),
        Column(name="compactness_share", en="1 is a disc, 0.79 a square", ru="компактность: 1 у круга, 0,79 у квадрата", low=0, high=1.01, required=False),
    ),
)  # fmt: skip

CONNECTED: Final = SITES.plus(
    "sites after connect",
    *(
        column
        for utility in UTILITIES
        for column in (
            mrub(f"{utility}_cost_mrub", f"cheapest connection: {utility}", f"самое дешёвое подключение: {utility}", nullable=True),
            text(f"{utility}_option", f"way to connect: {utility}", f"способ подключения: {utility}", nullable=True),
            text(f"{utility}_source", f"source: {utility}", f"источник: {utility}", nullable=True),
            number(f"{utility}_route_km", f"length of the route: {utility}, km", f"длина трассы: {utility}, км", nullable=True),
        )
    ),
    mrub("connection_cost_mrub", "all connections the park needs", "все нужные парку подключения", nullable=True),
    mrub("onsite_cost_mrub", "networks on the site", "сети внутри площадки"),
    Column(name="electricity_mw", en="power for which the connection is priced, MW", ru="мощность, на которую посчитано подключение, МВт", low=0, nullable=True, required=False),
)  # fmt: skip

SERVED: Final = CONNECTED.plus(
    "sites after serve",
    mrub("standalone_cost_mrub", "what its best residents would pay alone", "сколько его лучшие резиденты заплатили бы поодиночке", nullable=True),
    mrub("park_cost_mrub", "what they pay in this park", "сколько заплатят в этом парке", nullable=True),
    mrub("saving_mrub", "saving if this park alone is opened", "экономия, если открыть только его", low=ANY_SIGN, nullable=True),
    number("saving_share", "saving per cost alone", "доля экономии", low=ANY_SIGN, high=1, nullable=True),
    number("break_even_share", "occupancy at which the saving is zero; above 1: never", "заполнение, при котором экономия равна нулю; больше 1: никогда", nullable=True),
)  # fmt: skip

CHOSEN: Final = SERVED.plus(
    "sites after choose",
    flag("is_chosen", "opened in the plan", "открывается по плану"),
    number("rank", "1 is best", "место; 1: лучшее", low=1, nullable=True),
    number("residents_count", "residents in the plan", "резидентов по плану"),
    number("jobs_count", "jobs in the plan", "рабочих мест по плану"),
    mrub("plan_saving_mrub", "saving in the plan", "экономия по плану", low=ANY_SIGN),
)

DOUBTED: Final = CHOSEN.plus(
    "sites after doubt",
    *(
        mrub(f"saving_p{p}_mrub", f"saving, percentile {p}", f"экономия, процентиль {p}", low=ANY_SIGN, nullable=True)
        for p in (10, 50, 90)
    ),
    number("chosen_share", "share of draws in which it is chosen", "доля розыгрышей, где площадка выбрана", high=1),
)  # fmt: skip

CONNECTIONS: Final = Table(
    name="connections",
    en="the cheapest connection of each site to each utility, with its route",
    ru="самое дешёвое подключение каждой площадки к каждой сети, с трассой",
    geometry=LINE,
    may_lack_geometry=True,
    columns=(
        text("site_id", "site", "площадка"),
        text("utility", "which network", "вид сети", choices=UTILITIES),
        text("option", "way to connect", "способ подключения"),
        text("source_id", "source; empty where none is needed", "источник; пусто, если не нужен", nullable=True),
        text("source_name", "name of the source", "название источника", nullable=True),
        number("circuits", "parallel circuits", "параллельных цепей", low=1),
        number("feeders", "independent feeders of each circuit; 2 is reliability category II", "независимых вводов у каждой цепи; 2 — вторая категория надёжности", low=1, high=2),
        number("demand", "demand in demand_unit", "нагрузка в demand_unit"),
        text("demand_unit", "unit of the demand", "единица нагрузки"),
        number("length_km", "length of the route, km", "длина трассы, км"),
        number("effective_km", "friction-weighted length, km", "длина с учётом трения, км"),
        mrub("fixed_mrub", "fixed part", "постоянная часть"),
        mrub("line_mrub", "line", "линия"),
        mrub("crossings_mrub", "crossings", "переходы"),
        *crossed(nullable=False),
        mrub("reinforcement_mrub", "reinforcement of the source", "усиление источника"),
        text("reinforcement_step", "smallest step that holds what the source lacks; empty where it lacks nothing or no steps are told", "наименьшая ступень, которой хватает; пусто, где запаса хватает или ступени не заданы", nullable=True),
        mrub("reinforcement_step_mrub", "price of the whole step, of which reinforcement_mrub is the park's part", "цена всей ступени, доля парка в ней: reinforcement_mrub", nullable=True),
        mrub("cost_mrub", "whole cost", "всего"),
        flag("is_spare_known", "spare capacity of the source is known", "свободная мощность источника известна"),
        flag("is_widened", "a source the sweep did not keep could have been cheaper, so the site was searched again over every source", "дешевле мог оказаться источник, которого обход не удержал, поэтому площадка пройдена заново по всем источникам"),
    ),
)  # fmt: skip

LEDGER: Final = Table(
    name="ledger",
    en="who saves what in the chosen plan; adds up to plan_saving_mrub",
    ru="кто и сколько экономит по плану; в сумме даёт plan_saving_mrub",
    columns=(
        text("prospect_id", "resident", "резидент"),
        text("site_id", "park", "парк"),
        text("utility", "utility, onsite or opening", "сеть, внутренние сети или открытие парка", choices=(*UTILITIES, "onsite", "opening")),
        text("payer", "who pays", "кто платит", choices=("budget", "network_company", "resident")),
        mrub("standalone_mrub", "cost alone", "стоимость поодиночке"),
        mrub("park_mrub", "cost in the park", "стоимость в парке"),
        mrub("saving_mrub", "saving", "экономия", low=ANY_SIGN),
    ),
)  # fmt: skip

LINKS: Final = Table(
    name="links",
    en="who supplies whom",
    ru="кто кому поставляет",
    columns=(
        text("supplier_id", "supplier", "поставщик"),
        text("buyer_id", "buyer", "покупатель"),
        text("product", "OKPD2", "ОКПД2"),
        mrub("volume_mrub", "volume a year", "объём в год"),
        number("distance_km", "straight distance, km", "расстояние по прямой, км"),
        number("confidence", "0 to 1", "достоверность от 0 до 1", high=1),
        flag("is_known", "a known contract, not inferred", "известный договор, не расчёт"),
    ),
)

CLUSTERS: Final = Table(
    name="clusters",
    en="groups of linked and near enterprises",
    ru="группы связанных и близких предприятий",
    index="cluster_id",
    columns=(
        text("name", "name from its core products", "название по главным продуктам"),
        text("name_en", "the same in English", "то же по-английски"),
        text("members", "enterprises, joined by ;", "предприятия через ;"),
        text("core_products", "OKPD2, joined by ;", "ОКПД2 через ;"),
        text("missing_products", "inputs nobody near makes, joined by ;", "чего рядом никто не делает, через ;", nullable=True),
        number("cooperation_share", "purchases of final producers from members per their material purchases; an upper figure, services and wages are left out", "доля закупок конечных производителей у участников в их закупках сырья; оценка сверху, без услуг и зарплат", high=1),
    ),
)  # fmt: skip

PRODUCTS: Final = Table(
    name="products",
    en="what to make here, best first",
    ru="что производить, от лучшего к худшему",
    index="product",
    columns=(
        text("hs", "HS code", "код ТН ВЭД", nullable=True),
        text("name", "name", "название"),
        text("name_en", "name in English", "название по-английски"),
        mrub("demand_mrub", "demand of the region a year", "спрос региона в год"),
        mrub("supply_mrub", "supply of the region a year", "выпуск региона в год"),
        mrub("import_mrub", "import of the region a year", "импорт региона в год", nullable=True),
        mrub("gap_mrub", "demand not met by supply", "спрос, не закрытый выпуском"),
        number("consumers_count", "named consumers", "названных потребителей"),
        number("local_inputs_share", "share of inputs made within reach", "доля сырья, которое делают рядом", high=1),
        number("feasibility", "0 to 1, from what the region already makes", "осуществимость от 0 до 1", high=1),
        number("score", "what the ranking uses", "балл, по которому составлен список"),
        text("best_site_id", "best eligible site", "лучшая площадка", nullable=True),
        Column(name="minimum_scale_mrub", en="smallest efficient yearly output, mln roubles", ru="наименьший эффективный выпуск в год, млн руб.", low=0, nullable=True, required=False),
        Column(name="plant_output_mrub", en="assumed yearly output of a new plant, mln roubles", ru="принятый годовой выпуск нового завода, млн руб.", low=0, nullable=True, required=False),
        Column(name="plant_area_ha", en="area of a new plant of the assumed output, ha", ru="площадь нового завода принятой мощности, га", low=0, nullable=True, required=False),
        Column(name="price_advantage", en="share by which delivery from the best site undercuts import", ru="на какую долю доставка с лучшей площадки дешевле импорта", low=0, nullable=True, required=False),
        Column(name="plant_jobs_count", en="jobs at a new plant", ru="рабочих мест на новом заводе", low=0, nullable=True, required=False),
        Column(name="plant_investment_mrub", en="investment in a new plant, mln roubles", ru="инвестиции в новый завод, млн руб.", low=0, nullable=True, required=False),
        *(
            Column(name=f"plant_{DEMAND_COLUMN[utility]}", en=f"a new plant needs: {utility}, {DEMAND_UNIT[utility]}", ru=f"нужно новому заводу: {utility}, {DEMAND_UNIT[utility]}", low=0, nullable=True, required=False)
            for utility in UTILITIES
        ),
        Column(name="plant_connection_mrub", en="connecting exactly this plant at the best site, mln roubles", ru="подключение именно этого завода на лучшей площадке, млн руб.", low=0, nullable=True, required=False),
        number("confidence", "0 to 1", "достоверность от 0 до 1", high=1),
    ),
)  # fmt: skip

CONSUMERS: Final = Table(
    name="consumers",
    en="who would buy each product",
    ru="кто купил бы каждый продукт",
    columns=(
        text("product", "OKPD2", "ОКПД2"),
        text("enterprise_id", "consumer; empty for final demand", "потребитель; пусто для конечного спроса", nullable=True),
        text("name", "name", "название"),
        mrub("volume_mrub", "volume a year", "объём в год"),
        number("distance_km", "distance from the best site, km", "расстояние от лучшей площадки, км", nullable=True),
        number("delivered_price_index", "price with delivery, 1 is price at the gate", "цена с доставкой, 1: цена у ворот", nullable=True),
        number("import_price_index", "import price on the same base", "цена импорта в тех же единицах", nullable=True),
        number("confidence", "0 to 1", "достоверность от 0 до 1", high=1),
    ),
)  # fmt: skip

CHECKS: Final = Table(
    name="checks",
    en="requirements of the acts, met or not",
    ru="требования актов: выполнены или нет",
    columns=(
        text("subject_id", "site or cluster", "площадка или кластер"),
        text("subject_kind", "kind of subject", "вид", choices=(*SITE_KINDS, "cluster")),
        text("requirement", "measure", "показатель"),
        Column(name="value", en="value found", ru="найденное значение", nullable=True),
        text("unit", "unit", "единица"),
        text("operator", "comparison", "сравнение", choices=(">=", "<=", "=")),
        Column(name="limit", en="limit", ru="предел"),
        text("result", "pass, warn, fail or unknown", "итог", choices=("pass", "warn", "fail", "unknown")),
        text("edition", "edition of the act", "редакция акта"),
        text("status", "how the limit is known", "откуда известен предел", choices=STATUSES),
        text("source", "act", "акт"),
    ),
)  # fmt: skip

REPAIRS: Final = Table(
    name="repairs",
    en="every repair and refusal of an input row",
    ru="каждая правка и каждый отказ во входных данных",
    columns=(
        text("layer", "table", "таблица"),
        text("row_id", "row", "строка"),
        text("action", "code of what was done", "код действия"),
        text("reason", "code of why", "код причины"),
        text("effect", "what it changed, in numbers", "что изменилось, в числах"),
    ),
)

CONFIDENCE_SHARE: Final = dict(zip(CONFIDENCES, (0.9, 0.65, 0.4), strict=True))
"""Confidence words as shares: facts.md, rules of reading (H about 90 %, M 65 %, L 40 %)."""

RESULTS: Final = (
    DOUBTED, CONNECTIONS, LEDGER, LINKS, CLUSTERS, PRODUCTS, CONSUMERS, CHECKS, REPAIRS,
    EXCLUSIONS, CURES, PASSPORTS, *DOUBT_RESULTS,
)  # fmt: skip
