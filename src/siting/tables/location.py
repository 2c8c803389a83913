"""Columns of the stage `locate`, and the links prospects inherit."""

from __future__ import annotations

from typing import Final

from siting.tables.columns import mrub, number
from siting.tables.money import ACCOUNTED
from siting.tables.results import LINKS
from siting.tables.schema import Table

LOCATED: Final = ACCOUNTED.plus(
    "sites after locate",
    number("workers_45min_count", "workforce within the longest commute by road", "рабочая сила в пределах наибольшей поездки по дорогам"),
    number("workers_left_count", "of them, what enterprises and other parks leave", "сколько из них оставляют предприятия и другие парки"),
    number("consumers_km", "mean road distance to the people of the region, km", "среднее расстояние по дорогам до жителей региона, км", nullable=True),
    number("buyers_km", "mean road distance to its enterprises, by employees, km", "среднее расстояние по дорогам до предприятий, по числу работников, км", nullable=True),
    mrub("freight_mrub_year", "freight a year between those who fill it alone and their suppliers and buyers, inferred", "перевозки в год между теми, кто заполнит её одну, и их поставщиками и покупателями, по расчёту"),
    number("by_road_share", "share of the workforce measured by road; the rest by straight line", "доля рабочей силы, измеренная по дорогам; остальное по прямой", high=1.000001, nullable=True),
)  # fmt: skip

KIN_LINKS: Final = Table(
    name="kin_links",
    en="links prospects would have, as their kin do; inferred",
    ru="связи проектов, какие есть у родственных предприятий; по расчёту",
    columns=LINKS.columns,
)
