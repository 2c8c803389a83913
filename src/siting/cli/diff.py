"""The door `siting diff`: why the ranking changed between two results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from rich.table import Table as Grid
from rich.text import Text

from siting.cli import say
from siting.compare import ORDER, compare

if TYPE_CHECKING:
    from pathlib import Path

    from pandas import DataFrame

    from siting.compare import Comparison, Difference
    from siting.errors import Lang


def tell_difference(before: Path, after: Path, *, lang: Lang, quiet: bool) -> None:
    """Write what changed between the results in two folders, and what that did to the ranking."""
    with say.bars(lang, quiet=quiet) as progress:
        found = compare(before, after, progress=progress)
    if not found.causes:
        say.tell(say.word("diff_same", lang))
        return
    for line in _changed(found, lang):
        say.tell(line)
    if found.changes.empty:
        say.tell(say.word("diff_no_rank", lang))
        return
    say.console().print(_grid(found.changes, lang))
    code = "diff_together" if found.causes == ("together",) else "diff_how"
    if len(found.causes) > 1 or code == "diff_together":
        order = ", ".join(say.word(f"diff_cause_{cause}", lang) for cause in found.causes)
        say.tell(say.word(code, lang, order=order, studies=found.studies))


def _changed(found: Comparison, lang: Lang) -> list[str]:
    lines = [say.word("diff_changed", lang)]
    for cause in ORDER:
        own = [difference for difference in found.differences if difference.cause == cause]
        if own:
            lines.append(f"  {say.word(f'diff_cause_{cause}', lang)}:")
            lines += [f"  - {_line(difference, lang)}" for difference in own]
    if {"code", "together"} & set(found.causes):
        lines.append(f"  {say.word('diff_cause_code', lang)}")
    return lines


def _line(difference: Difference, lang: Lang) -> str:
    if not difference.is_table:
        return f"{difference.name}: {difference.before or '∅'} → {difference.after or '∅'}"
    return f"{difference.name}: {difference.after}"


def _grid(changes: DataFrame, lang: Lang) -> Grid:
    grid = Grid(box=None)
    for heading in ("site", "cause", "from", "to", "saving"):
        right = heading in {"from", "to", "saving"}
        grid.add_column(say.word(f"diff_{heading}", lang), justify="right" if right else "left")
    name = "name" if lang == "ru" else "name_en"
    for row in changes.to_dict("records"):
        grid.add_row(
            Text(say.harmless(f"{row[name]} ({row['site_id']})")),
            say.word(f"diff_cause_{row['cause']}", lang),
            _rank(row["rank_from"]),
            _rank(row["rank_to"]),
            f"{row['saving_change_mrub']:+,.0f}".replace(",", "\u00a0" if lang == "ru" else ","),
        )
    return grid


def _rank(value: float) -> str:
    return "—" if pd.isna(value) else f"{value:.0f}"
