"""Old works on small maps: which are brownfield parks, what they save, what judges them."""

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from land.drawn import CONTRACTS, PARAMS, layers, objects, plots, point, square, table, town
from siting.land import assemble, exclude, judge
from siting.land.requirements import measure
from siting.tables.inputs import BROWNFIELD_PARK, INDUSTRIAL_PARK, TECHNOPARK

OLD = {"status": "brownfield"}


def sites_of(land, params=PARAMS, **given_tables):
    bundle = layers(land, **given_tables)
    found = exclude(land, layers=bundle, params=params)
    return assemble(found.plots, layers=bundle, params=params)


def kinds(sites):
    return sites["kind"].to_dict()


@pytest.mark.parametrize(
    ("side", "building_m2", "found"),
    [
        (300, 15_000.0, {"BF-a": BROWNFIELD_PARK, "TP-a": TECHNOPARK}),
        (300, 14_999.0, {"IP-a": INDUSTRIAL_PARK, "TP-a": TECHNOPARK}),
        (300, None, {"IP-a": INDUSTRIAL_PARK}),
        (280, 15_000.0, {"TP-a": TECHNOPARK}),
    ],
)
def test_works_are_a_brownfield_park_by_area_and_buildings(side, building_m2, found):
    """9 ha with enough floors, a square metre less, floors nobody knows, and 7.84 ha."""
    sites = sites_of(plots({"a": square(0, 0, side)}, building_m2=building_m2, **OLD))
    assert kinds(sites) == found


def test_a_field_with_sheds_is_no_brownfield():
    sites = sites_of(plots({"a": square(0, 0, 300)}, building_m2=20_000.0))
    assert "BF-a" not in sites.index


def test_small_works_side_by_side_make_one_and_the_field_beside_stays_out():
    """``aabbcc|dd``: three works of 9 ha with 6,000 m2 each, then a field."""
    land = plots(
        {name: square(300 * at, 0, 300) for at, name in enumerate("abcd")},
        status={"a": "brownfield", "b": "brownfield", "c": "brownfield", "d": "greenfield"},
        building_m2={"a": 6000.0, "b": 6000.0, "c": 6000.0},
    )
    sites = sites_of(land)
    works = sites.loc["BF-a+2"]
    assert (works["plot_ids"], works["building_m2"]) == ("a;b;c", 18_000)
    assert works["land_status"] == "brownfield"
    # with the field it is a larger park of mixed land: an alternative
    assert sites.loc["IP-a+3", "land_status"] == "mixed"
    assert "IP-a+3" in works["overlaps"].split(";")


def test_the_same_plots_are_offered_once():
    land = plots(
        {name: square(300 * at, 0, 300) for at, name in enumerate("abc")},
        building_m2=6000.0, **OLD,
    )  # fmt: skip
    assert [name for name in sites_of(land).index if name[:2] != "TP"] == ["BF-a+2"]


def test_what_stands_is_not_built_again():
    land = plots(
        {"f": square(0, 0, 300), "w": square(900, 0, 300)},
        status={"f": "greenfield", "w": "brownfield"}, building_m2={"w": 20_000.0},
    )  # fmt: skip
    sites = sites_of(land)
    assert sites["onsite_share"].to_dict() == {"BF-w": 0.7, "IP-f": 1.0, "TP-w": 0.4}
    other = PARAMS.model_copy(update={"brownfield_onsite_share": 0.5})
    assert sites_of(land, other).loc["BF-w", "onsite_share"] == 0.5


def limit(subject, requirement, operator, value, *, status="ASSUMED", on_failure="fail"):
    return {
        "subject": subject, "requirement": requirement, "title": "t", "title_ru": "т",
        "operator": operator, "limit": value, "unit": "u", "on_failure": on_failure,
        "edition": "e", "status": status, "source": "s",
    }  # fmt: skip


def judged(sites, *rows, params=PARAMS):
    acts = table(CONTRACTS["requirements"], list(rows))
    none = table(CONTRACTS["requirements"], []).assign(subject_id="", value=0.0)
    checks = judge(sites, clusters=none, requirements=acts, params=params)
    return {
        (row["subject_id"], row["requirement"]): row["result"] for row in checks.to_dict("records")
    }


def test_an_act_on_industrial_parks_judges_brownfields_and_their_own_rows_only_them():
    land = plots(
        {"f": square(0, 0, 300), "w": square(900, 0, 300)},
        status={"f": "greenfield", "w": "brownfield"}, building_m2={"w": 20_000.0},
    )  # fmt: skip
    sites = sites_of(land)
    rows = (
        limit(INDUSTRIAL_PARK, "area_ha", ">=", 8, status="VERIFIED"),
        limit(BROWNFIELD_PARK, "building_m2", ">=", 25_000, status="VERIFIED"),
    )
    assert judged(sites, *rows) == {
        ("IP-f", "area_ha"): "pass", ("BF-w", "area_ha"): "pass", ("BF-w", "building_m2"): "fail",
    }  # fmt: skip


def school(identity, shape):
    told = {"enterprise_id": identity, "name": "u", "okved": "85.22", "size_status": "ASSUMED"}
    return told, shape


def test_a_technopark_is_judged_by_people_near_and_an_assumed_limit_only_warns():
    """Works beside a town of 30,000 workers and a university, and works 60 km from both."""
    land = plots({"n": square(0, 0, 100), "r": square(60_000, 0, 100)}, building_m2=6000.0, **OLD)
    place = town(
        "t", box(-3000, -3000, -500, -500), rank="town", population=60_000, workforce=30_000.0
    )
    given_tables = {
        "settlements": objects("settlements", place),
        "enterprises": objects("enterprises", school("U", point(-1000, 0))),
    }
    sites = sites_of(land, **given_tables)
    rows = (
        limit(TECHNOPARK, "town_km", "<=", 10),
        limit(TECHNOPARK, "university_km", "<=", 15),
        limit(TECHNOPARK, "workforce_count", ">=", 20_000),
    )
    names = [row["requirement"] for row in rows]
    assert [judged(sites, *rows)["TP-n", name] for name in names] == ["pass"] * 3
    assert [judged(sites, *rows)["TP-r", name] for name in names] == ["warn"] * 3
    strict = PARAMS.model_copy(update={"assumed_may_fail": True})
    assert [judged(sites, *rows, params=strict)["TP-r", name] for name in names] == ["fail"] * 3
    # without a university told, nobody knows how far it is
    mute = sites_of(land, settlements=given_tables["settlements"])
    assert judged(mute, *rows)["TP-n", "university_km"] == "unknown"
    assert measure(mute, "university_km").isna().all()


works = st.tuples(
    st.integers(0, 6), st.integers(0, 2), st.booleans(), st.sampled_from([None, 6000.0, 16_000.0])
)


@settings(max_examples=25, deadline=None)
@given(cells=st.lists(works, min_size=1, max_size=9, unique_by=lambda cell: cell[:2]))
def test_sites_name_each_other_exactly_where_they_share_land(cells):
    """Plots of 320 m on a lattice of 300 m: neighbours overlap by 20 m, as in a bad cadastre."""
    named = {f"p{at}": cell for at, cell in enumerate(cells)}
    land = plots(
        {name: square(300 * x, 300 * y, 320) for name, (x, y, _, _) in named.items()},
        status={name: ("greenfield", "brownfield")[old] for name, (*_, old, _) in named.items()},
        building_m2={name: floors for name, (*_, floors) in named.items()},
    )
    sites = sites_of(land)
    told = {
        (name, other)
        for name, joined in sites["overlaps"].dropna().items()
        for other in joined.split(";")
    }
    shapes = sites.geometry
    common = {
        (name, other)
        for name in sites.index
        for other in sites.index
        if name != other
        and shapely.intersection(shapes[name], shapes[other]).area > PARAMS.sliver_m2
    }
    assert told == common


def test_a_strip_of_a_centimetre_is_no_overlap():
    """Two plots of 9 ha drawn 1 cm over each other: 3 m2 are drawing."""
    land = plots({"a": square(0, 0, 300), "b": square(299.99, 0, 300)})
    far = PARAMS.model_copy(update={"min_assembly_ha": 50.0})
    assert sites_of(land, far)["overlaps"].isna().all()
