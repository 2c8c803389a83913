"""Ways chosen together cost no more than any other choice: HiGHS and exhaustive search agree."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.portfolio.competing import cheapest_together
from siting.portfolio.programme import Programme
from siting.portfolio.ways import Ways
from siting.units import UTILITIES

WATER = UTILITIES.index("water")


def ways_of(costs, spare, extra):
    """Parks by sources and, last, works of their own; an infinite cost is no way."""
    start, source, fixed = [0], [], []
    for row in costs:
        for utility in range(len(UTILITIES)):
            if utility == WATER:
                for at, cost in enumerate(row):
                    if np.isfinite(cost):
                        source.append(at if at < len(spare) else -1)
                        fixed.append(cost)
            start.append(len(source))
    n = len(source)
    options = pd.DataFrame(
        {
            "reach_rule": "none",
            "reach_value": 0.0,
            "capacity": 1e9,
            "fixed_mrub": fixed,
            "per_km_mrub": 0.0,
            "per_unit_mrub": 0.0,
        }
    )
    extras = np.zeros(len(UTILITIES))
    extras[WATER] = extra
    return Ways(
        places=pd.Index([f"S-{i}" for i in range(len(costs))]),
        start=np.array(start, np.int64),
        option=np.arange(n, dtype=np.int64),
        source=np.array(source, np.int64),
        effective_km=np.zeros(n),
        length_km=np.zeros(n),
        crossings_mrub=np.zeros(n),
        options=options,
        sources=pd.DataFrame({"spare": np.asarray(spare, float)}),
        extra_mrub=extras,
    )


def cost_of(pick, costs, needs, spare, extra):
    taken = np.zeros(len(spare) + 1)
    np.add.at(taken, pick, needs)
    beyond = np.maximum(0.0, taken[:-1] - spare).sum()
    return sum(row[at] for row, at in zip(costs, pick, strict=True)) + extra * beyond


def picked(ways, chosen, parks, own):
    assert (chosen[parks] >= 0).all()
    source = ways.source[chosen[parks]]
    return np.where(source >= 0, source, own)


def by_highs(costs, needs, spare, extra):
    rows = Programme()
    picks = [[rows.column(-cost, upper=1, whole=True) for cost in row] for row in costs]
    for mine in picks:
        rows.row(1, 1, [(column, 1.0) for column in mine])
    for at, left in enumerate(spare):
        beyond = rows.column(-extra)
        flows = [(mine[at], need) for mine, need in zip(picks, needs, strict=True)]
        rows.row(-np.inf, left, [*flows, (beyond, -1.0)])
    answer = rows.solve({"mip_rel_gap": 0.0, "mip_abs_gap": 0.0}, {})
    return -float(np.dot(rows.cost, answer.values))


numbers = st.integers(0, 40).map(float)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_choice_of_ways_costs_less(data):
    parks, sources = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 3))
    rows = st.lists(numbers | st.just(np.inf), min_size=sources, max_size=sources)
    costs = [[*data.draw(rows), data.draw(numbers)] for _ in range(parks)]
    needs = np.array(data.draw(st.lists(numbers, min_size=parks, max_size=parks)))
    spare = np.array(data.draw(st.lists(numbers, min_size=sources, max_size=sources)))
    extra = data.draw(st.sampled_from([0.0, 0.5, 3.0]))
    ways = ways_of(costs, spare, extra)
    chosen = cheapest_together(ways, WATER, needs)
    able = np.flatnonzero(needs > 0)
    assert (chosen[needs == 0] == -1).all()
    mine, need = [costs[i] for i in able], needs[able]
    least = min(
        cost_of(list(pick), mine, need, spare, extra)
        for pick in itertools.product(range(sources + 1), repeat=len(able))
    )
    found = picked(ways, chosen, able, sources)
    assert cost_of(found, mine, need, spare, extra) == pytest.approx(least, abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_many_parks_cost_what_highs_says(seed):
    rng = np.random.default_rng(seed)
    parks, sources = 12, 4
    costs = rng.uniform(10, 200, (parks, sources + 1))
    costs[:, sources] += 100  # works of their own
    needs, extra = rng.uniform(1, 30, parks), float(rng.choice([1.0, 5.0, 20.0]))
    spare = rng.uniform(0, needs.sum() / sources, sources)
    ways = ways_of(costs.tolist(), spare, extra)
    found = picked(ways, cheapest_together(ways, WATER, needs), np.arange(parks), sources)
    cost = cost_of(found, costs.tolist(), needs, spare, extra)
    # within what HiGHS takes for kept
    assert cost == pytest.approx(by_highs(costs.tolist(), needs, spare, extra), abs=1e-4)
    alone = cost_of(costs.argmin(axis=1), costs.tolist(), needs, spare, extra)
    assert cost <= alone + 1e-9
