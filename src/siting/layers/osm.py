"""An OpenStreetMap extract (PBF) into tables of a region.

Taken: power, gas, water, sewage and heat networks, roads, railways, exchanges, water, forest,
wetland and built-up land, places, administrative areas, industrial land, works, and what restricts
building. Old tags (power=sub_station, power=station) are understood. What OpenStreetMap does not
say (owner's form, OKVED, spare capacity) stays empty for the user to fill in. Objects planned,
abandoned or cut off at the border of the extract are left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import osmium
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from siting.errors import LayerError, Problem
from siting.tables.inputs import (
    CONSTRAINTS,
    DISTRICTS,
    ENTERPRISES,
    INFRASTRUCTURE,
    PLOTS,
    SETTLEMENTS,
    TERRAIN,
)
from siting.tables.schema import POINT
from siting.units import KV_PER_V

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from siting.tables import Table

_LON_LAT: Final = "EPSG:4326"
_NODE, _WAY, _AREA = "n", "w", "a"
_LEVELS: Final = ("6", "5", "7", "8", "4", "9", "2")
"""Values of admin_level in the order in which they are tried; 6 is a rayon in Russia."""

_PIPELINE: Final = "pipeline substance"
"""A tag of ours: what a pipeline carries, which OpenStreetMap says in either of two tags."""

_BOX_ID: Final = "osm-extract"
"""Id of the only district of an extract without administrative areas."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Which objects become rows of a table: a key, its values, and what each value means."""

    table: Table
    key: str
    shapes: str
    values: Mapping[str, Mapping[str, str]]
    """Value of the tag -> columns of the row."""
    unless: str = ""
    """A key whose presence speaks against the rule."""


@dataclass(frozen=True, kw_only=True)
class OsmTables:
    """What an extract holds."""

    crs: str
    """The UTM zone of its middle."""
    tables: Mapping[str, GeoDataFrame] = field(default_factory=dict)
    """Table -> rows in EPSG:4326, index the id of the table."""
    refused: tuple[str, ...] = ()
    """Ids of objects whose geometry is cut off or broken."""


def _net(utility: str, **kinds: str) -> dict[str, dict[str, str]]:
    return {value: {"utility": utility, "kind": kind} for value, kind in kinds.items()}


def _same(column: str, **values: str) -> dict[str, dict[str, str]]:
    return {value: {column: told} for value, told in values.items()}


RULES: Final = (
    Rule(
        table=INFRASTRUCTURE,
        key="power",
        shapes=_NODE + _AREA,
        values=_net(
            "electricity",
            substation="substation",
            sub_station="substation",
            station="substation",
            plant="power_plant",
        ),
    ),
    Rule(
        table=INFRASTRUCTURE,
        key="power",
        shapes=_WAY,
        values=_net("electricity", line="line", cable="line"),
    ),
    Rule(
        table=INFRASTRUCTURE,
        key=_PIPELINE,
        shapes=_WAY,
        values={
            **_net("gas", gas="trunk_main", natural_gas="trunk_main"),
            **_net("water", water="water_main", drinking_water="water_main"),
            **_net("sewage", sewage="sewer_main", wastewater="sewer_main"),
            **_net("heat", heat="heat_main", hot_water="heat_main", steam="heat_main"),
        },
    ),
    Rule(
        table=INFRASTRUCTURE,
        key="man_made",
        shapes=_NODE + _AREA,
        values={
            **_net("water", water_works="waterworks"),
            **_net("sewage", wastewater_plant="sewage_works"),
            **_net("telecom", telephone_exchange="exchange"),
        },
    ),
    Rule(
        table=INFRASTRUCTURE,
        key="telecom",
        shapes=_NODE + _AREA,
        values=_net("telecom", exchange="exchange"),
    ),
    Rule(
        table=INFRASTRUCTURE,
        key="highway",
        shapes=_WAY,
        values=_net(
            "road",
            motorway="federal",
            trunk="federal",
            primary="regional",
            secondary="regional",
            tertiary="local",
            unclassified="local",
            residential="street",
        ),
    ),
    Rule(
        table=INFRASTRUCTURE,
        key="railway",
        shapes=_WAY,
        values=_net("rail", rail="track"),
        unless="service",
    ),
    Rule(
        table=INFRASTRUCTURE,
        key="railway",
        shapes=_NODE + _AREA,
        values=_net("rail", station="station"),
    ),
    Rule(
        table=TERRAIN,
        key="natural",
        shapes=_AREA,
        values=_same("cover", water="water", wetland="wetland", wood="forest", bare_rock="rock"),
    ),
    Rule(table=TERRAIN, key="waterway", shapes=_AREA, values=_same("cover", riverbank="water")),
    Rule(
        table=TERRAIN,
        key="landuse",
        shapes=_AREA,
        values=_same(
            "cover",
            reservoir="water",
            basin="water",
            forest="forest",
            residential="built_up",
            commercial="built_up",
        ),
    ),
    Rule(table=CONSTRAINTS, key="waterway", shapes=_WAY, values=_same("kind", river="river")),
    Rule(
        table=CONSTRAINTS,
        key="landuse",
        shapes=_AREA,
        values=_same("kind", cemetery="cemetery", landfill="landfill"),
    ),
    Rule(table=CONSTRAINTS, key="aeroway", shapes=_AREA, values=_same("kind", aerodrome="airport")),
    Rule(
        table=CONSTRAINTS,
        key="boundary",
        shapes=_AREA,
        values=_same("kind", protected_area="protected area", national_park="protected area"),
    ),
    Rule(
        table=CONSTRAINTS,
        key="leisure",
        shapes=_AREA,
        values=_same("kind", nature_reserve="protected area"),
    ),
    Rule(
        table=SETTLEMENTS,
        key="place",
        shapes=_NODE,
        values=_same("rank", city="city", town="town", village="village", hamlet="village"),
    ),
    Rule(table=DISTRICTS, key="boundary", shapes=_AREA, values={"administrative": {}}),
    Rule(
        table=PLOTS,
        key="landuse",
        shapes=_AREA,
        values={"industrial": {"status": "greenfield"}, "brownfield": {"status": "brownfield"}},
    ),
    Rule(
        table=ENTERPRISES,
        key="man_made",
        shapes=_NODE + _AREA,
        values={"works": {"size_status": "ASSUMED"}},
    ),
)
"""Tags into tables, tried from first to last; an object may fill several tables, each once."""

_KEYS: Final = sorted({rule.key for rule in RULES} - {_PIPELINE} | {"man_made"})


def read(path: Path) -> OsmTables:
    """Return the tables that the extract at `path` fills.

    Raises
    ------
    LayerError
        If there is no such file or it is no OpenStreetMap file.
    """
    if not path.is_file():
        raise LayerError(Problem(code="file_missing", file=path.name, values={"path": path}))
    rows: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    refused: list[str] = []
    try:
        for shape, tags, thing in _objects(path):
            wanted = [rule for rule in RULES if _fits(rule, shape, tags)]
            if not wanted:
                continue
            geometry = _geometry(shape, thing)
            if geometry is None:
                refused.append(_label(shape, thing)[0])
                continue
            for rule in wanted:
                label, row = _row(rule, shape, tags, thing)
                rows[rule.table.name].setdefault(label, {**row, "geometry": geometry})
    except RuntimeError as error:
        raise LayerError(Problem(code="osm_unreadable", file=path.name)) from error
    tables = {rule.table.name: _frame(rule.table, rows[rule.table.name]) for rule in RULES}
    tables[DISTRICTS.name] = _districts(tables, path.stem)
    crs = tables[DISTRICTS.name].estimate_utm_crs().to_string()
    return OsmTables(crs=crs, tables=tables, refused=tuple(refused))


def _objects(path: Path) -> Iterator[tuple[str, dict[str, str], Any]]:
    shapes = {"Node": _NODE, "Way": _WAY, "Area": _AREA}
    processor = (
        osmium.FileProcessor(str(path)).with_areas().with_filter(osmium.filter.KeyFilter(*_KEYS))
    )
    for thing in processor:
        shape = shapes.get(type(thing).__name__)
        if shape is not None:
            tags = {tag.k: tag.v for tag in thing.tags}
            if tags.get("man_made") == "pipeline":
                tags[_PIPELINE] = tags.get("substance", tags.get("type", ""))
            yield shape, tags, thing


def _fits(rule: Rule, shape: str, tags: Mapping[str, str]) -> bool:
    return shape in rule.shapes and tags.get(rule.key) in rule.values and rule.unless not in tags


def _geometry(shape: str, thing: Any) -> shapely.Geometry | None:
    """Return the geometry of an object, or None where the extract cuts it off."""
    factory = osmium.geom.WKBFactory()
    make: dict[str, Any] = {
        _NODE: factory.create_point,
        _WAY: factory.create_linestring,
        _AREA: factory.create_multipolygon,
    }
    try:
        drawn = shapely.from_wkb(bytes.fromhex(make[shape](thing)))
    except (osmium.InvalidLocationError, RuntimeError):
        return None
    if shape == _AREA and shapely.get_num_geometries(drawn) == 1:
        return shapely.get_geometry(drawn, 0)
    return drawn


def _label(shape: str, thing: Any) -> tuple[str, str]:
    """Return our id of an object, and how OpenStreetMap names it."""
    kind, number = shape, thing.id
    if shape == _AREA:
        kind, number = (_WAY if thing.from_way() else "r"), thing.orig_id()
    word = {_NODE: "node", _WAY: "way", "r": "relation"}[kind]
    return f"osm-{kind}{number}", f"{word} {number}"


def _row(rule: Rule, shape: str, tags: Mapping[str, str], thing: Any) -> tuple[str, dict[str, Any]]:
    label, told = _label(shape, thing)
    return label, {
        "name": tags.get("name") or tags.get("ref") or tags.get("operator") or label,
        "name_en": tags.get("name:en"),
        "owner": tags.get("operator"),
        "voltage_kv": _voltage_kv(tags.get("voltage", "")),
        "diameter_mm": _number(tags.get("diameter", "")),
        "population": _number(tags.get("population", "")),
        "admin_level": tags.get("admin_level"),
        "source": f"OpenStreetMap, {told}",
        "as_of": f"{thing.timestamp:%Y-%m-%d}",
        "confidence": "medium",
        **_plot(rule),
        **({"status": "operating"} if rule.table is INFRASTRUCTURE else {}),
        **rule.values[tags[rule.key]],
    }


def _plot(rule: Rule) -> dict[str, str]:
    # OpenStreetMap tells what land is used for, not its legal category or owner
    return {"permitted_use": "production (OpenStreetMap landuse)"} if rule.table is PLOTS else {}


def _voltage_kv(text: str) -> float | None:
    """Return the highest of the voltages in a tag such as '110000;20000', kV."""
    volts = [float(part) for part in re.findall(r"\d+(?:\.\d+)?", text)]
    return max(volts) * KV_PER_V if volts else None


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else None


def _frame(table: Table, rows: Mapping[str, Mapping[str, Any]]) -> GeoDataFrame:
    labels = sorted(rows)
    index = pd.Index(labels, dtype="str", name=table.index)
    columns = [column.name for column in table.columns]
    if table is DISTRICTS:
        columns.append("admin_level")
    plain = pd.DataFrame([rows[label] for label in labels], index=index).reindex(columns=columns)
    shapes = np.array([rows[label]["geometry"] for label in labels], dtype=object)
    if table.geometry == POINT:
        # a mapped outline stands for its place
        shapes = shapely.point_on_surface(shapes)
    return GeoDataFrame(plain, geometry=shapes, crs=_LON_LAT)


def _districts(tables: Mapping[str, GeoDataFrame], name: str) -> GeoDataFrame:
    """Return the administrative areas of one level; a box round everything if there are none."""
    found = tables[DISTRICTS.name]
    for level in _LEVELS:
        chosen = found[found["admin_level"] == level]
        if len(chosen):
            return chosen.drop(columns="admin_level")
    bounds = [frame.total_bounds for frame in tables.values() if len(frame)]
    if not bounds:
        raise LayerError(Problem(code="osm_nothing"))
    west, south = (min(box[i] for box in bounds) for i in (0, 1))
    east, north = (max(box[i] for box in bounds) for i in (2, 3))
    latest = max(frame["as_of"].max() for frame in tables.values() if len(frame))
    row = {"name": name, "source": "OpenStreetMap", "as_of": latest, "confidence": "low"}
    index = pd.Index([_BOX_ID], dtype="str", name=DISTRICTS.index)
    plain = pd.DataFrame([row], index=index).reindex(columns=[c.name for c in DISTRICTS.columns])
    return GeoDataFrame(plain, geometry=[shapely.box(west, south, east, north)], crs=_LON_LAT)
