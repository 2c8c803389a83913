"""Slopes of drawn ground: planes, a hill, and ground nobody measured."""

import numpy as np
import pytest
from shapely import box

from land.drawn import PARAMS, layers, objects, plots, point, rule, rules, town
from siting.land import assemble, exclude
from siting.land.slope import mean_slope, steep_areas
from siting.tables import Elevation

CELL_M = 50.0
STEEP_RULE = rule("steep slope", 0, kind="over 10 %", status="ASSUMED", source="a code of 2020")


def ground(height, *, rows=24, columns=24):
    """Heights of height(x, y) at the middle of cells; the map's south-west corner is (0, 0)."""
    x = (np.arange(columns) + 0.5) * CELL_M
    y = (rows - np.arange(rows) - 0.5) * CELL_M
    z = np.array([[height(e, n) for e in x] for n in y], dtype=np.float32)
    return Elevation(height_m=z, west_m=0.0, north_m=rows * CELL_M, cell_m=CELL_M)


@pytest.mark.parametrize(("east", "north"), [(0.0, 0.0), (0.1, 0.0), (0.0, -0.2), (0.3, 0.4)])
def test_a_plane_has_its_own_slope_everywhere_but_at_the_edge_of_the_map(east, north):
    slope = ground(lambda x, y: 100 + east * x + north * y).slope_share()
    assert np.allclose(slope[1:-1, 1:-1], np.hypot(east, north), atol=1e-5)
    assert np.isnan(slope[0]).all()
    assert np.isnan(slope[:, -1]).all()


def test_a_cell_beside_an_unknown_height_is_unknown():
    flat = ground(lambda x, y: 5.0)
    flat.height_m[10, 10] = np.nan
    unknown = np.argwhere(np.isnan(flat.slope_share()[1:-1, 1:-1])) + 1
    assert {tuple(at) for at in unknown.tolist()} == {
        (r, c) for r in (9, 10, 11) for c in (9, 10, 11)
    }


def test_too_few_cells_tell_no_slope():
    assert np.isnan(ground(lambda x, y: x, rows=2, columns=9).slope_share()).all()


def bank(x, y):
    """Flat west of 600 m, then rising 1 m in 4: the cells from 600 m on are steep, one before."""
    return max(0.0, x - 600) / 4


def test_the_steep_side_of_a_plot_is_lost_by_rule_and_object():
    land = plots({"whole": box(200, 200, 1000, 1000), "flat": box(100, 100, 500, 500)})
    tables = layers(land, protection_zones=rules(STEEP_RULE), elevation=ground(bank))
    found = exclude(land, layers=tables, params=PARAMS)
    # cells from 600 m on, and that before it whose own neighbour rises: 6.25 m by 100 m is 6 %
    assert found.plots["buildable_ha"].tolist() == pytest.approx([32.0, 16.0])
    row = found.exclusions.iloc[0]
    assert (row["feature"], row["class"], row["object_id"]) == (
        "steep slope", "over 10 %", "slope-000001",
    )  # fmt: skip
    assert (row["status"], row["source"]) == ("ASSUMED", "a code of 2020")
    assert row["area_ha"] == pytest.approx(32.0)
    assert found.unruled.empty


def test_without_a_dem_nothing_is_lost_and_the_report_says_that_slopes_are_unknown():
    land = plots({"p": box(200, 200, 1000, 1000)})
    found = exclude(land, layers=layers(land, protection_zones=rules(STEEP_RULE)), params=PARAMS)
    assert found.plots["buildable_ha"].tolist() == [64.0]
    assert found.plots["slope_share"].isna().all()
    assert found.unruled[["layer", "reason", "effect"]].to_numpy().tolist() == [
        ["elevation", "elevation_missing", "steep slope"]
    ]


def test_ground_the_dem_does_not_know_is_unknown_and_never_lost():
    land = plots({"beyond": box(2000, 0, 2500, 500), "p": box(700, 200, 1100, 1000)})
    told = ground(bank)
    told.height_m[:, 16:] = np.nan
    found = exclude(
        land, layers=layers(land, protection_zones=rules(STEEP_RULE), elevation=told), params=PARAMS
    )
    # of p only 700 to 750 m is known: the cell beside unknown heights is unknown too
    assert found.plots["buildable_ha"].tolist() == pytest.approx([25.0, 28.0])
    assert np.isnan(found.plots["slope_share"]["beyond"])
    assert found.plots["slope_share"]["p"] == pytest.approx(0.25)


def test_the_slope_of_a_plot_and_of_its_site_is_a_mean():
    land = plots({"a": box(200, 200, 500, 1000), "b": box(650, 200, 950, 1000)})
    tables = layers(
        land,
        settlements=objects("settlements", town("t", point(0, 0))),
        elevation=ground(bank),
    )
    found = exclude(land, layers=tables, params=PARAMS)
    assert found.plots["slope_share"].tolist() == pytest.approx([0.0, 0.25])
    wide = PARAMS.model_copy(update={"max_gap_m": 200.0})
    sites = assemble(found.plots, layers=tables, params=wide)
    joined = sites[sites["plot_ids"] == "a;b"]
    assert joined["slope_share"].tolist() == pytest.approx([0.125])


def test_a_thin_plot_has_the_slope_at_a_point_of_it():
    land = plots({"bent": box(700, 200, 700.5, 1000).union(box(700, 200, 1100, 200.5))})
    assert mean_slope(land, ground(bank)).tolist() == pytest.approx([0.25], abs=0.01)


def test_a_range_of_slopes_takes_what_lies_in_it_and_parts_are_told_from_the_north_west():
    hill = ground(lambda x, y: 0.3 * max(0.0, 300 - np.hypot(x - 600, y - 600)))
    every = sum(area.area for area in steep_areas(hill, 0.05, np.inf))
    low = sum(area.area for area in steep_areas(hill, 0.05, 0.2))
    high = sum(area.area for area in steep_areas(hill, 0.2, np.inf))
    assert low > 0 < high
    assert low + high == pytest.approx(every)
