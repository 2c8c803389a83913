"""Which rule holds for which object."""

import numpy as np
import pytest
from shapely import LineString, box

from land.drawn import PARAMS, area, lake, layers, line, objects, plots, point, rule, rules, square
from siting.land.rules import find_zones, span

LAND = plots({"a": square(0, 0)})


def zones(*rows, **given):
    return find_zones(layers(LAND, protection_zones=rules(*rows), **given), PARAMS)


def widths(found):
    return dict(zip(found.rows["object_id"], found.rows["half_width_m"], strict=True))


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("below 1 kV", [0.4, 1], [1.1, 10]),
        ("1-20 kV", [6, 10, 20], [1, 35]),
        ("110 kV", [110], [109.9, 110.1, 220]),
        ("DN up to 300", [100, 300], [301]),
        ("DN 300-600", [301, 600], [300, 601]),
        ("over 0.5 km2", [0.51, 9], [0.5]),
        ("over 0,5 km2", [0.51], [0.5]),
        ("shorter than 10 km", [3, 10], [11]),
        ("50 km and longer", [51], [49]),
        ("до 1 кВ", [0.4], [6]),
        ("свыше 20 кВ", [35], [20]),
        ("I-II", [1, 2], [3]),
        ("III-IV", [3, 4], [2, 5]),
        ("V", [5], [4]),
    ],
)
def test_a_class_is_read_as_a_range(text, inside, outside):
    low, high = span(text)
    assert all(low < value <= high for value in inside)
    assert not any(low < value <= high for value in outside)


@pytest.mark.parametrize("text", ["groundwater", "", "sanitary class", "1, 2 and 3"])
def test_a_class_without_one_meaning_is_no_range(text):
    assert span(text) is None


def test_the_class_decides_the_width():
    wires = [
        line(f"l{kv}", LineString([(0, 0), (1, 1)]), voltage_kv=kv) for kv in (0.4, 10, 110, 500)
    ]
    kinds = {"below 1 kV": 2, "1-20 kV": 10, "110 kV": 20, "500 kV": 30}
    found = zones(
        *(rule("power line", width, kind=kind) for kind, width in kinds.items()),
        infrastructure=objects("infrastructure", *wires),
    )
    assert widths(found) == {"l0.4": 2, "l10": 10, "l110": 20, "l500": 30}


def test_roads_are_judged_by_category_and_streets_have_no_strip():
    road = LineString([(0, 0), (1, 1)])
    rows = [
        ({"road_category": "II", "kind": "federal"}, "r2"),
        ({"road_category": "IV", "kind": "regional"}, "r4"),
        ({"road_category": "V", "kind": "street"}, "st"),
    ]
    found = zones(
        rule("road", 75, kind="I-II"),
        rule("road", 50, kind="III-IV"),
        rule("road", 25, kind="V"),
        infrastructure=objects(
            "infrastructure",
            *(line(name, road, **{**more, "utility": "road"}) for more, name in rows),
        ),
    )
    assert widths(found) == {"r2": 75, "r4": 50}
    assert found.unruled.empty


def test_unknown_is_not_forbidden_but_listed():
    """A line of unknown voltage, one of a voltage without a rule, and a kind without any rule."""
    found = zones(
        rule("power line", 20, kind="110 kV"),
        infrastructure=objects(
            "infrastructure",
            line("x", LineString([(0, 0), (1, 1)])),
            line("y", LineString([(0, 0), (1, 1)]), voltage_kv=330),
        ),
        constraints=objects("constraints", area("z", "volcano", square(0, 0))),
    )
    assert found.rows.empty
    assert found.unruled[["layer", "row_id", "reason", "effect"]].values.tolist() == [
        ["constraints", "z", "no_rule", "volcano"],
        ["infrastructure", "x", "class_unknown", "power line"],
        ["infrastructure", "y", "no_rule", "power line"],
    ]


def test_a_point_under_a_rule_without_width_is_listed():
    found = zones(
        rule("protected area", 0),
        constraints=objects("constraints", area("z", "protected area", point(0, 0))),
    )
    assert found.rows.empty
    assert found.unruled["reason"].tolist() == ["no_outline"]


def test_a_planned_line_is_soft():
    planned = line("p", LineString([(0, 0), (1, 1)]), voltage_kv=110, status="planned")
    found = zones(
        rule("power line", 20, kind="110 kV"),
        infrastructure=objects("infrastructure", planned),
    )
    assert found.rows["is_hard"].tolist() == [False]


def test_a_width_that_is_known_beats_the_table_and_is_called_derived():
    known = line("k", LineString([(0, 0), (1, 1)]), voltage_kv=110, width_m=33.0)
    found = zones(
        rule("power line", 20, kind="110 kV"),
        infrastructure=objects("infrastructure", known),
    )
    assert widths(found) == {"k": 33}
    assert found.rows["status"].tolist() == ["DERIVED"]


def test_water_is_a_river_or_a_lake_by_its_shape():
    """A band 60 km x 200 m in two pieces of one name, a brook of 5 km, a lake of 4 km2, a pond."""
    found = zones(
        rule("river", 50, kind="shorter than 10 km", is_hard=False),
        rule("river", 100, kind="10 to 50 km", is_hard=False),
        rule("river", 200, kind="50 km and longer", is_hard=False),
        rule("lake", 55, kind="over 0.5 km2", is_hard=False),
        terrain=objects(
            "terrain",
            lake("big1", box(0, 0, 30_000, 200), name="Омь"),
            lake("big2", box(30_000, 0, 60_000, 200), name="Омь"),
            lake("brook", box(0, 5000, 5000, 5020)),
            lake("lake", square(0, 9000, 2000), name="Ик"),
            lake("pond", square(0, 20_000, 500)),
        ),
    )
    soft = found.rows[~found.rows["is_hard"]]
    assert dict(zip(soft["object_id"], soft["half_width_m"], strict=True)) == {
        "big1": 200, "big2": 200, "brook": 50, "lake": 55,
    }  # fmt: skip
    # water itself is hard, ruled or not
    assert sorted(found.rows["object_id"][found.rows["is_hard"]]) == [
        "big1", "big2", "brook", "lake", "pond",
    ]  # fmt: skip


def test_a_constraint_says_its_class_in_words_or_numbers():
    found = zones(
        rule("water intake", 200, kind="surface"),
        rule("water intake", 50, kind="groundwater"),
        rule("gas trunk pipeline", 150, kind="DN 300-600"),
        constraints=objects(
            "constraints",
            area("s", "water intake", point(0, 0), **{"class": "Surface"}),
            area("g", "water intake", point(0, 0), **{"class": "groundwater"}),
            area("p", "gas trunk pipeline", LineString([(0, 0), (1, 1)]), **{"class": "DN 500"}),
        ),
    )
    assert widths(found) == {"s": 200, "g": 50, "p": 150}


def test_rules_of_housing_do_not_take_land():
    found = zones(
        rule("housing", 1000, kind="sanitary class I"),
        constraints=objects("constraints", area("h", "housing", square(0, 0))),
    )
    assert found.rows.empty
    assert found.unruled.empty


def test_two_rules_for_one_object_are_both_kept():
    found = zones(
        rule("landfill", 100),
        rule("landfill", 500, is_hard=False, source="another decree"),
        constraints=objects("constraints", area("d", "landfill", point(0, 0))),
    )
    assert sorted(found.rows["half_width_m"]) == [100, 500]
    assert np.all(found.rows["object_id"] == "d")
