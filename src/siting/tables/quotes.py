"""The table that `siting.price` returns."""

from __future__ import annotations

from typing import Final

from siting.tables.columns import crossed, flag, number, text
from siting.tables.schema import Column, Table
from siting.units import DEMAND_UNIT, UTILITIES

REASONS: Final = ("outside_raster", "on_barrier", "no_fitting_source", "out_of_reach")
"""Why a point has no connection."""

QUOTES: Final = Table(
    name="quotes",
    en="what connecting a demand costs at points, returned by siting.price",
    ru="во что обойдётся подключение в точках, ответ siting.price",
    columns=(
        text("utility", "network", "вид сети", choices=UTILITIES),
        text("option", "way to connect", "способ подключения", nullable=True),
        text("source_id", "source", "источник", nullable=True),
        text("source_name", "its name", "его название", nullable=True),
        text("source_name_en", "its name in English", "его название по-английски", nullable=True),
        Column(name="circuits", en="circuits built", ru="цепей", low=0, nullable=True),
        number("demand", "demand", "нагрузка"),
        text("demand_unit", "its unit", "её единица", choices=tuple(sorted(set(DEMAND_UNIT.values())))),
        Column(name="length_km", en="length of the route, km", ru="длина трассы, км", low=0, nullable=True),
        Column(name="effective_km", en="length weighted by friction, km", ru="длина с учётом местности, км", low=0, nullable=True),
        *(
            Column(name=f"{stem}_mrub", en=f"{en}, mln roubles", ru=f"{ru}, млн руб.", low=0, nullable=True)
            for stem, en, ru in (
                ("fixed", "fixed part", "постоянная часть"),
                ("line", "line by its length", "линия по длине"),
                ("crossings", "crossings", "пересечения"),
                ("reinforcement", "reinforcement of the source", "усиление источника"),
                ("cost", "cost; empty where there is no connection", "стоимость; пусто, если подключить нельзя"),
            )
        ),
        *crossed(nullable=True),
        text("reinforcement_step", "smallest step that holds what the source lacks", "наименьшая ступень усиления, которой хватает", nullable=True),
        Column(name="reinforcement_step_mrub", en="price of the whole step, mln roubles", ru="цена всей ступени, млн руб.", low=0, nullable=True),
        flag("is_spare_known", "the spare capacity of the source is known", "запас источника известен"),
        flag("is_proven", "no source the sweep did not keep could be cheaper", "ни один неучтённый источник не может быть дешевле"),
        text("why_not", "why there is no connection", "почему нет подключения", nullable=True, choices=REASONS),
    ),
)  # fmt: skip
