"""Parks that share a trunk: the tree against every tree, and a map drawn by hand.

   0    2    4    6    8    10   12   14 km
2  +    .    .    .    .    A
1  S----------------------<            one line of 1 mln per km serves both
0  +    .    .    .    .    B
"""

from itertools import permutations, product
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network import little
from siting.network import connect, share_trunks
from siting.network.steiner import ROOT, LoadPrices, Web, grow_trees, shapley

PARKS = 3


@st.composite
def webs(draw):
    """Return up to three parks and two forks anywhere, and whole circuits of two options."""
    parks = draw(st.integers(1, PARKS))
    nodes = parks + draw(st.integers(0, 2))
    xy = np.array(
        [draw(st.tuples(st.integers(0, 9), st.integers(0, 9))) for _ in range(nodes + 1)], float
    )
    km = np.linalg.norm(xy[:, None] - xy[None, :], axis=2)
    capacity = np.array(draw(st.tuples(st.integers(1, 4), st.integers(3, 9))), float)
    per_km = np.array(draw(st.tuples(st.integers(1, 5), st.integers(1, 9))), float)
    fixed = np.array(draw(st.tuples(st.integers(0, 5), st.integers(0, 5))), float)
    demand = np.array([draw(st.integers(1, 5)) for _ in range(parks)], float)
    return km, capacity, per_km, fixed, demand


def prices_of(capacity, per_km, fixed, demand):
    n = len(demand)
    load = np.array([sum(demand[p] for p in range(n) if s >> p & 1) for s in range(1 << n)])
    circuits = np.ceil(load[:, None] / capacity)
    own = circuits[[1 << p for p in range(n)]]
    prices = LoadPrices(
        per_km=(circuits * per_km).min(axis=1), own_fixed=own * fixed, own_per_km=own * per_km
    )
    return load, prices


def cheapest_of_all_trees(km, capacity, per_km, fixed, demand):
    """Return the least cost over every way to give each node a next one, all load in one end."""
    nodes, n = len(km) - 1, len(demand)
    best = np.inf
    for nexts in product(range(nodes + 1), repeat=nodes):
        ways = [way_of(nexts, p, nodes) for p in range(n)]
        if any(way is None for way in ways):
            continue
        last = {way[-1] for way in ways}
        if n > 1 and len(last) > 1:
            continue
        load, alone = {}, {}
        for p, way in enumerate(ways):
            for at in way:
                load[at] = load.get(at, 0.0) + demand[p]
                alone.setdefault(at, []).append(p)
        cost = 0.0
        for p, way in enumerate(ways):
            mine = [at for at in way if alone[at] == [p]]
            far = sum(km[at, nexts[at]] for at in mine)
            count = np.ceil(demand[p] / capacity)
            cost += (count * (fixed + per_km * far)).min()
        for at, total in load.items():
            if len(alone[at]) > 1:
                cost += (np.ceil(total / capacity) * per_km).min() * km[at, nexts[at]]
        best = min(best, cost)
    return best


def way_of(nexts, start, root):
    way, at = [], start
    while at != root:
        if at in way:
            return None
        way.append(at)
        at = nexts[at]
    return way


@given(webs())
@settings(max_examples=40, deadline=None)
def test_the_tree_costs_what_the_cheapest_of_all_trees_does(told):
    km, capacity, per_km, fixed, demand = told
    _, prices = prices_of(capacity, per_km, fixed, demand)
    still = np.zeros_like(km[:-1, :-1])
    web = Web(
        km=km[:-1, :-1], crossings_mrub=still,
        root_km=km[:-1, -1], root_crossings_mrub=np.zeros(len(km) - 1),
    )  # fmt: skip
    everyone = (1 << len(demand)) - 1
    trees = grow_trees(web, prices)
    found = trees.cost_mrub[everyone]
    assert found == pytest.approx(cheapest_of_all_trees(*told))
    branches = trees.branches(everyone)
    recomputed = 0.0
    for branch in branches:
        far = web.root_km[branch.start] if branch.end == ROOT else web.km[branch.start, branch.end]
        if branch.parks.bit_count() > 1:
            recomputed += prices.per_km[branch.parks] * far
        else:
            park = branch.parks.bit_length() - 1
            recomputed += (prices.own_fixed[park] + prices.own_per_km[park] * far).min()
    assert recomputed == pytest.approx(found)


@given(st.lists(st.integers(0, 50), min_size=7, max_size=7))
def test_the_shapley_value_is_the_mean_of_what_is_added_over_all_orders(costs):
    cost = np.array([0.0, *costs])
    mean = np.zeros(3)
    for order in permutations(range(3)):
        there = 0
        for player in order:
            mean[player] += cost[there | 1 << player] - cost[there]
            there |= 1 << player
    assert shapley(cost) == pytest.approx(mean / factorial(3))
    assert shapley(cost).sum() == pytest.approx(cost[-1])


def two_parks(*, spare=100.0, options=None, second_y=0.05, **told):
    """Return the trunks of parks A and B of 10 ha, 1 MW each, ten km from S."""
    sites = little.sites(
        little.site_at(10.05, 2.05, key="A"), little.site_at(10.05, second_y, key="B")
    )
    layers = little.layers(
        sources=[little.source("S", little.spot(0.05, 1.05), spare_capacity=spare)],
        options=options or [little.option("line")],
    )
    params = little.params(**told)
    net = connect(sites, plots=sites, layers=layers, params=params, cell_m=little.CELL_M)
    chosen = net.sites.assign(is_chosen=True)
    return net, share_trunks(
        chosen, connections=net.connections, options=layers.connection_options,
        scene=net.scene, params=params,
    )  # fmt: skip


def test_two_parks_far_from_a_source_and_near_each_other_share_one_trunk():
    net, trunks = two_parks()
    assert trunks["park_ids"].tolist() == ["A;B"]
    told = trunks.iloc[0]
    # apart: two lines of 10.05 km; together about 10 km, two branches of about 1.15, two ends
    assert told["separate_mrub"] == pytest.approx(net.connections["cost_mrub"].sum())
    assert told["cost_mrub"] == pytest.approx(2.0 + (10 - 0.577) + 2 * 1.155, abs=0.35)
    assert told["saving_mrub"] == pytest.approx(told["separate_mrub"] - told["cost_mrub"])
    assert told["length_km"] == pytest.approx(told["line_mrub"] - 2.0)
    assert told.geometry.length / 1000 == pytest.approx(told["length_km"], rel=0.03)


def test_the_split_adds_up_and_is_even_between_parks_that_lie_alike():
    _, trunks = two_parks()
    shares = [float(part.split("=")[1]) for part in trunks["split"].iloc[0].split(";")]
    assert sum(shares) == pytest.approx(trunks["cost_mrub"].iloc[0], abs=0.002)
    assert shares[0] == pytest.approx(shares[1], rel=0.01)


def test_a_trunk_needs_the_circuits_of_both():
    both = [little.option("line", capacity=1.0)]
    _, trunks = two_parks(options=both)
    # one circuit serves one park: a common line saves nothing
    assert trunks.empty


def test_a_shared_source_is_reinforced_once_on_both_sides_of_the_comparison():
    net, trunks = two_parks(spare=1.5)
    told = trunks.iloc[0]
    assert net.connections["reinforcement_mrub"].sum() == 0
    assert told["reinforcement_mrub"] == pytest.approx(10.0 * 0.5)
    assert told["separate_mrub"] == pytest.approx(net.connections["cost_mrub"].sum() + 5.0)


def test_a_trunk_goes_no_farther_than_its_option():
    """Apart a park is 10.236 km from S; by the cheapest fork it is over 10.5 and under 10.6."""
    _, nothing = two_parks(options=[reaching(10.5)])
    assert nothing.empty
    _, barely = two_parks(options=[reaching(10.6)])
    assert barely["park_ids"].tolist() == ["A;B"]
    assert 10.5 < way_of_each(barely.iloc[0]) < 10.6


def test_where_the_cheap_option_falls_short_the_trunk_is_built_of_one_that_reaches():
    dear = little.option("dear", per_km_mrub=1.5)
    net, trunks = two_parks(options=[reaching(10.3), dear])
    assert net.connections["option"].tolist() == ["short", "short"]
    told = trunks.iloc[0]
    assert told["options"] == "dear"
    assert told["line_mrub"] == pytest.approx(2 * 1.0 + 1.5 * told["length_km"])


def reaching(km):
    return little.option("short", reach_rule="km", reach_value=km)


def way_of_each(trunk):
    """Return the way from S to a park: a stem and two even branches, 1 mln fixed each."""
    split = [float(part.split("=")[1]) for part in trunk["split"].split(";")]
    assert split[0] == split[1]
    stem_and_both = trunk["line_mrub"] - 2.0
    assert stem_and_both == pytest.approx(trunk["length_km"])
    fork = min(x for x, _ in _ends(trunk.geometry) if x > 100)
    return fork / 1000 - 0.05 + (stem_and_both - (fork / 1000 - 0.05)) / 2


def _ends(lines):
    return [line.coords[end] for line in getattr(lines, "geoms", [lines]) for end in (0, -1)]


def test_parks_beyond_each_others_reach_share_nothing():
    _, trunks = two_parks(trunk_reach_km=1.5)
    assert trunks.empty


def test_one_road_serves_any_number_of_parks():
    options = [
        little.option("way", utility="road", kinds="regional", capacity=1.0,
                      capacity_unit="carriageway", friction="road")
    ]  # fmt: skip
    sites = little.sites(little.site_at(10.05, 2.05, key="A"), little.site_at(10.05, 0.05, key="B"))
    layers = little.layers(
        sources=[little.source("S", little.spot(0.05, 1.05), utility="road", kind="regional")],
        options=options,
    )
    params = little.params(park_utilities=("road",), park_demand_ha={})
    net = connect(sites, plots=sites, layers=layers, params=params, cell_m=little.CELL_M)
    trunks = share_trunks(
        net.sites.assign(is_chosen=True), connections=net.connections,
        options=layers.connection_options, scene=net.scene, params=params,
    )  # fmt: skip
    assert trunks["saving_mrub"].iloc[0] == pytest.approx(8.3, abs=0.6)


def test_networks_under_the_ground_that_run_side_by_side_lie_in_one_trench():
    utilities = {"water": "waterworks", "sewage": "sewage_works"}
    options = [
        little.option(name, utility=name, kinds=kind, capacity=1000.0, capacity_unit="m3/day",
                      friction="underground")
        for name, kind in utilities.items()
    ]  # fmt: skip
    sites = little.sites(
        little.site_at(10.05, 1.05, key="A"), little.site_at(12.05, 1.05, key="B"),
        little.site_at(14.05, 1.05, key="C"),
    )  # fmt: skip
    layers = little.layers(
        sources=[
            little.source(
                name, little.spot(0.05, 1.05), utility=name, kind=kind, spare_capacity=1e6
            )
            for name, kind in utilities.items()
        ],
        options=options,
    )
    params = little.params(
        park_utilities=("water", "sewage"), park_demand_ha={"water": 1.0, "sewage": 1.0},
        joint_trench_discount_share=0.25,
    )  # fmt: skip
    net = connect(sites, plots=sites, layers=layers, params=params, cell_m=little.CELL_M)
    trunks = share_trunks(
        net.sites.assign(is_chosen=True), connections=net.connections,
        options=layers.connection_options, scene=net.scene, params=params,
    )  # fmt: skip
    assert trunks["trunk_id"].tolist() == ["T1", "T1"]
    # from B to A, 2 km, both run with the load of B and C: a quarter of one of the two is saved
    assert trunks["trench_saving_mrub"].sum() == pytest.approx(0.25 * 2.0, abs=0.05)
    # 10, 12 and 14 km against 14
    assert trunks["saving_mrub"].iloc[0] == pytest.approx(22.0, abs=0.05)
