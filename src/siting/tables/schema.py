"""What a table must look like, and one function that checks it.

A `Table` is a declaration; `check` compares a frame with it, collects *every* problem and raises
once. Columns are judged by pandera; geometry kind, validity and CRS are judged here, because
pandera raises a bare TypeError for a CRS mismatch and accepts points where polygons are declared.
Nothing here repairs data.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, TypeVar

import pandera.pandas as pa
from geopandas import GeoDataFrame
from pandas.api.types import is_bool_dtype, is_numeric_dtype, is_string_dtype
from pandera.errors import SchemaErrors

from siting.errors import Problem, TableError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pandas import DataFrame, Series

Kind = Literal["number", "whole", "text", "flag"]
Frame = TypeVar("Frame", bound="DataFrame")

POINT: Final = frozenset({"Point"})
LINE: Final = frozenset({"LineString", "MultiLineString"})
POLYGON: Final = frozenset({"Polygon", "MultiPolygon"})
ANY: Final = POINT | LINE | POLYGON

_KIND_RU: Final = {"number": "число", "whole": "целое число", "text": "текст", "flag": "да/нет"}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its name (unit last), meaning in both languages, kind and closed range."""

    name: str
    en: str
    ru: str
    kind: Kind = "number"
    low: float = float("-inf")
    high: float = float("inf")
    choices: tuple[str, ...] = ()
    nullable: bool = False
    required: bool = True
    """An optional column may be absent; the reader then adds it, empty."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """The contract of one table: geometry (None for a plain table), id column and columns."""

    name: str
    en: str
    ru: str
    columns: tuple[Column, ...]
    geometry: frozenset[str] | None = None
    index: str | None = None
    """Name of the id column; in memory it is the index and unique."""
    may_lack_geometry: bool = False
    """A row may have no geometry, as a connection that needs no route."""

    def plus(self, name: str, *columns: Column) -> Table:
        """Return this contract under a new name, with more columns."""
        return Table(
            name=name,
            en=self.en,
            ru=self.ru,
            columns=self.columns + columns,
            geometry=self.geometry,
            index=self.index,
            may_lack_geometry=self.may_lack_geometry,
        )

    def column(self, name: str) -> Column:
        """Return the declaration of column `name`; KeyError if the table has none."""
        return {column.name: column for column in self.columns}[name]


def check(frame: Frame, table: Table, *, file: str = "") -> Frame:
    """Return `frame` unchanged if it keeps the contract `table`.

    Raises
    ------
    TableError
        Listing every broken rule with the rows that break it, not only the first.
    """
    problems = find_problems(frame, table, file=file)
    if problems:
        raise TableError(problems)
    return frame


def find_problems(frame: DataFrame, table: Table, *, file: str = "") -> list[Problem]:
    """Return every way in which `frame` breaks `table`; empty when it keeps it."""
    found = [
        *_geometry_problems(frame, table),
        *_index_problems(frame, table),
        *_column_problems(frame, table),
    ]
    return [
        Problem(code=code, file=file, layer=table.name, rows=rows, values=values)
        for code, rows, values in found
    ]


def same_crs(*frames: GeoDataFrame) -> None:
    """Raise TableError unless all frames share one CRS; a spatial index never looks at it."""
    names = sorted({str(frame.crs and frame.crs.to_string()) for frame in frames})
    if len(names) > 1:
        raise TableError(Problem(code="crs_differs", values={"crs": ", ".join(names)}))


_Found = tuple[str, tuple[str, ...], dict[str, object]]


def _geometry_problems(frame: DataFrame, table: Table) -> Iterable[_Found]:
    if table.geometry is None:
        return
    if not isinstance(frame, GeoDataFrame):
        meaning = {"en": "geometry", "ru": "геометрия"}
        yield "column_missing", (), {"column": "geometry", "meaning": meaning}
        return
    if frame.crs is None:
        yield "crs_missing", (), {}
    elif not frame.crs.is_projected or frame.crs.axis_info[0].unit_name != "metre":
        yield "crs_not_metric", (), {"crs": frame.crs.name}
    kinds = frame.geom_type
    empty = frame.geometry.isna() | frame.geometry.is_empty
    wrong = ~kinds.isin(table.geometry) & ~empty
    if wrong.any():
        found, expected = (
            ", ".join(sorted(kinds[wrong].unique())),
            ", ".join(sorted(table.geometry)),
        )
        yield "geometry_kind", _ids(frame, wrong), {"found": found, "expected": expected}
    broken = ~empty & ~frame.geometry.is_valid
    if not table.may_lack_geometry:
        broken |= empty
    if broken.any():
        yield "geometry_broken", _ids(frame, broken), {}


def _index_problems(frame: DataFrame, table: Table) -> Iterable[_Found]:
    if table.index is not None and not frame.index.is_unique:
        repeated = frame.index[frame.index.duplicated()].unique()
        yield "id_duplicate", tuple(map(str, repeated)), {"column": table.index}


def _column_problems(frame: DataFrame, table: Table) -> Iterable[_Found]:
    judged = []
    for column in table.columns:
        if column.name not in frame.columns:
            if column.required:
                meaning = {"en": column.en, "ru": column.ru}
                yield "column_missing", (), {"column": column.name, "meaning": meaning}
        elif not _kind_fits(frame[column.name], column.kind):
            expected = {"en": column.kind, "ru": _KIND_RU[column.kind]}
            yield "column_kind", (), {"column": column.name, "expected": expected}
        else:
            judged.append(column)
    yield from _rule_problems(frame, tuple(judged))


def _rule_problems(frame: DataFrame, columns: tuple[Column, ...]) -> Iterable[_Found]:
    try:
        _schema(columns).validate(frame[[column.name for column in columns]], lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        by_name = {column.name: column for column in columns}
        for (name, rule), rows in cases.groupby(["column", "check"], sort=False):
            ids = tuple(str(label) for label in rows["index"].tolist())
            yield _said(by_name[str(name)], str(rule), ids)


def _said(column: Column, rule: str, rows: tuple[str, ...]) -> _Found:
    if rule == "not_nullable":
        return "column_null", rows, {"column": column.name}
    if rule == "choice":
        return "column_choice", rows, {"column": column.name, "choices": ", ".join(column.choices)}
    span = {"low": f"{column.low:g}", "high": f"{column.high:g}"}
    return "column_range", rows, {"column": column.name, **span}


@cache
def _schema(columns: tuple[Column, ...]) -> pa.DataFrameSchema:
    return pa.DataFrameSchema({column.name: _pandera(column) for column in columns})


def _pandera(column: Column) -> pa.Column:
    checks = []
    if column.kind in {"number", "whole"}:
        checks.append(pa.Check.in_range(column.low, column.high, error="range"))
    if column.choices:
        checks.append(pa.Check.isin(column.choices, error="choice"))
    return pa.Column(None, checks, nullable=column.nullable)


def _kind_fits(values: Series, kind: Kind) -> bool:
    # an all-empty column has no kind of its own; whether it may be empty is another rule
    if values.isna().all():
        return True
    if kind == "text":
        return bool(is_string_dtype(values))
    if kind == "flag":
        return bool(is_bool_dtype(values))
    number = is_numeric_dtype(values) and not is_bool_dtype(values)
    if kind == "whole" and number:
        present = values.dropna()
        return bool((present == present.round()).all())
    return bool(number)


def _ids(frame: DataFrame, mask: Series) -> tuple[str, ...]:
    return tuple(map(str, frame.index[mask.to_numpy()]))
