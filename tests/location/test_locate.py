"""Roads, workers and buyers on maps small enough to check by hand."""

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point, box

from portfolio.town import CRS
from siting.location.locate import _left, _mean, _ways, measure
from siting.location.roads import travel
from siting.region import LocationParams

PARAMS = LocationParams(
    speed_kmh={"I": 60.0}, unknown_speed_kmh=60.0, local_speed_kmh=30.0, winding=1.0,
    local_km=0.0, join_m=300.0, access_km=5.0, commute_minutes=45.0, half_commute_minutes=20.0,
    workers_ha=10.0,
)  # fmt: skip
KM = 1000.0


def roads(*lines, category="I"):
    ids = [f"R{i}" for i in range(len(lines))]
    shapes = [LineString([(x * KM, y * KM) for x, y in line]) for line in lines]
    return gpd.GeoDataFrame(
        {"utility": "road", "status": "operating", "road_category": category},
        geometry=shapes, index=pd.Index(ids, name="source_id"), crs=CRS,
    )  # fmt: skip


def km(lines, origins, targets, params=PARAMS):
    told = travel(lines, np.array(origins, float) * KM, np.array(targets, float) * KM, params)
    return told[0]


def test_a_place_is_joined_to_the_edge_and_not_to_a_far_node():
    """One straight road of 100 km with nodes only at its ends: x----a----------b----x."""
    road = roads([(0, 0), (100, 0)])
    assert km(road, [(40, 0)], [(43, 0)])[0, 0] == pytest.approx(3)
    # 1 km to the road, 10 along it, 2 km from it; local ways at half the speed
    found, minutes = (
        each[0, 0]
        for each in travel(road, np.array([[40, 1]]) * KM, np.array([[50, -2]]) * KM, PARAMS)
    )
    assert found == pytest.approx(13)
    assert minutes == pytest.approx(10 + 2 * 3)


def test_roads_that_cross_meet_and_the_way_turns_there():
    r"""|          a at (5, 4) on the upright road, b at (9, 0) on the level one:
    a  |          4 down, 4 right.
    ---+-----b"""
    cross = roads([(0, 0), (10, 0)], [(5, -5), (5, 5)])
    assert km(cross, [(5, 4)], [(9, 0)])[0, 0] == pytest.approx(8)


def test_a_loose_end_within_reach_is_joined_and_one_beyond_it_is_not():
    """The branch stops 200 m above the road; at 400 m it does not lead there."""
    near = roads([(0, 0), (10, 0)], [(5, 0.2), (5, 5)])
    far = roads([(0, 0), (10, 0)], [(5, 0.4), (5, 5)])
    assert km(near, [(5, 5)], [(0, 0)])[0, 0] == pytest.approx(5 + 5)
    assert np.isinf(km(far, [(5, 5)], [(0, 0)])[0, 0])


def test_where_no_road_leads_the_straight_line_is_told_as_such():
    lines = roads([(0, 0), (10, 0)])
    params = PARAMS.model_copy(update={"winding": 1.3})
    found, minutes, by_road = _ways(
        lines, np.array([[0.0, 0.0]]), np.array([[3 * KM, 40 * KM]]), params
    )
    assert found[0, 0] == pytest.approx(1.3 * np.hypot(3, 40))
    assert minutes[0, 0] == pytest.approx(1.3 * np.hypot(3, 40))  # 60 km/h
    assert not by_road[0, 0]


def test_a_faster_detour_wins_in_minutes_and_not_in_km():
    """Slow and straight 10 km at 30 km/h, or 14 km at 60 km/h round a square."""
    slow = roads([(0, 0), (10, 0)], category="V")
    fast = roads([(0, 0), (0, 2), (10, 2), (10, 0)])
    both = pd.concat([slow, fast.set_axis(["F"])])
    params = PARAMS.model_copy(update={"speed_kmh": {"I": 60.0, "V": 30.0}})
    found, minutes = travel(both, np.array([[0.0, 0.0]]), np.array([[10.0, 0.0]]) * KM, params)
    assert found[0, 0] == pytest.approx(10)
    assert minutes[0, 0] == pytest.approx(14)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_ways_equal_a_brute_force_search_and_are_the_same_both_ways(seed):
    """A lattice with random links; Floyd and Warshall over its crossings is the oracle."""
    rng = np.random.default_rng(seed)
    size = 4
    at = {(x, y): i for i, (x, y) in enumerate(np.ndindex(size, size))}
    best = np.full((size**2, size**2), np.inf)
    np.fill_diagonal(best, 0)
    lines = []
    for (x, y), i in at.items():
        for step in ((1, 0), (0, 1)):
            other = (x + step[0], y + step[1])
            if other in at and rng.random() < 0.7:
                lines.append([(2 * x, 2 * y), (2 * other[0], 2 * other[1])])
                best[i, at[other]] = best[at[other], i] = 2
    for k in range(size**2):
        best = np.minimum(best, best[:, [k]] + best[[k]])
    touched = {2 * 1.0 * np.array(p) @ [1, 1000] for line in lines for p in np.array(line) / 2}
    nodes = [p for p in at if 2 * np.array(p) @ [1, 1000] in touched]
    if not nodes:
        return
    places = [(2.0 * x, 2.0 * y) for x, y in nodes]
    found = km(roads(*lines), places, places)
    ids = [at[p] for p in nodes]
    np.testing.assert_allclose(found, best[np.ix_(ids, ids)], atol=1e-6)
    np.testing.assert_allclose(found, found.T, atol=1e-6)


def test_workers_are_shared_by_pull_and_a_lone_site_keeps_them_all():
    """Two sites of pull 3 and 1, the second chosen; a firm of pull 2: 3 / (3 + 1 + 2) and 1 / 3."""
    pull = np.array([[3.0], [1.0], [2.0]])
    left = _left(pull, np.array([False, True, True]), 2, np.array([600.0]))
    assert left == pytest.approx([300.0, 200.0])
    alone = _left(pull[:1], np.array([False]), 1, np.array([600.0]))
    assert alone == pytest.approx([600.0])


def test_means_are_weighted_and_unknown_where_nobody_lives():
    assert _mean(np.array([[10.0, 40.0]]), np.array([2.0, 1.0])) == pytest.approx([20.0])
    assert np.isnan(_mean(np.zeros((1, 0)), np.zeros(0)))


def layers(lines):
    def points(key, rows, **columns):
        return gpd.GeoDataFrame(
            columns, geometry=[Point(x * KM, y * KM) for x, y in rows],
            index=pd.Index([f"{key}{i}" for i in range(len(rows))]), crs=CRS,
        )  # fmt: skip

    return SimpleNamespace(
        infrastructure=lines,
        settlements=points(
            "T", [(0, 0), (60, 0)], population=[1000.0, 9000.0], workforce=[500.0, np.nan]
        ),
        enterprises=points("E", [(10, 0)], employees=[100.0]),
        parks=points("P", [(90, 0)], area_ha=[10.0], occupancy_share=[np.nan]),
    )


def test_a_site_counts_the_town_within_45_minutes_and_shares_it_with_the_firm_between():
    """Town 0 at 0 km, firm at 10, site at 20, town 1 at 60 and 40 km away: 40 minutes."""
    sites = gpd.GeoDataFrame(
        {"buildable_ha": [20.0], "is_chosen": [False]},
        geometry=[box(19.5 * KM, -500, 20.5 * KM, 500)],
        index=pd.Index(["S"], name="site_id"), crs=CRS,
    )  # fmt: skip
    told, firm_km = measure(sites, layers(roads([(0, 0), (100, 0)])), PARAMS)
    assert firm_km == pytest.approx(np.array([[10.0]]))
    found = pd.DataFrame(told).loc["S"]
    assert found["workers_45min_count"] == pytest.approx(500 + 0.52 * 9000)
    assert found["consumers_km"] == pytest.approx((1000 * 20 + 9000 * 40) / 10_000)
    assert found["buyers_km"] == pytest.approx(10)
    assert found["by_road_share"] == pytest.approx(1)
    # A f of the site 200, of the firm 100, of the park 100; f is 2^-(minutes / 20)^2
    f = {k: 2.0 ** -((k / 20) ** 2) for k in (10, 20, 30, 40)}
    near = 500 * 200 * f[20] / (200 * f[20] + 100 * f[10])
    # the firm is 50 minutes from town 1, beyond the limit; the park is 30
    far = 4680 * 200 * f[40] / (200 * f[40] + 100 * f[30])
    assert found["workers_left_count"] == pytest.approx(near + far)


def test_moving_the_map_and_splitting_a_road_change_nothing():
    places, goals = [(3, 1), (8, 0)], [(0, 0), (10, 2)]
    whole = roads([(0, 0), (10, 0), (10, 2)])
    split = whole.set_geometry(
        [MultiLineString([[(0, 0), (4000, 0), (10000, 0)], [(10000, 0), (10000, 2000)]])], crs=CRS
    )
    moved = whole.set_geometry(whole.translate(7 * KM, -3 * KM))
    there = np.array([7, -3])
    expected = km(whole, places, goals)
    np.testing.assert_allclose(km(split, places, goals), expected)
    np.testing.assert_allclose(km(moved, places + there, goals + there), expected)
