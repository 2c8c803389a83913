"""Laws of trade on random small economies, and brute force as the oracle of each fast kernel."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from shapely import affinity

import laws
from economy.five_firms import PARAMS, enterprises, layers, products, recipes, sites
from siting.economy import trade
from siting.economy.cooperation import cooperate, inside_mrub
from siting.economy.freight import decay_per_km, freight_per_km
from siting.economy.placing import place, plan_plants
from siting.economy.products import read_market
from siting.economy.relatedness import feasibility, proximity
from siting.region import EconomyParams

CODES = ("10.11.1", "10.12.1", "20.14.1", "20.16.1", "22.21.1", "01.11.1")
CELL_M = 200
SLACK = 1 + 1e-9
few = settings(max_examples=15, deadline=None)
fewer = settings(max_examples=8, deadline=None)

money = st.integers(1, 1000).map(float)
kilometres = st.integers(0, 300)


@st.composite
def economies(draw):
    """Return layers of up to seven enterprises, six products and random recipes."""
    count = draw(st.integers(1, 7))
    firms = []
    for n in range(count):
        made = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True))
        place = (draw(kilometres), draw(kilometres))
        firms.append((f"E{n}", *place, made[0][:5], ";".join(made), draw(money)))
    goods = [(code, f"Товар {code}", f"Good {code}", draw(st.none() | money)) for code in CODES]
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)), max_size=10, unique=True
        )
    )
    # at most six inputs of 0.16 each: the shares never exceed 1
    rows = [(product, used, draw(st.sampled_from([0.02, 0.1, 0.16]))) for product, used in pairs]
    value = draw(st.none() | st.sampled_from([0.002, 0.02, 5.0]))
    return layers(
        enterprises=enterprises(firms),
        products=products(goods, value_mrub_per_t=value, minimum_scale_mrub=20.0),
        recipes=recipes(rows),
    )


def tables(traded):
    """Return the tables of a run by name, rows of the region's own prospects in one order."""
    named = ("links", "clusters", "products", "consumers", "measures", "product_sites",
             "suppliers", "additions", "cluster_gaps", "memberships", "exchanges")  # fmt: skip
    return {name: getattr(traded, name) for name in named} | {
        "prospects": traded.prospects.drop(columns="geometry").sort_index()
    }


def run_on(told, places, params=PARAMS):
    """Return `run(change)` for the laws: the stage on this economy after a change."""

    def run(*, order=None, move_cells=(0, 0), useless=()):
        changed, where = told, places
        if order is not None:
            changed, where = shuffled(changed, order), places.sample(frac=1, random_state=order)
        if move_cells != (0, 0):
            changed, where = moved(changed, move_cells), shifted(places, move_cells)
        if useless:
            changed = with_useless(changed)
        found = tables(trade(where, layers=changed, params=params))
        if useless:
            found["products"] = found["products"].drop(index=USELESS)
        return found

    return run


def shuffled(told, order):
    names = ("enterprises", "products", "recipes", "settlements", "prospects")
    return replace(told, **{n: getattr(told, n).sample(frac=1, random_state=order) for n in names})


def shifted(frame, cells):
    dx, dy = (step * CELL_M for step in cells)
    shapes = [shape and affinity.translate(shape, dx, dy) for shape in frame.geometry]
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))


def moved(told, cells):
    names = ("enterprises", "settlements", "prospects")
    return replace(told, **{name: shifted(getattr(told, name), cells) for name in names})


USELESS = "32.99.5"


def with_useless(told):
    idler = enterprises([("IDLE", 40, 40, "96.09", None, 10.0)])
    unwanted = products([(USELESS, "Никому не нужное", "Unwanted", None)])
    return replace(
        told,
        enterprises=pd.concat([told.enterprises, idler]),
        products=pd.concat([told.products, unwanted]),
    )


@given(economies())
@few
def test_nobody_sells_more_than_it_makes_or_buys_more_than_it_needs(told):
    market = read_market(told, PARAMS)
    links = trade(sites(), layers=told, params=PARAMS).links
    made = frame(market, market.supply)
    needed = frame(market, market.demand)
    sold = links.groupby(["supplier_id", "product"])["volume_mrub"].sum()
    bought = links.groupby(["buyer_id", "product"])["volume_mrub"].sum()
    assert (sold <= made.reindex(sold.index) * SLACK).all()
    assert (bought <= needed.reindex(bought.index) * SLACK).all()
    assert (links["supplier_id"] != links["buyer_id"]).all()


@given(economies())
@few
def test_consumers_add_up_to_the_demand_of_each_product(told):
    found = trade(sites(), layers=told, params=PARAMS)
    total = found.consumers.groupby("product")["volume_mrub"].sum()
    demand = found.products["demand_mrub"]
    assert total.reindex(demand.index).fillna(0).tolist() == pytest.approx(demand.tolist())


@given(economies(), st.integers(0, 9))
@fewer
def test_order_of_rows_changes_nothing(told, seed):
    run = run_on(told, sites())
    laws.shuffling_rows_changes_nothing(run, seed)


@given(economies())
@fewer
def test_running_twice_changes_nothing(told):
    laws.running_twice_changes_nothing(run_on(told, sites()))


@given(economies(), st.tuples(st.integers(-500, 500), st.integers(-500, 500)))
@fewer
def test_moving_the_map_changes_nothing(told, cells):
    laws.moving_the_map_changes_nothing(run_on(told, sites()), cells)


@given(economies())
@fewer
def test_a_useless_row_changes_nothing(told):
    laws.a_useless_row_changes_nothing(run_on(told, sites()), ("enterprise", "product"))


@given(economies())
@few
def test_shares_and_confidences_stay_between_zero_and_one(told):
    found = trade(sites(), layers=told, params=PARAMS)
    assert found.links["confidence"].between(0, 1).all()
    assert found.products["feasibility"].between(0, 1).all()
    assert found.products["score"].between(0, 100).all()
    assert found.clusters["cooperation_share"].between(0, 1).all()


@given(economies())
@few
def test_members_of_a_cluster_lie_near_its_middle_and_in_no_other(told):
    params = EconomyParams(near_km=60.0)
    members = trade(sites(), layers=told, params=params).clusters["members"].str.split(";")
    everyone = members.explode()
    assert everyone.is_unique
    for group in members:
        assert len(group) >= params.clusters_min_members
        places = told.enterprises.geometry.loc[group]
        reach = [places.distance(place).max() for place in places]
        assert min(reach) <= 60_000 * SLACK


@given(money, money, st.floats(0, 30))
@few
def test_volume_inside_is_the_root_of_its_equation(supply, demand, log_rho):
    rho = np.exp(log_rho)
    top = min(supply, demand)
    expected = brentq(
        lambda x: x**2 - rho * (supply - x) * (demand - x), 0, top, xtol=1e-12, rtol=1e-14
    )
    found = inside_mrub(np.array([supply]), np.array([demand]), np.array([log_rho]))
    assert found[0] == pytest.approx(expected, rel=1e-6)


def test_goods_that_cost_nothing_to_carry_are_traded_without_regard_to_place():
    found = inside_mrub(np.array([100.0]), np.array([300.0]), np.array([0.0]))
    assert found[0] == pytest.approx(100 * 300 / 400)


@given(economies())
@fewer
def test_links_equal_a_gravity_model_balanced_product_by_product(told):
    params = PARAMS.model_copy(update={"link_min_share": 0.0})
    market = read_market(told, params)
    freight = freight_per_km(told.products.sort_index(), params)
    links = cooperate(market, settlements=told.settlements, freight=freight, params=params)
    found = links.set_index(["supplier_id", "buyer_id", "product"])["volume_mrub"]
    expected = slow_gravity(told, market, freight, params)
    for key, volume in expected.items():
        assert found.get(key, 0.0) == pytest.approx(volume, rel=0.02, abs=1e-3)


def slow_gravity(told, market, freight, params):
    """Return the flows of named pairs by dense scaling, a product at a time."""
    flows = {}
    places = told.enterprises.geometry
    town = told.settlements.geometry.iloc[0]
    decay = decay_per_km(freight, params)
    for p, code in enumerate(market.codes):
        made = of_product(market, market.supply, code)
        need = of_product(market, market.demand, code)
        buyers = need.to_dict() | ({"": market.final_mrub[p]} if market.final_mrub[p] > 0 else {})
        if made.empty or not buyers:
            continue
        ends = [places[buyer] if buyer else town for buyer in buyers]
        far = np.array([[places[s].distance(end) / 1000 for end in ends] for s in made.index])
        wanted = np.array(list(buyers.values()))
        mass = np.outer(made, wanted)
        mean_km = (far * mass).sum() / mass.sum()
        log_rho = decay[p] * (2 * params.import_distance_km - mean_km)
        sizes = (np.array([size]) for size in (made.sum(), wanted.sum(), log_rho))
        total = inside_mrub(*sizes)[0]
        whole = np.ones((len(made) + 1, len(wanted) + 1))
        whole[:-1, :-1] = np.exp(-np.minimum(decay[p] * far, 20))
        whole[-1, -1] = 0
        rows = np.append(made.to_numpy(), max(wanted.sum() - total, 0))
        columns = np.append(wanted, max(made.sum() - total, 0))
        for _ in range(2000):
            whole *= (rows / np.maximum(whole.sum(axis=1), 1e-300))[:, None]
            whole *= columns / np.maximum(whole.sum(axis=0), 1e-300)
        flows |= {
            (s, b, code): whole[i, j]
            for i, s in enumerate(made.index)
            for j, b in enumerate(buyers)
            if b
        }
    return flows


@given(economies())
@fewer
def test_best_site_equals_a_search_over_every_site_and_product(told):
    where = sites([("a", 10, 5, 20.0), ("b", 200, 0, 10.0), ("c", 100, 250, 14.0)])
    market = read_market(told, PARAMS)
    freight = freight_per_km(told.products.sort_index(), PARAMS)
    plants = plan_plants(market, layers=told, params=PARAMS)
    found = place(where, market, plants=plants, layers=told, params=PARAMS)
    for p, code in enumerate(market.codes):
        if not plants["is_park_product"].iloc[p] or market.demand_mrub[p] == 0:
            assert pd.isna(found.site_id[code])
            continue
        costs = {s: slow_cost(s, p, told, where, (market, freight, plants)) for s in where.index}
        assert costs[found.site_id[code]] == pytest.approx(min(costs.values()))


@given(economies())
@fewer
def test_suppliers_are_all_makers_of_an_input_within_reach_of_the_best_site(told):
    where = sites([("a", 10, 5, 20.0), ("b", 200, 0, 10.0), ("c", 100, 250, 14.0)])
    found = trade(where, layers=told, params=PARAMS)
    market = read_market(told, PARAMS)
    made = frame(market, market.output)
    best = found.products["best_site_id"].dropna()
    expected = set()
    for _, recipe in told.recipes[told.recipes["product"].isin(best.index)].iterrows():
        here = where.geometry.centroid[best[recipe["product"]]]
        makers = made[made.index.get_level_values("product") == recipe["input"]].index
        expected |= {
            (recipe["product"], recipe["input"], firm)
            for firm, _ in makers
            if here.distance(told.enterprises.geometry[firm]) / 1000 <= PARAMS.near_km
        }
    named = found.suppliers.reset_index().dropna(subset="enterprise_id")
    keys = named[["product", "input", "enterprise_id"]]
    assert set(keys.itertuples(index=False, name=None)) == expected


def slow_cost(site, p, told, where, known):
    market, freight, plants = known
    plant, code = plants.iloc[p], market.codes[p]
    here, places = where.geometry.centroid[site], told.enterprises.geometry
    row = where.loc[site]
    cost = row["connection_cost_mrub"] / row["buildable_ha"] * plant["area_ha"]
    bought = frame(market, market.demand)
    bought = bought[bought.index.get_level_values("product") == code]
    carried = sum(v * here.distance(places[firm]) / 1000 for (firm, _), v in bought.items())
    town = told.settlements.geometry.iloc[0]
    carried += market.final_mrub[p] * here.distance(town) / 1000
    taken = min(plant["output_mrub"] / market.demand_mrub[p], 1)
    cost += PARAMS.freight_years * freight[p] * carried * taken
    made = frame(market, market.output)
    for _, told_recipe in told.recipes[told.recipes["product"] == code].iterrows():
        makers = made[made.index.get_level_values("product") == told_recipe["input"]].index
        away = [here.distance(places[firm]) / 1000 for firm, _ in makers]
        nearest = min([*away, PARAMS.import_distance_km])
        rate = freight[market.codes.get_loc(told_recipe["input"])]
        cost += PARAMS.freight_years * plant["output_mrub"] * told_recipe["share"] * rate * nearest
    return cost


@given(economies())
@fewer
def test_feasibility_equals_its_definition(told):
    market = read_market(told, PARAMS)
    alike = proximity(market.book, industry_weight=0.5)
    assert np.allclose(alike, alike.T)
    assert alike.min() >= 0
    assert alike.max() <= 1 + 1e-12
    made = market.total(market.output) > 0
    active = made | (market.demand_mrub > 0)
    for i, found in enumerate(feasibility(market, alike)):
        others = [j for j in range(len(made)) if active[j]]
        whole = sum(alike[i, j] for j in others)
        expected = sum(alike[i, j] for j in others if made[j]) / whole if whole else 0
        assert found == pytest.approx(expected)


def test_a_chain_longer_than_near_is_split_around_its_middle():
    """Seven makers of one thing, 40 km apart: 240 km is no cluster, 60 km around the middle is."""
    firms = [(f"E{n}", 40 * n, 0, "20.14", "20.14.11", 100.0) for n in range(7)]
    params = PARAMS.model_copy(update={"near_km": 60.0})
    told = layers(enterprises=enterprises(firms))
    assert trade(sites(), layers=told, params=params).clusters["members"].tolist() == ["E2;E3;E4"]


def test_trade_falls_with_distance():
    """Two makers of the same output, 10 and 100 km from the only buyer, who needs half of it."""
    firms = [
        ("NEAR", 10, 0, "20.14", "20.14.11", 100.0),
        ("FAR", 100, 0, "20.14", "20.14.11", 100.0),
        ("BUYER", 0, 0, "20.16", "20.16.51", 200.0),
    ]
    told = layers(enterprises=enterprises(firms))
    links = trade(sites(), layers=told, params=PARAMS).links.set_index("supplier_id")
    assert links.loc["NEAR", "volume_mrub"] > 1.5 * links.loc["FAR", "volume_mrub"]
    assert links["volume_mrub"].sum() == pytest.approx(100, rel=1e-6)
    assert links.loc["NEAR", "confidence"] > links.loc["FAR", "confidence"]


def of_product(market, trades, code):
    found = frame(market, trades)
    return found[found.index.get_level_values("product") == code].droplevel("product")


def frame(market, trades):
    keys = pd.MultiIndex.from_arrays(
        [market.firms[trades.firm], market.codes[trades.product]], names=["firm", "product"]
    )
    return pd.Series(trades.volume_mrub, index=keys)
