"""Distances of plots to points equal those of GEOS."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, box

from siting.land.reach import distances_m

corners = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=3, max_size=7, unique=True
)


@settings(max_examples=60, deadline=None)
@given(corners, st.tuples(st.integers(-20, 80), st.integers(-20, 80)))
def test_it_equals_the_distance_of_geos_within_on_the_edge_and_outside(ring, spot):
    plot = shapely.transform(shapely.convex_hull(shapely.MultiPoint(ring)), lambda xy: xy + 6e6)
    place = Point(spot[0] + 6e6, spot[1] + 6e6)
    lands = [plot] if plot.geom_type == "Polygon" else [box(0, 0, 1, 1)]
    found = distances_m(
        np.array(lands, dtype=object), np.array([place]), np.array([0]), np.array([0])
    )
    assert found[0] == pytest.approx(shapely.distance(lands[0], place), abs=1e-6)


def test_bent_plots_holes_parts_and_outlines_count():
    """An L, a ring with the point in its hole, two squares; a point and a square of houses."""
    bent = shapely.Polygon([(0, 0), (30, 0), (30, 10), (10, 10), (10, 30), (0, 30)])
    holed = box(0, 0, 100, 100) - box(40, 40, 60, 60)
    parts = MultiPolygon([box(0, 0, 10, 10), box(90, 0, 100, 10)])
    land = np.array([bent, holed, parts], dtype=object)
    shapes = np.array([Point(20, 20), Point(50, 50), box(200, 0, 210, 10)], dtype=object)
    place, other = np.divmod(np.arange(9), 3)
    found = distances_m(land, shapes, place, other)
    assert found == pytest.approx(shapely.distance(land[place], shapes[other]))
    assert found[[0, 4]] == pytest.approx([10, 10])
