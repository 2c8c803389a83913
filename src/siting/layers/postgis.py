"""Tables of a PostGIS database into rows. Names are quoted by SQLAlchemy, never pasted into SQL.

The address may hold `$NAME` of an environment variable, so that a password need not stand in
region.toml; messages never show one.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
from geoalchemy2 import Geography, Geometry
from sqlalchemy import MetaData, create_engine, inspect, make_url, select
from sqlalchemy import Table as SqlTable
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, ProgrammingError

from siting.layers.files import named_geometry
from siting.layers.piece import Piece

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from siting.region import LayerFile
    from siting.tables import Table


def load(spec: LayerFile, table: Table) -> Piece:
    """Return the rows of the database table of `spec`, or the reason they cannot be read."""
    wanted = spec.table or table.name
    piece = Piece(table=table, frame=pd.DataFrame(), file="postgis", layer=wanted)
    try:
        url = make_url(os.path.expandvars(spec.postgis))
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError):
        return piece.failing("database_address")
    shown = url.render_as_string(hide_password=True)
    piece = replace(piece, file=shown)
    try:
        return _load(piece, engine, wanted)
    except OperationalError:
        return piece.failing("database_unreachable")
    except ProgrammingError:
        return piece.failing("database_refused")
    finally:
        engine.dispose()


def _load(piece: Piece, engine: Engine, wanted: str) -> Piece:
    found = _find(engine, wanted)
    if found is None:
        there = sorted(set(inspect(engine).get_table_names()) - {"spatial_ref_sys"})
        return piece.failing("layer_missing", wanted=wanted, found=", ".join(there))
    schema, name = found
    source = SqlTable(name, MetaData(), schema=schema, autoload_with=engine)
    shapes = [c.name for c in source.columns if isinstance(c.type, Geometry | Geography)]
    order = list(source.primary_key.columns) or [c for c in source.columns if c.name not in shapes]
    query = select(source).order_by(*order)
    with engine.connect() as connection:
        if shapes:
            frame = gpd.read_postgis(query, connection, geom_col=shapes[0])
        else:
            frame = pd.read_sql(query, connection)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    digest = hashlib.sha256(frame.to_csv().encode()).hexdigest()
    piece = replace(piece, sha256={f"{piece.file}#{wanted}": digest})
    return piece.having(named_geometry(frame.drop(columns=shapes[1:])))


def _find(engine: Engine, wanted: str) -> tuple[str | None, str] | None:
    """Return schema and name of a table or view; a point in `wanted` may part them."""
    schema, point, name = wanted.partition(".")
    for place in ((None, wanted), (schema, name) if point else (None, wanted)):
        there = inspect(engine)
        # views hold spatial tables too
        names = [*there.get_table_names(place[0]), *there.get_view_names(place[0])]
        if place[1] in names:
            return place
    return None
