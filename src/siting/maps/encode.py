"""Pack tables into few bytes: columns as varints, coordinates as deltas.

A hundred sites as GeoJSON say every key a hundred times; here a column says its name once. The
bytes of all columns stand in one run, deflated, behind the JSON that says where each begins. The
page's `decode.js` is the other half, and the two are tested together in a browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geopandas import GeoSeries
    from numpy.typing import NDArray
    from pandas import Series

Packed = dict[str, object]

LON_LAT: Final = "EPSG:4326"

DEGREE_DECIMALS: Final = 5
"""Decimals of a degree kept: about a metre, and the data are known to no better."""

_BITS: Final = 7
_MOST_BYTES: Final = 10
_NO_SHAPE, _POINT, _LINE, _POLYGON = range(4)


def pack_numbers(values: Series, decimals: int) -> Packed:
    """Return a column of numbers rounded to `decimals`; missing and infinite become null."""
    numbers = values.to_numpy(float, na_value=np.nan)
    known = np.isfinite(numbers)
    whole = np.rint(np.where(known, numbers, 0.0) * 10.0**decimals).astype(np.int64)
    # 0 is kept for null, so a known number is its zigzag plus one
    codes = np.where(known, _zigzag(whole) + np.uint64(1), np.uint64(0))
    return {"k": "n", "d": decimals, "n": len(numbers), "b": _varints(codes)}


def pack_texts(values: Iterable[object]) -> Packed:
    """Return a column of texts as a dictionary and the place of each row in it.

    Where every row has a text of its own, as ids have, the dictionary is the column.
    """
    known = (
        values
        if isinstance(values, pd.Series | pd.Index)
        else pd.Series(list(values), dtype=object)
    )
    places, words = pd.factorize(known, use_na_sentinel=True)
    told = [str(word) for word in words.to_numpy(object)]
    if len(told) == len(places):
        return {"k": "u", "v": told}
    codes = (places + 1).astype(np.uint64)
    return {"k": "t", "v": told, "n": len(places), "b": _varints(codes)}


def pack_flags(values: Series) -> Packed:
    """Return a column of flags, a bit each; a missing flag is false by the rule of Layers."""
    bits = values.to_numpy(bool, na_value=False)
    return {"k": "f", "n": len(bits), "b": np.packbits(bits, bitorder="little").tobytes()}


def pack_indexes(values: Series, among: pd.Index) -> Packed:
    """Return, for each id, its place in `among`; null where it is not there."""
    places = pd.Series(among.get_indexer(pd.Index(values)), dtype=float)
    return pack_numbers(places.where(places >= 0), 0)


def pack_shapes(shapes: GeoSeries) -> Packed:
    """Return points, lines and polygons of any CRS as kinds, part sizes and delta-coded degrees.

    A polygon is the flat list of its rings, holes and parts alike: filled by the even-odd rule
    they draw and answer clicks the same. A ring is kept without the point that closes it.
    """
    array = np.asarray(shapes.array, dtype=object)
    kinds = _kinds(array)
    lines, owner, is_ring = _lines(array)
    places, line_of = shapely.get_coordinates(lines, return_index=True)
    degrees = _degrees(places, shapes)
    is_last = np.append(line_of[1:] != line_of[:-1], np.ones(min(1, len(line_of)), bool))
    kept = ~(is_last & is_ring[line_of])
    units = np.rint(degrees[kept] * 10.0**DEGREE_DECIMALS).astype(np.int64)
    sizes = np.bincount(line_of[kept], minlength=len(lines))
    steps = np.diff(units, axis=0, prepend=np.zeros((1, 2), np.int64))
    return {
        "k": "g",
        "n": len(array),
        "d": DEGREE_DECIMALS,
        "t": kinds.astype(np.uint8).tobytes(),
        "p": _varints(np.bincount(owner, minlength=len(array)).astype(np.uint64)),
        "r": _varints(sizes.astype(np.uint64)),
        "b": _varints(_zigzag(steps.ravel())),
    }


def _degrees(places: NDArray[np.float64], shapes: GeoSeries) -> NDArray[np.float64]:
    """Return coordinates of the CRS of `shapes` in degrees, without a geometry made anew."""
    if shapes.crs is None or shapes.crs == LON_LAT:
        return places
    change = Transformer.from_crs(shapes.crs, LON_LAT, always_xy=True)
    return np.stack(change.transform(places[:, 0], places[:, 1]), axis=1)


def _kinds(array: NDArray[np.object_]) -> NDArray[np.int64]:
    dimension = shapely.get_dimensions(array)
    empty = shapely.is_missing(array) | shapely.is_empty(array)
    # a collection takes the kind of its widest part; -1 is an empty or missing geometry
    return np.where(empty | (dimension < 0), _NO_SHAPE, dimension + 1)


def _lines(
    array: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.bool_]]:
    """Return every part as a point, line or ring, its row and whether it is a ring, row by row."""
    parts, owner = shapely.get_parts(array, return_index=True)
    is_area = shapely.get_dimensions(parts) == shapely.get_dimensions(shapely.box(0, 0, 1, 1))
    rings, ring_of = shapely.get_rings(parts[is_area], return_index=True)
    lines = np.concatenate([parts[~is_area], rings])
    owners = np.concatenate([owner[~is_area], owner[is_area][ring_of]])
    is_ring = np.arange(len(lines)) >= np.count_nonzero(~is_area)
    full = ~shapely.is_empty(lines)
    lines, owners, is_ring = lines[full], owners[full], is_ring[full]
    order = np.argsort(owners, kind="stable")
    return lines[order], owners[order], is_ring[order]


def _zigzag(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    return ((values << 1) ^ (values >> 63)).astype(np.uint64)


def _varints(values: NDArray[np.uint64]) -> bytes:
    """Return little-endian base-128 bytes; a set high bit says that more follow."""
    if not len(values):
        return b""
    limits = np.uint64(1) << (np.uint64(_BITS) * np.arange(1, _MOST_BYTES, dtype=np.uint64))
    lengths = 1 + np.searchsorted(limits, values, side="right")
    starts = np.cumsum(lengths) - lengths
    out = np.empty(int(lengths.sum()), np.uint8)
    for place in range(int(lengths.max())):
        has = lengths > place
        byte = (values[has] >> np.uint64(_BITS * place)) & np.uint64(0x7F)
        more = (lengths[has] > place + 1).astype(np.uint64) << np.uint64(_BITS)
        out[starts[has] + place] = (byte | more).astype(np.uint8)
    return out.tobytes()
