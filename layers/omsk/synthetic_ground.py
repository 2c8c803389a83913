"""What the makers of synthetic layers share: streams of chance, files, and the ground itself.

Distances are metres of the region's CRS; degrees exist only in files.
"""

from __future__ import annotations

import csv
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from pyproj import Transformer
from shapely import LineString, Point, STRtree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry as Geometry

SEED: Final = 20261
ORIGIN: Final = {"source": f"synthetic.py, seed {SEED}", "as_of": "2026-01-01", "confidence": "low"}
M2_PER_HA: Final = 10_000.0
_TO_METRES: Final = Transformer.from_crs(4326, 32643, always_xy=True)
_TO_DEGREES: Final = Transformer.from_crs(32643, 4326, always_xy=True)

Row = dict[str, object]


def stream(*names: object) -> np.random.Generator:
    """Return the generator that belongs to these names and to nothing else."""
    return np.random.default_rng([SEED, zlib.crc32("/".join(map(str, names)).encode())])


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file as texts."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[Row]) -> None:
    """Write rows of equal keys as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def to_metres(geometry: Geometry) -> Geometry:
    """Return the geometry of degrees in metres of the region's CRS."""
    return shapely.transform(geometry, _TO_METRES.transform, interleaved=False)


def shape_of(row: Mapping[str, str]) -> Geometry:
    """Return the geometry of a row in metres: its wkt, or the point of its lon and lat."""
    if row.get("wkt"):
        return to_metres(shapely.from_wkt(row["wkt"]))
    return to_metres(Point(float(row["lon"]), float(row["lat"])))


def in_degrees(geometry: Geometry) -> Geometry:
    """Return the geometry of metres in degrees, longitude first."""
    return shapely.transform(geometry, _TO_DEGREES.transform, interleaved=False)


def wkt_of(geometry: Geometry, digits: int) -> str:
    """Return the polygon in degrees as short text, rounded to `digits`."""
    ring = in_degrees(geometry).exterior.coords
    corners = ", ".join(f"{x:.{digits}f} {y:.{digits}f}" for x, y in ring)
    return f"POLYGON (({corners}))"


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What is known of the region, in metres."""

    region: Geometry
    settlements: Mapping[str, tuple[str, Geometry]]
    """Id -> rank and geometry."""
    roads: tuple[LineString, ...]
    road_tree: STRtree
    water: Geometry
    heart: Point
    """The centre of Omsk, from which prices fall."""

    @staticmethod
    def at(lon: float, lat: float) -> Point:
        """Return the point of these degrees in metres."""
        return to_metres(Point(lon, lat))


def read_ground(folder: Path) -> Ground:
    """Return the ground of the region from the tables of `folder`."""
    places = {
        row["settlement_id"]: (row["rank"], shape_of(row))
        for row in read_rows(folder / "settlements.csv")
    }
    roads = tuple(
        part
        for row in read_rows(folder / "roads.csv")
        if row["utility"] == "road"
        for part in shapely.get_parts(shape_of(row))
        if part.geom_type == "LineString"
    )
    terrain = read_rows(folder / "terrain_known.csv")
    districts = [shape_of(row) for row in read_rows(folder / "districts.csv")]
    return Ground(
        region=shapely.union_all([shapely.make_valid(shape) for shape in districts]),
        settlements=places,
        roads=roads,
        road_tree=STRtree(roads),
        water=shapely.union_all(
            [shapely.make_valid(shape_of(row)) for row in terrain if row["cover"] == "water"]
        ),
        heart=places["omsk"][1].centroid,
    )
