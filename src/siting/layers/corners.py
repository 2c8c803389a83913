"""Corners that cannot be placed: coordinates that are no numbers, heights, arcs.

A corner whose x or y is no number is left out and the row listed: what the other corners draw is
kept. Heights are dropped here, before anything is projected: a ring whose height ends other than it
began is no ring to the projection. Arcs of written geometry are drawn in short straight pieces, as
GDAL draws those of files.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyogrio
import shapely
from geopandas import GeoDataFrame, GeoSeries

from siting.layers.piece import Repair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from siting.layers.piece import Piece

    Shapes = NDArray[Any]

_CURVED: Final = re.compile("CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|MULTI(CURVE|SURFACE)", re.I)
_LEAST: Final = {"Point": 1, "LineString": 2, "LinearRing": 4}
"""Corners without which a shape is nothing; a ring counts its first corner twice."""


def drop_lost_corners(piece: Piece) -> Piece:
    """Return the piece, flat, without corners that are no numbers, each row of them listed."""
    frame = piece.frame
    if not isinstance(frame, GeoDataFrame) or frame.empty:
        return piece
    with np.errstate(invalid="ignore"):
        shapes = shapely.force_2d(frame.geometry.to_numpy())
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    lost = np.unique(owner[~np.isfinite(xy).all(axis=1)])
    shapes[lost] = [_finite(shape) for shape in shapes[lost]]
    repairs = [
        Repair(row_id=str(row), action="corners_dropped", reason="no_number", effect="")
        for row in frame.index[lost]
    ]
    flat = GeoSeries(shapes, index=frame.index, crs=frame.crs)
    return piece.having(frame.assign(geometry=flat), repairs)


def _finite(shape: Any) -> Any:
    """Return the shape without corners that are no numbers; empty where nothing is left."""
    if shape.geom_type == "Polygon":
        shell, *holes = (_finite(ring) for ring in shapely.get_rings(shape))
        return shapely.Polygon(shell, [hole for hole in holes if not hole.is_empty])
    if shape.geom_type not in _LEAST:
        return type(shape)([_finite(part) for part in shapely.get_parts(shape)])
    xy = shapely.get_coordinates(shape)
    kept = xy[np.isfinite(xy).all(axis=1)]
    if shape.geom_type == "LinearRing" and len(kept) and (kept[0] != kept[-1]).any():
        kept = np.vstack([kept, kept[:1]])
    return type(shape)(kept) if len(kept) >= _LEAST[shape.geom_type] else type(shape)()


def is_curved(text: object) -> bool:
    """Tell whether a written geometry has arcs."""
    return isinstance(text, str) and _CURVED.search(text) is not None


def straighten(texts: Sequence[str]) -> Shapes:
    """Return geometries written with arcs as straight pieces, None where they cannot be read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "curves.csv"
        pd.DataFrame({"wkt": list(texts)}).to_csv(path)
        read = pyogrio.read_dataframe(
            path, GEOM_POSSIBLE_NAMES="wkt", KEEP_GEOM_COLUMNS="NO", on_invalid="fix"
        )
    if not isinstance(read, GeoDataFrame):
        return np.full(len(texts), None, dtype=object)
    return read.geometry.to_numpy()
