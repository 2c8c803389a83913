"""Cost alone against cost in the park, each checked by hand or against the one cost formula."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from portfolio.oracle import connection_costs, needs_of_set, park_saving
from portfolio.town import (
    SERVE,
    everywhere,
    firms,
    plots_at,
    profiles,
    served_town,
    sites_at,
    town,
)
from siting.errors import TableError
from siting.portfolio import serve
from siting.portfolio.case import build_case
from siting.portfolio.prospects import complete
from siting.pricing import price
from siting.region import ChooseParams
from siting.units import UTILITIES

NO_LINKS = pd.DataFrame({"supplier_id": [], "buyer_id": [], "volume_mrub": [], "distance_km": []})
seeds = st.integers(0, 10_000)
few = settings(max_examples=8, deadline=None)


def run(sites, plots, prospects, params=SERVE):
    offers = everywhere(sites, plots, prospects)
    return serve(
        sites, prospects=prospects, plots=plots, offers=offers, profiles=profiles(), params=params
    )


def test_a_park_of_one_at_its_own_place_saves_nothing():
    """One firm F at (5, 5), one site there: . . S=F . ."""
    sites = sites_at([(4.75, 4.75)])
    served = run(sites, plots_at([(9, 9)]), firms([("F", 10, 3, 200, 100, False, (5.0, 5.0))]))
    assert served.residents.loc["S000", "F"]
    assert served.sites.loc["S000", "saving_mrub"] == pytest.approx(0, abs=1e-9)
    assert served.sites.loc["S000", "break_even_share"] == pytest.approx(1)


def test_two_twins_share_one_cable_and_one_street():
    """Twins A and B at (5, 5) with 3 MW each; together 0.8 * 6 = 4.8 MW still fit one cable."""
    twins = firms([(name, 10, 3, 0, 0, False, (5.0, 5.0)) for name in "AB"])
    served = run(sites_at([(4.75, 4.75)]), plots_at([(9, 9)]), twins)
    one, both = (
        connection_costs(served, "S000", [mw, 0, 0, 0, 0, 1, 0, 0]).sum() for mw in (3.0, 4.8)
    )
    onsite_alone, onsite_park = 2 * 0.6 * 2 * 10, 2 * 2 * 10
    expected = 2 * one + onsite_alone - both - onsite_park
    assert served.sites.loc["S000", "saving_mrub"] == pytest.approx(expected)
    assert served.sites.loc["S000", "break_even_share"] == pytest.approx(
        both / (2 * one + onsite_alone - onsite_park)
    )


def test_rail_is_built_only_where_a_resident_needs_it():
    sites, plots = sites_at([(5, 5)]), plots_at([(9, 9)])
    rows = [("A", 5, 1, 0, 0, False, (5, 5)), ("B", 5, 1, 0, 0, False, (5, 5))]
    without = run(sites, plots, firms(rows))
    assert (without.standalone["rail"] == 0).all()
    # C is as large as a siding asks for, D needs one but is too small to build it
    rows += [("C", 10, 1, 0, 0, True, (5, 5)), ("D", 9, 1, 0, 0, True, (5, 5))]
    with_rail = run(sites, plots, firms(rows))
    assert with_rail.standalone["rail"].gt(0).tolist() == [False, False, True, False]


def test_a_firm_without_a_place_pays_the_quantile_of_plots_that_fit_it():
    """Eleven plots in a row; the quantile 0.1 of eleven is the second cheapest."""
    sites, prospects = sites_at([(5, 5)]), firms([("A", 10, 1, 0, 0, False, None)])
    plots = plots_at([(x, 10.0) for x in range(11)])
    served = run(sites, plots, prospects)
    need = {"electricity": 1.0, "road": 1.0}
    offers = everywhere(sites, plots, prospects).plots
    total = sum(price(offers.by_utility[u], np.full(11, need[u])).cost_mrub for u in need)
    assert served.standalone.loc["A", list(UTILITIES)].sum() == pytest.approx(np.sort(total)[1])
    assert served.prospects.loc["A", "place_id"] == plots.index[np.argsort(total)[1]]
    assert served.prospects.loc["A", "cheapest_mrub"] == pytest.approx(total.min())
    assert served.prospects.loc["A", "median_mrub"] == pytest.approx(np.sort(total)[5])


def test_small_unclean_and_refused_plots_are_not_a_place_to_go():
    prospects = firms([("A", 10, 1, 0, 0, False, None)])
    plots = plots_at([(1, 1), (2, 2), (3, 3), (25, 25)]).assign(
        buildable_ha=[5.0, 50.0, 50.0, 50.0],
        housing_distance_m=[900.0, 50.0, 900.0, 900.0],
        is_eligible=[True, True, False, True],
    )
    assert run(sites_at([(5, 5)]), plots, prospects).prospects.loc["A", "place_id"] == "P003"


def test_a_firm_that_fits_nowhere_has_no_cost_alone_and_joins_no_park():
    prospects = firms([("A", 500, 1, 0, 0, False, None), ("B", 5, 1, 0, 0, False, None)])
    served = run(sites_at([(5, 5)]), plots_at([(9, 9)]), prospects)
    assert served.prospects["place_kind"].tolist() == ["none", "plot"]
    assert served.standalone.loc["A"].isna().all()
    assert not served.residents["A"].any()


def test_empty_figures_come_from_the_longest_matching_profile():
    prospects = firms([("A", 10, 1, 0, 0, False, None)]).drop(columns=["electricity_mw"])
    prospects = prospects.assign(okved="20.14.7", water_m3_day=np.nan, sanitary_class=["II"])
    filled = complete(prospects, profiles(), SERVE)
    assert filled.loc["A", "industry_okved"] == "20.14"
    assert filled.loc["A", "electricity_mw"] == pytest.approx(200 * 10 / 1000)
    assert filled.loc["A", "water_m3_day"] == pytest.approx(20 * 10)
    assert filled.loc["A", "jobs_count"] == 300
    assert filled.loc["A", "sanitary_zone_m"] == 500


def test_every_unmatched_activity_is_listed_at_once():
    prospects = firms([(n, 5, 1, 0, 0, False, None) for n in "ABC"]).assign(
        okved=["99.1", "10.1", "2"]
    )
    with pytest.raises(TableError) as error:
        complete(prospects, profiles(), SERVE)
    assert "2, 99.1" in str(error.value)
    assert "rows: A, C" in str(error.value)


@few
@given(seeds)
def test_the_site_table_is_what_the_cost_formula_says(seed):
    served = served_town(seed)
    case = build_case(served.sites, served, NO_LINKS, ChooseParams())
    for i, site_id in enumerate(case.sites):
        members = np.flatnonzero(served.residents.loc[site_id, case.prospects])
        if len(members):
            expected = park_saving(served, case, i, members)
            assert served.sites.loc[site_id, "saving_mrub"] == pytest.approx(expected)
            assert case.areas_ha[members].sum() <= case.limits_ha[i] * (1 + 1e-9)


@few
@given(seeds)
def test_standalone_costs_are_those_of_the_cost_formula_at_the_place_named(seed):
    served = served_town(seed)
    offers = {"own": served.offers.own, "plot": served.offers.plots, "site": served.offers.sites}
    case = build_case(served.sites, served, NO_LINKS, ChooseParams())
    for j, prospect_id in enumerate(case.prospects):
        place = served.prospects.loc[prospect_id]
        here = offers[place["place_kind"]].take(pd.Index([place["place_id"]]))
        for u, need in zip(UTILITIES, needs_of_set(case, [j]), strict=True):
            if u in here.by_utility:
                cost = price(here.by_utility[u], np.array([need])).cost_mrub[0]
                assert served.standalone.loc[prospect_id, u] == pytest.approx(cost)


@few
@given(seeds, st.randoms(use_true_random=False))
def test_shuffling_rows_changes_nothing(seed, random):
    sites, prospects, plots, offers = town(seed)
    order = [random.sample(list(f.index), len(f)) for f in (sites, prospects, plots)]

    def served(s, p, q):
        return serve(
            sites.loc[s], prospects=prospects.loc[p], plots=plots.loc[q], offers=offers,
            profiles=profiles(), params=SERVE,
        )  # fmt: skip

    straight = served(sites.index, prospects.index, plots.index)
    shuffled = served(*order)
    assert_frame_equal(shuffled.sites.loc[sites.index], straight.sites)
    assert_frame_equal(shuffled.standalone.loc[prospects.index], straight.standalone)


def test_inputs_are_not_changed():
    sites, prospects, plots, offers = town(3)
    before = [frame.copy() for frame in (sites, prospects, plots)]
    serve(sites, prospects=prospects, plots=plots, offers=offers, profiles=profiles(), params=SERVE)
    for frame, was in zip((sites, prospects, plots), before, strict=True):
        assert_frame_equal(frame, was)
