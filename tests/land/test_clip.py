"""The area that a convex plot clips from a zone, beside shapely's intersection."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box

from land.drawn import square
from siting.land.clip import clipped_m2, is_convex

corner = st.tuples(st.integers(-20, 20), st.integers(-20, 20))
hulls = (
    st.lists(corner, min_size=3, max_size=9, unique=True)
    .map(lambda xy: shapely.convex_hull(shapely.multipoints(xy)))
    .filter(lambda shape: shape.area > 1)
)
bands = st.lists(corner, min_size=2, max_size=5, unique=True).map(
    lambda xy: shapely.buffer(shapely.linestrings(xy), 3, quad_segs=2)
)


def clip(plot, zone):
    pair = np.zeros(1, dtype=np.intp)
    return clipped_m2(np.array([plot]), np.array([zone]), pair, pair)[0]


@settings(max_examples=60, deadline=None)
@given(hulls, bands, st.booleans())
def test_it_equals_the_intersection_however_bent_and_holed_the_zone(plot, zone, is_reversed):
    east, north = 5.2e5, 6.1e6  # where coordinates of a region lie
    plot, zone = (shapely.transform(s, lambda xy: np.add(xy, [east, north])) for s in (plot, zone))
    plot = plot.reverse() if is_reversed else plot
    assert abs(clip(plot, zone) - shapely.intersection(plot, zone).area) < 1e-3


def test_holes_and_parts_of_a_zone_count():
    """A lake of 10 x 10 with an island of 4 x 4, and another lake; the plot covers all."""
    lake = Polygon(square(0, 0, 10).exterior.coords, [square(3, 3, 4).exterior.coords])
    both = MultiPolygon([lake, square(20, 0, 2)])
    assert clip(box(-5, -5, 50, 50), both) == 100 - 16 + 4
    assert clip(box(4, 4, 6, 6), both) == 0
    assert clip(box(0, 0, 5, 5), both) == 25 - 4


def test_touching_shapes_share_nothing():
    assert clip(square(0, 0, 10), square(10, 0, 10)) == 0
    assert clip(square(0, 0, 10), square(10, 10, 10)) == 0


def test_only_shapes_that_bend_one_way_are_convex():
    bent = Polygon([(0, 0), (10, 0), (10, 10), (5, 2), (0, 10)])
    holed = Polygon(square(0, 0, 10).exterior.coords, [square(3, 3, 4).exterior.coords])
    flat = Polygon([(0, 0), (5, 0), (10, 0), (10, 10), (0, 10)])
    shapes = [square(0, 0), bent, holed, MultiPolygon([square(0, 0)]), flat, flat.reverse()]
    disc = shapely.buffer(Point(5.2e5, 6.1e6), 80)
    assert is_convex(np.array([*shapes, disc])).tolist() == [
        True, False, False, False, True, True, True,
    ]  # fmt: skip
