"""Small maps for the tests of the room `land`: one helper a table, every column filled."""

import geopandas as gpd
import pandas as pd
from shapely import Point, box

from siting.region import LandParams
from siting.tables import Layers
from siting.tables.inputs import LAYERS, Table
from siting.tables.results import REPAIRS
from siting.tables.rules import RULES

CRS = "EPSG:32643"
PARAMS = LandParams()
ORIGIN = {"source": "drawn", "as_of": "2026", "confidence": "high"}


def table(contract: Table, rows: list[dict], geometry: list | None = None):
    """Return a frame with every column of `contract`, empty where a row does not tell."""
    told = pd.DataFrame(rows, columns=sorted({name for row in rows for name in row}))
    columns = {}
    for column in contract.columns:
        values = told.get(column.name, pd.Series([None] * len(rows)))
        if column.kind == "flag":
            columns[column.name] = values.astype("boolean").fillna(False).astype(bool)
        else:
            columns[column.name] = values.astype("str" if column.kind == "text" else "float64")
    frame = pd.DataFrame(columns)
    if contract.index:
        ids = told.get(contract.index, pd.Series([], dtype="str"))
        frame.index = pd.Index(ids.astype("str"), name=contract.index)
    if contract.geometry is None and contract.name != "prospects":
        return frame
    shapes = geometry if geometry is not None else []
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, index=frame.index, crs=CRS))


CONTRACTS = {contract.name: contract for contract in (*LAYERS, *RULES)}


def plots(shapes: dict, **columns) -> gpd.GeoDataFrame:
    """Return plots by id; a column may be one value or a dict by id."""
    base = {
        "category": "industry",
        "permitted_use": "6.0",
        "ownership": "municipal",
        "status": "greenfield",
        **ORIGIN,
        **columns,
    }
    rows = [
        {"plot_id": name}
        | {
            key: value.get(name) if isinstance(value, dict) else value
            for key, value in base.items()
        }
        for name in shapes
    ]
    return table(CONTRACTS["plots"], rows, list(shapes.values()))


def rule(feature, width_m, *, kind=None, is_hard=True, **more) -> dict:
    return {
        "feature": feature,
        "class": kind,
        "half_width_m": width_m,
        "effect": "no building",
        "effect_ru": "нельзя строить",
        "is_hard": is_hard,
        "status": "VERIFIED",
        "source": "a decree",
        **more,
    }


def rules(*rows: dict) -> pd.DataFrame:
    return table(CONTRACTS["protection_zones"], list(rows))


def objects(name: str, *rows: tuple[dict, object]) -> gpd.GeoDataFrame:
    """Return a layer from pairs (columns, shape)."""
    return table(CONTRACTS[name], [ORIGIN | row for row, _ in rows], [shape for _, shape in rows])


def line(identity, shape, *, voltage_kv=None, **more) -> tuple[dict, object]:
    columns = {
        "source_id": identity,
        "utility": "electricity",
        "kind": "line",
        "name": f"line {identity}",
        "voltage_kv": voltage_kv,
        "status": "operating",
    }
    return columns | more, shape


def lake(identity, shape, *, name=None, cover="water") -> tuple[dict, object]:
    return {"terrain_id": identity, "cover": cover, "name": name}, shape


def area(identity, kind, shape, *, name="area", **more) -> tuple[dict, object]:
    return {"constraint_id": identity, "kind": kind, "name": name, **more}, shape


def town(identity, shape, *, name="Ново", rank="village", population=1000, **more):
    columns = {"settlement_id": identity, "name": name, "rank": rank, "population": population}
    return columns | more, shape


def layers(land: gpd.GeoDataFrame, **given) -> Layers:
    """Return a bundle with the given tables; the others are empty."""
    empty = {name: table(contract, [], []) for name, contract in CONTRACTS.items()}
    repairs = pd.DataFrame({column.name: pd.Series([], dtype="str") for column in REPAIRS.columns})
    return Layers(**(empty | {"plots": land} | given), repairs=repairs, sha256={})


def square(west, south, side=1000) -> object:
    return box(west, south, west + side, south + side)


def point(east, north) -> Point:
    return Point(east, north)
