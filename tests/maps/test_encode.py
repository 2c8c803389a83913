"""What is packed can be unpacked: read back here by a literal reader of the format."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, Polygon, box

from siting.maps.encode import pack_flags, pack_indexes, pack_numbers, pack_shapes, pack_texts


def varints(raw):
    values, value, shift = [], 0, 0
    for byte in raw:
        value |= (byte & 127) << shift
        shift += 7
        if not byte & 128:
            values.append(value)
            value = shift = 0
    return values


def unzigzag(code):
    return -(code + 1) // 2 if code % 2 else code // 2


def numbers(packed):
    return [
        None if code == 0 else unzigzag(code - 1) / 10 ** packed["d"]
        for code in varints(packed["b"])
    ]


def texts(packed):
    if packed["k"] == "u":
        return packed["v"]
    return [None if code == 0 else packed["v"][code - 1] for code in varints(packed["b"])]


def rings(packed):
    """Kinds, and the rings of each row in whole units of the last decimal."""
    counts, sizes = varints(packed["p"]), iter(varints(packed["r"]))
    steps = iter(map(unzigzag, varints(packed["b"])))
    x = y = 0
    found = []
    for count in counts:
        row = []
        for _ in range(count):
            ring = []
            for _ in range(next(sizes)):
                x, y = x + next(steps), y + next(steps)
                ring.append((x, y))
            row.append(ring)
        found.append(row)
    return list(packed["t"]), found


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), max_size=30), st.integers(0, 5))
def test_numbers_come_back_to_the_last_decimal_and_missing_stays_missing(values, decimals):
    packed = pack_numbers(pd.Series(values, dtype=float), decimals)
    assert len(numbers(packed)) == packed["n"] == len(values)
    for told, read in zip(values, numbers(packed), strict=True):
        assert (told is None) == (read is None)
        assert told is None or read == pytest.approx(
            told, abs=0.5000001 * 10.0**-decimals, rel=1e-12
        )


@settings(deadline=None, max_examples=40)
@given(st.lists(st.one_of(st.none(), st.text(max_size=6)), max_size=30))
def test_texts_come_back(values):
    assert texts(pack_texts(values)) == values


def test_a_repeated_text_is_kept_once():
    assert pack_texts(["a", "b", "a", None])["v"] == ["a", "b"]


@given(st.lists(st.booleans(), max_size=40))
def test_flags_come_back(values):
    packed = pack_flags(pd.Series(values, dtype=bool))
    bits = np.unpackbits(np.frombuffer(packed["b"], np.uint8), bitorder="little")
    assert bits[: len(values)].astype(bool).tolist() == values


def test_texts_of_which_none_repeats_are_kept_without_places():
    assert pack_texts(["a", "b"]) == {"k": "u", "v": ["a", "b"]}


def test_shapes_of_a_metric_crs_are_kept_in_degrees():
    spot = gpd.GeoSeries([Point(73.4, 55.0)], crs="EPSG:4326")
    assert rings(pack_shapes(spot.to_crs("EPSG:32643"))) == rings(pack_shapes(spot))


def test_infinite_is_null_and_never_breaks_json():
    assert numbers(pack_numbers(pd.Series([np.inf, -np.inf, 1.0]), 0)) == [None, None, 1.0]


def test_ids_become_rows_and_strangers_become_null():
    packed = pack_indexes(pd.Series(["b", "x", None], dtype="str"), pd.Index(["a", "b"]))
    assert numbers(packed) == [1.0, None, None]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.lists(st.tuples(st.floats(-179, 179), st.floats(-80, 80)), min_size=2, max_size=8),
        max_size=8,
    )
)
def test_lines_come_back_to_a_metre(lines):
    shapes = gpd.GeoSeries([LineString(line) for line in lines], crs="EPSG:4326")
    kinds, found = rings(pack_shapes(shapes))
    assert kinds == [2] * len(lines)
    for told, read in zip(lines, found, strict=True):
        assert np.allclose(np.array(read[0]) / 1e5, told, atol=0.51e-5)


def test_every_kind_keeps_its_rows_and_holes_are_rings():
    r"""One row of each kind: a point, nothing, a doughnut, two squares, an empty line, two points.

    The doughnut has 2 rings, the two squares 2, two points 2 parts.
    """
    doughnut = Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (2, 1), (2, 2)]])
    rows = [
        Point(1, 2),
        None,
        doughnut,
        MultiPolygon([box(5, 5, 6, 6), box(8, 8, 9, 9)]),
        LineString(),
        MultiPoint([(0, 0), (1, 1)]),
    ]
    kinds, found = rings(pack_shapes(gpd.GeoSeries(rows, crs="EPSG:4326")))
    assert kinds == [1, 0, 3, 3, 0, 1]
    assert [len(row) for row in found] == [1, 0, 2, 2, 0, 2]
    assert found[0] == [[(100000, 200000)]]
    assert len(found[2][0]) == 4
    assert len(found[2][1]) == 3
    # a ring goes without the point that closes it, in squares too
    assert [len(ring) for ring in found[3]] == [4, 4]


def test_a_collection_takes_the_kind_of_its_widest_part():
    kinds, found = rings(
        pack_shapes(
            gpd.GeoSeries([GeometryCollection([Point(0, 0), box(1, 1, 2, 2)])], crs="EPSG:4326")
        )
    )
    assert kinds == [3]
    assert [len(ring) for ring in found[0]] == [1, 4]


def test_nothing_packs_to_nothing():
    packed = pack_shapes(gpd.GeoSeries([], crs="EPSG:4326"))
    assert (packed["n"], packed["b"]) == (0, b"")
