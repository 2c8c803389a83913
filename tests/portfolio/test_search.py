"""The tables and books the searches read, against the one cost formula and adding up anew."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.test_choose import links, tight
from portfolio.town import SOURCES, served_town
from siting.portfolio.case import build_case
from siting.portfolio.improve import improve_plan
from siting.portfolio.limits import openable
from siting.portfolio.master import NOWHERE
from siting.portfolio.stairs import build_stairs, stair_cost
from siting.portfolio.start import greedy_plan
from siting.portfolio.ways import cheapest_way
from siting.portfolio.worth import worth_mrub

AMPLE = {u: {name: (x, y, 1e9) for name, (x, y, _) in at.items()} for u, at in SOURCES.items()}
few = settings(max_examples=8, deadline=None)


def small(seed, *, sources=SOURCES, **changes):
    served = served_town(seed, n_sites=5, n_firms=9, area_ha=30.0, sources=sources)
    return build_case(served.sites, served, links(), tight(**changes))


@few
@given(st.integers(0, 10_000))
def test_the_stairs_of_a_site_are_the_cheapest_way_at_every_need(seed):
    case, rng = small(seed), np.random.default_rng(seed)
    supply = (case.ways.thinned.kernel, case.ways.prices, case.ways.spare)
    people = (case.demands, case.coincidence, case.areas_ha)
    for site in range(len(case.sites)):
        limit = float(case.limits_ha[site])
        start, lines = build_stairs(supply, people, site, case.fits[site], limit)
        for u in range(8):
            ends = lines[0, start[u] : start[u + 1]]
            most = ends.max(initial=0.0)
            for need in np.concatenate([rng.uniform(0, most, 30), ends, ends * 0.999]):
                expected, _ = cheapest_way(*supply, 8 * site + u, need)
                assert stair_cost(start, lines, u, need) == pytest.approx(expected, rel=1e-7)


@few
@given(st.integers(0, 10_000))
def test_local_search_never_worsens_a_plan_and_ends_where_no_single_move_helps(seed):
    case = small(seed, sources=AMPLE, max_parks=3)
    usable = openable(case)
    plan = improve_plan(case, greedy_plan(case, usable.tolist()), usable)
    worth = worth_mrub(case, plan)
    assert worth >= worth_mrub(case, greedy_plan(case, usable.tolist())) - 1e-6
    areas = np.array([case.areas_ha[plan == site].sum() for site in range(len(case.sites))])
    assert (areas <= case.limits_ha * (1 + 1e-9)).all()
    opened = np.unique(plan[plan != NOWHERE]).tolist()
    for j in range(len(plan)):
        for target in [NOWHERE, *opened]:
            other = plan.copy()
            other[j] = target
            if _allowed(case, other, j, target, opened):
                assert worth_mrub(case, other) <= worth + 1e-6


def _allowed(case, plan, j, target, opened):
    if target != NOWHERE and not case.fits[target, j]:
        return False
    return all(
        (plan == site).sum() >= case.params.min_residents
        and case.areas_ha[plan == site].sum() <= case.limits_ha[site] * (1 + 1e-9)
        for site in opened
    )
