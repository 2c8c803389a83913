"""Why the ranking changed: every change of rank between two results, cause by cause.

Four causes: the program (`code`), what things cost (`prices`), what is there (`data`), and what is
allowed and assumed (`rules`). The causes that changed are carried over from the first result to
the second one at a time, in that order, and the region is studied after each; what a step moves
is put down to its cause. With one cause no study is needed. The order matters where causes act
together; it is fixed, so that a comparison can be repeated. The program can be carried over only
where the one installed made one of the results; else all is told as `together`.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from siting import study
from siting.errors import LayerError, Problem
from siting.layers.kept import contents, read_result, region_of, unpack
from siting.progress import Progress, silent
from siting.summary import code_sha256
from siting.tables import check
from siting.tables.compare import RANK_CHANGES
from siting.tables.inputs import LAYERS
from siting.tables.price_books import PRICE_BOOKS
from siting.tables.rules import CONNECTION_OPTIONS, RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pandas import DataFrame

    from siting.layers.kept import Result

PRICE_TABLES: Final = frozenset({table.name for table in PRICE_BOOKS} | {CONNECTION_OPTIONS.name})
RULE_TABLES: Final = frozenset({"demand_profiles", "protection_zones", "requirements"})
_WORDS: Final = frozenset(
    {
        ("code",),
        *((f"{word}{end}",) for word in ("name", "notice", "licence") for end in ("", "_en")),
    }
)
"""Parameters that are only shown."""

_PRICE_MARKS: Final = ("_mrub", "price", "discount", "freight")
"""A parameter whose name holds one of these is a price, all others are rules."""

ORDER: Final = ("prices", "data", "rules")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One parameter or table that is not the same."""

    cause: str
    name: str
    """Parameter with its section, or table."""
    before: str
    after: str
    """Values of a parameter; of a table how many rows are new, gone and changed, and which."""
    is_table: bool


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What changed, and what it did."""

    differences: tuple[Difference, ...]
    changes: DataFrame
    """Table RANK_CHANGES."""
    causes: tuple[str, ...]
    """Causes that changed, in the order in which they were carried over."""
    studies: int
    """Studies run to tell the causes apart."""


def compare(before: Path, after: Path, *, progress: Progress = silent) -> Comparison:
    """Return what changed from the result in `before` to that in `after`, and what it did.

    Raises
    ------
    LayerError
        If a folder is not a result, or inputs that must be studied again were not kept.
    """
    results = _both(before, after)
    with tempfile.TemporaryDirectory() as kept:
        root = Path(kept)
        for name, result in zip(_SIDES, results, strict=True):
            unpack(result.folder, root / name)
        told = tuple(
            _placed(result.kept.told, name) for name, result in zip(_SIDES, results, strict=True)
        )
        differences = tuple(_differences(results, root))
        changed = [cause for cause in ORDER if any(d.cause == cause for d in differences)]
        causes, stops = _way(results, told, changed)
        missing = [stop for stop in stops if isinstance(stop, dict)]
        if missing:
            _check_kept(results)
        tables = [results[0].sites]
        for number, stop in enumerate(stops):
            if stop is None:
                tables.append(results[1].sites)
                continue
            share = _part(progress, number, len(missing))
            tables.append(study.plan(region_of(stop, root), progress=share).sites)
        moved = pd.concat(
            [_moved(tables[n], tables[n + 1], cause) for n, cause in enumerate(causes)]
            or [_moved(results[0].sites, results[0].sites, ORDER[0])],
            ignore_index=True,
        )
    return Comparison(
        differences=differences,
        changes=check(moved, RANK_CHANGES),
        causes=tuple(causes),
        studies=len(missing),
    )


_SIDES: Final = ("before", "after")


def _both(before: Path, after: Path) -> tuple[Result, Result]:
    """Return both results, or every problem of both."""
    problems: list[Problem] = []
    read: list[Result] = []
    for folder in (before, after):
        try:
            read.append(read_result(folder))
        except LayerError as error:
            problems += error.problems
    if problems:
        raise LayerError(problems)
    return read[0], read[1]


def _placed(told: Mapping[str, Any], side: str) -> dict[str, Any]:
    """Return the parameters with the files where they were unpacked."""
    layers = {
        table: [{**spec, "path": f"{side}/{spec['path']}"} for spec in specs]
        for table, specs in told["layers"].items()
    }
    return {**told, "layers": layers}


def _way(
    results: tuple[Result, Result], told: Sequence[dict[str, Any]], changed: list[str]
) -> tuple[list[str], list[dict[str, Any] | None]]:
    """Return the causes in order and, after each, what to study; None is the second result."""
    one, two = told
    made = [result.code_sha256 for result in results]
    has_code = made[0] != made[1]
    installed = code_sha256()
    causes = list(changed)
    if len(causes) + has_code > 1 and installed not in made:
        return ["together"], [None]
    if has_code:
        # the step of the program is taken where the installed one can take it
        causes = [*causes, "code"] if installed == made[0] else ["code", *causes]
    stops: list[dict[str, Any] | None] = []
    carried: set[str] = set()
    for cause in causes[:-1]:
        carried.add(cause)
        stops.append(_mixed(one, two, carried))
    return causes, [*stops, None] if causes else []


def _mixed(one: Mapping[str, Any], two: Mapping[str, Any], carried: set[str]) -> dict[str, Any]:
    """Return the parameters of `one` with those of `two` whose cause is in `carried`."""
    old, new = dict(_flat(one)), dict(_flat(two))
    mixed: dict[str, Any] = {}
    for path in {**old, **new}:
        source = new if _cause(path) in carried else old
        if path in source:
            _put(mixed, path, source[path])
    return mixed


def _flat(
    told: Mapping[str, Any], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Return every value by its path; lists are values, and so are empty tables."""
    for name, value in told.items():
        path = (*above, name)
        if isinstance(value, dict) and value:
            yield from _flat(value, path)
        else:
            yield path, value


def _put(told: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        told = told.setdefault(name, {})
    told[path[-1]] = value


def _cause(path: tuple[str, ...]) -> str:
    if path[0] == "layers":
        table = path[1]
        return "prices" if table in PRICE_TABLES else "rules" if table in RULE_TABLES else "data"
    is_price = any(mark in name for name in path for mark in _PRICE_MARKS)
    return "prices" if is_price else "rules"


def _differences(results: tuple[Result, Result], root: Path) -> Iterator[Difference]:
    one, two = (dict(_flat(result.kept.told)) for result in results)
    for path in sorted({*one, *two}):
        if path[0] == "layers" or path in _WORDS or one.get(path) == two.get(path):
            continue
        yield Difference(
            cause=_cause(path), name=".".join(path), is_table=False,
            before=_said(one.get(path)), after=_said(two.get(path)),
        )  # fmt: skip
    for table in (*LAYERS, *RULES):
        kept = [result.kept for result in results]
        if kept[0].files_of(table.name) == kept[1].files_of(table.name):
            continue
        sides = zip(_SIDES, results, strict=True)
        rows = [contents(result.kept, table, root / side) for side, result in sides]
        # a file may be written anew and hold the same
        if rows[0] != rows[1]:
            yield Difference(
                cause=_cause(("layers", table.name)), name=table.name, is_table=True,
                before="", after=_counts(*rows),
            )  # fmt: skip


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _counts(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Return how many rows are new (+), gone (-) and changed (~), and which."""
    gone = [label for row, label in old.items() if row not in new]
    come = [label for row, label in new.items() if row not in old]
    parts = (
        ("+", [label for label in come if label not in set(gone)]),
        ("-", [label for label in gone if label not in set(come)]),
        ("~", [label for label in gone if label in set(come)]),
    )
    return "; ".join(_counted(sign, labels) for sign, labels in parts if labels)


_NAMED: Final = 5
"""Rows named in one difference."""


def _counted(sign: str, labels: Sequence[str]) -> str:
    shown = ", ".join(dict.fromkeys(labels[:_NAMED]))
    return f"{sign}{len(labels)} ({shown}{', …' if len(labels) > _NAMED else ''})"


def _check_kept(results: tuple[Result, Result]) -> None:
    lost = [
        Problem(
            code="kept_lost",
            file=str(result.folder),
            values={"tables": ", ".join(result.kept.lost)},
        )
        for result in results
        if result.kept.lost
    ]
    if lost:
        raise LayerError(lost)


def _part(progress: Progress, number: int, count: int) -> Progress:
    """Return a progress that reports all of one study as a part of the comparison."""

    def report(stage: str, done_share: float) -> None:
        del stage
        progress("compare", (number + done_share) / count)

    return report


def _moved(one: DataFrame, two: DataFrame, cause: str) -> DataFrame:
    """Return the rows of RANK_CHANGES of one step, sorted by where the sites stood."""
    names = ["name", "name_en", "rank", "plan_saving_mrub"]
    parks = [
        table.loc[table["is_chosen"].astype(bool), names].add_suffix(end)
        for table, end in ((one, "_from"), (two, "_to"))
    ]
    both = parks[0].join(parks[1], how="outer")
    saving = both[["plan_saving_mrub_from", "plan_saving_mrub_to"]].astype(float)
    # a site that is not chosen saves nothing in that plan
    change = saving["plan_saving_mrub_to"].fillna(0.0) - saving["plan_saving_mrub_from"].fillna(0.0)
    told = pd.DataFrame(
        {
            "site_id": both.index.astype("str"),
            "name": both["name_to"].fillna(both["name_from"]).astype("str").to_numpy(),
            "name_en": both["name_en_to"].fillna(both["name_en_from"]).astype("str").to_numpy(),
            "cause": cause,
            "rank_from": both["rank_from"].astype(float).to_numpy(),
            "rank_to": both["rank_to"].astype(float).to_numpy(),
            "saving_change_mrub": change.round(_DIGITS).to_numpy(),
        }
    )
    same = (told["rank_from"] == told["rank_to"]) & (told["saving_change_mrub"] == 0)
    return told[~same].sort_values(["rank_to", "rank_from", "site_id"], ignore_index=True)


_DIGITS: Final = 6
"""Millions of roubles are told to the rouble."""
