"""Geometry that is wrong but can be put right; each repair is listed with what it changed.

Repaired: polygons that cross themselves or whose holes stray, rings left open or written twice,
points and lines mixed into a polygon's collection, closed lines where areas are asked, areas where
a network has nodes. An area drawn without any is the line it is, where lines are allowed; a plot or
cover without area is no land: its row is left out and listed. A multipoint of one point is that
point, and heights are dropped: neither changes anything. What cannot be repaired is left as it is,
and the check of the table names it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from geopandas import GeoSeries
from shapely import GeometryType

from siting.layers.piece import Piece, Repair, place_kinds
from siting.tables.inputs import INFRASTRUCTURE, PLOTS, TERRAIN
from siting.tables.schema import LINE, POINT, POLYGON
from siting.units import M2_PER_HA

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shapes = NDArray[Any]

_TYPES: Final = {
    GeometryType.POINT: POINT,
    GeometryType.LINESTRING: LINE,
    GeometryType.POLYGON: POLYGON,
}
_AREAS: Final = (GeometryType.POLYGON, GeometryType.MULTIPOLYGON)
_RING_POINTS: Final = 4
"""A triangle's ring: three corners, and the first again."""


def repair(piece: Piece) -> Piece:
    """Return the piece with every geometry that can be repaired repaired; metric CRS expected."""
    kinds = place_kinds(piece.table)
    if kinds is None or not piece.is_read or "geometry" not in piece.frame.columns:
        return piece
    ids = piece.frame.index.astype(str).to_numpy(dtype=object)
    given = piece.frame.geometry.to_numpy()
    shapes = _unwrapped(shapely.force_2d(given))
    steps = [_unrepeated, _collapsed, _validated, _sorted_out]
    if kinds == POLYGON:
        steps.insert(0, _closed)
    if piece.table.name == INFRASTRUCTURE.name:
        steps.append(_nodes)
    repairs: list[Repair] = []
    for step in steps:
        changed, where, action, reasons = step(shapes, kinds)
        repairs += [
            Repair(
                row_id=ids[i], action=action, reason=reason, effect=_areas(shapes[i], changed[i])
            )
            for i, reason in zip(where, reasons, strict=True)
        ]
        shapes = changed
    geometry = GeoSeries(shapes, index=piece.frame.index, crs=piece.frame.crs)
    frame = piece.frame.assign(geometry=geometry)
    if piece.table in (PLOTS, TERRAIN):
        # what was drawn and has no area is no land; what was not drawn is refused by the check
        drawn = ~(shapely.is_missing(given) | shapely.is_empty(given))
        flat = drawn & np.isin(shapely.get_type_id(shapes), _AREAS) & (shapely.area(shapes) == 0)
        frame = frame[~flat]
        repairs += [_left_out(row) for row in ids[flat]]
    return piece.having(frame, repairs)


def _left_out(row: str) -> Repair:
    return Repair(row_id=row, action="row_left_out", reason="no_area", effect="")


_Step = tuple["Shapes", "NDArray[np.intp]", str, list[str]]
"""The shapes after a step, where they changed, what was done and why."""


def _unwrapped(shapes: Shapes) -> Shapes:
    types = shapely.get_type_id(shapes)
    wrapped = np.isin(types, (GeometryType.MULTIPOINT, GeometryType.GEOMETRYCOLLECTION))
    where = np.flatnonzero(wrapped & (shapely.get_num_geometries(shapes) == 1))
    return _replaced(shapes, where, shapely.get_geometry(shapes[where], 0))


def _closed(shapes: Shapes, kinds: frozenset[str]) -> _Step:
    lines = shapely.get_type_id(shapes) == GeometryType.LINESTRING
    enough = shapely.get_num_coordinates(shapes) >= _RING_POINTS
    where = np.flatnonzero(lines & shapely.is_closed(shapes) & enough)
    drawn = [shapely.Polygon(shapely.get_coordinates(line)) for line in shapes[where]]
    return _replaced(shapes, where, drawn), where, "area_made", ["closed_line"] * len(where)


def _unrepeated(shapes: Shapes, kinds: frozenset[str]) -> _Step:
    """Drop holes that are the shell once more: a ring written twice would leave no land."""
    holed = np.flatnonzero(~shapely.is_valid(shapes) & (shapely.get_num_interior_rings(shapes) > 0))
    kept = [_without_shell(shape) for shape in shapes[holed]]
    is_new = [new is not old for new, old in zip(kept, shapes[holed], strict=True)]
    where = holed[np.array(is_new, dtype=bool)]
    drawn = [new for new, is_other in zip(kept, is_new, strict=True) if is_other]
    return _replaced(shapes, where, drawn), where, "ring_dropped", ["ring_repeated"] * len(where)


def _without_shell(shape: shapely.Polygon) -> shapely.Polygon:
    """Return the polygon without holes that equal its shell, itself where there is none."""
    shell = shapely.normalize(shapely.Polygon(shape.exterior))
    holes = [ring for ring in shape.interiors if shapely.normalize(shapely.Polygon(ring)) != shell]
    is_whole = len(holes) == len(shape.interiors)
    return shape if is_whole else shapely.Polygon(shape.exterior, holes)


def _collapsed(shapes: Shapes, kinds: frozenset[str]) -> _Step:
    """Draw areas without area as the lines or points they are, where those are allowed too."""
    flat = np.isin(shapely.get_type_id(shapes), _AREAS) & (shapely.area(shapes) == 0)
    flat &= ~shapely.is_empty(shapes) & (not LINE.isdisjoint(kinds))
    where = np.flatnonzero(flat)
    drawn = shapely.make_valid(shapes[where], method="structure", keep_collapsed=True)
    is_flat = shapely.get_dimensions(drawn) < 2
    where, drawn = where[is_flat], drawn[is_flat]
    return _replaced(shapes, where, drawn), where, "line_made", ["no_area"] * len(where)


def _validated(shapes: Shapes, kinds: frozenset[str]) -> _Step:
    where = np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes))
    reasons = [_code(text) for text in shapely.is_valid_reason(shapes[where])]
    mended = shapely.make_valid(shapes[where], method="structure", keep_collapsed=False)
    return _replaced(shapes, where, mended), where, "geometry_fixed", reasons


def _sorted_out(shapes: Shapes, kinds: frozenset[str]) -> _Step:
    mixed = np.flatnonzero(shapely.get_type_id(shapes) == GeometryType.GEOMETRYCOLLECTION)
    kept = [_parts(shapes[i], kinds) for i in mixed]
    found = [i for i, part in enumerate(kept) if part is not None]
    where = mixed[found]
    told = ["mixed_geometry"] * len(where)
    return _replaced(shapes, where, [kept[i] for i in found]), where, "parts_dropped", told


def _nodes(shapes: Shapes, kinds: frozenset[str]) -> _Step:
    where = np.flatnonzero(np.isin(shapely.get_type_id(shapes), _AREAS) & ~shapely.is_empty(shapes))
    points = shapely.point_on_surface(shapes[where])
    return _replaced(shapes, where, points), where, "node_made", ["area_of_node"] * len(where)


def _parts(mixed: shapely.Geometry, kinds: frozenset[str]) -> shapely.Geometry | None:
    """Return the parts of the highest dimension that `kinds` allow; None where there are none."""
    parts = shapely.get_parts(mixed)
    parts = shapely.get_parts(parts)
    for single in (GeometryType.POLYGON, GeometryType.LINESTRING, GeometryType.POINT):
        chosen = parts[shapely.get_type_id(parts) == single]
        if len(chosen) and _TYPES[single] <= kinds:
            # parts of one collection may overlap
            return shapely.union_all(chosen)
    return None


def _replaced(shapes: Shapes, where: NDArray[np.intp], by: object) -> Shapes:
    changed = shapes.copy()
    if len(where):
        changed[where] = by
    return changed


def _code(reason: str) -> str:
    """Return GEOS's reason as a code: 'Ring Self-intersection[1 2]' is ring_self_intersection."""
    words = re.sub(r"\[.*", "", reason).strip().lower()
    return re.sub(r"[^a-z]+", "_", words) or "invalid"


def _areas(before: shapely.Geometry, after: shapely.Geometry) -> str:
    was, now = (shapely.area(shape) / M2_PER_HA for shape in (before, after))
    return f"area_ha: {was:.4f} -> {now:.4f}"
