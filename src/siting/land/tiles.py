"""Zones cut small: long lines into chunks, large polygons into tiles, so that a plot meets little.

A line across a region has a box as large as the region, and an overlay reads every corner of both
shapes. Cut pieces have small boxes and few corners, and together they cover exactly the zone: the
chunks of a line overlap in the round end of each, tiles share edges only.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from siting.land.pieces import Geometries, Positions

SEGMENT_M: Final = 2000.0
"""Straight parts longer than this are cut, m: a box of a few km meets few plots."""
CHUNK_SEGMENTS: Final = 4
TILE_CORNERS: Final = 400
"""Polygons with more corners are halved. Overlays of small shapes cost their overhead, so tiles of
fewer corners only make more of them; most zones stay whole."""
_MOST_HALVINGS: Final = 40
"""Two halvings per doubling of detail: more than any map holds; corners in one spot stay so."""
_BATCH: Final = 2048
"""Geometries handed to a thread at once."""
Done = TypeVar("Done")


def widen(
    objects: Geometries, width_m: NDArray[np.float64], quad_segs: int
) -> tuple[Geometries, Positions]:
    """Return the zones of the objects in small pieces, and the object of each piece.

    Parameters
    ----------
    objects
        Points, lines and polygons, shape (n,).
    width_m
        How far the zone reaches from each, shape (n,).
    quad_segs
        Segments of a quarter circle.
    """
    is_line = shapely.get_dimensions(objects) == 1
    chunks, of_line = _chunks(objects[is_line])
    owner = np.concatenate([np.flatnonzero(~is_line), np.flatnonzero(is_line)[of_line]])
    pieces = np.concatenate([objects[~is_line], chunks])
    wide = width_m[owner] > 0
    pieces[wide] = over_threads(
        lambda shapes, width: shapely.buffer(shapes, width, quad_segs=quad_segs),
        pieces[wide],
        width_m[owner][wide],
    )
    # copies: one object under two rules would be prepared by two threads at once
    pieces[~wide] = shapely.force_2d(pieces[~wide])
    return _halve(pieces, owner)


def over_threads(
    work: Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]],
    first: NDArray[Any],
    second: NDArray[Any],
) -> NDArray[Any]:
    """Return work(first, second) of arrays of the same length, done in batches by all cores.

    The overlays of shapely run outside the interpreter's lock; each row depends on itself alone,
    so the result does not depend on the number of threads.
    """
    return np.concatenate(
        runs_of_threads(lambda some: work(first[some], second[some]), len(first), _BATCH)
    )


def runs_of_threads(work: Callable[[slice], Done], count: int, at_once: int) -> list[Done]:
    """Return work(slice) of consecutive slices of `at_once` rows, in order, done by all cores."""
    ends = [*range(at_once, count, at_once), count]
    slices = [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]
    if len(slices) == 1:
        return [work(slices[0])]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(work, slices))


def _chunks(lines: Geometries) -> tuple[Geometries, Positions]:
    """Return the lines in chunks of a few segments, and the line of each chunk."""
    parts, of_part = shapely.get_parts(lines, return_index=True)
    if len(parts) == 0:
        return parts, of_part
    parts = shapely.segmentize(parts, SEGMENT_M)
    corners = shapely.get_coordinates(parts)
    count = shapely.get_num_coordinates(parts)
    first = np.cumsum(count) - count
    pieces = -(-(count - 1) // CHUNK_SEGMENTS)
    part = np.repeat(np.arange(len(parts)), pieces)
    order = np.arange(len(part)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    start = first[part] + order * CHUNK_SEGMENTS
    # a chunk ends where the next begins, so no part of the line is lost
    length = np.minimum(CHUNK_SEGMENTS, first[part] + count[part] - 1 - start) + 1
    chunk = np.repeat(np.arange(len(part)), length)
    within = np.arange(len(chunk)) - np.repeat(np.cumsum(length) - length, length)
    made = shapely.linestrings(corners[start[chunk] + within], indices=chunk)
    return made, of_part[part]


def _halve(shapes: Geometries, owner: Positions) -> tuple[Geometries, Positions]:
    """Return polygons of at most `TILE_CORNERS` corners that cover the shapes, and their owners."""
    done, owners = [], []
    for _ in range(_MOST_HALVINGS):
        small = shapely.get_num_coordinates(shapes) <= TILE_CORNERS
        done.append(shapes[small])
        owners.append(owner[small])
        shapes, owner = shapes[~small], owner[~small]
        if len(shapes) == 0:
            break
        halves = [over_threads(shapely.intersection, shapes, box) for box in _half_boxes(shapes)]
        parts, at = shapely.get_parts(np.concatenate(halves), return_index=True)
        is_land = shapely.area(parts) > 0
        shapes, owner = parts[is_land], np.tile(owner, 2)[at[is_land]]
    return np.concatenate([*done, shapes]), np.concatenate([*owners, owner])


def _half_boxes(shapes: Geometries) -> tuple[Geometries, Geometries]:
    """Return the two halves of the box of each shape, cut across its longer side."""
    west, south, east, north = shapely.bounds(shapes).T
    is_wide = east - west >= north - south
    x, y = (west + east) / 2, (south + north) / 2
    lower = shapely.box(west, south, np.where(is_wide, x, east), np.where(is_wide, north, y))
    upper = shapely.box(np.where(is_wide, x, west), np.where(is_wide, south, y), east, north)
    return lower, upper
