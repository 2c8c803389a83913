"""The files of a new region: commented region.toml, empty tables, rules with values."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import pandas as pd
import shapely
from geopandas import GeoDataFrame

from siting.layers.piece import place_kinds
from siting.region import LayerFiles
from siting.tables.inputs import CONTRACTS, CUSTOMS, EXPORTS, LAYERS
from siting.tables.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame

    from siting.tables import Table

DEFAULT_CRS: Final = "EPSG:32643"
"""CRS of a region of which nothing is known yet: the UTM zone of Omsk; `check` tells if wrong."""

_DEGREE_DIGITS: Final = 7
"""Digits of a written degree: 1 cm, as a cadastre draws."""
_RARE: Final = (CONTRACTS, CUSTOMS, EXPORTS)


def starter(
    code: str, *, crs: str = "", tables: Mapping[str, GeoDataFrame] | None = None
) -> dict[str, str]:
    """Return the text of each file of a new region, by name.

    Parameters
    ----------
    code
        Short name of the region; what region.toml does not allow in one is replaced.
    crs
        CRS of the region, where the data tells it.
    tables
        Rows already known, in EPSG:4326, index the id; other tables get a header only.
    """
    known = tables or {}
    template = files("siting.layers").joinpath("template")
    made = {f"{table.name}.csv": table_text(table, known.get(table.name)) for table in LAYERS}
    rules = {f"{t.name}.csv": template.joinpath(f"{t.name}.csv").read_text("utf-8") for t in RULES}
    region = template.joinpath("region.toml").read_text("utf-8")
    region = region.replace("@LAYERS@", _layers_section()).replace("@CODE@", _code(code))
    return {"region.toml": region.replace("@CRS@", crs or DEFAULT_CRS), **made, **rules}


def built_in(table: Table) -> DataFrame:
    """Return the rows of a rule that come with the program."""
    file = files("siting.layers").joinpath("template", f"{table.name}.csv")
    texts = {column.name: "str" for column in table.columns if column.kind == "text"}
    with file.open("r", encoding="utf-8") as rows:
        return pd.read_csv(rows, dtype=texts)


def table_text(table: Table, rows: DataFrame | None) -> str:
    """Return the CSV of a table: its header, and `rows` where there are any; places in degrees."""
    place = ["lon", "lat", "wkt"] if place_kinds(table) else []
    columns = [*([table.index] if table.index else []), *(c.name for c in table.columns), *place]
    if rows is None or rows.empty:
        return ",".join(columns) + "\n"
    if not isinstance(rows, GeoDataFrame):
        return _text(rows, table, columns)
    points = rows.geom_type == "Point"
    wkt = shapely.to_wkt(rows.geometry.to_numpy(), rounding_precision=_DEGREE_DIGITS)
    told = rows.assign(
        lon=rows.geometry.where(points).x.round(_DEGREE_DIGITS),
        lat=rows.geometry.where(points).y.round(_DEGREE_DIGITS),
        wkt=wkt,
    ).drop(columns=rows.geometry.name)
    told["wkt"] = told["wkt"].astype("str").mask(points)
    return _text(told, table, columns)


def _text(rows: DataFrame, table: Table, columns: list[str]) -> str:
    flat = rows.reset_index(names=table.index) if table.index else rows
    return flat.reindex(columns=columns).to_csv(index=False, lineterminator="\n")


def _layers_section() -> str:
    lines = []
    for table in (*LAYERS, *RULES):
        required = LayerFiles.model_fields[table.name].is_required()
        # what few regions have is there to be switched on, not to be filled in first
        off = "# " if table in _RARE else ""
        setting = f'{off}{table.name} = "{table.name}.csv"'
        lines.append(f"{setting:<48} # {table.en}{'' if required else ' (optional)'}")
    return "\n".join(lines)


def _code(name: str) -> str:
    return re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-") or "region"
