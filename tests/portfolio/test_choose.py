"""The plan, its bound and its ledger, against exhaustive search and by hand."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from portfolio.oracle import best_objective
from portfolio.town import (
    CHOOSE,
    SERVE,
    SOURCES,
    everywhere,
    firms,
    plots_at,
    profiles,
    served_town,
    sites_at,
    town,
)
from siting.errors import InfeasibleError, RegionError
from siting.portfolio import choose, serve
from siting.portfolio.bound import find_bound
from siting.portfolio.case import build_case
from siting.portfolio.ledger import (
    KOPECKS_PER_MRUB,
    shapley_exact,
    shapley_sampled,
    split_kopecks,
)
from siting.portfolio.limits import openable
from siting.portfolio.master import Patience, solve_master
from siting.tables import check
from siting.tables.results import CHOSEN, LEDGER

TEXTS = ("supplier_id", "buyer_id", "product")
KOPECK = 1 / KOPECKS_PER_MRUB
seeds = st.integers(0, 10_000)
few = settings(max_examples=6, deadline=None)


def links(*rows):
    columns = [*TEXTS, "volume_mrub", "distance_km", "confidence", "is_known"]
    table = pd.DataFrame(
        [(a, b, "10.1", volume, km, 0.5, True) for a, b, volume, km in rows], columns=columns
    )
    kinds = dict.fromkeys(TEXTS, "str") | dict.fromkeys(columns[3:6], "float64")
    return table.astype(kinds | {"is_known": "bool"})


def run(served, params=CHOOSE, linked=None):
    told = links() if linked is None else linked
    return choose(served.sites, served=served, links=told, params=params)


def tight(**changes):
    return CHOOSE.model_copy(update=changes)


def twins(*, spare_mw, sites=((4.75, 4.75),), count=2, area_ha=40.0, **changes):
    """`count` equal firms with own places at (5, 5) and one substation of `spare_mw` there."""
    sources = {
        "electricity": {"PS": (5.0, 5.0, spare_mw)},
        "road": {"R": (5.0, 0.0, 1e9)},
    }
    made = sites_at(list(sites), area_ha=area_ha, **changes)
    rows = [(f"F{j}", 10, 3, 0, 0, False, (5.0, 5.0)) for j in range(count)]
    prospects, plots = firms(rows), plots_at([(9, 9)])
    offers = everywhere(made, plots, prospects, sources=sources)
    return serve(
        made, prospects=prospects, plots=plots, offers=offers, profiles=profiles(), params=SERVE
    )


def kopecks(money):
    return np.rint(np.asarray(money, float) * KOPECKS_PER_MRUB).astype(np.int64)


@few
@given(seeds, st.booleans())
def test_small_cases_equal_exhaustive_search(seed, scarce):
    spare = {
        u: {name: (x, y, s * (0.3 if scarce else 1.0)) for name, (x, y, s) in at.items()}
        for u, at in SOURCES.items()
    }
    served = served_town(seed, n_sites=3, n_firms=4, area_ha=22.0, sources=spare)
    linked = links(("F000", "F001", 2000.0, 80.0))
    chosen = run(served, linked=linked)
    expected = best_objective(served, linked, CHOOSE)
    assert chosen.portfolio.objective_mrub == pytest.approx(expected, abs=1e-5)
    assert chosen.portfolio.bound_mrub >= expected - 1e-5


@few
@given(seeds)
def test_the_bound_of_all_sites_is_never_below_what_highs_proves(seed):
    served = served_town(seed, n_sites=4, n_firms=7, area_ha=25.0)
    params = tight(budget_mrub=150.0 + seed % 300)
    case = build_case(served.sites, served, links(), params)
    patience = Patience(gap_share=0.0, time_limit_s=60.0, max_nodes=10_000)
    usable = openable(case)
    exact = solve_master(case, usable.astype(np.int64), patience=patience)
    assert exact.status == "Optimal"
    assert find_bound(case, usable, least=0.0).total_mrub >= exact.bound_mrub - 1e-5
    found = find_bound(case, usable, least=0.0)
    for at, site in enumerate(found.sites):
        locked = tight(budget_mrub=params.budget_mrub, locked_in=(case.sites[site],))
        forced = build_case(served.sites, served, links(), locked)
        with_it = solve_master(forced, usable.astype(np.int64), patience=patience)
        if with_it.status == "Optimal":
            assert found.opening_mrub[at] >= with_it.bound_mrub - 1e-5


@few
@given(seeds)
def test_the_ledger_adds_up_in_every_grouping_to_the_kopeck(seed):
    chosen = run(served_town(seed, n_sites=5, n_firms=8))
    ledger, sites, portfolio = chosen.ledger, chosen.sites, chosen.portfolio
    check(ledger, LEDGER)
    check(sites, CHOSEN)
    saving = pd.Series(kopecks(ledger["saving_mrub"]), index=ledger.index)
    assert (
        kopecks(ledger["standalone_mrub"]) - kopecks(ledger["park_mrub"]) == saving.to_numpy()
    ).all()
    by_site = saving.groupby(ledger["site_id"]).sum().reindex(sites.index).fillna(0)
    assert (by_site == kopecks(sites["plan_saving_mrub"])).all()
    by_resident = saving.groupby(ledger["prospect_id"]).sum()
    told = portfolio.residents["saving_mrub"]
    assert (by_resident.reindex(told.index) == kopecks(told)).all()
    total = kopecks(portfolio.objective_mrub - portfolio.colocation_mrub)
    for grouping in ("site_id", "prospect_id", "utility", "payer"):
        assert saving.groupby(ledger[grouping]).sum().sum() == total
    public = ledger.loc[ledger["payer"] == "budget", "park_mrub"]
    assert kopecks(public).sum() == kopecks(portfolio.spent_mrub)


@few
@given(seeds)
def test_the_ledger_is_the_cost_alone_of_every_resident_and_item(seed):
    chosen = run(served_town(seed, n_sites=4, n_firms=6))
    alone = chosen.ledger.pivot_table(
        index="prospect_id", columns="utility", values="standalone_mrub", aggfunc="sum"
    )
    for prospect_id, row in alone.iterrows():
        for item, cost in row.drop("opening").dropna().items():
            assert cost == pytest.approx(
                chosen.served.standalone.loc[prospect_id, item], abs=KOPECK
            )


@few
@given(seeds)
def test_no_site_is_overfull_and_every_source_beyond_its_spare_is_paid_for(seed):
    chosen = run(served_town(seed, n_sites=5, n_firms=9, area_ha=30.0))
    residents, prospects = chosen.portfolio.residents, chosen.served.prospects
    used = prospects["area_ha"].reindex(residents.index).groupby(residents["site_id"]).sum()
    limits = chosen.sites["buildable_ha"].reindex(used.index)
    assert (used <= limits * (1 + 1e-9)).all()
    headroom = chosen.portfolio.headroom
    beyond = (headroom["used"] - headroom["spare"]).clip(lower=0)
    assert np.allclose(beyond, headroom["beyond"])
    assert residents.groupby("site_id").size().ge(2).all()


def test_two_parks_and_one_substation_pay_once_for_what_it_lacks():
    """Two parks of two at one substation of 4 MW; each needs 0.8 * 6 = 4.8, together 9.6."""
    served = twins(spare_mw=4.0, sites=[(4.75, 4.75), (5.3, 4.75)], count=4, area_ha=20.0)
    chosen = run(served, tight(min_parks=2))
    assert chosen.portfolio.headroom.loc["PS", "used"] == pytest.approx(9.6)
    assert chosen.portfolio.headroom.loc["PS", "beyond"] == pytest.approx(5.6)
    ledger = chosen.ledger
    power = ledger.loc[ledger["utility"] == "electricity", "park_mrub"].sum()
    lengths_km = [math.hypot(0, 0), math.hypot(0.55, 0)]
    lines = sum(5 + 6 * km + 1 * 4.8 + 0.5 for km in lengths_km)
    assert power == pytest.approx(lines + 12 * 5.6, abs=1e-6)


def test_twins_pay_the_same_and_a_firm_without_rail_pays_nothing_for_it():
    served = twins(spare_mw=50.0)
    saving = run(served).portfolio.residents["saving_mrub"]
    assert saving.iloc[0] == pytest.approx(saving.iloc[1], abs=2 * 9 * KOPECK)


def test_a_park_of_one_is_no_park():
    served = twins(spare_mw=50.0, count=1)
    chosen = run(served, tight(opening_mrub=0.0))
    assert not chosen.sites["is_chosen"].any()
    assert chosen.portfolio.objective_mrub == 0
    assert chosen.portfolio.gap_share == 0
    assert chosen.ledger.empty


def test_sites_that_share_a_plot_never_open_together():
    served = twins(
        spare_mw=99.0, sites=[(4.75, 4.75), (5.3, 4.75)], count=4, area_ha=20.0,
        plots=["P1;P2", "P2;P3"],
    )  # fmt: skip
    assert run(served).sites["is_chosen"].sum() == 1


def test_sites_whose_land_overlaps_never_open_together():
    served = twins(spare_mw=99.0, sites=[(4.75, 4.75), (5.3, 4.75)], count=4, area_ha=20.0)
    assert run(served).sites["is_chosen"].sum() == 2
    told = served.sites.assign(overlaps=["S001", "S000"])
    assert run(replace(served, sites=told)).sites["is_chosen"].sum() == 1


def test_sites_nearer_than_the_spacing_never_open_together():
    served = twins(spare_mw=99.0, sites=[(4.75, 4.75), (5.75, 4.75)], count=4, area_ha=20.0)
    assert run(served).sites["is_chosen"].sum() == 2
    assert run(served, tight(min_spacing_km=0.4)).sites["is_chosen"].sum() == 2
    assert run(served, tight(min_spacing_km=0.6)).sites["is_chosen"].sum() == 1


def test_districts_and_locks_are_kept():
    served = twins(spare_mw=99.0, sites=[(4.75, 4.75), (5.75, 4.75)], count=4, area_ha=20.0)
    one = run(served, tight(max_parks_per_district=1))
    assert one.sites["is_chosen"].tolist() == [True, False]
    assert "max_parks_per_district" in one.portfolio.binding
    other = run(served, tight(max_parks_per_district=1, locked_out=("S000",)))
    assert other.sites["is_chosen"].tolist() == [False, True]
    forced = run(served, tight(max_parks=1, locked_in=("S001",)))
    assert forced.sites["is_chosen"].tolist() == [False, True]


def test_the_budget_is_what_the_budget_pays_in_the_ledger():
    served = served_town(5, n_sites=5, n_firms=8)
    rich = run(served)
    tightened = tight(budget_mrub=rich.portfolio.spent_mrub * 0.6)
    poor = run(served, tightened)
    assert poor.portfolio.spent_mrub <= tightened.budget_mrub + 1e-6
    assert poor.portfolio.objective_mrub < rich.portfolio.objective_mrub


@few
@given(seeds, st.floats(0.2, 1.0))
def test_a_larger_budget_never_lowers_the_bound(seed, share):
    served = served_town(seed, n_sites=4, n_firms=6)
    rich = run(served, tight(budget_mrub=400.0)).portfolio
    poor = run(served, tight(budget_mrub=400.0 * share)).portfolio
    assert rich.bound_mrub >= poor.bound_mrub - 1e-5


@few
@given(seeds)
def test_one_more_candidate_never_lowers_the_bound(seed):
    served = served_town(seed, n_sites=5, n_firms=6)
    every = run(served).portfolio
    fewer = run(served, tight(locked_out=("S002",))).portfolio
    assert every.bound_mrub >= fewer.bound_mrub - 1e-5


@few
@given(seeds, st.randoms(use_true_random=False))
def test_shuffling_rows_changes_nothing(seed, random):
    sites, prospects, plots, offers = town(seed, n_sites=5, n_firms=7)
    rows = random.sample(list(sites.index), len(sites))
    people = random.sample(list(prospects.index), len(prospects))

    def plan(s, p):
        served = serve(
            sites.loc[s], prospects=prospects.loc[p], plots=plots, offers=offers,
            profiles=profiles(), params=SERVE,
        )  # fmt: skip
        return run(served)

    straight, shuffled = plan(sites.index, prospects.index), plan(rows, people)
    assert_frame_equal(shuffled.sites.loc[sites.index], straight.sites)
    assert_frame_equal(shuffled.ledger, straight.ledger)
    assert shuffled.portfolio.bound_mrub == pytest.approx(straight.portfolio.bound_mrub)


def test_linked_firms_are_worth_putting_together():
    """Three firms, room for two: the linked pair settles, and its freight is in the objective."""
    served = twins(spare_mw=99.0, count=3, area_ha=20.0)
    linked = links(("F1", "F2", 100.0, 50.0))
    chosen = run(served, linked=linked)
    assert sorted(chosen.portfolio.residents.index) == ["F1", "F2"]
    assert chosen.portfolio.colocation_mrub == pytest.approx(100 * 50 * 0.0002 * 5)
    saved = kopecks(chosen.ledger["saving_mrub"]).sum() / KOPECKS_PER_MRUB
    assert chosen.portfolio.objective_mrub == pytest.approx(saved + 5.0)


def test_a_time_out_is_never_called_optimal():
    served = served_town(11, n_sites=40, n_firms=40)
    chosen = run(served, tight(time_limit_s=1e-3, max_parks=8, max_parks_per_district=8))
    portfolio = chosen.portfolio
    assert portfolio.status == "Time limit reached"
    assert portfolio.bound_mrub >= portfolio.objective_mrub > 0
    assert portfolio.is_proven == (portfolio.gap_share <= 1e-9)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"locked_in": ("S000",), "budget_mrub": 1.0}, "budget of 1"),
        ({"min_parks": 1, "budget_mrub": 1.0}, "budget of 1"),
        ({"min_parks": 3, "max_parks": 2}, "max_parks = 2"),
        ({"min_parks": 3, "max_parks": 3}, "min_parks = 3"),
        ({"locked_in": ("S000", "S001"), "max_parks": 1}, "max_parks = 1"),
        ({"locked_in": ("S000", "S001"), "max_parks_per_district": 1}, "per_district = 1"),
        ({"locked_in": ("S000", "S001"), "min_spacing_km": 9.0}, "S000, S001 share plots or lie"),
        ({"locked_in": ("S000",), "locked_out": ("S000",)}, "both in locked_in and in locked_out"),
        ({"locked_in": ("S000",), "min_residents": 5}, "cannot become a park with 5"),
    ],
)
def test_an_impossible_limit_is_named(changes, said):
    served = twins(spare_mw=99.0, sites=[(4.75, 4.75), (5.75, 4.75)], count=4, area_ha=40.0)
    with pytest.raises(InfeasibleError) as error:
        run(served, tight(**changes))
    assert said in error.value.text("en")
    assert error.value.text("ru") != error.value.text("en")
    assert error.value.exit_code == 3


def test_an_unknown_locked_site_is_an_error_of_the_region():
    with pytest.raises(RegionError, match="S999"):
        run(twins(spare_mw=99.0), tight(locked_in=("S999",)))


def test_shapley_of_an_airport_game_is_known():
    """Three planes need runways of 1, 2 and 3: they pay 1/3, 1/3 + 1/2, 1/3 + 1/2 + 1."""
    values = shapley_exact(np.array([1.0, 2.0, 3.0]), lambda _, largest: largest)
    assert values == pytest.approx([1 / 3, 1 / 3 + 1 / 2, 1 / 3 + 1 / 2 + 1])


def test_sampled_shapley_is_near_the_exact_one():
    demands = np.array([0.5, 1.0, 2.0, 4.0, 0.0, 3.0])

    def stairs(total, _):
        return 10.0 * math.ceil(total / 3.0)

    exact, sampled = shapley_exact(demands, stairs), shapley_sampled(demands, stairs)
    assert sampled == pytest.approx(exact, abs=1.5)
    assert sampled.sum() == pytest.approx(stairs(demands.sum(), 0))
    assert sampled[4] == exact[4] == 0


@given(st.integers(0, 10**12), st.lists(st.floats(0, 1e6), min_size=1, max_size=9))
@settings(deadline=None)
def test_split_kopecks_add_up_and_follow_the_shares(total, shares):
    weights = np.array(shares) + 1e-9
    split = split_kopecks(total, weights)
    assert split.sum() == total
    assert np.abs(split - total * weights / weights.sum()).max() <= 1 + 1e-3
