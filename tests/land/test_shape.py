"""The largest rectangle of a site and its frontage, on shapes one can measure by hand."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon, affinity, box

from land.drawn import PARAMS, layers, line, objects, plots, square
from siting.land import assemble, exclude
from siting.land.shape import frontage_m, rectangles_m

CELLS = 64


def sides(shape):
    long_m, short_m = rectangles_m(np.array([shape], dtype=object))
    return long_m[0], short_m[0]


@pytest.mark.parametrize("degrees", [0, 17, 45])
def test_a_rectangle_is_its_own_largest_however_turned(degrees):
    shape = affinity.rotate(box(4e5, 6e6, 4e5 + 800, 6e6 + 300), degrees)
    assert sides(shape) == pytest.approx((800, 300), abs=2 * 800 / CELLS)


def test_an_l_shape_has_its_longer_arm():
    """A square of 640 m without its north-eastern 440 m: arms of 640 x 200 m."""
    shape = Polygon([(0, 0), (640, 0), (640, 200), (200, 200), (200, 640), (0, 640)])
    assert sides(shape) == pytest.approx((640, 200), abs=2 * 640 / CELLS)


def test_a_hole_in_the_middle_leaves_a_side_strip():
    shape = box(0, 0, 640, 640) - box(320 - 10, 320 - 10, 320 + 10, 320 + 10)
    assert sides(shape) == pytest.approx((640, 310), abs=2 * 640 / CELLS)


def test_no_land_has_no_rectangle():
    assert sides(None) == (0, 0)


def brute_force(shape, step):
    """The largest rectangle along the axes with corners on a lattice, m2."""
    west, south, east, north = shape.bounds
    xs, ys = np.arange(west, east + 1, step), np.arange(south, north + 1, step)
    boxes = [
        box(x0, y0, x1, y1)
        for i, x0 in enumerate(xs)
        for x1 in xs[i + 1 :]
        for j, y0 in enumerate(ys)
        for y1 in ys[j + 1 :]
    ]
    # a hair of slack for corners that lie on the edge
    inside = shapely.covers(shape.buffer(1e-6), np.array(boxes))
    return max((b.area for b, fits in zip(boxes, inside, strict=True) if fits), default=0)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=6, unique=True)
)
def test_it_is_the_largest_rectangle_of_a_chessboard_with_gaps(gone):
    """A square of 8 x 8 fields of 80 m without some: 64 cells a side fall on the fields."""
    shape = box(0, 0, 640, 640) - shapely.union_all(
        [box(80 * x + 80, 80 * y, 80 * x + 160, 80 * y + 80) for x, y in gone]
    )
    parts = shapely.get_parts(shape)
    if len(parts) != 1 or shapely.oriented_envelope(shape).area != 640 * 640:
        return
    long_m, short_m = sides(shape)
    assert long_m * short_m == pytest.approx(brute_force(shape, 80), rel=1e-6)


def road(shape, **more):
    columns = {"utility": "road", "kind": "regional", "road_category": "III"}
    return line("r", shape, **(columns | more))


def test_frontage_is_the_edge_within_reach_of_a_public_road():
    """A road 20 m south of a square of 1 km: its southern edge, and the sides up to 30 m.

    +------+      reach 50 m: sqrt(50^2) - 20 = 30 m of each side
    |      |
    +------+
    ========= road
    """
    land = np.array([square(0, 0)], dtype=object)
    near = objects("infrastructure", road(LineString([(-5000, -20), (5000, -20)])))
    far = objects("infrastructure", road(LineString([(-5000, -60), (5000, -60)])))
    planned = objects(
        "infrastructure", road(LineString([(-5000, -20), (5000, -20)]), status="planned")
    )
    bundles = [layers(plots({}), infrastructure=rows) for rows in (near, far, planned)]
    found = [frontage_m(land, bundle, PARAMS)[0] for bundle in bundles]
    assert found == pytest.approx([1060, 0, 0])


def test_a_corner_touched_by_two_chunks_counts_once():
    bent = LineString([(500, -20), (1020, -20), (1020, 500)])
    near = layers(plots({}), infrastructure=objects("infrastructure", road(bent)))
    found = frontage_m(np.array([square(0, 0)], dtype=object), near, PARAMS)[0]
    # half of two sides, and what the round ends reach beyond: sqrt(50^2 - 20^2) = 45.8 m each
    assert found == pytest.approx(1000 + 2 * math.sqrt(2100), abs=0.5)


def test_sites_carry_both():
    land = plots({"a": square(0, 0)})
    bundle = layers(
        land, infrastructure=objects("infrastructure", road(LineString([(-99, -20), (1099, -20)])))
    )
    found = exclude(land, layers=bundle, params=PARAMS)
    site = assemble(found.plots, layers=bundle, params=PARAMS).iloc[0]
    assert (site["rectangle_long_m"], site["rectangle_short_m"]) == pytest.approx((1000, 1000))
    assert site["frontage_m"] == pytest.approx(1060)
