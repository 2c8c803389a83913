"""Columns as they came into columns as they are declared: names, ids, numbers, flags and texts.

What can be read without guessing is read and listed; what cannot is a problem. A column the table
does not declare is left out and listed too, because it may be a misspelt optional one.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from siting.layers.piece import WHOLE_TABLE, Piece, Repair, place_kinds
from siting.layers.text import garbled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame, Series

    from siting.tables import Column

PLACE_COLUMNS: Final = ("geometry", "lon", "lat", "wkt")
_TRUE: Final = frozenset({"true", "1", "1.0", "yes", "да", "истина", "t", "y"})
_FALSE: Final = frozenset({"false", "0", "0.0", "no", "нет", "ложь", "f", "n"})
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SPACES: Final = re.compile(r"[\s\u00a0\u2009\u202f]+")
_PLAIN_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_SHOWN_LETTERS: Final = 40
"""Letters of a bad value that a message quotes."""


def rename(piece: Piece, names: Mapping[str, str]) -> Piece:
    """Return the piece with their columns under our names."""
    if not piece.is_read:
        return piece
    absent = [theirs for theirs in names if theirs not in piece.frame.columns]
    if absent:
        found = ", ".join(map(str, piece.frame.columns))
        piece = piece.failing("rename_missing", column=", ".join(absent), found=found)
    there = {theirs: ours for theirs, ours in names.items() if theirs not in absent}
    frame = piece.frame.drop(
        columns=[o for o in there.values() if o in piece.frame.columns and o not in there]
    )
    return piece.having(frame.rename(columns=there))


def identify(piece: Piece) -> Piece:
    """Return the piece with its id column as index; a missing id is made from the row's place.

    Ids are only made where the column is a bare label (`plot_id`): made ones read
    `<table>-<row>`, four digits or more, the row counted from one, and are listed as repairs.
    They change when rows of the file are reordered: a file that is edited should carry its own.
    """
    name = piece.table.index
    if name is None or not piece.is_read:
        return piece
    if name in piece.frame.columns:
        ids = _texts(piece.frame[name])[0]
    elif name.endswith("_id"):
        ids = pd.Series(np.nan, index=piece.frame.index, dtype="str")
    else:
        return piece
    missing = ids.isna().to_numpy()
    if not name.endswith("_id"):
        if missing.any():
            piece = piece.failing("column_null", piece.frame.index[missing], column=name)
        missing = np.zeros(len(ids), dtype=bool)
    made = [f"{piece.table.name}-{row:04d}" for row in np.flatnonzero(missing) + 1]
    ids = ids.where(~missing, pd.Series(np.nan, index=ids.index, dtype="str"))
    values = ids.to_numpy(dtype=object)
    values[missing] = made
    repairs = [Repair(row_id=i, action="id_made", reason="id_missing", effect="") for i in made]
    index = pd.Index(pd.array(values, dtype="str"), name=name)
    joined = index[index.str.contains(";", regex=False, na=False)]
    if len(joined):
        piece = piece.failing("id_semicolon", joined, column=name)
    # geometry repairs of the reader name rows of the file; from here on rows have ids
    renumbered = dict(zip(map(str, piece.frame.index), map(str, index), strict=True))
    told = [_relabelled(repair, renumbered) for repair in piece.repairs]
    frame = piece.frame.drop(columns=name, errors="ignore").set_axis(index, axis=0)
    return Piece(
        table=piece.table,
        frame=frame,
        file=piece.file,
        layer=piece.layer,
        problems=piece.problems,
        repairs=(*told, *repairs),
        sha256=piece.sha256,
    )


def _relabelled(repair: Repair, names: Mapping[str, str]) -> Repair:
    label = names.get(repair.row_id, repair.row_id)
    return Repair(row_id=label, action=repair.action, reason=repair.reason, effect=repair.effect)


def conform(piece: Piece) -> Piece:
    """Return the piece with exactly the declared columns, each of its kind, and the places."""
    if not piece.is_read:
        return piece
    given = piece.frame
    columns: dict[str, Series] = {}
    for column in piece.table.columns:
        if column.name in given.columns:
            piece, columns[column.name] = _read(piece, given[column.name], column)
        elif not column.required:
            columns[column.name] = _empty(given.index, column)
    places = (
        [name for name in PLACE_COLUMNS if name in given.columns]
        if place_kinds(piece.table)
        else []
    )
    known = {column.name for column in piece.table.columns} | {*places, piece.table.index}
    ignored = [
        Repair(
            row_id=WHOLE_TABLE, action="column_ignored", reason="column_unknown", effect=str(name)
        )
        for name in given.columns
        if name not in known
    ]
    frame: DataFrame = pd.DataFrame(columns, index=given.index)
    frame[places] = given[places]
    if isinstance(given, GeoDataFrame) and "geometry" in places:
        frame = GeoDataFrame(frame, geometry="geometry", crs=given.crs)
    return piece.having(frame, ignored)


def _empty(index: pd.Index[Any], column: Column) -> Series:
    if column.kind == "flag":
        # an optional flag marks an exception; no mark, no exception
        return pd.Series(False, index=index, dtype=bool)  # noqa: FBT003
    return pd.Series(np.nan, index=index, dtype="str" if column.kind == "text" else "float64")


def _read(piece: Piece, values: Series, column: Column) -> tuple[Piece, Series]:
    if column.kind == "text":
        return _read_text(piece, values, column)
    if column.kind == "flag":
        return _read_flag(piece, values, column)
    return _read_number(piece, values, column)


def _read_text(piece: Piece, values: Series, column: Column) -> tuple[Piece, Series]:
    told, turned, cleaned = _texts(values)
    spoilt = garbled(told)
    if len(spoilt):
        value = (
            told[spoilt.index[0]] if spoilt.index.is_unique else told.loc[[spoilt.index[0]]].iloc[0]
        )
        piece = piece.failing(
            "text_garbled",
            spoilt.index,
            column=column.name,
            value=_short(value),
            meant=_short(spoilt.iloc[0]),
        )
    repairs = []
    if turned:
        repairs.append(_counted("text_made", "number_in_text_column", column.name, turned))
    if cleaned:
        repairs.append(_counted("text_cleaned", "control_characters", column.name, cleaned))
    return piece.having(piece.frame, repairs), told


def _texts(values: Series) -> tuple[Series, int, int]:
    """Return `values` as text, how many were numbers and how many held control characters."""
    if not (pd.api.types.is_string_dtype(values) or values.dtype == object):
        values = values.astype(object)
    turned = cleaned = 0
    told: list[str | float] = []
    for value in values:
        if not isinstance(value, list | dict | np.ndarray) and pd.isna(value):
            told.append(np.nan)
            continue
        turned += not isinstance(value, str | dt.date)
        text = _as_text(value)
        clean = _CONTROL.sub(" ", text)
        cleaned += clean != text
        told.append(clean.strip() or np.nan)
    return pd.Series(told, index=values.index, name=values.name, dtype="str"), turned, cleaned


def _as_text(value: object) -> str:
    if isinstance(value, dt.datetime):
        # a date typed into a workbook comes with midnight
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _read_number(piece: Piece, values: Series, column: Column) -> tuple[Piece, Series]:
    piece, numbers = read_numbers(piece, values, column.name)
    if column.kind == "whole" and numbers.notna().all() and (numbers == numbers.round()).all():
        numbers = numbers.astype("int64")
    return piece, numbers


def read_numbers(piece: Piece, values: Series, name: str) -> tuple[Piece, Series]:
    """Return the piece with what was wrong or repaired, and `values` as floats, shape (n,).

    A comma is a decimal sign and spaces part thousands, as a Russian Excel writes them; where both
    a comma and a point stand, the last of them is the decimal sign.
    """
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        numbers, rewritten, bad = values.astype("float64"), 0, values.iloc[:0]
    else:
        numbers, rewritten, bad = _parsed(_texts(values)[0])
    if len(bad):
        piece = piece.failing("number_expected", bad.index, column=name, value=_short(bad.iloc[0]))
    endless = np.isinf(numbers.to_numpy())
    if endless.any():
        piece = piece.failing("number_expected", numbers.index[endless], column=name, value="inf")
        numbers = numbers.mask(endless)
    if rewritten:
        repair = _counted("number_read", "decimal_comma_or_spaces", name, rewritten)
        piece = piece.having(piece.frame, [repair])
    return piece, numbers.rename(name)


def _parsed(texts: Series) -> tuple[Series, int, Series]:
    """Return the numbers in `texts`, how many were written the local way, and what is none."""
    there = texts.notna().to_numpy()
    present = texts[there]
    if all(map(_PLAIN_NUMBER.fullmatch, present)):
        return texts.astype("float64"), 0, present.iloc[:0]
    tight = present.str.replace(_SPACES, "", regex=True)
    comma_last = tight.str.rfind(",") > tight.str.rfind(".")
    western = tight.str.replace(",", "", regex=False)
    local = tight.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    plain = western.mask(comma_last, local)
    good = plain.str.fullmatch(_PLAIN_NUMBER).to_numpy(bool)
    numbers = np.full(len(texts), np.nan)
    numbers[np.flatnonzero(there)[good]] = plain[good].astype("float64")
    rewritten = int((good & (plain != present).to_numpy(bool)).sum())
    return pd.Series(numbers, index=texts.index), rewritten, present[~good]


def _read_flag(piece: Piece, values: Series, column: Column) -> tuple[Piece, Series]:
    if pd.api.types.is_bool_dtype(values) and not values.isna().any():
        return piece, values.astype(bool)
    texts = _texts(values)[0].str.lower()
    bad = texts.notna() & ~texts.isin(_TRUE | _FALSE)
    if bad.any():
        piece = piece.failing(
            "flag_expected",
            texts.index[bad],
            column=column.name,
            value=_short(texts[bad.to_numpy()].iloc[0]),
        )
    if column.required and texts.isna().any():
        piece = piece.failing("column_null", texts.index[texts.isna()], column=column.name)
    return piece, texts.isin(_TRUE).astype(bool)


def _counted(action: str, reason: str, name: str, count: int) -> Repair:
    return Repair(row_id=WHOLE_TABLE, action=action, reason=reason, effect=f"{name}: {count}")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN_LETTERS else text[:_SHOWN_LETTERS] + "…"
