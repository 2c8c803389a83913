"""What else could be done, against exhaustive search of small towns."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.oracle import best_by_sites
from portfolio.test_choose import links, run, tight, twins
from portfolio.town import served_town
from siting.errors import RegionError
from siting.portfolio import exploring
from siting.tables import check
from siting.tables.alternatives import ALTERNATIVES, IRREPLACEABILITY, PARETO, REGRETS

seeds = st.integers(0, 10_000)
few = settings(max_examples=4, deadline=None)
LINKED = links(("F000", "F001", 2000.0, 80.0))


def asked(**changes):
    return tight(seeks_alternatives=True, favourites_told=5, **changes)


def small(seed):
    return served_town(seed, n_sites=4, n_firms=4, area_ha=22.0)


def sets_of(table):
    return [frozenset(ids.split(";")) - {""} for ids in table.fillna("")]


@few
@given(seeds, st.sampled_from([0.01, 0.2]))
def test_small_cases_tell_every_portfolio_near_the_best_as_exhaustive_search_does(seed, near):
    served, params = small(seed), asked(near_best_share=near)
    exact = best_by_sites(served, LINKED, params)
    top = max(exact.values())
    expected = {sites: saving for sites, saving in exact.items() if saving >= top * (1 - near)}
    chosen = run(served, params, LINKED)
    found = chosen.portfolio.alternatives
    assert found.is_proven
    told = dict(
        zip(sets_of(found.near_best["site_ids"]), found.near_best["saving_mrub"], strict=True)
    )
    assert told.keys() == expected.keys()
    assert all(told[sites] == pytest.approx(expected[sites], abs=1e-5) for sites in told)
    assert found.near_best["saving_mrub"].is_monotonic_decreasing
    assert told[frozenset(chosen.sites.index[chosen.sites["is_chosen"]])] == pytest.approx(top)


@few
@given(seeds)
def test_small_cases_have_exact_irreplaceability_and_regrets(seed):
    served, params = small(seed), asked(near_best_share=0.1)
    exact = best_by_sites(served, LINKED, params)
    top = max(exact.values())
    near = [sites for sites, saving in exact.items() if saving >= top * 0.9]
    found = run(served, params, LINKED).portfolio.alternatives
    for row in found.irreplaceability.itertuples():
        without = max(saving for sites, saving in exact.items() if row.site_id not in sites)
        assert row.loss_mrub == pytest.approx(top - without, abs=1e-5)
        assert row.near_best_share == np.mean([row.site_id in sites for sites in near])
    for row in found.regrets.itertuples():
        with_it = [saving for sites, saving in exact.items() if row.site_id in sites]
        assert row.regret_mrub == pytest.approx(top - max(with_it), abs=1e-5)


@few
@given(seeds)
def test_where_sets_are_too_many_what_is_found_is_never_above_the_truth(seed):
    """The same small towns, but the search may not hand every set to HiGHS."""
    served, params = small(seed), asked(near_best_share=0.1)
    exact = best_by_sites(served, LINKED, params)
    work, exploring.EXACT_WORK = exploring.EXACT_WORK, 0
    try:
        found = run(served, params, LINKED).portfolio.alternatives
    finally:
        exploring.EXACT_WORK = work
    assert not found.is_proven
    for sites, saving in zip(
        sets_of(found.near_best["site_ids"]), found.near_best["saving_mrub"], strict=True
    ):
        assert saving <= exact[sites] + 1e-5
    for row in found.regrets.itertuples():
        with_it = [saving for sites, saving in exact.items() if row.site_id in sites]
        assert np.isnan(row.with_mrub) or row.with_mrub <= max(with_it) + 1e-5


@few
@given(seeds)
def test_no_plan_of_the_front_beats_another_and_the_plan_is_among_them(seed):
    chosen = run(served_town(seed, n_sites=6, n_firms=9, area_ha=30.0), asked())
    found, portfolio = chosen.portfolio.alternatives, chosen.portfolio
    front = found.pareto[["saving_mrub", "jobs_count", "public_mrub"]].to_numpy()
    signs = np.array([1.0, 1.0, -1.0])
    for at, one in enumerate(front * signs):
        others = np.delete(front * signs, at, axis=0)
        assert not ((others >= one).all(axis=1)).any()
    plan = found.pareto[found.pareto["is_plan"]].iloc[0]
    assert plan["saving_mrub"] == pytest.approx(portfolio.objective_mrub, abs=0.01)
    assert plan["public_mrub"] == pytest.approx(portfolio.spent_mrub, abs=0.01)
    assert plan["saving_mrub"] == found.pareto["saving_mrub"].max()
    for name, table in found.tables.items():
        declared = {t.name: t for t in (ALTERNATIVES, IRREPLACEABILITY, REGRETS, PARETO)}[name]
        check(table, declared)


def test_a_twin_site_is_replaceable_and_its_regret_is_the_longer_cable():
    """Two firms, one substation; a site beside it and one 2 km off: one park, two portfolios."""
    served = twins(spare_mw=50.0, sites=[(4.75, 4.75), (6.75, 4.75)], area_ha=20.0)
    found = run(served, asked(near_best_share=1.0)).portfolio.alternatives
    lost = found.irreplaceability.set_index("site_id").loc["S000", "loss_mrub"]
    regret = found.regrets.set_index("site_id").loc["S001", "regret_mrub"]
    # 2 km of cable at 6 and of street at 40 roads from (5, 0): sqrt(2^2 + 5^2) - 5 km
    street = 40 * (np.hypot(2, 5) - 5)
    assert lost == pytest.approx(2 * 6 + street, abs=1e-6)
    assert regret == pytest.approx(lost)


def test_locks_hold_in_every_alternative_and_unknown_favourites_are_refused():
    served = small(3)
    found = run(served, asked(near_best_share=1.0, locked_out=("S001",))).portfolio.alternatives
    assert all("S001" not in sites for sites in sets_of(found.near_best["site_ids"]))
    with pytest.raises(RegionError, match="S999"):
        run(served, asked(favourites=("S999",)))
