"""Candidate sites from plots, on maps small enough to check by hand."""

import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from land.drawn import (
    CONTRACTS,
    ORIGIN,
    PARAMS,
    area,
    layers,
    objects,
    plots,
    point,
    rule,
    rules,
    square,
    table,
    town,
)
from siting.land import assemble, exclude
from siting.tables import check
from siting.tables.results import SITES


def sites_of(land, params=PARAMS, **given):
    bundle = layers(land, **given)
    found = exclude(land, layers=bundle, params=params)
    return assemble(found.plots, layers=bundle, params=params)


def row_of(count, side=300, gap=0, **columns):
    """Return squares in a row from west to east: a, b, c, ..."""
    return plots(
        {chr(97 + at): square(at * (side + gap), 0, side) for at in range(count)}, **columns
    )


def test_a_large_plot_is_a_site_of_its_own():
    sites = sites_of(plots({"a": square(0, 0)}))
    assert sites.index.tolist() == ["IP-a"]
    site = sites.loc["IP-a"]
    assert (site["kind"], site["plot_ids"]) == ("industrial_park", "a")
    assert (site["area_ha"], site["buildable_ha"], site["owners_count"]) == (100, 100, 1)
    assert site["is_eligible"]
    assert pd.isna(site["why_not"])
    assert site["compactness_share"] == pytest.approx(3.14159 / 4, rel=1e-5)


def test_adjacent_plots_are_joined_to_the_target_and_no_further():
    """Six squares of 9 ha in a row, target 40 ha: five make 45 ha, the sixth stays alone.

    +-+-+-+-+-+-+
    |a|b|c|d|e|f|
    +-+-+-+-+-+-+
    """
    sites = sites_of(row_of(6))
    assert sites["plot_ids"].to_dict() == {"IP-a+4": "a;b;c;d;e", "IP-f": "f"}
    assert sites.loc["IP-a+4", "buildable_ha"] == pytest.approx(45)
    assert sites.loc["IP-a+4", "owners_count"] == 1


def test_a_wide_gap_is_not_bridged_and_a_track_is():
    params = PARAMS.model_copy(update={"max_gap_m": 20.0})
    near, far = sites_of(row_of(3, gap=15), params), sites_of(row_of(3, gap=25), params)
    assert near["plot_ids"].tolist() == ["a;b;c"]
    assert near["parcel_gap_km"].tolist() == pytest.approx([0.015])
    assert far["plot_ids"].tolist() == ["a", "b", "c"]


def test_the_state_as_one_neighbour_beats_a_private_one_more():
    """The seed s may take k (north, private) or m (south, municipal, like s); the shapes are equal.

    k comes first by id, so only its owner can make the difference.
    """
    land = plots(
        {"s": square(0, 0, 350), "m": square(0, -300, 300), "k": square(0, 350, 300)},
        ownership={"s": "municipal", "m": "municipal", "k": "private"},
    )
    params = PARAMS.model_copy(update={"target_park_ha": 21.0, "alternative_ha": 99.0})
    sites = sites_of(land, params)
    assert sites["plot_ids"].tolist() == ["k", "m;s"]
    assert sites["owners_count"].tolist() == [1, 1]


def test_owners_are_one_per_authority_and_one_per_private_plot():
    owners = ("state", "state", "private", "private", "municipal")
    land = row_of(5, ownership=dict(zip("abcde", owners, strict=True)))
    assert sites_of(land)["owners_count"].tolist() == [4]


def test_long_strips_are_not_made():
    """Squares in a row: 1:3 has a compactness of 0.59, 1:4 of 0.50, so the row stops at three."""
    params = PARAMS.model_copy(update={"min_compactness_share": 0.55, "min_assembly_ha": 8.0})
    sites = sites_of(row_of(6), params)
    assert max(sites["plot_ids"].str.count(";")) == 2


def test_a_plot_that_loses_too_much_stays_and_says_why():
    land = plots(
        {"a": square(0, 0, 300), "b": square(5000, 0, 300)},
        category={"a": "industry", "b": "forest"},
    )
    zone = area("p", "protected area", box(0, 0, 200, 300))
    sites = sites_of(
        land,
        protection_zones=rules(rule("protected area", 0)),
        constraints=objects("constraints", zone),
    )
    assert sites["is_eligible"].tolist() == [False, False]
    assert sites["why_not"].tolist() == ["too_small", "category_forbidden"]
    assert sites["buildable_ha"].tolist() == pytest.approx([3, 0])


def test_buildings_near_a_town_make_a_technopark():
    """Works of 6,000 m2 in a town, the same 40 km away, and a shed of 100 m2."""
    land = plots(
        {"w": square(0, 0, 100), "x": square(40_000, 0, 100), "y": square(500, 0, 100)},
        building_m2={"w": 6000.0, "x": 6000.0, "y": 100.0},
        status="brownfield",
    )
    place = town("t", box(-500, -500, 1000, 1000), name="Тара", rank="town")
    sites = sites_of(land, settlements=objects("settlements", place))
    assert sites.index.tolist() == ["TP-w", "TP-x"]
    assert sites["kind"].tolist() == ["technopark", "technopark"]
    assert sites["town_km"].tolist() == pytest.approx([0, 39.05])
    # the distance is assumed: it refuses only where the region says so
    assert sites["is_eligible"].tolist() == [True, True]
    strict = PARAMS.model_copy(update={"assumed_may_fail": True})
    sites = sites_of(land, strict, settlements=objects("settlements", place))
    assert sites["is_eligible"].tolist() == [True, False]
    assert sites["why_not"].tolist()[1] == "far_from_town"


def test_prices_are_known_only_when_all_are():
    known = sites_of(row_of(3, price_mrub=2.0))["land_price_mrub"]
    unknown = sites_of(row_of(3, price_mrub={"a": 2.0}))["land_price_mrub"]
    assert known.tolist() == [6]
    assert unknown.isna().all()


def test_names_come_from_the_nearest_settlement_in_both_languages():
    land = plots({"a": square(0, 0), "b": square(2000, 0), "c": square(90_000, 0)})
    near = town("k", point(0, 9000), name="Калачинск")
    far = town("x", point(90_000, 9000), name="Омск", name_en="The City of Omsk")
    district = {"district_id": "d", "name": "Район", **ORIGIN}
    sites = sites_of(
        land,
        settlements=objects("settlements", near, far),
        districts=table(CONTRACTS["districts"], [district], [box(-1, -1, 9000, 9000)]),
    )
    assert sites["name"].tolist() == ["Калачинск-1", "Калачинск-2", "Омск-1"]
    assert sites["name_en"].tolist() == ["Kalachinsk-1", "Kalachinsk-2", "The City of Omsk-1"]
    assert sites["district_id"].tolist()[:2] == ["d", "d"]
    assert sites["district_id"].isna().tolist() == [False, False, True]


def test_without_settlements_the_district_names_the_site_and_without_either_its_id():
    land = plots({"a": square(0, 0), "b": square(50_000, 0)})
    district = {"district_id": "d", "name": "Тарский", **ORIGIN}
    sites = sites_of(
        land, districts=table(CONTRACTS["districts"], [district], [box(-1, -1, 9000, 9000)])
    )
    assert sites["name"].tolist() == ["Тарский-1", "IP-b-1"]
    assert sites["name_en"].tolist() == ["Tarsky-1", "IP-b-1"]


def test_no_plots_make_no_sites():
    sites = sites_of(plots({}))
    assert len(sites) == 0
    check(sites, SITES)


def test_geometry_is_the_plots_and_the_argument_is_not_changed():
    land = row_of(3)
    bundle = layers(land)
    found = exclude(land, layers=bundle, params=PARAMS).plots
    before = found.copy(deep=True)
    sites = assemble(found, layers=bundle, params=PARAMS)
    assert_geodataframe_equal(found, before)
    assert sites.geometry.iloc[0].equals(box(0, 0, 900, 300))


cells = st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12)
modest = settings(max_examples=8, deadline=None)


def town_of(cells, *, dx=0, order=None):
    """Return a chessboard of plots of 9 ha with mixed owners and categories."""
    names = sorted(cells)
    names = names if order is None else [names[at] for at in order]
    owners = ("municipal", "private", "state")
    kinds = ("industry", "agricultural")
    return plots(
        {f"p{x}{y}": square(dx + 300 * x, 300 * y, 300) for x, y in names},
        ownership={f"p{x}{y}": owners[(x + 2 * y) % 3] for x, y in names},
        category={f"p{x}{y}": kinds[(x * y) % 2] for x, y in names},
    )


@modest
@given(cells, st.randoms(use_true_random=False))
def test_shuffling_and_running_twice_change_nothing(cells, random):
    order = list(range(len(cells)))
    random.shuffle(order)
    straight, shuffled = sites_of(town_of(cells)), sites_of(town_of(cells, order=order))
    assert_geodataframe_equal(straight, shuffled)


@modest
@given(cells, st.integers(-300, 300))
def test_moving_the_map_changes_nothing(cells, east_km):
    here, there = sites_of(town_of(cells)), sites_of(town_of(cells, dx=1000 * east_km))
    columns = [c for c in here.columns if c != "geometry"]
    pd.testing.assert_frame_equal(pd.DataFrame(here[columns]), pd.DataFrame(there[columns]))


@modest
@given(cells)
def test_assemblies_are_whole_connected_and_disjoint(cells):
    land = town_of(cells)
    sites = sites_of(land)
    joined = sites[sites["plot_ids"].str.contains(";")]
    taken = [plot for ids in joined["plot_ids"] for plot in ids.split(";")]
    assert len(taken) == len(set(taken))
    for ids, shape, area_ha in zip(
        joined["plot_ids"], joined.geometry, joined["area_ha"], strict=True
    ):
        own = land.loc[ids.split(";")]
        assert shape.equals(shapely.union_all(own.geometry.to_numpy()))
        assert area_ha == pytest.approx(own.area.sum() / 1e4)
        # grown over gaps of at most max_gap_m, so a band of that width joins them all
        assert shape.buffer(PARAMS.max_gap_m / 2 + 0.01).geom_type == "Polygon"
    # every plot that is large enough is somewhere
    offered = {plot for ids in sites["plot_ids"] for plot in ids.split(";")}
    assert offered == set(land.index)
