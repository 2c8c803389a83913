"""Real data on its way into a region: what is in order goes in, what is not is told row by row.

The main job refuses a file for one bad row; whoever brings a register of ten thousand rows wants
the good ones in and the bad ones listed. Every row that was read is one of three: imported,
rejected with the reason, or dropped and counted (sole traders, customs lines that are no imports).
Nothing is invented: what a source does not say is stated by the user or rejects its row.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.errors import LayerError, Problem
from siting.layers import files, headings, postgis
from siting.layers.columns import identify
from siting.layers.dbf import guess_encoding
from siting.layers.geometry import LON_LAT
from siting.layers.people import are_people
from siting.layers.piece import WHOLE_TABLE, Piece, Repair, repairs_table
from siting.layers.reading import prepare
from siting.layers.text import garbled
from siting.tables.inputs import CUSTOMS, ENTERPRISES, ORIGIN, PROSPECTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from pandas import DataFrame
    from pyproj import CRS

    from siting.layers.osm import OsmTables
    from siting.layers.place import Area
    from siting.region import LayerFile
    from siting.tables import Table

_PEOPLED: Final = frozenset({ENTERPRISES.name, PROSPECTS.name})
"""Tables whose rows may be people."""

_WHOLE_FILE: Final = frozenset({"axes_swapped", "layer_far"})
"""Problems that name rows but are about all of them."""

_OWN_ORIGIN: Final = frozenset(column.name for column in ORIGIN)
_IMPORT_WORDS: Final = r"и|им|ип|импорт|ввоз|im|i|import"
_EXPORT_WORDS: Final = r"э|эк|экспорт|вывоз|ex|e|export"
_HS_ODD: Final = r"\d|\d{3}|\d{5}|\d{7}|\d{9}"


_Rejected = dict[Any, tuple[Problem, ...]]
"""Row of the source -> everything wrong with it."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where rows come from, and what the user says of them."""

    spec: LayerFile
    """`path` is relative to `root`; `rename` is theirs -> ours."""
    root: Path = Path()
    constants: Mapping[str, str] = field(default_factory=dict)
    """Our column -> value of cells that are empty."""
    rub_per_usd: float | None = None


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What came of a source. Every row read is imported, rejected or dropped, and only one."""

    table: Table
    rows: DataFrame
    """Rows in order, index the id of the table; a GeoDataFrame is in EPSG:4326."""
    rejected: DataFrame
    """Columns row, id, problem and those of the source, as they came; a place as wkt."""
    reasons: Mapping[int, tuple[Problem, ...]]
    """Everything wrong with each row of `rejected`, by its position."""
    repairs: DataFrame
    """Table REPAIRS."""
    read_count: int
    people_count: int
    """Sole traders, of whom nothing is kept."""
    other_count: int
    """Rows about something else: customs lines that are no imports."""


def bring(table: Table, source: Source, *, crs: CRS, area: Area | None) -> Imported:
    """Return the rows of `source` that are in order as `table`, and what became of all others.

    Raises
    ------
    LayerError
        If the source cannot be read, lacks a column or lies elsewhere as a whole.
    """
    spec = source.spec
    piece = postgis.load(spec, table) if spec.postgis else _loaded(table, source)
    return _sifted(piece, source, crs, area)


def bring_osm(
    found: OsmTables, table: Table, source: Source, *, crs: CRS, area: Area | None
) -> Imported:
    """Return the rows of an OpenStreetMap extract that are in order as `table`; see `bring`."""
    frame = found.tables[table.name].reset_index()
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    piece = Piece(table=table, frame=frame, file=source.spec.path)
    return _sifted(piece, source, crs, area)


def _loaded(table: Table, source: Source) -> Piece:
    """Return the rows of a file; a shapefile whose encoding is wrong is read in the likeliest."""
    spec, root = source.spec, source.root
    piece = files.load(spec, root, table)
    path = (root / spec.path).with_suffix(".dbf")
    if Path(spec.path).suffix.lower() != ".shp" or spec.encoding or not path.is_file():
        return piece
    texts = [name for name in piece.frame.columns if name != "geometry"]
    spoilt = bool(piece.problems) or any(len(garbled(piece.frame[name])) for name in texts)
    spoilt = spoilt or len(garbled(pd.Series(texts, dtype=object))) > 0
    if not spoilt or not (guessed := guess_encoding(path)):
        return piece
    again = files.load(spec.model_copy(update={"encoding": guessed}), root, table)
    told = Repair(
        row_id=WHOLE_TABLE, action="encoding_guessed", reason="encoding_not_stated", effect=guessed
    )
    return piece if again.problems else again.having(again.frame, [told])


def _sifted(piece: Piece, source: Source, crs: CRS, area: Area | None) -> Imported:
    if not piece.problems:
        piece = headings.head(piece, source.spec.rename)
    if piece.problems:
        raise LayerError(piece.problems)
    piece = replace(piece, frame=piece.frame.dropna(how="all"))
    raw = piece.frame
    piece, people = _without_people(piece)
    piece, other, astray = _imports_only(piece)
    piece = _mended(piece)
    piece = headings.in_words_of_ours(headings.in_millions(piece, source.rub_per_usd))
    piece, unread = _without_unread(piece)
    if piece.table.name == CUSTOMS.name:
        piece = _padded(piece)
    piece = headings.filled(piece, _constants(piece, source))
    ready, rejected = _settled(piece, source.spec, crs, area)
    rejected |= astray | unread
    rows = ready.frame
    if isinstance(rows, gpd.GeoDataFrame):
        rows = rows.to_crs(LON_LAT)
    return Imported(
        table=piece.table,
        rows=rows,
        rejected=_listed(raw, rejected, piece.table),
        reasons=dict(enumerate(rejected[row] for row in sorted(rejected))),
        repairs=repairs_table([ready]),
        read_count=len(raw),
        people_count=people,
        other_count=other,
    )


def _without_people(piece: Piece) -> tuple[Piece, int]:
    if piece.table.name not in _PEOPLED:
        return piece, 0
    people = are_people(piece.frame)
    return replace(piece, frame=piece.frame[~people.to_numpy()]), int(people.sum())


def _imports_only(piece: Piece) -> tuple[Piece, int, _Rejected]:
    """Return the customs lines that are imports, how many are exports, and those that are neither.

    Where the source does not say which way goods went, all are taken for imports.
    """
    if piece.table.name != CUSTOMS.name or "direction" not in piece.frame.columns:
        return piece, 0, {}
    told = piece.frame["direction"].astype("str").str.strip().str.lower()
    inward, outward = (
        told.str.fullmatch(words).fillna(value=False).to_numpy(bool)
        for words in (_IMPORT_WORDS, _EXPORT_WORDS)
    )
    neither = piece.frame.index[~inward & ~outward]
    problem = Problem(code="direction_unknown", file=piece.file, layer=piece.where)
    kept = headings.without(replace(piece, frame=piece.frame[inward]), "direction")
    return kept, int(outward.sum()), dict.fromkeys(neither, (problem,))


def _without_unread(piece: Piece) -> tuple[Piece, _Rejected]:
    """Return the rows whose money could be read; what concerns the whole source is raised."""
    if whole := [problem for problem in piece.problems if not problem.rows]:
        raise LayerError(whole)
    rejected: _Rejected = {}
    for problem in piece.problems:
        for row in piece.frame.index[piece.frame.index.astype(str).isin(problem.rows)]:
            rejected[row] = (*rejected.get(row, ()), problem)
    kept = piece.frame.drop(index=list(rejected))
    return replace(piece, frame=kept, problems=()), rejected


def _padded(piece: Piece) -> Piece:
    """Return customs lines with the leading zero that a spreadsheet took from their codes."""
    codes = piece.frame["hs"].map(lambda code: str(code).strip().removesuffix(".0"))
    odd = codes.str.fullmatch(_HS_ODD)
    if not odd.any():
        return piece.having(piece.frame.assign(hs=codes.where(piece.frame["hs"].notna())))
    effect = f"hs: {int(odd.sum())}"
    told = Repair(row_id=WHOLE_TABLE, action="zero_put_back", reason="zero_lost", effect=effect)
    codes = codes.where(~odd, "0" + codes).where(piece.frame["hs"].notna())
    return piece.having(piece.frame.assign(hs=codes), [told])


def _mended(piece: Piece) -> Piece:
    """Return the piece with texts that were once read in the wrong encoding as they were meant."""
    for name in [str(name) for name in piece.frame.columns if name != "geometry"]:
        meant = garbled(piece.frame[name])
        # a replacement character says that letters are lost: such a row is rejected
        meant = meant[~meant.str.contains("\ufffd", regex=False)]
        if len(meant):
            told = piece.frame[name].astype(object)
            told[meant.index] = meant
            effect = f"{name}: {len(meant)}"
            repair = Repair(
                row_id=WHOLE_TABLE, action="text_mended", reason="encoding_wrong", effect=effect
            )
            piece = piece.having(piece.frame.assign(**{name: told}), [repair])
    return piece


def _constants(piece: Piece, source: Source) -> dict[str, str]:
    """Return what fills empty cells; where a row comes from is known without being stated."""
    known = {column.name for column in piece.table.columns}
    origin = {"source": piece.file, "confidence": "medium"}
    if piece.table.name == ENTERPRISES.name:
        origin["size_status"] = "ASSUMED"
    stated = {name: value for name, value in source.constants.items() if name in known}
    return {name: value for name, value in (origin | stated).items() if name in known}


def _settled(piece: Piece, spec: LayerFile, crs: CRS, area: Area | None) -> tuple[Piece, _Rejected]:
    """Return the rows in order and, by row of the source, why each other is not.

    Rejecting a row can only uncover problems, never make them; so it is done until none is left.
    """
    bare = spec.model_copy(update={"rename": {}})
    rejected: _Rejected = {}
    while len(piece.frame):
        tried = prepare(piece, bare, crs, area=area)
        if not tried.problems:
            return tried, rejected
        whole = [p for p in tried.problems if not p.rows or p.code in _WHOLE_FILE]
        if whole:
            raise LayerError(whole)
        bad = _bad_rows(piece, tried.problems)
        if not bad:
            raise LayerError(tried.problems)
        rejected |= bad
        piece = replace(piece, frame=piece.frame.drop(index=list(bad)))
    return piece, rejected


def _bad_rows(piece: Piece, problems: tuple[Problem, ...]) -> _Rejected:
    """Return the problem of each row of the source that has one; of equal ids the first stays."""
    rows = piece.frame.index
    ids = identify(replace(piece, problems=(), repairs=())).frame.index.astype(str)
    later = pd.Series(ids.duplicated(), index=rows)
    bad: _Rejected = {}
    for problem in problems:
        named = np.isin(np.asarray(ids, dtype=object), problem.rows)
        if problem.code == "id_duplicate":
            named = named & later.to_numpy()
        if problem.code == "enterprise_duplicate":
            named = named & _is_twin(piece.frame)
        elif _by_row(piece, problem):
            named = np.isin(rows.astype(str).to_numpy(object), problem.rows)
        for row in rows[named]:
            bad[row] = (*bad.get(row, ()), problem)
    return bad


def _is_twin(frame: DataFrame) -> NDArray[np.bool_]:
    """Tell which rows repeat an earlier one in name, activity and place, shape (n,)."""
    names = [name for name in ("okved", "lon", "lat", "wkt") if name in frame.columns]
    key = frame[names].astype("str").assign(name=frame["name"].str.strip().str.casefold())
    if isinstance(frame, gpd.GeoDataFrame):
        key = key.assign(place=frame.geometry.to_wkb())
    return key.duplicated().to_numpy(bool)


def _by_row(piece: Piece, problem: Problem) -> bool:
    """Tell whether a problem names rows of the source because it was found before they had ids."""
    index = piece.table.index
    empty_id = problem.code == "column_null" and problem.values.get("column") == index
    return index is None or empty_id


def _listed(raw: DataFrame, rejected: _Rejected, table: Table) -> DataFrame:
    order = sorted(rejected)
    rows = pd.DataFrame(raw.loc[order]).rename(columns={"geometry": "wkt"})
    if "wkt" in rows.columns and isinstance(raw, gpd.GeoDataFrame):
        rows["wkt"] = raw.loc[order].geometry.to_wkt()
    ids = rows[table.index] if table.index in rows.columns else pd.Series("", index=rows.index)
    rows = rows.drop(columns=[n for n in ("row", "id", "problem") if n in rows.columns])
    rows.insert(0, "row", order)
    rows.insert(1, "id", ids.astype("str"))
    rows.insert(2, "problem", [";".join(p.code for p in rejected[row]) for row in order])
    return rows.reset_index(drop=True)
