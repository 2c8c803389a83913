"""How far plots are from housing."""

import math

import pytest
from shapely import box

from land.drawn import CONTRACTS, PARAMS, layers, objects, plots, point, square, table, town
from siting.land.housing import allows_production, housing_distance_m

DENSE = PARAMS.model_copy(update={"housing_people_km2": 1000.0, "production_zone_housing_m": 77.0})


def distances(land, *towns):
    settlements = (
        objects("settlements", *towns) if towns else table(CONTRACTS["settlements"], [], [])
    )
    return housing_distance_m(land, settlements, DENSE).to_dict()


def test_a_point_is_a_disc_that_holds_its_people():
    """3141.59 people at 1000 per km2 need a disc of 1 km; the plot begins 3 km from the middle."""
    land = plots({"a": square(3000, -500)})
    people = 1000 * math.pi
    assert distances(land, town("t", point(0, 0), population=people))["a"] == pytest.approx(
        2000, abs=1
    )


def test_a_polygon_is_its_outline_and_the_nearest_settlement_counts():
    land = plots({"a": square(3000, 0)})
    near = town("n", box(4500, 0, 5000, 1000), population=10)
    far = town("f", box(-9000, 0, -8000, 1000), population=1e6)
    assert distances(land, near, far)["a"] == pytest.approx(500)


def test_inside_an_outline_only_production_land_has_a_distance():
    """Inside the city: industry, production on city land, housing on city land, a field."""
    land = plots(
        {name: square(1000 * at, 0, 500) for at, name in enumerate("abcd")},
        category={"a": "industry", "b": "settlements", "c": "settlements", "d": "agricultural"},
        permitted_use={"a": "", "b": "6.9 склады", "c": "2.1", "d": "6.0"},
    )
    city = town("c", box(-5000, -5000, 9000, 9000), rank="city")
    assert distances(land, city) == {"a": 77, "b": 77, "c": 0, "d": 0}


def test_without_settlements_the_distance_is_unknown():
    assert math.isnan(distances(plots({"a": square(0, 0)}))["a"])


@pytest.mark.parametrize(
    ("category", "use", "allowed"),
    [
        ("industry", "anything", True),
        ("settlements", "6.3", True),
        ("settlements", "Производственная деятельность", True),
        ("settlements", "16.3", False),
        ("settlements", "2.6", False),
        ("agricultural", "6.3", False),
    ],
)
def test_production_is_allowed_by_category_or_use(category, use, allowed):
    land = plots({"a": square(0, 0)}, category=category, permitted_use=use)
    assert allows_production(land, PARAMS).tolist() == [allowed]


def test_a_settlement_beyond_the_border_counts():
    land = plots({"a": square(0, 0)})
    bundle = layers(land, settlements=objects("settlements", town("t", box(-900, 0, -800, 10))))
    assert housing_distance_m(land, bundle.settlements, PARAMS)["a"] == pytest.approx(800)
