"""A list of enterprises as offices keep them, a workbook or CSV, into the table of enterprises.

Headings are guessed from what people write in Russian and English; the first row in which a name
and an activity are both recognised is the heading, whatever stands above it. A row without
coordinates has no place and is refused by name; nothing is invented for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd
from geopandas import GeoDataFrame, points_from_xy

from siting.errors import LayerError
from siting.layers import files
from siting.layers.columns import read_numbers
from siting.region import LayerFile
from siting.tables.inputs import ENTERPRISES

if TYPE_CHECKING:
    from pathlib import Path

    from pandas import DataFrame

    from siting.layers.piece import Piece

HEADINGS: Final = {
    "enterprise_id": r"инн|огрн|tin|id|код предприятия",
    "name": r"наименование.*|название.*|предприятие|организация|company|name|enterprise",
    "okved": r"оквэд.*|основной вид.*|okved.*|nace.*|activity",
    "revenue_mrub": r"выручка.*млн.*|revenue.*m.*",
    "employees": r"(среднесписочная )?численность.*|работников|сотрудников|employees|staff",
    "products": r"окпд.*|продукция.*|products?|okpd.*",
    "sanitary_class": r"санитарный класс|класс опасности|sanitary class",
    "lon": r"долгота|lon(gitude)?|x",
    "lat": r"широта|lat(itude)?|y",
}
"""Our column -> headings under which it comes, whole and in lower case."""

_HEADING_ROWS: Final = 20
"""Rows from the top in which the heading is looked for."""

_LON_LAT: Final = "EPSG:4326"


@dataclass(frozen=True, kw_only=True)
class Register:
    """Enterprises of a list, and the rows that could not be placed."""

    enterprises: GeoDataFrame
    """Index enterprise_id, EPSG:4326; the columns of ENTERPRISES that the list has."""
    refused: tuple[str, ...]
    """Names of rows without coordinates."""


def read_register(path: Path, *, as_of: str) -> Register:
    """Return the enterprises listed in the file at `path`, which describes the date `as_of`.

    Raises
    ------
    LayerError
        If the file cannot be read, has no recognisable heading or a number that is none.
    """
    piece = files.load(LayerFile(path=path.name), path.parent, ENTERPRISES)
    if not piece.problems:
        piece = _headed(piece)
    if piece.problems:
        raise LayerError(piece.problems)
    frame = piece.frame
    for name in ("lon", "lat", "revenue_mrub", "employees"):
        if name in frame.columns:
            piece, numbers = read_numbers(piece, frame[name], name)
            frame = frame.assign(**{name: numbers})
    if piece.problems:
        raise LayerError(piece.problems)
    placed = frame["lon"].notna() & frame["lat"].notna()
    here = frame[placed]
    told = here.drop(columns=["lon", "lat"]).assign(
        size_status="ASSUMED", source=path.name, as_of=as_of, confidence="medium"
    )
    geometry = points_from_xy(here["lon"], here["lat"])
    refused = tuple(frame.loc[~placed, "name"].astype(str))
    return Register(
        enterprises=GeoDataFrame(told, geometry=geometry, crs=_LON_LAT), refused=refused
    )


def _headed(piece: Piece) -> Piece:
    """Return the piece with our columns, its heading found; a problem where there is none."""
    rows = [list(piece.frame.columns), *piece.frame.head(_HEADING_ROWS).to_numpy().tolist()]
    for position, row in enumerate(rows):
        names = _recognised(row)
        if {"name", "okved", "lon", "lat"} <= set(names):
            body = piece.frame.iloc[position:]
            chosen = body.iloc[:, list(names.values())].set_axis(list(names), axis=1)
            return piece.having(_indexed(chosen[chosen["name"].notna()]))
    return piece.failing("heading_unknown", found=", ".join(map(str, rows[0])))


def _recognised(row: list[object]) -> dict[str, int]:
    """Return the position of each of our columns in a row of headings; the first that fits."""
    heads = [" ".join(str(cell).lower().split()) for cell in row]
    found = {}
    for ours, pattern in HEADINGS.items():
        fitting = [n for n, head in enumerate(heads) if re.fullmatch(pattern, head)]
        if fitting:
            found[ours] = fitting[0]
    return found


def _indexed(frame: DataFrame) -> DataFrame:
    name = ENTERPRISES.index
    if name in frame.columns:
        ids = frame[name].astype("str")
    else:
        ids = pd.Series([f"register-{n:04d}" for n in range(1, len(frame) + 1)], frame.index)
    index = pd.Index(ids.to_numpy(), dtype="str", name=name)
    return frame.drop(columns=name, errors="ignore").set_axis(index, axis=0)
