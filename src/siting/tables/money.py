"""Tables of money over time: what a region states, and what a study makes of it."""

from __future__ import annotations

from typing import Final

from siting.tables.columns import mrub, number, text
from siting.tables.inputs import STATUSES
from siting.tables.price_books import TARIFF_BASES
from siting.tables.results import ANY_SIGN, DOUBTED, LEDGER
from siting.tables.schema import Table

VERDICTS: Final = ("build", "do_not_build")
VERDICT_REASONS: Final = (
    "pays",
    "not_eligible",
    "nobody_fits",
    "too_few_residents",
    "saves_nothing",
    "needs_too_many",
    "loses_over_time",
)

ACCOUNTED: Final = DOUBTED.plus(
    "sites after account",
    mrub("saving_yearly_mrub", "operating cost saved a year if this park alone is opened and full", "экономия на содержании в год, если открыть только этот парк и он полон", low=ANY_SIGN, nullable=True),
    mrub("saving_pv_mrub", "present value of the saving if this park alone is opened, opening and operation counted", "приведённая экономия, если открыть только этот парк, с открытием и содержанием", low=ANY_SIGN, nullable=True),
    mrub("plan_saving_yearly_mrub", "operating cost saved a year in the plan", "экономия на содержании в год по плану", low=ANY_SIGN),
    mrub("plan_saving_pv_mrub", "present value of the saving in the plan", "приведённая экономия по плану", low=ANY_SIGN),
    number("break_even_opened_share", "occupancy at which the saving covers opening too; above 1: never", "заполнение, при котором окупается и открытие; больше 1: никогда", nullable=True),
    text("verdict", "build or do_not_build, this park by itself", "строить или не строить, сам по себе", choices=VERDICTS),
    text("verdict_reason", "code of the reason", "код причины", choices=VERDICT_REASONS),
)  # fmt: skip

LEDGER_OVER_TIME: Final = LEDGER.plus(
    LEDGER.name,
    mrub("standalone_yearly_mrub", "operating cost alone a year, all residents there", "содержание поодиночке в год при полном заполнении"),
    mrub("park_yearly_mrub", "operating cost in the park a year, all residents there", "содержание в парке в год при полном заполнении"),
    mrub("saving_yearly_mrub", "operating cost saved a year", "экономия на содержании в год", low=ANY_SIGN),
    mrub("standalone_pv_mrub", "present value of the cost alone", "приведённая стоимость поодиночке"),
    mrub("park_pv_mrub", "present value of the cost in the park", "приведённая стоимость в парке"),
    mrub("saving_pv_mrub", "present value of the saving", "приведённая экономия", low=ANY_SIGN),
)  # fmt: skip

YEARS: Final = Table(
    name="years",
    en="money of each park of the plan by year; saving_pv_mrub adds up to plan_saving_pv_mrub",
    ru="деньги каждого парка плана по годам; saving_pv_mrub в сумме даёт plan_saving_pv_mrub",
    columns=(
        text("site_id", "park", "парк"),
        number("year", "year, 0 is the first", "год; 0: первый"),
        number("come_share", "share of residents that have come", "доля пришедших резидентов", high=1),
        number("built_share", "share of the park that is paid for", "оплаченная доля парка", high=1),
        mrub("standalone_mrub", "cost alone in this year, not discounted", "стоимость поодиночке в этом году без дисконтирования"),
        mrub("park_mrub", "cost in the park in this year, not discounted", "стоимость в парке в этом году без дисконтирования"),
        mrub("saving_pv_mrub", "present value of the saving of this year", "приведённая экономия этого года", low=ANY_SIGN),
        mrub("cumulative_pv_mrub", "the same from the first year on", "то же нарастающим итогом", low=ANY_SIGN),
    ),
)  # fmt: skip

LAND_PRICES: Final = Table(
    name="land_prices",
    en="price of land of each resident, alone and in the park; beside the saving, never in it",
    ru="цена земли каждого резидента поодиночке и в парке; рядом с экономией, не в ней",
    columns=(
        text("prospect_id", "resident", "резидент"),
        text("site_id", "park", "парк"),
        number("area_ha", "land it needs, ha", "нужно земли, га"),
        text("alone_place_id", "plot it would settle on alone; empty: its own place", "участок, где он встал бы один; пусто: своё место", nullable=True),
        mrub("alone_land_mrub", "price of that land; empty: not known", "цена этой земли; пусто: неизвестна", nullable=True),
        mrub("park_land_mrub", "price of its land in the park; empty: not known", "цена его земли в парке; пусто: неизвестна", nullable=True),
        mrub("saving_land_mrub", "alone minus park", "поодиночке минус в парке", low=ANY_SIGN, nullable=True),
    ),
)  # fmt: skip

TARIFFS: Final = Table(
    name="tariffs",
    en="what the price book asks for a connection, beside what building it costs",
    ru="сколько за подключение берут по прейскуранту, рядом с ценой строительства",
    columns=(
        text("subject_id", "park or resident alone", "парк или резидент поодиночке"),
        text("subject_kind", "park or resident", "парк или резидент", choices=("park", "resident")),
        text("utility", "which network", "вид сети"),
        text("item", "row of the price book", "строка прейскуранта"),
        text("basis", "what the price is for", "за что цена", choices=TARIFF_BASES),
        number("quantity", "units of the basis", "сколько единиц"),
        mrub("price_mrub", "price of a unit in the price level of the region; empty: set individually", "цена единицы в ценах региона; пусто: назначается отдельно", nullable=True),
        mrub("tariff_mrub", "price times quantity", "цена на количество", nullable=True),
        mrub("construction_mrub", "what building this connection costs in the study", "сколько стоит построить это подключение по расчёту"),
        number("price_year", "year of the price in the book", "год цены в прейскуранте"),
        text("rule", "the rule that applies", "какое правило действует, по-английски"),
        text("rule_ru", "the same in Russian", "какое правило действует"),
        text("status", "how the price is known", "откуда известна цена", choices=STATUSES),
        text("source", "where it stands", "источник"),
    ),
)  # fmt: skip

SUPPORT: Final = Table(
    name="support",
    en="support the parks of the plan may ask for; beside the saving, never in it",
    ru="поддержка, на которую могут рассчитывать парки плана; рядом с экономией, не в ней",
    columns=(
        text("site_id", "park", "парк"),
        text("measure", "measure", "мера"),
        text("title", "in words", "словами, по-английски"),
        text("title_ru", "in Russian words", "словами"),
        text("payer", "whose cost it refunds", "чьи затраты возмещает", choices=("budget", "network_company", "resident")),
        mrub("base_mrub", "capital of that payer in the park, its items", "затраты этого плательщика в парке по статьям меры"),
        number("share", "greatest share refunded", "наибольшая возмещаемая доля", high=1),
        mrub("most_mrub", "most that could be refunded; 0 where a condition fails", "сколько возместят самое большее; 0, если условие не выполнено"),
        text("result", "pass, fail or unknown", "итог", choices=("pass", "fail", "unknown")),
        text("conditions_met", "conditions met, joined by ;", "выполненные условия через ;", nullable=True),
        text("conditions_failed", "conditions not met, joined by ;", "невыполненные условия через ;", nullable=True),
        text("conditions_unknown", "conditions nothing is known of, joined by ;", "условия, о которых ничего не известно, через ;", nullable=True),
        text("status", "how the measure is known", "откуда известна мера", choices=STATUSES),
        text("source", "where it stands", "источник"),
    ),
)  # fmt: skip

RESULTS: Final = (LEDGER_OVER_TIME, YEARS, LAND_PRICES, TARIFFS, SUPPORT)
"""Tables of the stage `account`, but for its columns of the site table."""
