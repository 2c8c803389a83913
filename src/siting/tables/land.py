"""Tables of the land room, beside SITES: what is lost, why, what frees it, and the acts."""

from __future__ import annotations

from typing import Final

from siting.tables.columns import flag, mrub, number, text
from siting.tables.inputs import SITE_KINDS, STATUSES
from siting.tables.schema import Table

EXCLUSIONS: Final = Table(
    name="exclusions",
    en="land lost, by plot, rule and object",
    ru="потерянная земля по участкам, правилам и объектам",
    columns=(
        text("plot_id", "plot", "участок"),
        text("feature", "kind of object (protection_zones)", "вид объекта"),
        text("class", "class of the object", "класс объекта", nullable=True),
        text("object_id", "object", "объект"),
        text("object_name", "its name", "его название", nullable=True),
        flag("is_hard", "nothing may be built there", "строить нельзя вовсе"),
        number("area_ha", "area of the plot within the zone, ha", "площадь участка в зоне, га"),
        text("status", "how the rule is known", "откуда известно правило", choices=STATUSES),
        text("source", "edition of the rule", "редакция правила"),
    ),
)

CAUSES: Final = (
    "category_forbidden",
    "all_excluded",
    "too_small",
    "far_from_town",
    "category_unfit",
    "near_housing",
    "dirty_neighbour",
)
CURE_CODES: Final = (
    "change_category",
    "buy_neighbour",
    "move_line",
    "lower_class",
    "cut_corner",
    "other_plants",
    "none",
)

CURES: Final = Table(
    name="cures",
    en="why plots and sites are refused or limited, and what would free them",
    ru="почему участки и площадки не годятся или ограничены и что это исправит",
    columns=(
        text("subject_id", "plot or site", "участок или площадка"),
        text("subject_kind", "kind of subject", "вид", choices=("plot", *SITE_KINDS)),
        text("cause", "code of the cause", "причина", choices=CAUSES),
        flag("is_blocking", "it refuses the subject and does not only limit it", "не допускает, а не только ограничивает"),
        text("cure", "code of the cure; none where nothing helps", "мера; none, если ничто не поможет", choices=CURE_CODES),
        text("object_id", "lines to move or plots to buy, joined by ;, or the sanitary class", "что перенести или купить, через ;, либо класс", nullable=True),
        number("left_ha", "land to build on after the cure, ha", "пригодно после меры, га"),
        flag("is_enough", "the cause is gone after it", "причина устранена"),
        number("months", "months it takes", "срок, месяцев", nullable=True),
        mrub("price_mrub", "price", "цена", nullable=True),
        flag("is_cheapest", "the cheapest that is enough", "самая дешёвая из достаточных"),
        text("status", "how the price is known", "откуда известна цена", choices=STATUSES),
        text("source", "where it stands", "источник"),
    ),
)  # fmt: skip

PASSPORTS: Final = Table(
    name="passports",
    en="each site under each edition of each act",
    ru="каждая площадка по каждой редакции каждого акта",
    columns=(
        text("site_id", "site", "площадка"),
        text("act", "act", "акт"),
        text("edition", "edition of the act", "редакция акта"),
        text("valid_from", "first day; empty: a draft, or not dated", "первый день; пусто: проект или без даты", nullable=True),
        text("valid_to", "last day; empty: still valid", "последний день; пусто: действует", nullable=True),
        flag("is_in_force", "in force on the day of the study", "действует на дату расчёта"),
        text("verdict", "the worst result: fail, unknown, warn or pass", "худший итог: не выполнено, неизвестно, предупреждение или выполнено", choices=("pass", "warn", "fail", "unknown")),
        text("met", "measures met, joined by ;", "выполненные показатели через ;", nullable=True),
        text("warned", "measures that warn, joined by ;", "показатели с предупреждением через ;", nullable=True),
        text("failed", "measures not met, joined by ;", "невыполненные показатели через ;", nullable=True),
        text("not_known", "measures nobody knows, joined by ;", "неизвестные показатели через ;", nullable=True),
        text("documents_missing", "documents to collect, joined by ;", "недостающие документы через ;", nullable=True),
    ),
)  # fmt: skip
