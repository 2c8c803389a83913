"""Every table of a region, read, repaired, checked and in one CRS, or every reason why not.

All sources of all tables are looked at before anything is raised. Rows are sorted by id, so the
order of a file means nothing; unknown columns are left out and listed. Districts are read first:
they say where the region is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS

from siting.errors import LayerError, Problem
from siting.layers import files, postgis
from siting.layers.columns import conform, identify, rename
from siting.layers.corners import drop_lost_corners
from siting.layers.elevation import read_elevation
from siting.layers.geometry import locate
from siting.layers.piece import Piece, place_kinds, repairs_table
from siting.layers.place import Area, check_degrees, check_place, check_zone, exchange_axes
from siting.layers.price_year import at_price_year, find_missing_years
from siting.layers.repair import repair
from siting.layers.rules import find_contradictions
from siting.layers.starter import built_in
from siting.tables import Layers, find_problems
from siting.tables.by_products import BY_PRODUCTS
from siting.tables.inputs import DISTRICTS, LAYERS
from siting.tables.price_books import PRICE_INDICES, YEARLY_COSTS
from siting.tables.rules import CONNECTION_OPTIONS, INDUSTRY_INPUTS, RULES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pandas import DataFrame

    from siting.region import LayerFile, Region
    from siting.tables import Table


def read(region: Region) -> Layers:
    """Return the checked tables of `region`, in its CRS.

    Raises
    ------
    LayerError
        Listing every problem of every file: file, layer, rows and remedy.
    """
    crs = CRS.from_user_input(region.crs)
    pieces = {DISTRICTS.name: _pieces(region, DISTRICTS, crs, area=None)}
    area = _area(pieces[DISTRICTS.name], crs)
    for table in (*LAYERS, *RULES):
        if table is not DISTRICTS:
            pieces[table.name] = _pieces(region, table, crs, area=area)
    tables = {table.name: _stacked(pieces[table.name], table, crs) for table in (*LAYERS, *RULES)}
    elevation, heights = read_elevation(
        region, crs, tuple(shapely.bounds(area.land)) if area else None
    )
    every = [piece for table in (*LAYERS, *RULES) for piece in pieces[table.name]]
    every += [heights] if heights else []
    problems = [problem for piece in every for problem in piece.problems]
    for table in (*LAYERS, *RULES):
        problems += _shared_ids(pieces[table.name], table)
        problems += _nothing(pieces[table.name], tables[table.name], table, region)
    problems += [] if problems else find_missing_years(tables, region.price_year)
    if problems:
        raise LayerError(problems)
    for rule in (INDUSTRY_INPUTS, BY_PRODUCTS):
        if tables[rule.name].empty:
            tables[rule.name] = built_in(rule)
    tables[YEARLY_COSTS.name] = _with_built_in_items(tables[YEARLY_COSTS.name])
    options, converted = at_price_year(
        tables[CONNECTION_OPTIONS.name], tables[PRICE_INDICES.name], region.price_year
    )
    tables[CONNECTION_OPTIONS.name] = options
    repairs = pd.concat([repairs_table(every), converted], ignore_index=True)
    sha256 = {file: digest for piece in every for file, digest in piece.sha256.items()}
    return Layers(**tables, repairs=repairs, sha256=sha256, elevation=elevation)


def _with_built_in_items(yearly: DataFrame) -> DataFrame:
    """Return the yearly costs with the program's own rows for every item that has none."""
    general = yearly.loc[yearly["option"].isna(), "item"]
    known = built_in(YEARLY_COSTS)
    missing = known[~known["item"].isin(general) & known["option"].isna()]
    return missing if yearly.empty else pd.concat([yearly, missing], ignore_index=True)


def _pieces(region: Region, table: Table, crs: CRS, *, area: Area | None) -> tuple[Piece, ...]:
    specs: tuple[LayerFile, ...] = getattr(region.layers, table.name)
    return tuple(_piece(spec, region, table, crs, area) for spec in specs)


def _piece(spec: LayerFile, region: Region, table: Table, crs: CRS, area: Area | None) -> Piece:
    """Return one source of one table after every step; a step that fails ends the way."""
    piece = postgis.load(spec, table) if spec.postgis else files.load(spec, region.root, table)
    return piece if piece.problems else prepare(piece, spec, crs, area=area)


def prepare(piece: Piece, spec: LayerFile, crs: CRS, *, area: Area | None) -> Piece:
    """Return a piece that was loaded as the rows of its table in `crs`, with all that is wrong."""
    table = piece.table
    if piece.frame.empty:
        return piece.failing("file_empty")
    piece = locate(conform(identify(rename(piece, spec.rename))), spec.crs)
    piece = exchange_axes(drop_lost_corners(piece), area, crs)
    piece = check_degrees(piece)
    if not any(problem.code in {"axes_swapped", "degrees_range"} for problem in piece.problems):
        piece = check_zone(piece, crs) if table is DISTRICTS else check_place(piece, area)
    piece = repair(_projected(piece, crs))
    return replace(piece, problems=(*piece.problems, *_broken_rules(piece)))


def _projected(piece: Piece, crs: CRS) -> Piece:
    frame = piece.frame
    if not isinstance(frame, gpd.GeoDataFrame) or frame.crs is None:
        return piece
    return piece.having(frame.to_crs(crs))


def _broken_rules(piece: Piece) -> list[Problem]:
    """Return how the piece breaks its table, but for what an earlier step has already said."""
    said = {(p.code, p.values.get("column")) for p in piece.problems}
    unread = {
        p.values.get("column")
        for p in piece.problems
        if p.code in {"number_expected", "flag_expected"}
    }
    placed = isinstance(piece.frame, gpd.GeoDataFrame) and piece.frame.crs is not None
    problems = []
    for problem in find_problems(piece.frame, piece.table, file=piece.file):
        column = problem.values.get("column")
        about_place = column == "geometry" or problem.code in {"crs_missing", "crs_not_metric"}
        if (problem.code, column) in said or column in unread or (about_place and not placed):
            continue
        if problem.code == "geometry_broken" and _is_place_lost(piece):
            continue
        problems.append(replace(problem, layer=piece.where))
    if piece.table.geometry is None and placed:
        problems += _place_problems(piece)
    problems += [
        replace(problem, file=piece.file, layer=piece.where)
        for problem in find_contradictions(piece.frame, piece.table)
    ]
    return problems


def _is_place_lost(piece: Piece) -> bool:
    lost = {
        "wkt_broken",
        "point_half",
        "number_expected",
        "degrees_range",
        "axes_swapped",
        "layer_far",
        "rows_far",
    }
    return any(problem.code in lost for problem in piece.problems)


def _place_problems(piece: Piece) -> list[Problem]:
    """Return what is wrong with places a row may lack: the kind, where there is one."""
    kinds = place_kinds(piece.table) or frozenset()
    found = piece.frame.geom_type
    wrong = found.notna() & ~found.isin(kinds)
    if not wrong.any():
        return []
    values = {
        "found": ", ".join(sorted(found[wrong].unique())),
        "expected": ", ".join(sorted(kinds)),
    }
    rows = tuple(map(str, piece.frame.index[wrong]))
    return [
        Problem(code="geometry_kind", file=piece.file, layer=piece.where, rows=rows, values=values)
    ]


def _shared_ids(pieces: Sequence[Piece], table: Table) -> list[Problem]:
    """Return the ids that occur in more than one source of the same table."""
    if table.index is None:
        return []
    homes: dict[str, set[int]] = defaultdict(set)
    for number, piece in enumerate(pieces):
        for label in piece.frame.index:
            homes[str(label)].add(number)
    shared = tuple(label for label, numbers in homes.items() if len(numbers) > 1)
    if not shared:
        return []
    named = ", ".join(pieces[n].file for n in sorted(set().union(*(homes[s] for s in shared))))
    return [
        Problem(
            code="id_shared",
            file=named,
            layer=table.name,
            rows=shared,
            values={"column": table.index},
        )
    ]


def _nothing(
    pieces: Sequence[Piece], frame: DataFrame, table: Table, region: Region
) -> list[Problem]:
    """Return the problem of a required table for which region.toml names no source."""
    required = type(region.layers).model_fields[table.name].is_required()
    if not required or pieces or len(frame):
        return []
    return [Problem(code="source_missing", file="region.toml", layer=table.name)]


def read_area(region: Region) -> Area | None:
    """Return the land of `region`, or None where its districts are not there or not in order."""
    crs = CRS.from_user_input(region.crs)
    return _area(_pieces(region, DISTRICTS, crs, area=None), crs)


def _area(pieces: Sequence[Piece], crs: CRS) -> Area | None:
    """Return the land of the region, or None where the districts cannot be trusted."""
    if not pieces or any(piece.problems for piece in pieces):
        return None
    shapes = [shape for piece in pieces for shape in piece.frame.geometry]
    return Area(land=shapely.union_all(shapes), crs=crs)


def _stacked(pieces: Sequence[Piece], table: Table, crs: CRS) -> DataFrame:
    """Return the rows of all sources in one frame, sorted by id; empty columns where none."""
    frames = [piece.frame for piece in pieces if not piece.problems]
    if not frames:
        return _empty(table, crs)
    frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=table.index is None)
    if table.index is None:
        return frame.reset_index(drop=True)
    return frame.sort_index(kind="stable")


_DTYPES: Mapping[str, Any] = {"text": "str", "flag": bool, "number": "float64", "whole": "float64"}


def _empty(table: Table, crs: CRS) -> DataFrame:
    index = pd.Index([], dtype="str", name=table.index) if table.index else pd.RangeIndex(0)
    columns = {
        column.name: pd.Series([], index=index, dtype=_DTYPES[column.kind])
        for column in table.columns
    }
    frame = pd.DataFrame(columns, index=index)
    if place_kinds(table) is None:
        return frame
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([], index=index, crs=crs))
