"""The door `siting backtest`: real parks among candidates, real contracts against our prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from rich.table import Table as Grid
from rich.text import Text

from siting.backtest import backtest
from siting.cli import say
from siting.region import read_region
from siting.words import say as words

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    from pandas import DataFrame

    from siting.errors import Lang

_FACTOR: Final = 2.0
"""Named prices within this factor of what was paid are called near."""


def tell_backtest(path: Path, *, lang: Lang, quiet: bool) -> None:
    """Write how the real parks of the region at `path` rank and what real contracts would cost."""
    with say.bars(lang, quiet=quiet) as progress:
        found = backtest(read_region(path), progress=progress)
    if found.places.empty:
        say.tell(say.word("backtest_no_parks", lang))
    else:
        say.console().print(_places(found.places, lang))
        say.tell(say.word("backtest_places_note", lang))
    if found.costs.empty:
        say.tell(say.word("backtest_no_costs", lang))
        return
    say.console().print(_costs(found.costs, lang))
    ratio = found.costs["ratio"].dropna()
    near = int(ratio.between(1 / _FACTOR, _FACTOR).sum())
    say.tell(
        say.word(
            "backtest_costs_note", lang,
            near=near, count=len(ratio), factor=f"{_FACTOR:g}", median=f"{ratio.median():.2f}",
        )
    )  # fmt: skip


def _places(places: DataFrame, lang: Lang) -> Grid:
    grid = _grid(("park", "area", "hidden", "by_cost", "by_saving"), lang)
    for row in places.reset_index().to_dict("records"):
        ranks = (_rank(row, name) for name in ("connection_rank", "saving_rank"))
        refused = [words("why_not", code, lang) for code in str(row["why_not"] or "").split(";")]
        grid.add_row(
            Text(say.harmless(str(row["name"] if lang == "ru" else row["name_en"]))),
            f"{row['area_ha']:.0f}{'' if row['is_area_known'] else '*'}",
            f"{row['hidden_count']:.0f}",
            *(ranks if row["is_eligible"] else (", ".join(refused), "—")),
        )
    return grid


def _rank(row: dict[Hashable, Any], name: str) -> str:
    return "—" if pd.isna(row[name]) else f"{row[name]:.0f} / {row['sites_count']:.0f}"


def _costs(costs: DataFrame, lang: Lang) -> Grid:
    grid = _grid(("contract", "paid", "year", "paid_now", "named", "ratio"), lang)
    for row in costs.to_dict("records"):
        grid.add_row(
            Text(say.harmless(str(row["contract_ru"] if lang == "ru" else row["contract"]))),
            f"{row['paid_mrub']:.0f}",
            f"{row['price_year']:.0f}",
            "—" if pd.isna(row["paid_now_mrub"]) else f"{row['paid_now_mrub']:.0f}",
            f"{row['named_mrub']:.0f}",
            "—" if pd.isna(row["ratio"]) else f"{row['ratio']:.2f}",
        )
    return grid


def _grid(headings: tuple[str, ...], lang: Lang) -> Grid:
    grid = Grid(box=None)
    for number, heading in enumerate(headings):
        grid.add_column(
            say.word(f"backtest_{heading}", lang), justify="right" if number else "left"
        )
    return grid
