"""What would free a plot, each cure on a map small enough to price by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely import LineString, box

from land.drawn import PARAMS, layers, line, objects, plots, rule, rules, square, town
from siting.land import assemble, exclude, explain
from siting.tables import check
from siting.tables.land import CURES

SANITARY = [
    rule("housing", width, kind=f"sanitary class {name}", is_hard=False)
    for name, width in (("I", 1000), ("II", 500), ("III", 300), ("IV", 100), ("V", 50))
]
WIRES = rule("power line", 20, kind="110 kV")
LONE = PARAMS.model_copy(update={"min_assembly_ha": 1000.0})
"""No assemblies: every small plot is refused alone."""


def cures_of(land, params=LONE, rows=(WIRES,), **given):
    bundle = layers(land, protection_zones=rules(*rows), **given)
    found = exclude(land, layers=bundle, params=params)
    sites = assemble(found.plots, layers=bundle, params=params)
    return check(explain(found.plots, sites, layers=bundle, params=params), CURES)


def of(cures, name, cause):
    return cures[(cures["subject_id"] == name) & (cures["cause"] == cause)]


def test_a_good_plot_has_no_row():
    assert cures_of(plots({"a": square(0, 0)})).empty


def test_a_category_is_changed_for_its_price_and_time_and_forest_is_not():
    """100 ha of fields at 0.3 mln a ha; the forest beside cannot be changed."""
    land = plots(
        {"a": square(0, 0), "b": square(5000, 0)}, category={"a": "agricultural", "b": "forest"}
    )
    cures = cures_of(land)
    change = of(cures, "a", "category_unfit").iloc[0]
    assert (change["cure"], change["months"]) == ("change_category", 9)
    assert change["price_mrub"] == pytest.approx(30)
    assert change["is_cheapest"]
    assert not change["is_blocking"]
    refused = of(cures, "b", "category_forbidden").iloc[0]
    assert (refused["cure"], refused["is_blocking"]) == ("none", True)
    assert not refused["is_enough"]


def test_forbidden_land_of_a_category_that_can_be_changed_is_freed_whole():
    params = LONE.model_copy(update={"forbidden_categories": ("reserve",)})
    cures = cures_of(plots({"a": square(0, 0)}, category="reserve"), params)
    change = of(cures, "a", "category_forbidden").iloc[0]
    assert (change["cure"], change["left_ha"]) == ("change_category", pytest.approx(100))


def test_the_cheapest_neighbour_that_is_enough_is_bought():
    """a has 4 ha and needs 4 more; b (3 ha) is too little, c (6 ha) dearer than d (5 ha).

    +---+-----+
    | a |  b  |   c below a, d above a
    +---+-----+
    """
    land = plots(
        {
            "a": box(0, 0, 200, 200),
            "b": box(200, 0, 350, 200),
            "c": box(0, -300, 200, 0),
            "d": box(0, 200, 200, 450),
            "far": square(3000, 0, 200),
        },
        price_mrub={"b": 0.1, "c": 9.0, "d": 7.0, "a": 1.0, "far": 0.1},
    )
    cure = of(cures_of(land), "a", "too_small").iloc[0]
    assert (cure["cure"], cure["object_id"], cure["status"]) == ("buy_neighbour", "d", "DERIVED")
    assert cure["left_ha"] == pytest.approx(9)
    assert cure["price_mrub"] == pytest.approx(7.3)
    assert cure["is_cheapest"]


def test_an_unknown_price_is_guessed_and_said_to_be():
    """b costs what a hectare of its category costs where it is told: 2 mln at c, 6 ha: 12 mln."""
    land = plots(
        {"a": square(0, 0, 200), "b": box(200, 0, 500, 200), "c": square(9000, 0, 100)},
        price_mrub={"c": 2.0},
    )
    cure = of(cures_of(land), "a", "too_small").iloc[0]
    assert cure["price_mrub"] == pytest.approx(12.3)
    assert cure["status"] == "ASSUMED"


def test_moving_a_line_gives_back_its_zone_for_the_price_of_its_stretch():
    """300 x 300 m, a 110 kV line through the middle: 9 - 1.2 = 7.8 ha are less than 8.

    The stretch is 300 m and 20 m beyond at both ends: 0.34 km x 1.6 x 20 mln + 5 mln.
    """
    land = plots({"a": square(0, 0, 300)})
    wires = line("l", LineString([(150, -900), (150, 900)]), voltage_kv=110)
    cures = cures_of(land, infrastructure=objects("infrastructure", wires))
    cure = of(cures, "a", "too_small").iloc[0]
    assert (cure["cure"], cure["object_id"]) == ("move_line", "l")
    assert cure["left_ha"] == pytest.approx(9)
    assert cure["price_mrub"] == pytest.approx(0.34 * 1.6 * 20 + 5)
    assert (cure["is_enough"], cure["is_cheapest"]) == (True, True)


def test_two_lines_are_moved_together_where_one_is_not_enough():
    land = plots({"a": box(0, 0, 210, 400)})
    lines = [
        line(name, LineString([(x, -900), (x, 900)]), voltage_kv=110)
        for name, x in (("k", 20), ("l", 190))
    ]
    cures = of(cures_of(land, infrastructure=objects("infrastructure", *lines)), "a", "too_small")
    moves = cures.set_index("object_id")
    assert moves["left_ha"].to_dict() == pytest.approx({"k": 6.8, "l": 6.8, "k;l": 8.4})
    assert moves["is_enough"].to_dict() == {"k": False, "l": False, "k;l": True}
    assert moves.loc["k;l", "price_mrub"] == pytest.approx(
        moves.loc[["k", "l"], "price_mrub"].sum()
    )


def test_a_line_dearer_than_its_place_is_never_moved():
    land = plots({"a": square(0, 0, 300)})
    wires = line("l", LineString([(150, -900), (150, 900)]), voltage_kv=500)
    cures = cures_of(
        land,
        rows=[rule("power line", 30, kind="500 kV")],
        infrastructure=objects("infrastructure", wires),
    )
    assert of(cures, "a", "too_small")["cure"].tolist() == ["none"]


def test_near_housing_a_milder_class_or_a_cut_corner_helps():
    """Houses 60 m west of a plot 1 km wide: class V keeps 50 m, class IV wants 40 m cut off."""
    land = plots({"a": square(0, 0)})
    homes = town("t", box(-560, -500, -60, 1500))
    cures = cures_of(land, rows=SANITARY, settlements=objects("settlements", homes))
    near = of(cures, "a", "near_housing").set_index("cure")
    assert not near["is_blocking"].any()
    assert near.loc["lower_class", "object_id"] == "V"
    assert near.loc["lower_class", "is_cheapest"]
    assert near.loc["cut_corner", "left_ha"] == pytest.approx(96)
    assert near.loc["cut_corner", "is_enough"]


def test_nearer_than_the_mildest_class_it_blocks():
    land = plots({"a": square(0, 0)})
    homes = town("t", box(-560, -500, -40, 1500))
    cures = cures_of(land, rows=SANITARY, settlements=objects("settlements", homes))
    near = of(cures, "a", "near_housing")
    assert near["is_blocking"].all()
    assert near["cure"].tolist() == ["cut_corner"]


def test_arguments_are_not_changed():
    land = plots({"a": square(0, 0, 200), "b": square(200, 0, 200)}, category="agricultural")
    bundle = layers(land, protection_zones=rules(*SANITARY))
    found = exclude(land, layers=bundle, params=LONE).plots
    sites = assemble(found, layers=bundle, params=LONE)
    before = found.copy(deep=True), sites.copy(deep=True)
    explain(found, sites, layers=bundle, params=LONE)
    assert_frame_equal(pd.DataFrame(found), pd.DataFrame(before[0]))
    assert_frame_equal(pd.DataFrame(sites), pd.DataFrame(before[1]))


widths = st.lists(st.integers(2, 12), min_size=2, max_size=6)
modest = settings(max_examples=12, deadline=None)


@modest
@given(widths, st.lists(st.integers(1, 30), min_size=6, max_size=6))
def test_no_single_neighbour_that_is_enough_is_cheaper(sizes, prices):
    """Strips around a small plot, all adjacent to it; brute force over all sets of neighbours."""
    shapes = {"a": square(0, 0, 100)}
    for at, size in enumerate(sizes):
        west = 100 if at % 2 else -10 * size
        shapes[f"n{at}"] = box(west, 200 * at, west + 10 * size, 200 * at + 190)
    land = plots(shapes, price_mrub={f"n{at}": float(p) for at, p in enumerate(prices)})
    params = LONE.model_copy(update={"max_gap_m": 2000.0})
    rows = of(cures_of(land, params), "a", "too_small")
    bought = rows[rows["cure"] == "buy_neighbour"]
    area = {name: shape.area / 1e4 for name, shape in shapes.items()}
    price = {f"n{at}": float(p) for at, p in enumerate(prices)}
    names = [name for name in shapes if name != "a"]
    total = area["a"] + sum(area[name] for name in names)
    assert bought["is_enough"].tolist() == [total >= params.min_park_ha - 1e-9]
    chosen = bought.iloc[0]["object_id"].split(";")
    assert bought.iloc[0]["left_ha"] == pytest.approx(area["a"] + sum(area[n] for n in chosen))
    assert bought.iloc[0]["price_mrub"] == pytest.approx(sum(price[n] + 0.3 for n in chosen))
    enough = [n for n in names if area["a"] + area[n] >= params.min_park_ha]
    if enough:
        assert bought.iloc[0]["price_mrub"] == pytest.approx(min(price[n] for n in enough) + 0.3)
    elif bought.iloc[0]["is_enough"]:
        # without its dearest hectares it would not be enough
        dearest = max(chosen, key=lambda name: (price[name] / area[name], name))
        rest = area["a"] + sum(area[name] for name in chosen if name != dearest)
        assert rest < params.min_park_ha


@modest
@given(st.randoms(use_true_random=False), st.integers(-200, 200))
def test_shuffling_and_moving_change_nothing(random, east_km):
    land = {f"p{at}": square(260 * (at % 4), 260 * (at // 4), 250) for at in range(8)}
    kinds = dict(zip(land, ("industry", "agricultural", "forest", "settlements") * 2, strict=True))
    names = list(land)
    random.shuffle(names)
    moved = {n: square(1000 * east_km + land[n].bounds[0], land[n].bounds[1], 250) for n in names}
    here = cures_of(plots(land, category=kinds))
    there = cures_of(plots(moved, category=kinds))
    assert_frame_equal(here, there)
    assert np.isfinite(here.loc[here["is_cheapest"], "price_mrub"]).all()
