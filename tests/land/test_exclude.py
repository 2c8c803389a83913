"""What zones take from plots, each case on a map small enough to check by hand."""

import math

import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from shapely import LineString, MultiPolygon, Point, Polygon, box

from land.drawn import PARAMS, area, lake, layers, line, objects, plots, point, rule, rules, square
from siting.errors import TableError
from siting.land import exclude
from siting.tables import check
from siting.tables.land import EXCLUSIONS
from siting.tables.results import EXCLUDED

POWER_110 = rule("power line", 20, kind="110 kV")
PROTECTED = rule("protected area", 0)


def excluded(land, *, rows=(POWER_110, PROTECTED), params=PARAMS, **given):
    bundle = layers(land, protection_zones=rules(*rows), **given)
    return exclude(land, layers=bundle, params=params)


def test_a_line_takes_its_width_on_both_sides():
    """Plot 1000 x 1000 m, a 110 kV line straight through the middle: 40 m x 1000 m are lost.

    +-----|-----+
    |     |     |
    +-----|-----+
    """
    land = plots({"a": square(0, 0)})
    wires = line("l", LineString([(500, -99), (500, 1099)]), voltage_kv=110)
    found = excluded(land, infrastructure=objects("infrastructure", wires))
    assert found.plots["buildable_ha"].tolist() == pytest.approx([96.0])
    loss = found.exclusions.iloc[0]
    assert (loss["plot_id"], loss["feature"], loss["class"]) == ("a", "power line", "110 kV")
    assert (loss["object_id"], loss["object_name"], loss["status"]) == ("l", "line l", "VERIFIED")
    assert loss["area_ha"] == pytest.approx(4.0)
    assert loss["is_hard"]


def test_an_object_outside_the_plot_and_the_region_still_restricts():
    """The line runs 10 m west of the plot, over the border: its 20 m zone takes a 10 m strip."""
    land = plots({"a": square(0, 0)})
    wires = line("l", LineString([(-10, -500), (-10, 1500)]), voltage_kv=110)
    found = excluded(land, infrastructure=objects("infrastructure", wires))
    assert found.plots["buildable_ha"].tolist() == pytest.approx([99.0])


def test_overlapping_zones_are_all_listed_and_taken_once():
    """Two protected areas share 200 x 1000 m: 30 and 40 ha listed, 50 ha lost."""
    land = plots({"a": square(0, 0)})
    west = area("w", "protected area", box(0, 0, 300, 1000))
    east = area("e", "protected area", box(100, 0, 500, 1000))
    found = excluded(land, constraints=objects("constraints", west, east))
    assert found.plots["buildable_ha"].tolist() == pytest.approx([50.0])
    assert dict(zip(found.exclusions["object_id"], found.exclusions["area_ha"], strict=True)) == {
        "e": pytest.approx(40.0),
        "w": pytest.approx(30.0),
    }


def test_a_doughnut_plot_loses_nothing_to_an_object_in_its_hole():
    """A protected area of 200 x 200 m lies wholly in the hole of 400 x 400 m."""
    ring = Polygon(square(0, 0).exterior.coords, [box(300, 300, 700, 700).exterior.coords])
    land = plots({"a": ring})
    kept = excluded(
        land, constraints=objects("constraints", area("p", "protected area", square(400, 400, 200)))
    )
    assert kept.plots["buildable_ha"].tolist() == pytest.approx([84.0])
    assert kept.exclusions.empty


def test_an_island_in_a_lake_is_land():
    """The lake is a ring around an island of 200 x 200 m; only the water is lost."""
    ring = Polygon(
        box(200, 200, 800, 800).exterior.coords, [box(400, 400, 600, 600).exterior.coords]
    )
    land = plots({"a": square(0, 0)})
    found = excluded(land, terrain=objects("terrain", lake("w", ring)))
    assert found.plots["buildable_ha"].tolist() == pytest.approx([100 - 36 + 4])
    assert found.exclusions["feature"].tolist() == ["water"]
    island = shapely.get_parts(found.plots["buildable"].iloc[0])
    assert sorted(shapely.area(island)) == pytest.approx([40_000, 640_000])


def test_touching_corners_and_edges_lose_nothing():
    """One protected area touches the plot in a corner, another along a whole edge."""
    land = plots({"a": square(0, 0)})
    corner = area("c", "protected area", square(1000, 1000))
    edge = area("e", "protected area", square(-1000, 0))
    found = excluded(land, constraints=objects("constraints", corner, edge))
    assert found.plots["buildable_ha"].tolist() == pytest.approx([100.0])
    assert found.exclusions.empty


def test_a_plot_of_several_parts_with_holes_is_measured_whole():
    """Two parts of 25 ha, one with a hole of 1 ha; a zone takes the whole of the other part."""
    holed = Polygon(square(0, 0, 500).exterior.coords, [square(100, 100, 100).exterior.coords])
    land = plots({"a": MultiPolygon([holed, square(2000, 0, 500)])})
    zone = area("p", "protected area", square(1900, -100, 800))
    found = excluded(land, constraints=objects("constraints", zone))
    assert found.plots["buildable_ha"].tolist() == pytest.approx([24.0])
    assert found.exclusions["area_ha"].tolist() == pytest.approx([25.0])


def test_a_sliver_of_one_centimetre_is_dropped_and_said():
    """The zone leaves a strip of 1 cm x 1000 m = 10 m2 beyond it, less than 100 m2."""
    land = plots({"a": square(0, 0)})
    zone = area("p", "protected area", box(500, -10, 999.99, 1010))
    found = excluded(land, constraints=objects("constraints", zone))
    assert found.plots["buildable_ha"].tolist() == pytest.approx([50.0])
    losses = found.exclusions.set_index("feature")["area_ha"]
    assert losses["sliver"] == pytest.approx(0.001)
    assert losses["protected area"] + losses["sliver"] == pytest.approx(50.0)


def test_a_plot_wholly_in_a_zone_is_refused_with_the_cause():
    land = plots({"a": square(0, 0), "b": square(9000, 0)})
    zone = area("p", "protected area", square(-500, -500, 3000))
    found = excluded(land, constraints=objects("constraints", zone)).plots
    assert found["buildable_ha"].tolist() == pytest.approx([0, 100])
    assert found["buildable"].isna().tolist() == [True, False]
    assert found["is_eligible"].tolist() == [False, True]
    assert found["why_not"].iloc[0] == "all_excluded"
    assert found["why_not"].isna().tolist() == [False, True]


def test_a_forbidden_category_is_a_loss_of_the_whole_plot():
    land = plots({"a": square(0, 0)}, category="forest")
    found = excluded(land)
    assert found.plots["why_not"].tolist() == ["category_forbidden"]
    assert found.plots["buildable_ha"].tolist() == [0]
    loss = found.exclusions.iloc[0]
    assert (loss["feature"], loss["class"], loss["area_ha"]) == ("land category", "forest", 100)


def test_a_soft_zone_is_listed_and_takes_nothing():
    land = plots({"a": square(0, 0)})
    protection = rule("river", 200, kind="50 km and longer", is_hard=False)
    river = lake("r", box(-30_000, -300, 30_000, -100), name="Омь")
    found = excluded(land, rows=[protection], terrain=objects("terrain", river))
    assert found.plots["buildable_ha"].tolist() == pytest.approx([100.0])
    assert found.exclusions["is_hard"].tolist() == [False]
    assert found.exclusions["area_ha"].tolist() == pytest.approx([10.0])


def test_a_zone_around_a_point_is_round_within_the_stated_error():
    """A 50 m zone around a point in the middle of the plot; 16 segments a quarter, inscribed."""
    land = plots({"a": square(0, 0)})
    grave = area("g", "cemetery", point(500, 500))
    found = excluded(land, rows=[rule("cemetery", 50)], constraints=objects("constraints", grave))
    lost_m2 = 1e4 * found.exclusions["area_ha"].iloc[0]
    circle_m2 = math.pi * 50**2
    assert 0.997 * circle_m2 < lost_m2 < circle_m2
    corner = found.plots["buildable"].iloc[0].interiors[0]
    assert Point(500, 500).distance(corner) == pytest.approx(50, rel=0.0013)


def test_a_substation_has_the_zone_of_a_line_of_its_voltage():
    land = plots({"a": square(0, 0)})
    station = line("ps", point(0, 500), voltage_kv=110, kind="substation")
    found = excluded(land, infrastructure=objects("infrastructure", station))
    half_disc_ha = math.pi * 20**2 / 2 / 1e4
    assert found.exclusions["area_ha"].tolist() == pytest.approx([half_disc_ha], rel=0.005)


def test_every_table_keeps_its_contract_and_the_argument_is_not_changed():
    land = plots({"b": square(0, 0), "a": square(3000, 0)})
    before = land.copy(deep=True)
    wires = line("l", LineString([(500, -99), (500, 1099)]), voltage_kv=110)
    found = excluded(land, infrastructure=objects("infrastructure", wires))
    assert_geodataframe_equal(land, before)
    check(found.plots, EXCLUDED)
    check(found.exclusions, EXCLUSIONS)
    assert found.plots.index.tolist() == ["b", "a"]
    assert found.plots.geometry.name == "geometry"
    assert found.plots["buildable"].crs == land.crs


def test_no_plots_and_no_objects_are_an_answer():
    assert len(excluded(plots({})).plots) == 0
    found = excluded(plots({"a": square(0, 0)}), rows=[])
    assert found.plots["buildable_ha"].tolist() == [100]
    assert np.isnan(found.plots["housing_distance_m"].iloc[0])


def test_a_layer_in_another_crs_is_refused():
    land = plots({"a": square(0, 0)})
    wires = objects("infrastructure", line("l", LineString([(0, 0), (1, 1)]), voltage_kv=110))
    with pytest.raises(TableError, match="different CRSs"):
        excluded(land, infrastructure=wires.to_crs(32642))


def test_a_plot_id_with_the_separator_is_refused_by_name():
    with pytest.raises(TableError, match=r"';'.*x;y"):
        excluded(plots({"x;y": square(0, 0)}))
