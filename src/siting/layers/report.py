"""What was read and what was repaired, as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from siting.errors import messages
from siting.layers.piece import WHOLE_TABLE
from siting.tables.inputs import LAYERS
from siting.tables.rules import RULES

if TYPE_CHECKING:
    from pandas import DataFrame

    from siting.errors import Lang
    from siting.tables import Layers


@dataclass(frozen=True, kw_only=True)
class TableCount:
    """How many rows of a table were read and how many repairs they took."""

    table: str
    title: str
    rows: int
    repairs: int


def counts(layers: Layers, lang: Lang) -> list[TableCount]:
    """Return the size of every table, in the order of declaration."""
    repairs = layers.repairs["layer"].value_counts()
    return [
        TableCount(
            table=table.name,
            title=table.ru if lang == "ru" else table.en,
            rows=len(getattr(layers, table.name)),
            repairs=int(repairs.get(table.name, 0)),
        )
        for table in (*LAYERS, *RULES)
    ]


def repair_lines(repairs: DataFrame, lang: Lang) -> list[str]:
    """Return a sentence for each repair: where, what was done, what it changed."""
    lines = []
    for layer, row_id, action, effect in repairs[
        ["layer", "row_id", "action", "effect"]
    ].itertuples(index=False):
        where = layer if row_id == WHOLE_TABLE else f"{layer} · {row_id}"
        change = f" ({effect})" if effect else ""
        lines.append(f"{where}: {messages()[f'repair_{action}'][lang]}{change}")
    return lines
