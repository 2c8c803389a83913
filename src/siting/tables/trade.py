"""Tables of the cluster platform, beside LINKS, CLUSTERS, PRODUCTS and CONSUMERS."""

from __future__ import annotations

from typing import Final

from siting.tables.by_products import EXCHANGES
from siting.tables.columns import number, text
from siting.tables.schema import Column, Table

_PRODUCT: Final = Column(name="product", en="OKPD2", ru="ОКПД2", kind="text")


PRODUCT_SITES: Final = Table(
    name="product_sites",
    en="the best sites for a plant of each product, priced for exactly this plant standing alone",
    ru="лучшие площадки для завода каждого продукта: цена именно для этого завода, если он один",
    columns=(
        _PRODUCT,
        number("rank", "1 is best", "место; 1: лучшее", low=1),
        text("site_id", "site", "площадка"),
        number(
            "connection_cost_mrub",
            "connection of this plant alone, mln roubles",
            "подключение одного этого завода, млн руб.",
        ),
        number(
            "onsite_cost_mrub",
            "networks on its own hectares, mln roubles",
            "сети на его гектарах, млн руб.",
        ),
        number(
            "freight_mrub_year",
            "freight of its goods and inputs a year, mln roubles",
            "перевозка продукции и сырья в год, млн руб.",
        ),
        number(
            "total_mrub",
            "connection, networks and freight of the years weighed, mln roubles",
            "подключение, сети и перевозка за учтённые годы, млн руб.",
        ),
    ),
)

SUPPLIERS: Final = Table(
    name="suppliers",
    en="who could supply the inputs of a new plant from within reach of its best site",
    ru="кто рядом с лучшей площадкой мог бы поставлять сырьё новому заводу",
    columns=(
        _PRODUCT,
        text("input", "OKPD2 of the input", "ОКПД2 сырья"),
        number("needed_mrub", "the plant needs, mln roubles a year", "нужно заводу, млн руб. в год"),
        text(
            "enterprise_id", "supplier; empty: nobody near", "поставщик; пусто: рядом никого",
            nullable=True,
        ),
        text("name", "name", "название", nullable=True),
        Column(
            name="output_mrub", en="makes, mln roubles a year", ru="выпускает, млн руб. в год",
            low=0, nullable=True,
        ),
        Column(
            name="distance_km", en="distance from the best site, km",
            ru="расстояние от лучшей площадки, км", low=0, nullable=True,
        ),
    ),
)  # fmt: skip

ADDITIONS: Final = Table(
    name="additions",
    en="what an enterprise could make besides: like its own products and lacking in the region",
    ru="что предприятие могло бы добавить: похоже на его продукты и региону не хватает",
    columns=(
        text("enterprise_id", "enterprise", "предприятие"),
        number("rank", "1 is best", "место; 1: лучшее", low=1),
        _PRODUCT,
        number("likeness", "likeness to its products, 0 to 1", "сходство с его продуктами, от 0 до 1", high=1),
        number("gap_mrub", "demand not met, mln roubles a year", "незакрытый спрос, млн руб. в год"),
    ),
)  # fmt: skip

CLUSTER_GAPS: Final = Table(
    name="cluster_gaps",
    en="inputs a cluster lacks, and who could begin to make them",
    ru="чего не хватает кластеру и кто мог бы начать это делать",
    columns=(
        text("cluster_id", "cluster", "кластер"),
        _PRODUCT,
        number("needed_mrub", "members need, mln roubles a year", "нужно участникам, млн руб. в год"),
        text(
            "enterprise_id", "who makes what is most like it; empty: a new plant",
            "кто делает самое похожее; пусто: новый завод", nullable=True,
        ),
        text("name", "name", "название", nullable=True),
        Column(
            name="likeness", en="likeness to what it makes, 0 to 1",
            ru="сходство с тем, что оно делает, от 0 до 1", low=0, high=1, nullable=True,
        ),
        Column(
            name="distance_km", en="distance from the middle of the cluster, km",
            ru="расстояние от середины кластера, км", low=0, nullable=True,
        ),
    ),
)  # fmt: skip

MEMBERSHIPS: Final = Table(
    name="memberships",
    en="how strongly an enterprise belongs to each cluster; clusters overlap",
    ru="насколько предприятие принадлежит каждому кластеру; кластеры пересекаются",
    columns=(
        text("enterprise_id", "enterprise", "предприятие"),
        text("cluster_id", "cluster", "кластер"),
        number(
            "share", "share of its ties that lead into the cluster",
            "доля его связей, ведущих в кластер", high=1,
        ),
        Column(name="is_own", en="it is a member", ru="участник", kind="flag"),
    ),
)  # fmt: skip

INDUSTRIES: Final = Table(
    name="industries",
    en="industries of the region against the country; empty where the country is not given",
    ru="отрасли региона в сравнении со страной; пусто, если страна не задана",
    index="industry",
    columns=(
        number("output_mrub", "output of named enterprises, mln roubles a year", "выпуск названных предприятий, млн руб. в год"),
        Column(name="location_quotient", en="its share here per its share in the country", ru="доля отрасли здесь к её доле в стране", low=0, nullable=True),
        Column(name="chance", en="chance of so high a quotient if nothing were special", ru="вероятность столь высокого значения, если бы ничто не выделялось", low=0, high=1, nullable=True),
        Column(name="is_special", en="the region is specialised in it", ru="специализация региона", kind="flag"),
        number("multiplier", "output of the region per rouble of its final sales", "выпуск региона на рубль её конечных продаж", low=1),
        number("multiplier_low", "the same, lowest over the exponents shown", "то же, наименьшее по показателям", low=1),
        number("multiplier_high", "the same, highest over the exponents shown", "то же, наибольшее по показателям", low=1),
    ),
)  # fmt: skip

TABLES: Final = (
    PRODUCT_SITES,
    SUPPLIERS,
    ADDITIONS,
    CLUSTER_GAPS,
    MEMBERSHIPS,
    INDUSTRIES,
    EXCHANGES,
)
"""What the stage trade tells beside the tables of `results`."""
