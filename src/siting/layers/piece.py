"""What is passed from step to step while a file becomes a checked table.

A `Piece` is one source of one table with everything found out about it so far. Steps take a piece
and return another; nothing is raised until every source of every table has been looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pandas import DataFrame

from siting.errors import Problem
from siting.tables.inputs import PROSPECTS
from siting.tables.results import REPAIRS
from siting.tables.schema import POINT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from siting.tables import Table

WHOLE_TABLE = "*"
"""Row id of a repair that concerns a column or a file, not one row."""


@dataclass(frozen=True, kw_only=True)
class Repair:
    """One change made to the input so that it could be used; codes, and what changed in numbers."""

    row_id: str
    action: str
    reason: str
    effect: str


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One source of one table: its rows so far, what is wrong and what was repaired."""

    table: Table
    frame: DataFrame
    file: str
    layer: str = ""
    """Layer, sheet or database table, where the source holds several."""
    problems: tuple[Problem, ...] = ()
    repairs: tuple[Repair, ...] = ()
    sha256: Mapping[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """Return how messages name the layer: our table, and theirs where it differs."""
        theirs = "" if self.layer in {"", self.table.name} else f"{self.layer} > "
        return f"{theirs}{self.table.name}"

    @property
    def is_read(self) -> bool:
        """Tell whether there are rows or columns to go on with."""
        return len(self.frame.columns) > 0

    def failing(self, code: str, rows: Iterable[object] = (), **values: object) -> Piece:
        """Return this piece with one more problem."""
        problem = Problem(
            code=code,
            file=self.file,
            layer=self.where,
            rows=tuple(map(str, rows)),
            values=values,
        )
        return replace(self, problems=(*self.problems, problem))

    def having(self, frame: DataFrame, repairs: Iterable[Repair] = ()) -> Piece:
        """Return this piece with other rows and more repairs."""
        return replace(self, frame=frame, repairs=(*self.repairs, *repairs))


def place_kinds(table: Table) -> frozenset[str] | None:
    """Return the geometry kinds of `table`; a prospect's own place is a point it may lack."""
    return POINT if table.name == PROSPECTS.name else table.geometry


def repairs_table(pieces: Iterable[Piece]) -> DataFrame:
    """Return the table REPAIRS of all pieces, in the order of reading."""
    names = [column.name for column in REPAIRS.columns]
    rows = [
        (piece.table.name, repair.row_id, repair.action, repair.reason, repair.effect)
        for piece in pieces
        for repair in piece.repairs
    ]
    return DataFrame(rows, columns=names, dtype="str")
