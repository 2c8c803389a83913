"""What the comparison of two results tells."""

from __future__ import annotations

from typing import Final

from siting.tables.columns import text
from siting.tables.schema import Column, Table

CAUSES: Final = ("code", "prices", "data", "rules", "together")
"""What may have changed between two results; `together` where the shares cannot be told apart."""

RANK_CHANGES: Final = Table(
    name="rank_changes",
    en="how the rank of each park changed, cause by cause",
    ru="как изменилось место каждого парка, по причинам",
    columns=(
        text("site_id", "site", "площадка"),
        text("name", "name", "название"),
        text("name_en", "name in English", "название по-английски"),
        text("cause", "what changed", "что изменилось", choices=CAUSES),
        Column(name="rank_from", en="rank before; empty: not chosen", ru="место до; пусто: не выбрана", low=1, nullable=True),
        Column(name="rank_to", en="rank after; empty: not chosen", ru="место после; пусто: не выбрана", low=1, nullable=True),
        Column(name="saving_change_mrub", en="change of its saving in the plan, mln roubles", ru="изменение экономии в плане, млн руб."),
    ),
)  # fmt: skip
