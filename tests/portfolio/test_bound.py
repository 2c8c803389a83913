"""The packing of one site and the bound of all, against exhaustive search and HiGHS."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.test_choose import links, tight
from portfolio.town import SOURCES, served_town
from siting.portfolio.bound import find_bound
from siting.portfolio.case import build_case
from siting.portfolio.envelope import priced_cheapest
from siting.portfolio.fill import set_needs
from siting.portfolio.laying import lay
from siting.portfolio.limits import openable
from siting.portfolio.master import Patience, solve_master
from siting.portfolio.packing import pack_sites

SCARCE = {u: {name: (x, y, s * 0.3) for name, (x, y, s) in at.items()} for u, at in SOURCES.items()}
few = settings(max_examples=6, deadline=None)


def best_set_mrub(case, laid, site, prices):
    """What the best set of residents saves at these prices; every set is tried."""
    prospect, weight, toll, public = prices
    supply, best = laid.flat[2], -np.inf
    onsite = case.public_onsite * case.rates_mrub_ha[site] * case.areas_ha
    gain = case.values[site] - prospect - public * onsite
    able = np.flatnonzero(case.fits[site])
    for size in range(1, len(able) + 1):
        for chosen in itertools.combinations(able.tolist(), size):
            inside = np.isin(np.arange(len(gain)), chosen)
            if case.areas_ha[inside].sum() > case.limits_ha[site] * (1 + 1e-9):
                continue
            needs = set_needs(inside, case.demands, case.coincidence)
            costs = [
                priced_cheapest(supply, (weight, toll), 8 * site + u, need)[0]
                for u, need in enumerate(needs)
            ]
            best = max(best, gain[inside].sum() - sum(costs))
    return best


@few
@given(st.integers(0, 10_000), st.floats(0, 1), st.floats(0, 0.5), st.integers(0, 40))
def test_a_packing_is_bounded_whenever_it_stops_and_exact_when_it_has_time(
    seed, steep, public, nodes
):
    served = served_town(seed, n_sites=2, n_firms=7, area_ha=25.0, sources=SCARCE)
    case = build_case(served.sites, served, links(), tight())
    laid, rng = lay(case), np.random.default_rng(seed)
    prospect = steep * rng.uniform(0, 1, len(case.prospects)) * case.values.max()
    toll = np.zeros(len(case.ways.spare))
    toll[laid.scarce] = rng.uniform(0, 1, len(laid.scarce)) * laid.ceiling_mrub
    prices = (prospect, 1 + public * case.public, toll, public)
    both, asked = np.arange(2), np.full(2, -1e9)
    expected = np.array([best_set_mrub(case, laid, site, prices) for site in both])
    upper, found, _ = pack_sites(laid.flat, prices, both, np.zeros((2, 8)), (asked, nodes))
    assert (upper >= expected - 1e-6).all()
    # a set of nobody is worth nothing, even where every other one loses
    assert (found <= np.maximum(expected, 0) + 1e-6).all()
    enough, found, members = pack_sites(laid.flat, prices, both, np.zeros((2, 8)), (asked, 4000))
    # a set of nobody, worth nothing, bounds from below what is not worth packing
    assert np.maximum(enough, 0) == pytest.approx(np.maximum(expected, 0), abs=1e-4)
    worth = expected > 0
    assert found[worth] == pytest.approx(expected[worth], abs=1e-4)
    assert (members @ case.areas_ha <= case.limits_ha * (1 + 1e-9)).all()


@few
@given(st.integers(0, 10_000))
def test_shared_sources_never_lift_a_plan_above_the_bound(seed):
    served = served_town(seed, n_sites=4, n_firms=7, area_ha=25.0, sources=SCARCE)
    case = build_case(served.sites, served, links(), tight(budget_mrub=400.0))
    usable = openable(case)
    patience = Patience(gap_share=0.0, time_limit_s=60.0, max_nodes=10_000)
    exact = solve_master(case, usable.astype(np.int64), patience=patience)
    found = find_bound(case, usable, least=0.0)
    assert found.total_mrub >= exact.bound_mrub - 1e-5
