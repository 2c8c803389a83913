"""Parks of several parts, expansions of parks, and what technoparks stand near to."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from land.drawn import PARAMS, layers, objects, plots, point, square, town
from siting.land import assemble, exclude

FAR = PARAMS.model_copy(update={"max_part_gap_km": 10.0})


def sites_of(land, params=PARAMS, **given_tables):
    bundle = layers(land, **given_tables)
    found = exclude(land, layers=bundle, params=params)
    return assemble(found.plots, layers=bundle, params=params)


def park(identity, shape, *, kind="industrial_park", area_ha=None, free_ha=None, name_en=None):
    told = {"park_id": identity, "kind": kind, "name": "Парк Х", "name_en": name_en}
    return told | {"area_ha": area_ha, "free_ha": free_ha}, shape


def scattered(**columns):
    """Squares of 16 ha: a, b 4 km east of it, c 9.6 km east of b, d 2 km north of c.

    a    b            d
                      c
    """
    at = {"a": (0, 0), "b": (4400, 0), "c": (14400, 0), "d": (14400, 2400)}
    return plots({name: square(*xy, 400) for name, xy in at.items()}, **columns)


def test_parts_are_joined_only_where_the_region_allows_it():
    assert not sites_of(scattered()).index.str.contains("~").any()
    sites = sites_of(scattered(), FAR)
    joined = sites[sites.index.str.contains("~")]
    assert joined["plot_ids"].to_dict() == {"IP-a~2": "a;b", "IP-c~2": "c;d"}
    assert joined["parcel_gap_km"].tolist() == pytest.approx([4.0, 2.0])
    assert joined["parts_count"].tolist() == [2, 2]
    assert joined["buildable_ha"].tolist() == pytest.approx([32, 32])
    # its parts stay candidates too: they share plots, so a portfolio takes one of them
    assert {"IP-a", "IP-b", "IP-c", "IP-d"} <= set(sites.index)


def test_every_two_parts_lie_within_the_gap():
    """Three squares of 9 ha, 6 km apart in a row: the ends are 12 km apart and never one park."""
    land = plots({name: square(6300 * at, 0, 300) for at, name in enumerate("abc")})
    small = FAR.model_copy(update={"min_assembly_ha": 10.0})
    sites = sites_of(land, small)
    assert sites.loc[sites["parts_count"] > 1, "plot_ids"].tolist() == ["a;b"]


def test_a_park_has_no_more_parts_than_allowed_and_none_beyond_the_target():
    land = plots({name: square(1000 * at, 0, 300) for at, name in enumerate("abcdefg")})
    sites = sites_of(land, FAR)
    assert sites["parts_count"].max() == FAR.max_parts
    large = plots({name: square(2000 * at, 0, 700) for at, name in enumerate("ab")})
    assert sites_of(large, FAR)["parts_count"].max() == 1


grid = st.sets(st.tuples(st.integers(0, 12), st.integers(0, 3)), min_size=1, max_size=8)


@settings(max_examples=8, deadline=None)
@given(grid, st.randoms(use_true_random=False), st.integers(-300, 300))
def test_parts_are_disjoint_near_and_the_same_in_any_order_and_place(cells, random, east_km):
    cells = sorted(cells)
    at = {f"p{c:02d}{r}": (2500 * c, 2500 * r) for c, r in cells}
    land = plots({name: square(*xy, 320) for name, xy in at.items()})
    sites = sites_of(land, FAR)
    joined = sites[sites["parts_count"] > 1]
    taken = [plot for ids in joined["plot_ids"] for plot in ids.split(";")]
    assert len(taken) == len(set(taken))
    for ids in joined["plot_ids"]:
        own = land.geometry[ids.split(";")]
        assert max(own.distance(shape).max() for shape in own) <= 10_000
    names = list(at)
    random.shuffle(names)
    moved = plots({n: square(at[n][0] + 1000 * east_km, at[n][1], 320) for n in names})
    again = sites_of(moved, FAR)
    assert again["plot_ids"].to_dict() == sites["plot_ids"].to_dict()


def test_the_plots_beside_a_park_are_its_expansion_and_say_so():
    """A park of 50 ha; a of 9 ha and b of 4 ha touch it, c of 9 ha is 500 m away."""
    land = plots(
        {"a": square(1000, 0, 300), "b": square(1000, 300, 200), "c": square(1500, 600, 300)}
    )
    shape = square(0, -300, 1000)
    told = objects("parks", park("P", shape, area_ha=50.0, free_ha=7.0))
    site = sites_of(land, parks=told).loc["EX-P"]
    assert (site["expands"], site["plot_ids"]) == ("P", "a;b")
    assert (site["park_free_ha"], site["buildable_ha"]) == (7.0, pytest.approx(13.0))
    assert (site["name"], site["name_en"]) == ("Парк Х: расширение", "Park Kh: expansion")
    off = PARAMS.model_copy(update={"expands_parks": False})
    assert sites_of(land, off, parks=told)["expands"].isna().all()


@pytest.mark.parametrize(("area_ha", "is_eligible"), [(50.0, True), (None, False)])
def test_a_small_expansion_is_judged_with_its_park_if_that_is_known(area_ha, is_eligible):
    """4 ha beside a park: with 50 ha it is a park, with an unknown area it is too small."""
    land = plots({"a": square(1000, 0, 200)})
    told = objects("parks", park("P", square(0, 0, 1000), area_ha=area_ha))
    site = sites_of(land, parks=told).loc["EX-P"]
    assert site["is_eligible"] == is_eligible
    assert (site["why_not"] == "too_small") == (not is_eligible)


def test_a_park_given_as_a_point_is_a_disc_of_its_area_and_technoparks_do_not_expand():
    """A disc of 78.5 ha has a radius of 500 m: the plot begins at 490 m."""
    land = plots({"a": square(490, -150, 300)})
    found = sites_of(land, parks=objects("parks", park("P", point(0, 0), area_ha=78.5)))
    assert "EX-P" in found.index
    for other in (park("P", point(0, 0)), park("P", square(0, -200, 490), kind="technopark")):
        assert "EX-P" not in sites_of(land, parks=objects("parks", other)).index


def test_brownfields_are_told():
    land = plots(
        {"a": square(0, 0, 300), "b": square(300, 0, 300), "c": square(600, 0, 300)},
        status={"a": "brownfield", "b": "greenfield", "c": "greenfield"},
    )
    joined = sites_of(land).loc["IP-a+2"]
    assert joined["land_status"] == "mixed"
    alone = sites_of(plots({"a": square(0, 0, 300)}, status="brownfield", building_m2=20_000.0))
    assert alone["land_status"].to_dict() == {"BF-a": "brownfield", "TP-a": "brownfield"}
    assert alone["building_m2"].tolist() == [20_000, 20_000]


def school(identity, shape, okved="85.22"):
    told = {"enterprise_id": identity, "name": "u", "okved": okved, "size_status": "ASSUMED"}
    return told, shape


def test_the_university_and_the_workforce_near_are_told_and_unknown_stays_unknown():
    land = plots({"a": square(0, 0, 300)})
    near = town("t", point(2000, 0), rank="town", population=1500, workforce=800.0)
    far = town("f", point(60_000, 0), rank="city", population=1500)
    schools = objects(
        "enterprises", school("U", point(3300, 150)), school("M", point(0, 0), "25.1")
    )
    site = sites_of(land, settlements=objects("settlements", near, far), enterprises=schools).iloc[
        0
    ]
    assert site["workforce_count"] == 800
    assert site["university_km"] == pytest.approx(3.15, abs=0.01)
    mute = town("m", point(0, 2000), rank="village", population=100)
    site = sites_of(land, settlements=objects("settlements", near, mute)).iloc[0]
    assert np.isnan(site["workforce_count"])
    assert np.isnan(site["university_km"])


def test_no_parks_and_no_plots_are_an_answer():
    assert sites_of(plots({}), FAR).empty
    assert pd.isna(sites_of(scattered())["expands"]).all()
