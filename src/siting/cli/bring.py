"""`siting import`: real data into the folder of a region, and a report of what became of it.

A table that holds rows is only touched when the user says how: `--add` puts new rows beside them,
`--replace` keeps the previous file under another name. Files change one by one, each as a whole.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from pyproj import CRS

from siting.cli import say
from siting.errors import LayerError, Problem, SitingError
from siting.export import harmless
from siting.layers import osm as osm_layers
from siting.layers.files import read_text
from siting.layers.importing import Imported, Source, bring, bring_osm
from siting.layers.reading import read_area
from siting.layers.report import repair_lines
from siting.layers.starter import table_text
from siting.region import LayerFile, Region, read_region
from siting.tables.inputs import CUSTOMS, ENTERPRISES, LAYERS, PLOTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from siting.errors import Lang
    from siting.tables import Table

KINDS: Final[Mapping[str, Table | None]] = {
    "osm": None, "postgis": None, "enterprises": ENTERPRISES, "customs": CUSTOMS, "plots": PLOTS,
}  # fmt: skip
"""What can be imported -> its table; None where the user or the source names it."""

REPORTS: Final = "imports"
"""Folder of a region for the reports of what was imported."""

_SHOWN: Final = 20
"""Repairs, and reasons of rejection, told on the screen; all are in the reports."""


class ImportUsageError(SitingError):
    """The command names what cannot be done as it stands."""

    exit_code = 2


@dataclass(frozen=True, kw_only=True)
class Order:
    """What the user asked for."""

    kind: str
    source: str
    tables: tuple[str, ...] = ()
    """Our tables to fill: one of a database, any of an extract; all that have rows if empty."""
    spec: LayerFile = field(default_factory=LayerFile)
    """Layer, database table, CRS and encoding of the source."""
    rename: tuple[str, ...] = ()
    """theirs=ours."""
    constants: tuple[str, ...] = ()
    """ours=value."""
    rub_per_usd: float | None = None
    mode: str = ""
    """add, replace, or nothing: only where there are no rows yet."""


@dataclass(frozen=True, kw_only=True)
class _Target:
    """A file of the region that is to hold the rows."""

    path: Path
    there: pd.DataFrame
    """Rows already there, as texts."""
    is_new: bool
    """region.toml does not name it yet."""


def ordered(asked: Mapping[str, Any]) -> Order:
    """Return the order of a command line, its options as `commands` names them."""
    if asked["add"] and asked["replace"]:
        raise ImportUsageError(Problem(code="import_both"))
    given = {name: asked[name] for name in ("crs", "encoding") if asked[name]}
    if asked["layer"]:
        given["table" if asked["kind"] == "postgis" else "layer"] = asked["layer"]
    constants = asked["constants"] or []
    if asked["as_of"]:
        constants = [*constants, f"as_of={asked['as_of']}"]
    mode = "add" if asked["add"] else "replace" if asked["replace"] else ""
    return Order(
        kind=str(asked["kind"]),
        source=asked["source"],
        tables=tuple(asked["tables"] or ()),
        spec=LayerFile(**given),
        rename=tuple(asked["rename"] or ()),
        constants=tuple(constants),
        rub_per_usd=asked["rub_per_usd"],
        mode=mode,
    )


def import_layers(path: Path, order: Order, *, lang: Lang) -> None:
    """Bring the source of `order` into the region at `path` and say what became of every row."""
    region = read_region(path)
    tables = _tables(order)
    targets = {table.name: _target(region, table, order) for table in tables}
    source = _source(order)
    area, crs = read_area(region), CRS.from_user_input(region.crs)
    if order.kind == "osm":
        extract = osm_layers.read(source.root / source.spec.path)
        drawn = [table for table in tables if len(extract.tables[table.name])]
        told = [bring_osm(extract, table, source, crs=crs, area=area) for table in drawn]
        _tell_cut(extract, lang)
    else:
        told = [bring(tables[0], source, crs=crs, area=area)]
    if not any(len(imported.rows) for imported in told):
        raise LayerError(_reasons(told))
    for imported in told:
        _write(region, imported, targets[imported.table.name], order, lang=lang)


def _reasons(told: Sequence[Imported]) -> list[Problem]:
    """Return why no row at all was in order: each reason once, with its rows."""
    rows: dict[tuple[str, str], list[str]] = {}
    first: dict[tuple[str, str], Problem] = {}
    for imported in told:
        named = [(n, p) for n, problems in imported.reasons.items() for p in problems]
        for n, problem in named:
            key = (problem.code, f"{problem.layer}{problem.values}")
            first.setdefault(key, problem)
            rows.setdefault(key, []).append(str(imported.rejected["row"].iloc[n]))
    found = [replace(problem, rows=tuple(rows[key])) for key, problem in first.items()]
    return found or [Problem(code="import_nothing")]


def _tell_cut(extract: osm_layers.OsmTables, lang: Lang) -> None:
    if extract.refused:
        shown = ", ".join(extract.refused[:_SHOWN])
        say.tell(say.word("import_cut", lang, count=len(extract.refused), ids=shown))


def _tables(order: Order) -> list[Table]:
    by_name = {table.name: table for table in LAYERS}
    if (only := KINDS[order.kind]) is not None:
        return [only]
    drawn = {rule.table.name for rule in osm_layers.RULES}
    known = [name for name in by_name if order.kind != "osm" or name in drawn]
    unknown = [name for name in order.tables if name not in known]
    if unknown or (order.kind == "postgis" and len(order.tables) != 1):
        values = {"told": ", ".join(unknown) or "-", "known": ", ".join(known)}
        raise ImportUsageError(Problem(code="import_table", values=values))
    return [by_name[name] for name in known if name in (order.tables or known)]


def _source(order: Order) -> Source:
    rename, constants = _pairs(order.rename), _pairs(order.constants)
    if order.kind == "postgis":
        spec = order.spec.model_copy(update={"postgis": order.source, "rename": rename})
        return Source(spec=spec, constants=constants)
    file = Path(order.source)
    spec = order.spec.model_copy(update={"path": file.name, "rename": rename})
    return Source(spec=spec, root=file.parent, constants=constants, rub_per_usd=order.rub_per_usd)


def _pairs(told: Sequence[str]) -> dict[str, str]:
    wrong = [text for text in told if not re.fullmatch(r"[^=]+=.+", text)]
    if wrong:
        raise ImportUsageError(Problem(code="import_pair", values={"told": ", ".join(wrong)}))
    return {left.strip(): right.strip() for left, _, right in (t.partition("=") for t in told)}


def _target(region: Region, table: Table, order: Order) -> _Target:
    """Return the file for the rows of `table`.

    Raises
    ------
    ImportUsageError
        If it holds rows and the user did not say what becomes of them, or is not one CSV.
    """
    specs: tuple[LayerFile, ...] = getattr(region.layers, table.name)
    names = [spec.path or "postgis" for spec in specs]
    if len(specs) > 1 or (specs and not _is_ours(specs[0])):
        told = {"table": table.name, "files": ", ".join(names)}
        raise ImportUsageError(Problem(code="import_sources", values=told))
    path = region.root / (names[0] if names else f"{table.name}.csv")
    there = pd.DataFrame()
    if path.is_file():
        there = read_text(path.read_text("utf-8")).frame
    if len(there) and not order.mode:
        values: dict[str, object] = {"path": path, "count": len(there)}
        raise ImportUsageError(Problem(code="import_taken", values=values))
    return _Target(path=path, there=there, is_new=not specs)


def _is_ours(spec: LayerFile) -> bool:
    plain = not (spec.postgis or spec.rename or spec.crs or spec.encoding)
    return plain and spec.path.lower().endswith(".csv")


def _write(
    region: Region, imported: Imported, target: _Target, order: Order, *, lang: Lang
) -> None:
    if order.mode == "add":
        imported = _without_known(imported, target)
    if order.mode == "replace" and len(target.there) and len(imported.rows):
        kept = target.path.with_name(f"{target.path.name}.before")
        target.path.replace(kept)
        say.tell(say.word("import_kept", lang, count=len(target.there), path=kept))
    if len(imported.rows):
        fresh = read_text(table_text(imported.table, imported.rows)).frame
        if order.mode == "add" and len(target.there):
            # columns of both: what is there already is not changed
            fresh = pd.concat([target.there, fresh], ignore_index=True)
        _put(target.path, _csv(fresh))
        if target.is_new:
            _name_layer(region, imported.table, target.path.name)
    rejected = _report(region, imported, order, lang)
    _tell(imported, target.path, rejected, lang)


def _report(region: Region, imported: Imported, order: Order, lang: Lang) -> Path:
    """Write the reports of one table, an empty one not at all; return that of rejected rows."""
    reports = region.root / REPORTS
    reports.mkdir(exist_ok=True)
    stem = f"{imported.table.name}_{_plain(order.source)}"
    frames = {"repairs": imported.repairs, "rejected": _told(imported, lang)}
    for name, frame in frames.items():
        path = reports / f"{stem}_{name}.csv"
        if len(frame):
            _put(path, _csv(frame))
        else:
            # what an earlier import of the same source told is true no longer
            path.unlink(missing_ok=True)
    return reports / f"{stem}_rejected.csv"


def _without_known(imported: Imported, target: _Target) -> Imported:
    """Return only rows whose id is not in the region yet; the others are rejected."""
    name = imported.table.index
    if name is None or name not in target.there.columns:
        return imported
    known = imported.rows.index.isin(target.there[name])
    if not known.any():
        return imported
    rows = imported.rows[known]
    flat = pd.DataFrame(rows.drop(columns="geometry", errors="ignore")).reset_index(names="id")
    flat.insert(0, "row", "")
    flat.insert(2, "problem", "import_known")
    problem = Problem(code="import_known", layer=imported.table.name)
    start = len(imported.rejected)
    reasons = dict.fromkeys(range(start, start + len(flat)), (problem,))
    return replace(
        imported,
        rows=imported.rows[~known],
        rejected=pd.concat([imported.rejected.astype(object), flat], ignore_index=True),
        reasons={**imported.reasons, **reasons},
    )


def _told(imported: Imported, lang: Lang) -> pd.DataFrame:
    """Return the rejected rows with their reason in words; no cell is a formula."""
    told = imported.rejected.copy()
    sentences = ["; ".join(_sentences(imported.reasons[n], lang)) for n in range(len(told))]
    told.insert(3, "reason", pd.Series(sentences, index=told.index, dtype="str"))
    texts = told.astype(object).where(told.notna(), "").astype("str")
    return texts.apply(harmless)


def _sentences(problems: Sequence[Problem], lang: Lang) -> list[str]:
    return [replace(problem, rows=(), file="", layer="").text(lang) for problem in problems]


def _csv(frame: pd.DataFrame) -> str:
    return frame.to_csv(index=False, lineterminator="\n")


def _put(path: Path, text: str) -> None:
    """Write a file as a whole or not at all."""
    fresh = path.with_name(f".{path.name}.new-{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _name_layer(region: Region, table: Table, file: str) -> None:
    """Name the file in region.toml, the line in its place if it stands there as a comment."""
    path = region.root / "region.toml"
    text = path.read_text("utf-8")
    line = f'{table.name} = "{file}"'
    ready = re.compile(rf"^# *{table.name} *=.*$", re.MULTILINE)
    section = re.compile(r"^\[layers\][^\n]*$", re.MULTILINE)
    if ready.search(text):
        text = ready.sub(line, text, count=1)
    else:
        text = section.sub(lambda found: f"{found[0]}\n{line}", text, count=1)
    _put(path, text)


def _plain(source: str) -> str:
    """Return a name for reports of a source: of an address its last part, without a password."""
    last = re.split(r"[/\\]", source)[-1].partition("?")[0]
    return re.sub(r"[^\w-]+", "_", last, flags=re.UNICODE).strip("_") or "source"


def _tell(imported: Imported, path: Path, rejected: Path, lang: Lang) -> None:
    counts: dict[str, object] = {
        "table": imported.table.ru if lang == "ru" else imported.table.en,
        "read": imported.read_count,
        "rows": len(imported.rows),
        "rejected": len(imported.rejected),
        "path": path,
    }
    say.tell(say.word("import_done", lang, **counts))
    if imported.people_count:
        say.tell(say.word("import_people", lang, count=imported.people_count))
    if imported.other_count:
        say.tell(say.word("import_others", lang, count=imported.other_count))
    for line in repair_lines(imported.repairs, lang)[:_SHOWN]:
        say.tell(f"- {line}")
    said = [text for told in imported.reasons.values() for text in _sentences(told, lang)]
    reasons = pd.Series(said, dtype="str")
    for sentence, count in list(reasons.value_counts(sort=True).items())[:_SHOWN]:
        say.tell(say.word("import_reason", lang, count=count, reason=sentence))
    if len(imported.rejected):
        say.tell(say.word("import_rejected", lang, path=rejected))
