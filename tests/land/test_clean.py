"""Food and medicines away from dirty neighbours, on maps with one plant."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from land.drawn import CONTRACTS, PARAMS, layers, objects, plots, point, rule, rules, square, table
from siting.land import assemble, exclude, explain
from siting.portfolio.alone import stays_clean

ZONES = rules(
    *(
        rule("housing", width, kind=f"sanitary class {name}", is_hard=False)
        for name, width in (("I", 1000), ("II", 500), ("III", 300), ("IV", 100), ("V", 50))
    )
)
PROFILES = table(
    CONTRACTS["demand_profiles"],
    [{"okved": "20", "sanitary_zone_m": 1000.0}, {"okved": "20.5", "sanitary_zone_m": 300.0}],
)


def plant(shape, *, okved="24.1", sanitary_class=None):
    return {
        "enterprise_id": "E", "name": "Works", "okved": okved,
        "sanitary_class": sanitary_class, "size_status": "ASSUMED",
    }, shape  # fmt: skip


def tables(*plants):
    land = plots({"a": square(0, 0)})
    firms = {"enterprises": objects("enterprises", *plants)} if plants else {}
    return layers(land, protection_zones=ZONES, demand_profiles=PROFILES, **firms)


def clean(bundle):
    found = exclude(bundle.plots, layers=bundle, params=PARAMS).plots
    return bool(found["clean_fits"].iloc[0])


@pytest.mark.parametrize(
    ("okved", "sanitary_class", "away_m", "fits"),
    [
        ("24.1", "II", 499, False),
        ("24.1", "II", 501, True),
        ("20.1", None, 999, False),
        ("20.59", None, 999, True),
        ("20.59", None, 299, False),
        ("10.1", "I", 5, True),
        ("24.1", None, 5, True),
    ],
)
def test_a_plant_keeps_food_out_of_its_zone(okved, sanitary_class, away_m, fits):
    """A plant west of the plot; its class or industry tells its zone; food hurts nobody."""
    works = plant(point(-away_m, 500), okved=okved, sanitary_class=sanitary_class)
    assert clean(tables(works)) == fits


def test_it_limits_the_plot_and_its_site_and_names_the_plant():
    bundle = tables(plant(point(-100, 500), sanitary_class="III"))
    found = exclude(bundle.plots, layers=bundle, params=PARAMS).plots
    sites = assemble(found, layers=bundle, params=PARAMS)
    assert sites["is_eligible"].tolist() == [True]
    assert sites["clean_fits"].tolist() == [False]
    cures = explain(found, sites, layers=bundle, params=PARAMS)
    assert cures[["subject_id", "cause", "cure", "object_id"]].to_numpy().tolist() == [
        ["IP-a", "dirty_neighbour", "other_plants", "E"],
        ["a", "dirty_neighbour", "other_plants", "E"],
    ]
    assert not cures["is_blocking"].any()


def test_only_makers_of_food_and_medicines_are_kept_out():
    places = pd.DataFrame({"clean_fits": [True, False]})
    firms = pd.DataFrame({"okved": ["10.7", "21.2", "24.1"]})
    assert stays_clean(places, firms).tolist() == [[True, True, True], [False, False, True]]
    assert stays_clean(places[[]], firms).all()


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-1500, 1500), st.sampled_from(["I", "II", "IV"])), max_size=4)
)
def test_it_equals_the_distance_to_every_plant(found):
    width = {"I": 1000, "II": 500, "IV": 100}
    plants = []
    for at, (east, name) in enumerate(found):
        columns, shape = plant(point(east, -20), sanitary_class=name)
        plants.append((columns | {"enterprise_id": f"E{at}"}, shape))
    near = [square(0, 0).distance(shape) <= width[c["sanitary_class"]] for c, shape in plants]
    assert clean(tables(*plants)) == (not any(near))
