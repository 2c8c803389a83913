"""Files into rows: OGR vector files, GeoParquet, CSV and workbooks, as they are.

What stands in the file is read and nothing is judged here but whether it can be read at all.
Every byte read is hashed. No address is ever opened: a path that is not on disk is missing.
"""

from __future__ import annotations

import csv
import hashlib
import io
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyogrio
from pyarrow import csv as arrow_csv
from pyogrio.errors import DataLayerError, DataSourceError

from siting.layers.packs import PackError, read_pack
from siting.layers.piece import WHOLE_TABLE, Piece, Repair
from siting.layers.text import UnreadableTextError, decode
from siting.tables.rules import REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from siting.region import LayerFile
    from siting.tables import Table

_TEXT: Final = frozenset({".csv", ".tsv", ".txt"})
_WORKBOOK: Final = frozenset({".xlsx", ".xlsm"})
_PARQUET: Final = frozenset({".parquet", ".geoparquet", ".pq"})
_PACK: Final = ".toml"
SIDECARS: Final = (".shx", ".dbf", ".prj", ".cpg")
_HASH_CHUNK: Final = 1 << 20


def load(spec: LayerFile, root: Path, table: Table) -> Piece:
    """Return the rows of the file of `spec` as they stand, or the reason they cannot be read."""
    path = root / spec.path
    piece = Piece(table=table, frame=pd.DataFrame(), file=spec.path, layer=spec.layer)
    piece = find_file(piece, root)
    if piece.problems:
        return piece
    suffix = path.suffix.lower()
    if suffix in _TEXT:
        return _load_text(piece, path, spec)
    if suffix == _PACK and table is REQUIREMENTS:
        return _load_pack(piece, path)
    if suffix in _WORKBOOK:
        return _load_workbook(piece, path)
    if suffix in _PARQUET:
        return _load_parquet(piece, path)
    return _load_ogr(piece, path, spec)


def find_file(piece: Piece, root: Path) -> Piece:
    """Return the piece with the sha256 of its file, or the reason it cannot be opened."""
    path = root / piece.file
    piece = _found(piece, path)
    return piece if piece.problems else replace(piece, sha256=dict(_hashes(path, piece.file)))


def _found(piece: Piece, path: Path) -> Piece:
    if not piece.file:
        return piece.failing("source_missing")
    if not path.exists():
        return piece.failing("file_missing", path=path)
    # a File Geodatabase is a folder
    if path.is_dir() and path.suffix.lower() != ".gdb":
        return piece.failing("file_is_folder")
    return piece


def _hashes(path: Path, shown: str) -> Iterator[tuple[str, str]]:
    if path.is_dir():
        for part in sorted(path.iterdir()):
            yield f"{shown}/{part.name}", _sha256(part)
        return
    yield shown, _sha256(path)
    if path.suffix.lower() == ".shp":
        for suffix in SIDECARS:
            if path.with_suffix(suffix).is_file():
                yield str(Path(shown).with_suffix(suffix)), _sha256(path.with_suffix(suffix))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while chunk := file.read(_HASH_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _load_text(piece: Piece, path: Path, spec: LayerFile) -> Piece:
    try:
        text, guessed = decode(path.read_bytes(), spec.encoding)
    except UnreadableTextError:
        return piece.failing("encoding_wrong", encoding=spec.encoding or "utf-8, cp1251")
    if not text.strip():
        return piece.failing("file_blank")
    found = read_text(text)
    if len(set(found.header)) < len(found.header):
        twice = sorted({name for name in found.header if found.header.count(name) > 1})
        return piece.failing("column_twice", column=", ".join(twice))
    if found.ragged:
        return piece.failing("row_width", found.ragged, expected=len(found.header))
    reason = "encoding_not_stated"
    repair = Repair(row_id=WHOLE_TABLE, action="encoding_guessed", reason=reason, effect=guessed)
    return piece.having(found.frame, [repair] if guessed else [])


def _load_pack(piece: Piece, path: Path) -> Piece:
    try:
        return piece.having(read_pack(path.read_text("utf-8")))
    except (PackError, UnicodeDecodeError) as error:
        return piece.failing("pack_wrong", detail=error)


@dataclass(frozen=True, kw_only=True)
class TextRows:
    """Rows of a text file, every cell a text; the index is the row's number in a spreadsheet."""

    header: tuple[str, ...]
    frame: pd.DataFrame
    ragged: tuple[int, ...]
    """Numbers of the rows that have more or fewer cells than the header."""


def read_text(text: str) -> TextRows:
    """Return the rows of delimited text; the delimiter is the likeliest of the first line."""
    delimiter = _delimiter(text)
    header = tuple(
        name.strip() for name in next(csv.reader(io.StringIO(text), delimiter=delimiter))
    )
    ragged: list[int] = []

    def note(row: Any) -> str:
        ragged.append(row.number)
        return "skip"

    names = [f"c{number}" for number in range(len(header))]
    table = arrow_csv.read_csv(
        io.BytesIO(text.encode("utf-8", "replace")),
        # only one thread numbers its rows
        read_options=arrow_csv.ReadOptions(
            use_threads=False,
            column_names=names,
            skip_rows_after_names=1,
            block_size=max(len(text) * 4, _HASH_CHUNK),
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, invalid_row_handler=note
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
        ),
    )
    frame = table.to_pandas().astype("str").set_axis(list(header), axis=1)
    # spreadsheets count from one and the header is their first row
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return TextRows(header=header, frame=frame, ragged=tuple(ragged))


def _delimiter(text: str) -> str:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    # a tie goes to the comma, which stands first
    return max(",;\t", key=first.count)


def _load_workbook(piece: Piece, path: Path) -> Piece:
    try:
        with warnings.catch_warnings():
            # Excel's own extensions (validation, styles) are of no use here
            warnings.simplefilter("ignore", UserWarning)
            with pd.ExcelFile(path, engine="openpyxl") as book:
                sheets = [str(name) for name in book.sheet_names]
                if piece.layer and piece.layer not in sheets:
                    return piece.failing(
                        "layer_missing", wanted=piece.layer, found=", ".join(sheets)
                    )
                sheet = piece.layer or sheets[0]
                frame = pd.read_excel(
                    book, sheet_name=sheet, dtype=object, keep_default_na=False, na_values=[""]
                )
    except (BadZipFile, ValueError, KeyError, OSError):
        return piece.failing("file_unreadable")
    frame.columns = pd.Index([str(name).strip() for name in frame.columns])
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return piece.having(frame.dropna(how="all"))


def _load_parquet(piece: Piece, path: Path) -> Piece:
    try:
        frame = gpd.read_parquet(path)
    except ValueError:
        # parquet without geometry is a plain table
        try:
            frame = pd.read_parquet(path)
        except (pa.ArrowInvalid, OSError, ValueError):
            return piece.failing("file_unreadable")
    except (pa.ArrowInvalid, OSError):
        return piece.failing("file_unreadable")
    return piece.having(named_geometry(frame.reset_index(drop=frame.index.name is None)))


def _load_ogr(piece: Piece, path: Path, spec: LayerFile) -> Piece:
    try:
        layers = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
        if piece.layer and piece.layer not in layers:
            return piece.failing("layer_missing", wanted=piece.layer, found=", ".join(layers))
        if len(layers) > 1 and not piece.layer:
            return piece.failing("layer_unnamed", found=", ".join(layers))
        frame = _features(path, layers[0] if not piece.layer else piece.layer, spec.encoding)
        strict = frame
        if isinstance(frame, gpd.GeoDataFrame) and frame.geometry.isna().any():
            frame = _features(path, piece.layer or layers[0], spec.encoding, on_invalid="fix")
    except (DataSourceError, DataLayerError, UnicodeDecodeError, LookupError):
        return piece.failing("file_unreadable")
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    closed = frame.index[:0]
    if strict is not frame:
        closed = frame.index[strict.geometry.isna().to_numpy() & frame.geometry.notna().to_numpy()]
    repairs = [ring_closed(str(row)) for row in closed]
    return piece.having(named_geometry(frame), repairs)


def ring_closed(row_id: str) -> Repair:
    """Return the repair of a polygon whose ring did not end where it began."""
    return Repair(row_id=row_id, action="ring_closed", reason="unclosed_ring", effect="")


def _features(path: Path, layer: str, encoding: str, on_invalid: str = "ignore") -> pd.DataFrame:
    with warnings.catch_warnings():
        # a geometry that cannot be read comes back empty and is named by its row below
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", UserWarning)
        return pyogrio.read_dataframe(
            path,
            layer=layer,
            encoding=encoding or None,
            on_invalid=on_invalid,
            datetime_as_string=True,
        )


def named_geometry(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with its geometry in the column `geometry`."""
    if isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name not in {None, "geometry"}:
        return frame.rename_geometry("geometry")
    return frame
