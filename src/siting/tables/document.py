"""docs/tables.md, written from the declarations. A test holds the file to what this returns."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from siting.tables import (
    alternatives,
    inputs,
    location,
    money,
    quotes,
    results,
    rules,
    trade,
    trunks,
)

if TYPE_CHECKING:
    from siting.tables.schema import Column, Table

_HEAD = "| column | meaning | kind | range | |\n|---|---|---|---|---|\n"


def document() -> str:
    """Return the text of docs/tables.md: every table, every column."""
    groups = {
        "Layers of a region": inputs.LAYERS,
        "Rules and prices of a region": rules.RULES,
        "Results of a study": (
            *_told_last(results.RESULTS),
            *money.RESULTS,
            *alternatives.RESULTS,
            location.KIN_LINKS,
            *trade.TABLES,
            trunks.TRUNKS,
            quotes.QUOTES,
        ),
    }
    parts = [
        "# Tables\n\nWritten by `python -m siting.tables.document > docs/tables.md`; do not edit.\n"
    ]
    for title, tables in groups.items():
        parts.append(f"\n## {title}\n")
        parts.extend(_table(table) for table in tables)
    return "".join(parts)


def _told_last(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """Return the results, the site table and the ledger as the last stage leaves them."""
    grown = {results.DOUBTED.name: location.LOCATED, results.LEDGER.name: None}
    told = [grown.get(table.name, table) for table in tables]
    return tuple(table for table in told if table is not None)


def _table(table: Table) -> str:
    shape = ", ".join(sorted(table.geometry)) if table.geometry else "no geometry"
    key = f"id `{table.index}`, " if table.index else ""
    rows = "".join(_row(column) for column in table.columns)
    return f"\n### {table.name}\n\n{table.en.capitalize()} ({key}{shape}).\n\n{_HEAD}{rows}"


def _row(column: Column) -> str:
    span = ", ".join(column.choices)
    if column.kind in {"number", "whole"} and (column.low, column.high) != (
        -float("inf"),
        float("inf"),
    ):
        span = f"{column.low:g} to {column.high:g}"
    notes = [] if column.required else ["optional"]
    notes += ["may be empty"] if column.nullable else []
    return f"| `{column.name}` | {column.en} | {column.kind} | {span} | {', '.join(notes)} |\n"


if __name__ == "__main__":
    sys.stdout.write(document())
