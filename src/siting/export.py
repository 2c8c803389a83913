"""A plan into files: GeoPackage, GeoParquet, CSV, a workbook and `summary.json`.

CSV, Parquet and GeoPackage keep the names and codes of the tables; the workbook has headings and
coded values in words, in one language. Text that a spreadsheet would take for a formula is
neutralised. The same plan gives the same bytes, but for the seconds in `summary.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyogrio
import rasterio
import shapely
import xlsxwriter

from siting.errors import messages
from siting.layers.kept import KEPT, pack
from siting.tables.alternatives import RESULTS as ALTERNATIVE_TABLES
from siting.tables.doubt import FACTS, TORNADO
from siting.tables.doubt import RESULTS as DOUBT_TABLES
from siting.tables.inputs import PLOTS
from siting.tables.land import CURES, EXCLUSIONS, PASSPORTS
from siting.tables.location import KIN_LINKS, LOCATED
from siting.tables.money import LEDGER_OVER_TIME
from siting.tables.money import RESULTS as MONEY_TABLES
from siting.tables.results import (
    CHECKS,
    CLUSTERS,
    CONNECTIONS,
    CONSUMERS,
    LINKS,
    PRODUCTS,
    REPAIRS,
)
from siting.tables.trade import TABLES as TRADE_TABLES
from siting.tables.trunks import TRUNKS
from siting.words import say, words

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series
    from xlsxwriter.worksheet import Worksheet

    from siting.errors import Lang
    from siting.network import CostSurfaces
    from siting.study import Plan
    from siting.tables import Table

LON_LAT: Final = "EPSG:4326"
DEGREE_DIGITS: Final = 6
"""Digits of a written degree: 0.1 m."""

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_FIXED_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Date stamped into files whose format wants one, so that equal plans give equal bytes."""

_SHEET_ROWS: Final = 1_048_576
"""Rows of a worksheet, the heading included: the limit of the format."""

_CELL_LETTERS: Final = 32_767
"""Letters of a cell: the limit of the format."""

_SECTIONS: Final = {
    "utility": "utility",
    "option": "option",
    "payer": "payer",
    "demand_unit": "unit",
    "unit": "unit",
    "subject_kind": "kind",
    "requirement": "measure",
    "result": "result",
    "status": "status",
    "feature": "feature",
    "why_not": "why_not",
    "layer": "table",
    "action": "action",
    "reason": "reason",
    "verdict": "verdict",
    "verdict_reason": "verdict_reason",
    "basis": "basis",
    "item": "tariff",
}
"""Column -> section of the words its codes are told in: the same words as on the map."""

_NO_COST: Final = -1.0
"""What a raster of costs holds where nothing can be connected."""

_WIDTHS: Final = (10, 60)
"""Narrowest and widest column of the workbook, letters."""


def write(plan: Plan, directory: str | Path, *, lang: Lang = "ru") -> None:
    """Write every table of `plan` and its summary into `directory`, which is made if absent."""
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    tables = _tables(plan)
    for stem, (frame, _) in tables.items():
        _write_csv(frame, folder / f"{stem}.csv")
    plan.sites.to_parquet(folder / "sites.parquet", compression="zstd")
    layers = {"sites": plan.sites, "connections": plan.connections, "plots": plan.plots}
    if plan.trunks is not None:
        layers["trunks"] = plan.trunks
    _write_geopackage(layers, folder / "plan.gpkg")
    _write_workbook(plan, tables, folder / "plan.xlsx", lang)
    if plan.surfaces is not None:
        _write_surfaces(plan.surfaces, folder / "surfaces")
    told = json.dumps(_plain(plan.summary), ensure_ascii=False, indent=2, allow_nan=False)
    (folder / "summary.json").write_text(told + "\n", encoding="utf-8")
    (folder / KEPT).write_bytes(pack(plan.region))


def _write_surfaces(surfaces: CostSurfaces, folder: Path) -> None:
    """Write a Cloud-Optimised GeoTIFF for each utility and `total.tif`; mln roubles, -1 no data."""
    folder.mkdir(exist_ok=True)
    for name, cost in {**surfaces.by_utility, "total": surfaces.total}.items():
        shape = {"count": cost.shape[0], "height": cost.shape[1], "width": cost.shape[2]}
        place = {"crs": surfaces.crs, "transform": surfaces.transform, "nodata": _NO_COST}
        packed = {"dtype": "float32", "compress": "DEFLATE", "predictor": "FLOATING_POINT"}
        path = folder / f"{name}.tif"
        with rasterio.open(path, "w", driver="COG", **shape, **place, **packed) as file:
            file.write(np.where(np.isnan(cost), np.float32(_NO_COST), cost))
            file.descriptions = [f"{name}, mln roubles, {ha:g} ha" for ha in surfaces.sizes_ha]


def _tables(plan: Plan) -> dict[str, tuple[DataFrame, Table]]:
    """Return each table by the stem of its file, with its declaration."""
    others = plan.portfolio.alternatives
    told = {} if others is None else others.tables
    return {
        "sites": (_with_lon_lat(plan.sites), LOCATED),
        "connections": (_with_wkt(plan.connections), CONNECTIONS),
        **({} if plan.trunks is None else {"trunks": (_with_wkt(plan.trunks), TRUNKS)}),
        "ledger": (plan.ledger, LEDGER_OVER_TIME),
        "links": (plan.links, LINKS),
        "clusters": (plan.clusters, CLUSTERS),
        "products": (plan.products, PRODUCTS),
        "consumers": (plan.consumers, CONSUMERS),
        "checks": (plan.checks, CHECKS),
        "repairs": (plan.repairs, REPAIRS),
        "exclusions": (plan.exclusions, EXCLUSIONS),
        "cures": (plan.cures, CURES),
        "passports": (plan.passports, PASSPORTS),
        "facts_to_check": (plan.facts, FACTS),
        **{
            t.name: (plan.books[t.name], t)
            for t in (*DOUBT_TABLES, *MONEY_TABLES, KIN_LINKS)
            if t.name in plan.books
        },
        **{t.name: (plan.platform[t.name], t) for t in TRADE_TABLES if t.name in plan.platform},
        **{t.name: (told[t.name], t) for t in ALTERNATIVE_TABLES if t.name in told},
    }


def _with_lon_lat(frame: GeoDataFrame) -> DataFrame:
    """Return the plain columns and the centroid of each row, degrees."""
    # the centroid is taken in metres: in degrees it would lie elsewhere
    centres = frame.geometry.centroid.to_crs(LON_LAT)
    return _plain_columns(frame).assign(
        lon=centres.x.round(DEGREE_DIGITS), lat=centres.y.round(DEGREE_DIGITS)
    )


def _with_wkt(frame: GeoDataFrame) -> DataFrame:
    """Return the plain columns and `wkt`, degrees in the order lon lat; empty where no route."""
    shapes = frame.geometry.to_crs(LON_LAT).to_numpy()
    texts = shapely.to_wkt(shapes, rounding_precision=DEGREE_DIGITS)
    return _plain_columns(frame).assign(wkt=pd.Series(texts, index=frame.index, dtype="str"))


def _plain_columns(frame: GeoDataFrame) -> DataFrame:
    return pd.DataFrame(frame.drop(columns=_shapes(frame)))


def _shapes(frame: GeoDataFrame) -> list[str]:
    """Return the names of all geometry columns; a table may carry more than its own."""
    return [str(name) for name, kind in frame.dtypes.items() if str(kind) == "geometry"]


def harmless(values: Series) -> Series:
    """Return texts that no spreadsheet runs: an apostrophe goes before what begins a formula."""
    risky = values.str.lstrip(" ").str.startswith(_FORMULA_STARTS).fillna(value=False)
    return values.mask(risky.astype(bool), "'" + values)


def _neutral(frame: DataFrame) -> DataFrame:
    """Return the table with its ids as columns and every text harmless."""
    flat = frame.reset_index() if frame.index.name else frame
    texts = [name for name in flat.columns if pd.api.types.is_string_dtype(flat[name])]
    return flat.assign(**{name: harmless(flat[name].astype("str")) for name in texts})


def _write_csv(frame: DataFrame, path: Path) -> None:
    _neutral(frame).to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


@contextmanager
def _fixed_clock() -> Iterator[None]:
    """Stamp GeoPackages with a fixed date; GDAL keeps the option for the whole process."""
    stamp = _FIXED_DATE.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": stamp})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _write_geopackage(frames: Mapping[str, GeoDataFrame], path: Path) -> None:
    path.unlink(missing_ok=True)
    with _fixed_clock():
        for layer, frame in frames.items():
            # the format holds one geometry a layer
            others = [name for name in _shapes(frame) if name != frame.geometry.name]
            single = frame.drop(columns=others)
            flat = single.reset_index() if single.index.name else single
            # an empty layer has no kind of its own to tell
            kind = "Unknown" if frame.empty else None
            pyogrio.write_dataframe(
                flat, path, layer=layer, geometry_type=kind, append=path.exists()
            )


def _write_workbook(
    plan: Plan, tables: Mapping[str, tuple[DataFrame, Table]], path: Path, lang: Lang
) -> None:
    # strings stay strings: neither formulas nor links are made of them
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), {**safe, "nan_inf_to_errors": False})
    book.set_properties(
        {
            "created": _FIXED_DATE.replace(tzinfo=None),
            "title": plan.region.name if lang == "ru" else plan.region.name_en,
        }
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    cut = {}
    about = book.add_worksheet(_word("sheet_about", lang))
    for stem, (frame, table) in tables.items():
        shown = _in_words(_neutral(frame), table, lang)
        kept = shown.iloc[: _SHEET_ROWS - 1]
        cut[_word(f"sheet_{stem}", lang)] = len(shown) - len(kept)
        sheet = book.add_worksheet(_word(f"sheet_{stem}", lang))
        headings = [_heading(name, table, lang) for name in kept.columns]
        _fill(sheet, kept, headings, bold)
    _fill_about(about, plan, cut, lang)
    book.close()


def _fill(sheet: Worksheet, frame: DataFrame, headings: list[str], bold: object) -> None:
    sheet.write_row(0, 0, headings, bold)
    for position, name in enumerate(frame.columns):
        values = frame[name].astype(object).where(frame[name].notna(), None).tolist()
        cells = [v[:_CELL_LETTERS] if isinstance(v, str) else v for v in values]
        sheet.write_column(1, position, cells)
        letters = [len(headings[position]) // 2, *(len(str(v)) for v in cells if v is not None)]
        width = min(max(*_WIDTHS[:1], *letters), _WIDTHS[1])
        sheet.set_column(position, position, width)
    sheet.freeze_panes(1, 1)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)


def _fill_about(sheet: Worksheet, plan: Plan, cut: Mapping[str, int], lang: Lang) -> None:
    region = plan.region
    name, notice = (
        (region.name, region.notice) if lang == "ru" else (region.name_en, region.notice_en)
    )
    rows = [
        (_word("about_region", lang), name),
        (_word("about_notice", lang), notice),
        (_word("about_licence", lang), region.licence),
        (_word("about_prices", lang), region.price_year),
        (_word("about_seed", lang), region.seed),
        (_word("about_crs", lang), region.crs),
    ]
    # a sheet that cannot hold its table says so; the CSV beside it is whole
    rows += [
        (_word("about_cut", lang).format(sheet=sheet_name), lost)
        for sheet_name, lost in cut.items()
        if lost
    ]
    rows += [(f"sha256 {file}", digest) for file, digest in plan.layers.sha256.items()]
    for position, row in enumerate(rows):
        sheet.write_row(position, 0, row)
    sheet.set_column(0, 0, _WIDTHS[1] // 2)
    sheet.set_column(1, 1, _WIDTHS[1])


def _heading(name: str, table: Table, lang: Lang) -> str:
    if name == table.index or name in {"lon", "lat", "wkt"}:
        return _word(f"column_{name}", lang)
    declared = {column.name: column for column in (*table.columns, *PLOTS.columns)}.get(name)
    if declared is None:
        return name
    return declared.ru if lang == "ru" else declared.en


def _in_words(frame: DataFrame, table: Table, lang: Lang) -> DataFrame:
    """Return the table with coded values in words and names in one language only."""
    told = frame
    if {"name", "name_en"} <= set(frame.columns):
        other = "name_en" if lang == "ru" else "name"
        told = told.drop(columns=other)
    coded = {c.name for c in table.columns if c.choices}
    for name in [str(name) for name in told.columns]:
        section = _section(name, table)
        if section or name in coded:
            told = told.assign(**{name: _worded(told[name], section, lang)})
    for name in [name for name in told.columns if pd.api.types.is_bool_dtype(told[name])]:
        told = told.assign(
            **{name: told[name].map({True: _word("yes", lang), False: _word("no", lang)})}
        )
    return told


def _section(name: str, table: Table) -> str:
    """Return the section of words that a column's codes are from; empty where it has none."""
    if name == "kind":
        return "fact" if table in {FACTS, TORNADO} else "kind"
    return "option" if name.endswith("_option") else _SECTIONS.get(name, "")


def _worded(codes: Series, section: str, lang: Lang) -> Series:
    """Return the words of codes, several of which may be joined by `;`."""
    return codes.map(lambda told: _said(str(told), section, lang), na_action="ignore")


def _said(codes: str, section: str, lang: Lang) -> str:
    known = words().get(section, {})
    return "; ".join(
        say(section, code, lang) if code in known else _word(code, lang)
        for code in codes.split(";")
    )


def _word(code: str, lang: Lang) -> str:
    """Return the word of `code`; a code without one, such as >= or IV, stands for itself."""
    said = messages().get(f"word_{code}")
    return said[lang] if said else code


def _plain(value: Any) -> Any:
    """Return `value` as JSON knows it: numpy's numbers as numbers, what is no number as null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, str | int | bool) or value is None:
        return value
    if isinstance(value, Iterable):
        return [_plain(item) for item in value]
    return str(value)
