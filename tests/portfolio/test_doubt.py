"""Draws, percentiles and facts: against the plan itself where nothing varies, and by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy.special import ndtri

from portfolio.test_choose import run, tight, twins
from portfolio.town import CHOOSE, DOUBT, served_town
from siting.portfolio import doubt
from siting.portfolio.ages import find_ages
from siting.portfolio.knowing import worth_of, worth_of_all
from siting.portfolio.quick import cheapest_laid, lay
from siting.portfolio.ranks import rank_sites
from siting.portfolio.stakes import build_stakes
from siting.portfolio.ways import cheapest_way
from siting.portfolio.worlds import correlated, draw_worlds, triangular
from siting.region import DoubtParams
from siting.tables import check
from siting.tables.doubt import FACTS, RANKS, TORNADO
from siting.tables.results import DOUBTED

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
    order = doubted.facts[["value_mrub", "swing_mrub"]].apply(tuple, axis=1).tolist()
    assert order == sorted(order, reverse=True)
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
    stakes = build_stakes(chosen, DOUBT)
    worlds = draw_worlds(stakes, DOUBT, np.random.default_rng(1))
    pool = stakes.pool(60)
    for draw in range(20):
        world = worlds.world(draw)
        homes = stakes.reselect_in(world, stakes.values_in(world), pool)
        assert len(set(homes[homes >= 0].tolist())) <= 2
        # nobody settles who does not come or fit
        for j in np.flatnonzero(homes >= 0):
            assert world.come[j]
            assert stakes.case.fits[pool.sites[homes[j]], j]


def test_a_busier_plant_needs_more_power_and_no_second_road():
    busy = DOUBT.model_copy(update={"demand_spread_share": 0.3})
    stakes = build_stakes(run(served_town(4, n_sites=3, n_firms=8)), busy)
    world = draw_worlds(stakes, busy, np.random.default_rng(1)).world(0)
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


@few
@given(seeds, st.floats(0, 60))
def test_a_laid_way_costs_what_the_way_costs(seed, need):
    ways = served_town(seed).ways
    prices = np.ascontiguousarray(ways.prices.T)
    laid = lay(ways.kernel)
    for row in range(len(ways.start) - 1):
        expected = cheapest_way(ways.kernel, ways.prices, ways.spare, row, need)
        found = cheapest_laid(ways.start, laid, prices, ways.spare, row, need)
        assert found == pytest.approx(expected)


@few
@given(seeds)
def test_ways_left_out_of_the_draws_are_never_cheapest(seed):
    """Sites and lone plants over all their ways, against those kept for the draws."""
    chosen = run(served_town(seed, n_sites=4, n_firms=8))
    stakes = build_stakes(chosen, DOUBT)
    worlds = draw_worlds(stakes, DOUBT, np.random.default_rng(seed))
    for name, ways in (("laid_sites", stakes.case.ways), ("laid_alone", stakes.alone)):
        kept = replace(stakes)
        whole = replace(stakes)
        object.__setattr__(whole, name, (ways.start, lay(ways.kernel)))
        for draw in range(5):
            world = worlds.world(draw)
            few_ways, all_ways = (
                each.savings_in(world, each.values_in(world)) for each in (kept, whole)
            )
            np.testing.assert_allclose(few_ways, all_ways)


def test_prices_of_a_utility_move_together_as_much_as_stated():
    group = np.array([0, 0, 1])
    levels = correlated(np.random.default_rng(1), group, 0.6, 20_000)
    assert levels.min() > 0
    assert levels.max() < 1
    score = np.corrcoef(ndtri(levels), rowvar=False)
    assert score[0, 1] == pytest.approx(0.6, abs=0.02)
    assert score[0, 2] == pytest.approx(0.0, abs=0.02)
    # each level alone is uniform
    assert np.quantile(levels[:, 0], [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.015)


def test_old_data_is_doubted_more():
    chosen = run(twins(spare_mw=4.0))
    ways = chosen.served.ways
    aging = DOUBT.model_copy(update={"age_spread_share": 0.1, "spare_spread_share": 0.2})
    options = ways.options.assign(price_year=2024.0)
    old = replace(ways, options=options)
    told = pd.DataFrame({"as_of": ["2021-05-01"]}, index=pd.Index(["PS"], name="source_id"))
    ages = find_ages(old, told, aging)
    assert ages.price_years.tolist() == [2.0] * len(options)
    # the substation is of 2021; the road says nothing and counts as five years old
    assert dict(zip(old.sources["id"], ages.spare_years, strict=True)) == {"PS": 5.0, "R": 5.0}
    fresh, aged = build_stakes(chosen, aging), build_stakes(chosen, aging, ages)
    central = fresh.central.prices
    np.testing.assert_allclose(central - aged.low_prices, 1.2 * (central - fresh.low_prices))
    assert aged.spare_spread.tolist() == pytest.approx([0.7, 0.7])


def test_rank_shares_are_counted_draw_by_draw():
    """Three draws; A leads twice, B once, C has nobody and no rank."""
    savings = np.array([[3.0, 2.0, 9.0], [1.0, 2.0, 9.0], [5.0, 1.0, 9.0]])
    ranks = rank_sites(pd.Index(["A", "B", "C"]), savings, np.array([True, True, False]), 10)
    found = ranks.set_index(["site_id", "rank"])["share"].to_dict()
    assert found == pytest.approx(
        {("A", 1.0): 2 / 3, ("B", 1.0): 1 / 3, ("A", 2.0): 1 / 3, ("B", 2.0): 2 / 3}
    )


def test_every_rank_is_shared_out_whole_and_the_tornado_stands_around_the_plan():
    chosen = run(served_town(4, n_sites=6, n_firms=10))
    doubted = doubt(chosen.sites, chosen=chosen, params=DOUBT, seed=7)
    ranks, tornado = (check(doubted.books[t.name], t) for t in (RANKS, TORNADO))
    filled = chosen.sites["saving_mrub"].notna().sum()
    shares = ranks.groupby("rank")["share"].sum()
    assert len(shares) == filled
    assert shares.to_numpy() == pytest.approx(1)
    assert tornado["swing_mrub"].is_monotonic_decreasing
    prices = tornado[tornado["kind"] == "price"].set_index("subject")
    stakes = build_stakes(chosen, DOUBT)
    assert prices["central_mrub"].unique() == pytest.approx(
        [stakes.total_in(stakes.central, stakes.values_in(stakes.central))]
    )
    # a road serves a park once and every lone plant: dearer roads make parks save more
    assert prices.loc["road", "low_mrub"] < prices.loc["road", "high_mrub"]


def test_a_fact_that_decides_is_worth_what_it_saves_and_noise_is_worth_nothing():
    """Plan 1 saves 5, plan 2 saves 5 + 10 x with x uniform in -1..1: know x, take the better.

    The mean of max(0, 10 x) is 2.5; a parabola through a kink finds most of it.
    """
    random = np.random.default_rng(3)
    x, noise = random.uniform(-1, 1, 4000), random.uniform(-1, 1, 4000)
    savings = np.stack([np.full(4000, 5.0), 5 + 10 * x], axis=1)
    assert worth_of(x, savings) == pytest.approx(2.5, rel=0.05)
    assert worth_of_all(savings) == pytest.approx(2.5, rel=0.05)
    assert worth_of(noise, savings) < 0.1
    # a plan that is better whatever x is makes knowing x worthless, though x moves it
    assert worth_of(x, np.stack([5 + x, 50 + 10 * x], axis=1)) == 0


@few
@given(seeds)
def test_knowing_one_fact_is_never_worth_more_than_knowing_all(seed):
    random = np.random.default_rng(seed)
    fact = random.random(200)
    savings = random.normal(0, 5, (200, 4)) + np.outer(fact, random.normal(0, 9, 4))
    assert 0 <= worth_of(fact, savings) <= worth_of_all(savings) + 1e-9
