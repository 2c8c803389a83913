"""By-products and waste heat: the rule that says who yields and who takes them, and the result."""

from __future__ import annotations

from typing import Final

from siting.tables.columns import number, text
from siting.tables.inputs import RULE_ORIGIN
from siting.tables.schema import Column, Table

GIVES, TAKES = "gives", "takes"
HEAT, MATERIAL = "heat", "material"

BY_PRODUCTS: Final = Table(
    name="by_products",
    en="by-products and waste heat: who yields them and who can take them, a row for each side and product",
    ru="побочные продукты и сбросное тепло: кто их даёт и кто может принять, строка на сторону и продукт",
    columns=(
        text("by_product", "code of the by-product", "код побочного продукта"),
        text("title", "in words", "словами, по-английски"),
        text("title_ru", "in Russian words", "словами"),
        text("kind", "material or heat", "вещество (material) или тепло (heat)", choices=(MATERIAL, HEAT)),
        text("side", "gives or takes", "даёт (gives) или принимает (takes)", choices=(GIVES, TAKES)),
        text("product", "beginning of the OKPD2 of the main product", "начало ОКПД2 основного продукта"),
        number("per_mrub", "yielded or taken with a million roubles of the main product", "выход или приём на миллион рублей основного продукта"),
        text("unit", "t a year or MW", "t: тонн в год; MW: МВт", choices=("t", "MW")),
        number("reach_km", "farthest it is worth moving; empty on the side that takes", "докуда его стоит везти, км; пусто у принимающих", nullable=True),
        number("value_mrub_unit", "what a unit a year saves whoever takes it, mln roubles; empty on that side", "что единица в год экономит принимающему, млн руб.; пусто у принимающих", nullable=True),
        *RULE_ORIGIN,
    ),
)  # fmt: skip

EXCHANGES: Final = Table(
    name="exchanges",
    en="by-products and waste heat that a neighbour could take; inferred, nobody has been asked",
    ru="побочные продукты и тепло, которые мог бы принять сосед; выведено расчётом, никто не опрошен",
    columns=(
        text("by_product", "by-product", "побочный продукт"),
        text("title", "in words", "словами, по-английски"),
        text("title_ru", "in Russian words", "словами"),
        text("kind", "material or heat", "вещество или тепло"),
        text("giver_id", "who yields it", "кто даёт"),
        text("giver_name", "its name", "название дающего"),
        text("taker_id", "who could take it", "кто мог бы принять"),
        text("taker_name", "its name", "название принимающего"),
        text("cluster_id", "cluster both belong to; empty: neighbours only", "общий кластер; пусто: только соседи", nullable=True),
        number("volume", "volume", "объём"),
        text("unit", "t a year or MW", "т в год или МВт"),
        number("distance_km", "distance, km", "расстояние, км"),
        number("value_mrub_year", "saves the taker, mln roubles a year", "экономит принимающему, млн руб. в год"),
        Column(name="confidence", en="confidence, 0 to 1", ru="уверенность, от 0 до 1", low=0, high=1),
        text("status", "how the yield is known", "как известен выход"),
    ),
)  # fmt: skip
