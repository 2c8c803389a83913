"""What the command line says, in one language: problems, progress, tables."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table as Grid
from rich.text import Text

from siting.errors import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from siting.errors import Lang, SitingError
    from siting.progress import Progress
    from siting.tables import Layers

_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_REPAIRS_SHOWN: Final = 20
"""Repairs listed on the screen; all of them are in repairs.csv."""


def word(code: str, lang: Lang, **values: object) -> str:
    """Return the sentence of `code` in `lang`."""
    return messages()[code][lang].format(**values)


def console(*, is_error: bool = False) -> Console:
    """Return where to write: results to the output, everything else to the error stream."""
    return Console(stderr=is_error, highlight=False, markup=False, soft_wrap=True)


def harmless(text: str) -> str:
    """Return `text` without signs that colour the screen or move the cursor."""
    return _CONTROL.sub("\ufffd", text)


def tell(text: str, *, is_error: bool = False) -> None:
    """Write a line. Text from data can neither colour the screen nor move the cursor."""
    console(is_error=is_error).print(Text(harmless(text)))


def tell_error(error: SitingError, lang: Lang) -> None:
    """Write what went wrong: how many problems there are, and each of them."""
    infeasible = error.exit_code == 3  # the exit code of an infeasible plan
    code = "door_infeasible" if infeasible else "door_failed"
    tell(word(code, lang, count=len(error.problems)), is_error=True)
    tell(error.text(lang), is_error=True)


@contextmanager
def bars(lang: Lang, *, quiet: bool) -> Iterator[Progress]:
    """Give a Progress that draws a bar for each stage; nothing is drawn if `quiet`."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console(is_error=True), disable=quiet) as drawn:
        tasks = {}

        def report(stage: str, done_share: float) -> None:
            if stage not in tasks:
                tasks[stage] = drawn.add_task(word(f"stage_{stage}", lang), total=1.0)
            drawn.update(tasks[stage], completed=done_share)

        yield report


def tell_layers(layers: Layers, lang: Lang) -> None:
    """Write how many rows each table has and what was repaired."""
    from siting.layers.report import counts, repair_lines  # noqa: PLC0415  # pandas loads slowly

    grid = Grid(box=None)
    grid.add_column(word("door_table", lang))
    grid.add_column(word("door_rows", lang), justify="right")
    grid.add_column(word("door_repairs", lang), justify="right")
    for count in counts(layers, lang):
        grid.add_row(Text(count.title), str(count.rows), str(count.repairs))
    console().print(grid)
    lines = repair_lines(layers.repairs, lang)
    for line in lines[:_REPAIRS_SHOWN]:
        tell(f"- {line}")
    if len(lines) > _REPAIRS_SHOWN:
        tell(word("door_more", lang, count=len(lines) - _REPAIRS_SHOWN))
    tell(word("door_checked", lang, repairs=len(layers.repairs)))
