"""What a run was made of, kept beside its result: every input file and every parameter.

`pack` puts them into one archive, `unpack` makes a region of it again, so that two results can be
compared long after their layers were changed. A table that comes from a database is not kept, and
neither is its address: it may hold a password.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import shapely
from geopandas.array import GeometryDtype

from siting.errors import LayerError, Problem
from siting.layers.files import SIDECARS, load
from siting.region import LayerFile, LayerFiles, Region

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pandas import DataFrame

    from siting.tables import Table

KEPT: Final = "inputs.zip"
"""Name of the archive in the folder of a result."""

_TOLD: Final = "region.json"
_NOT_KEPT: Final = "not kept"
_SITE_COLUMNS: Final = ("name", "name_en", "is_chosen", "rank", "plan_saving_mrub")
_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""Date of every entry, so that equal inputs give equal bytes."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a run wrote, as far as comparing it with another needs."""

    folder: Path
    sites: DataFrame
    """Index site_id; name, name_en, is_chosen, rank, plan_saving_mrub."""
    code_sha256: str
    """The program that made it; empty where the run did not say."""
    kept: Kept


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The inputs of a result."""

    told: Mapping[str, Any]
    """Every parameter of the region, as in region.toml, its defaults filled in; without `root`."""
    files: Mapping[str, str]
    """Entry of the archive -> sha256 of its bytes."""
    lost: tuple[str, ...]
    """Tables of which some source was not kept."""

    def files_of(self, table: str) -> tuple[str, ...]:
        """Return what the files of a table hold: their sha256, in the order of the region."""
        return tuple(digest for name, digest in sorted(self.files.items()) if _is_of(name, table))


def _is_of(entry: str, table: str) -> bool:
    return entry.startswith(f"{table}/")


def pack(region: Region) -> bytes:
    """Return an archive of the parameters and input files of `region`."""
    told = json.loads(region.model_dump_json(exclude={"root"}))
    entries: dict[str, bytes] = {}
    for table in LayerFiles.model_fields:
        specs: tuple[LayerFile, ...] = getattr(region.layers, table)
        for number, spec in enumerate(specs):
            kept = told["layers"][table][number]
            path = region.root / spec.path
            if spec.postgis or not path.is_file():
                kept.update(path=_NOT_KEPT, postgis="", table="")
                continue
            kept["path"] = f"{table}/{number}/{path.name}"
            for part in _parts(path):
                entries[f"{table}/{number}/{part.name}"] = part.read_bytes()
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
    entries[_TOLD] = text.encode("utf-8")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(entries):
            archive.writestr(zipfile.ZipInfo(name, _DATE), entries[name], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _parts(path: Path) -> Iterator[Path]:
    yield path
    if path.suffix.lower() == ".shp":
        yield from (side for end in SIDECARS if (side := path.with_suffix(end)).is_file())


def read_kept(folder: Path) -> Kept:
    """Return what the archive in `folder` holds.

    Raises
    ------
    LayerError
        If there is none, or it cannot be read.
    """
    try:
        with zipfile.ZipFile(folder / KEPT) as archive:
            told = json.loads(archive.read(_TOLD))
            files = {
                name: hashlib.sha256(archive.read(name)).hexdigest()
                for name in archive.namelist()
                if name != _TOLD
            }
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise LayerError(_unreadable(folder / KEPT, error)) from error
    lost = tuple(
        table
        for table, specs in told["layers"].items()
        if any(spec["path"] == _NOT_KEPT for spec in specs)
    )
    return Kept(told=told, files=files, lost=lost)


def read_result(folder: Path) -> Result:
    """Return the result of a run that stands in `folder`.

    Raises
    ------
    LayerError
        Naming every file that is missing or cannot be read.
    """
    problems: list[Problem] = []
    sites, summary, kept = pd.DataFrame(), {}, None
    try:
        sites = pd.read_csv(folder / "sites.csv", index_col="site_id", dtype={"site_id": "str"})
        sites = sites[list(_SITE_COLUMNS)].astype({"is_chosen": bool})
    except (OSError, ValueError, KeyError) as error:
        problems.append(_unreadable(folder / "sites.csv", error))
    try:
        summary = json.loads((folder / "summary.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        problems.append(_unreadable(folder / "summary.json", error))
    try:
        kept = read_kept(folder)
    except LayerError as error:
        problems += error.problems
    if problems or kept is None:
        raise LayerError(problems)
    code = str(summary.get("code_sha256", ""))
    return Result(folder=folder, sites=sites, code_sha256=code, kept=kept)


def _unreadable(file: Path, error: Exception) -> Problem:
    return Problem(code="kept_unreadable", file=str(file), values={"detail": type(error).__name__})


def unpack(folder: Path, target: Path) -> None:
    """Write the input files kept in `folder` below `target`, which is made.

    Names come from an archive that anybody could have made: only files below `target` are written.
    """
    with zipfile.ZipFile(folder / KEPT) as archive:
        for name in archive.namelist():
            place = (target / name).resolve()
            if name == _TOLD or not place.is_relative_to(target.resolve()):
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(archive.read(name))


def contents(kept: Kept, table: Table, root: Path) -> dict[str, str]:
    """Return each row of a table that was kept and unpacked below `root`: all it says -> its id.

    What a row says does not depend on the kind of file, nor its place in the file.
    """
    rows: dict[str, str] = {}
    for told in kept.told["layers"].get(table.name, ()):
        frame = pd.DataFrame(load(LayerFile.model_validate(told), root, table).frame).copy()
        for name in frame.columns:
            if isinstance(frame[name].dtype, GeometryDtype):
                frame[name] = shapely.to_wkb(frame[name].to_numpy(), hex=True)
        frame = frame.rename(columns=told["rename"]).astype("str")
        label = table.index if table.index in frame else None
        if frame.columns.empty:
            continue
        first = frame[label or frame.columns[0]]
        texts = frame[sorted(frame.columns)].to_numpy().tolist()
        rows |= {json.dumps(text): row for text, row in zip(texts, first, strict=True)}
    return rows


def region_of(told: Mapping[str, Any], root: Path) -> Region:
    """Return the region of parameters that were kept, its files below `root`."""
    return Region.model_validate({**told, "root": root})
