"""Draws, percentiles and facts: against the plan itself where nothing varies, and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from portfolio.test_choose import run, tight, twins
from portfolio.town import CHOOSE, DOUBT, served_town
from siting.portfolio import doubt
from siting.portfolio.doubting import draw_world, triangular
from siting.portfolio.stakes import build_stakes
from siting.region import DoubtParams
from siting.tables import check
from siting.tables.results import DOUBTED, FACTS

seeds = st.integers(0, 10_000)
few = settings(max_examples=5, deadline=None)
SURE = DoubtParams(
    draws=3,
    demand_spread_share=0.0,
    spare_spread_share=0.0,
    occupancy_low_share=1.0,
    occupancy_high_share=1.0,
)


def with_sure_prices(served):
    """The same region, every price known exactly."""

    def sure(ways):
        options = ways.options.copy()
        for column in ("fixed_mrub", "per_km_mrub", "per_unit_mrub"):
            options = options.assign(
                **{f"{column}_low": options[column], f"{column}_high": options[column]}
            )
        return replace(ways, options=options)

    return replace(served, ways=sure(served.ways), ways_alone=sure(served.ways_alone))


@few
@given(seeds)
def test_where_nothing_is_doubted_every_percentile_is_the_saving(seed):
    chosen = run(with_sure_prices(served_town(seed, n_sites=4, n_firms=6)))
    doubted = doubt(chosen.sites, chosen=chosen, params=SURE, seed=1)
    for p in (10, 50, 90):
        saving = chosen.sites["saving_mrub"]
        assert doubted.sites[f"saving_p{p}_mrub"].to_numpy() == pytest.approx(
            saving.to_numpy(), nan_ok=True
        )
    assert doubted.facts.empty
    assert set(doubted.sites["chosen_share"]) <= {0.0, 1.0}


def test_where_nothing_is_doubted_the_plan_of_one_park_saves_what_the_ledger_says():
    chosen = run(with_sure_prices(twins(spare_mw=4.0)))
    doubted = doubt(chosen.sites, chosen=chosen, params=SURE, seed=1)
    expected = chosen.portfolio.objective_mrub
    assert doubted.plan_saving_mrub["saving_mrub"].to_numpy() == pytest.approx(expected)
    assert doubted.sites["chosen_share"].tolist() == [1.0]


def test_tables_keep_their_contracts_and_percentiles_their_order():
    chosen = run(served_town(4, n_sites=6, n_firms=10))
    told = []
    doubted = doubt(chosen.sites, chosen=chosen, params=DOUBT, seed=7, progress=told.append)
    check(doubted.sites, DOUBTED)
    check(doubted.facts, FACTS)
    known = doubted.sites.dropna(subset=["saving_p50_mrub"])
    assert (known["saving_p10_mrub"] <= known["saving_p50_mrub"]).all()
    assert (known["saving_p50_mrub"] <= known["saving_p90_mrub"]).all()
    assert doubted.facts["swing_mrub"].is_monotonic_decreasing
    assert len(doubted.facts) == 10
    assert told == sorted(told)


def test_the_same_seed_gives_the_same_tables_and_another_seed_does_not():
    chosen = run(served_town(4, n_sites=6, n_firms=10))
    one, same, other = (
        doubt(chosen.sites, chosen=chosen, params=DOUBT, seed=seed) for seed in (7, 7, 8)
    )
    assert_frame_equal(one.sites, same.sites)
    assert_frame_equal(one.facts, same.facts)
    assert not one.sites["saving_p50_mrub"].equals(other.sites["saving_p50_mrub"])


def test_no_draw_opens_more_than_the_limits_allow():
    chosen = run(
        served_town(4, n_sites=8, n_firms=12), tight(max_parks=3, max_parks_per_district=2)
    )
    stakes = build_stakes(chosen)
    random = np.random.default_rng(1)
    for _ in range(20):
        world = draw_world(stakes, DOUBT, random)
        pool = stakes.pool(60)
        opened = stakes.reselect_in(world, stakes.values_in(world), pool)
        assert opened.sum() <= 2


def test_a_busier_plant_needs_more_power_and_no_second_road():
    stakes = build_stakes(run(served_town(4, n_sites=3, n_firms=8)))
    busy = DOUBT.model_copy(update={"demand_spread_share": 0.3})
    world = draw_world(stakes, busy, np.random.default_rng(1))
    loads, access = slice(0, 5), slice(5, 8)
    assert not np.array_equal(world.demands[:, loads], stakes.central.demands[:, loads])
    np.testing.assert_array_equal(world.demands[:, access], stakes.central.demands[:, access])


def test_a_site_locked_out_is_never_chosen_in_a_draw():
    chosen = run(served_town(4, n_sites=3, n_firms=8), tight(locked_out=("S001",)))
    doubted = doubt(chosen.sites, chosen=chosen, params=DOUBT, seed=7)
    assert doubted.sites.loc["S001", "chosen_share"] == 0
    assert doubted.sites["chosen_share"].max() > 0.5


def test_a_draw_is_priced_as_a_plan_would_be():
    """In a drawn world the savings are those `serve` finds with the drawn figures written in."""
    chosen = run(twins(spare_mw=4.0))
    stakes = build_stakes(chosen)
    world = replace(stakes.central, demands=stakes.central.demands * [2, 1, 1, 1, 1, 1, 1, 1])
    saving = stakes.savings_in(world, stakes.values_in(world))
    # 6 MW each: alone one cable (and 2 MW beyond the 4 spare), together 9.6 MW: two cables
    km = 0.0
    alone = 2 * (5 + 6 * km + 6 * 1 + 0.5 + 12 * 2)
    street = 5 + 40 * 5 + 0.5
    park = 2 * (5 + 6 * km) + 9.6 + 0.5 + 12 * 5.6
    onsite = 2 * 10 * 2 * (0.6 - 1.0)
    assert saving[0] == pytest.approx(alone + 2 * street - park - street + onsite)


def test_occupancy_lowers_what_residents_bring_and_not_what_is_built():
    chosen = run(twins(spare_mw=4.0))
    stakes = build_stakes(chosen)
    full = stakes.central
    half = replace(full, come=full.come / 2)
    values = stakes.values_in(full)
    brought = sum(values - stakes.onsite[0])
    gap = stakes.savings_in(full, values)[0] - stakes.savings_in(half, values)[0]
    assert gap == pytest.approx(brought / 2)
    # and so the saving is zero at the break-even occupancy
    share = chosen.sites["break_even_share"].iloc[0]
    even = replace(full, come=full.come * share)
    assert stakes.savings_in(even, values)[0] == pytest.approx(0, abs=1e-9)


def test_the_largest_fact_is_the_one_that_moves_the_plan_most():
    chosen = run(twins(spare_mw=4.0), CHOOSE)
    facts = doubt(chosen.sites, chosen=chosen, params=DOUBT, seed=1).facts
    stakes = build_stakes(chosen)
    street = stakes.case.ways.options.index.get_loc("road:street")
    swing = []
    for prices in (stakes.low_prices, stakes.high_prices):
        drawn = stakes.central.prices.copy()
        drawn[:, street] = prices[:, street]
        world = replace(stakes.central, prices=drawn)
        swing.append(stakes.total_in(world, stakes.values_in(world)))
    row = facts.set_index("subject").loc["road:street"]
    assert row["swing_mrub"] == pytest.approx(abs(swing[1] - swing[0]))
    assert (row["low"], row["high"]) == (pytest.approx(0.6), pytest.approx(1.8))


@given(st.floats(0, 1), st.floats(0, 10), st.floats(0, 10), st.floats(0, 10))
@settings(deadline=None)
def test_triangular_quantiles_stay_within_and_invert_the_distribution(level, a, b, c):
    low, mode, high = sorted((a, b, c))
    x = triangular(np.array([level]), np.array([low]), np.array([mode]), np.array([high]))[0]
    assert low - 1e-9 <= x <= high + 1e-9
    if high - low > 1e-3 and mode - low > 1e-6 and high - mode > 1e-6:
        below = (x - low) ** 2 / ((high - low) * (mode - low))
        above = 1 - (high - x) ** 2 / ((high - low) * (high - mode))
        assert (below if x < mode else above) == pytest.approx(level, abs=1e-6)
