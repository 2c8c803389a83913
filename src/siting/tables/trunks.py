"""The table of trunks that chosen parks could share."""

from __future__ import annotations

from typing import Final

from siting.tables.columns import mrub, number, text
from siting.tables.schema import LINE, Table
from siting.units import UTILITIES

TRUNKS: Final = Table(
    name="trunks",
    en="trunks that parks of the plan could share: what it would save, beside the plan's ledger",
    ru="общие магистрали парков плана: сколько они сберегли бы, сверх книги расчётов плана",
    geometry=LINE,
    may_lack_geometry=True,
    columns=(
        text("trunk_id", "trunk; the same for all utilities of the same parks", "магистраль; одна для всех сетей тех же парков"),
        text("utility", "which network", "вид сети", choices=UTILITIES),
        text("utilities", "networks of this trunk, joined by ;", "сети этой магистрали через ;"),
        text("park_ids", "parks that share it, joined by ;", "парки через ;"),
        text("options", "ways to connect on its branches, joined by ;", "способы подключения на ветвях через ;"),
        text("source_id", "source", "источник"),
        text("source_name", "name of the source", "название источника", nullable=True),
        number("length_km", "length of all branches, km", "длина всех ветвей, км"),
        mrub("line_mrub", "branches and fixed parts", "ветви и постоянные части"),
        mrub("crossings_mrub", "crossings", "переходы"),
        mrub("reinforcement_mrub", "reinforcement of the source", "усиление источника"),
        mrub("cost_mrub", "whole cost", "всего"),
        mrub("separate_mrub", "the parks' own connections, a source they share reinforced once", "свои подключения парков; общий источник усиливается один раз"),
        mrub("saving_mrub", "saved by the trunk, the joint trench not counted", "сберегает магистраль, без общей траншеи"),
        mrub("trench_saving_mrub", "saved besides where its branch lies in one trench with other networks", "сверх того там, где ветвь лежит в общей траншее с другими сетями"),
        text("split", "cost of each park by the Shapley value, park=mln roubles, joined by ;", "доля каждого парка по Шепли, парк=млн руб., через ;"),
    ),
)  # fmt: skip
