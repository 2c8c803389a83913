"""A little country drawn by hand: a few objects in kilometres, on cells of 100 m."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import affinity, box
from shapely.geometry import Point

from siting.region import NetworkParams
from siting.tables import Layers
from siting.tables import inputs as tables
from siting.tables.results import SITES
from siting.tables.rules import CONNECTION_OPTIONS

CRS = "EPSG:32643"
CELL_M = 100.0
DEFAULT = {"number": float("nan"), "whole": float("nan"), "text": None, "flag": False}


def params(**told):
    """One park utility and even ground unless told otherwise."""
    return NetworkParams(
        **{
            "park_utilities": ("electricity",),
            "park_demand_ha": {"electricity": 0.1},
            "reinforcement_mrub": {"electricity": 10.0},
            "crossing_mrub": {"river": 50.0, "railway": 20.0, "road": 7.0},
            "margin_km": 2.0,
            "max_route_km": 60.0,
            "snap_m": 500.0,
            **told,
        }
    )


def filled(frame, table):
    """Return the frame with every column of the table, empty where not told."""
    for column in table.columns:
        if not (column.required or column.nullable or column.kind == "flag"):
            continue
        if column.name not in frame.columns:
            frame[column.name] = DEFAULT[column.kind]
        if column.kind == "text":
            frame[column.name] = frame[column.name].astype("str")
        if column.kind == "number":
            frame[column.name] = frame[column.name].astype(float)
        if column.kind == "flag":
            frame[column.name] = frame[column.name].astype(bool)
    return frame


def layer(table, rows):
    """Return a layer from rows of (id, geometry in km, columns)."""
    shapes = [
        None if shape is None else affinity.scale(shape, 1000, 1000, origin=(0, 0))
        for _, shape, _ in rows
    ]
    index = pd.Index([i for i, _, _ in rows], dtype="str")
    told = pd.DataFrame([more for _, _, more in rows], index=index)
    origin = {"source": "by hand", "as_of": "2026", "confidence": "high"}
    for name, value in origin.items():
        told[name] = value
    return filled(gpd.GeoDataFrame(told, geometry=shapes, crs=CRS), table)


def source(key, shape, *, utility="electricity", kind="substation", **more):
    """Return a row of infrastructure; 110 kV with 100 MW to spare unless told otherwise."""
    node = {"voltage_kv": 110.0, "spare_capacity": 100.0} if utility == "electricity" else {}
    told = {"utility": utility, "kind": kind, "name": key, "status": "operating"}
    return key, shape, told | node | more


def option(name, *, utility="electricity", kinds="substation", **more):
    """Return a row of connection_options: 1 mln fixed, 1 mln per km, 10 MW, any distance."""
    told = {
        "utility": utility, "option": name, "capacity": 10.0, "capacity_unit": "MW",
        "reach_rule": "none", "reach_value": 0.0, "friction": "overhead" if kinds else "none",
        "source_kinds": kinds, "price_year": 2024, "status": "ASSUMED", "source": "by hand",
        "source_class_min": float("nan"), "source_class_max": float("nan"),
    }  # fmt: skip
    for stem, value in (("fixed_mrub", 1.0), ("per_km_mrub", 1.0), ("per_unit_mrub", 0.0)):
        central = more.pop(stem, value)
        told |= {f"{stem}_low": central, stem: central, f"{stem}_high": central}
    return told | more


def site_at(x, y, *, key="A", side=0.1, ha=10.0, **more):
    """Return a row of SITES: a square around (x, y) km, in the middle of a cell."""
    told = {
        "name": key, "name_en": key, "district_id": "D", "kind": "industrial_park",
        "plot_ids": key, "area_ha": ha, "buildable_ha": ha, "building_m2": 0.0,
        "land_price_mrub": 0.0, "housing_distance_m": 1000.0, "is_eligible": True,
        "why_not": None, **more,
    }  # fmt: skip
    return key, box(x - side / 2, y - side / 2, x + side / 2, y + side / 2), told


def sites(*rows):
    return layer(SITES, list(rows)).drop(columns=["source", "as_of", "confidence"])


def layers(*, sources, options, terrain=(), constraints=(), settlements=(), prospects=()):
    """Return the layers the network stage reads; the others are empty."""
    told = {
        "infrastructure": layer(tables.INFRASTRUCTURE, list(sources)),
        "terrain": layer(tables.TERRAIN, list(terrain)),
        "constraints": layer(tables.CONSTRAINTS, list(constraints)),
        "settlements": layer(tables.SETTLEMENTS, list(settlements)),
        "prospects": layer(tables.PROSPECTS, list(prospects)),
        "connection_options": filled(pd.DataFrame(list(options)), CONNECTION_OPTIONS),
    }
    rest = set(Layers.__dataclass_fields__) - set(told) - {"sha256", "elevation"}
    empty = gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=CRS))
    return Layers(**told, **dict.fromkeys(rest, empty), sha256={})


def spot(x, y):
    """Return a point in kilometres; x.05 is the middle of a cell."""
    return Point(x, y)


HERE = Path(__file__).parent
