"""One table of the page: which columns are packed, with how many decimals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pandas import Index, Series

from siting.maps.encode import (
    Packed,
    pack_flags,
    pack_indexes,
    pack_numbers,
    pack_shapes,
    pack_texts,
)
from siting.maps.names import both

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geopandas import GeoDataFrame, GeoSeries
    from pandas import DataFrame

DECIMALS: Final = {"mrub": 3, "share": 4, "km": 2, "ha": 2, "m": 0, "m2": 0, "count": 1, "index": 3}
"""Decimals kept by the unit a column ends with: a thousand roubles, ten metres of a route."""

_DECIMALS_ELSE: Final = 3


class PackedTable:
    """A table on its way into the page; each method adds columns and returns the table."""

    def __init__(self, frame: DataFrame) -> None:
        self._frame = frame
        self._columns: dict[str, Packed] = {}

    def ids(self, name: str = "id") -> PackedTable:
        """Add the index as a column of texts."""
        self._columns[name] = pack_texts(self._frame.index)
        return self

    def names(self, column: str = "name") -> PackedTable:
        """Add a name in both languages."""
        for name, values in both(self._frame, column).items():
            self._columns[name] = pack_texts(values)
        return self

    def texts(self, *columns: str) -> PackedTable:
        """Add columns of texts."""
        for column in columns:
            self._columns[column] = pack_texts(self._frame[column])
        return self

    def named(self, name: str, values: Series) -> PackedTable:
        """Add texts that are no column of the table, as `name`."""
        self._columns[name] = pack_texts(values)
        return self

    def numbers(self, *columns: str) -> PackedTable:
        """Add columns of numbers, rounded by the unit each name ends with."""
        for column in columns:
            places = DECIMALS.get(column.rsplit("_", 1)[-1], _DECIMALS_ELSE)
            self._columns[column] = pack_numbers(self._frame[column], places)
        return self

    def flags(self, *columns: str) -> PackedTable:
        """Add columns of flags; one that a region does not have is false."""
        for column in columns:
            values = self._frame.get(column, Series(data=False, index=self._frame.index))
            self._columns[column] = pack_flags(values)
        return self

    def index(self, name: str, ids: Series, among: Index) -> PackedTable:
        """Add, as `name`, the row of another table that each id stands for."""
        self._columns[name] = pack_indexes(ids, among)
        return self

    def shapes(self, shapes: GeoSeries, *, simplify_m: float = 0.0) -> PackedTable:
        """Add the geometry in degrees, its lines thinned by at most `simplify_m`."""
        # a set-to-None geometry passes through: the page keeps it as no shape
        thin = shapes.simplify(simplify_m) if simplify_m > 0 else shapes
        self._columns["shape"] = pack_shapes(thin)
        return self

    def done(self) -> dict[str, object]:
        """Return the table as the page reads it."""
        return {"n": len(self._frame), "columns": self._columns}


def inner_points(frame: GeoDataFrame) -> GeoSeries:
    """Return a point inside each geometry, where its label and its mark stand.

    It is the centroid where that lies inside: nearer to what the eye takes for the middle, and
    much sooner found.
    """
    shapes = frame.geometry
    middle = shapes.centroid
    # boundaries count: a point is its own centroid and has no inside
    outside = ~shapes.intersects(middle)
    return middle.where(~outside, shapes[outside].representative_point().reindex(shapes.index))


def joined(values: Iterable[object]) -> list[list[str]]:
    """Return lists from texts joined by `;`; a missing text is an empty list."""
    told = values.to_numpy(object) if isinstance(values, Series) else values
    return [
        [part for part in value.split(";") if part] if isinstance(value, str) else []
        for value in told
    ]


def positions(lists: Iterable[Iterable[str]], among: Index) -> list[list[int]]:
    """Return the rows of `among` that each list of ids names; unknown ids are left out."""
    return [
        [int(place) for place in among.get_indexer(Index(list(ids))) if place >= 0] for ids in lists
    ]
