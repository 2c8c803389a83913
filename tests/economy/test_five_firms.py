"""The five firms of five_firms.py, every figure done by hand."""

import numpy as np
import pandas as pd
import pytest

from economy.five_firms import (
    MILK,
    PACKAGING,
    PARAMS,
    POLYPROPYLENE,
    PROPYLENE,
    RAW_MILK,
    enterprises,
    layers,
    products,
    recipes,
    sites,
)
from siting.economy import trade
from siting.economy.products import read_market, revenue_mrub
from siting.region import EconomyParams
from siting.tables import check
from siting.tables.results import CLUSTERS, CONSUMERS, LINKS, PRODUCTS


@pytest.fixture(scope="module")
def traded():
    return trade(sites(), layers=layers(), params=PARAMS)


def test_supply_demand_and_gap_are_those_done_by_hand(traded):
    found = traded.products.loc[[PROPYLENE, POLYPROPYLENE, PACKAGING, RAW_MILK, MILK]]
    assert found["supply_mrub"].tolist() == pytest.approx([100, 200, 100, 150, 500])
    assert found["demand_mrub"].tolist() == pytest.approx([100, 40, 50, 250, 600])
    assert found["gap_mrub"].tolist() == pytest.approx([0, 0, 0, 100, 100])
    assert found["consumers_count"].tolist() == [1, 1, 1, 1, 0]


def test_links_run_down_the_chain(traded):
    links = traded.links.set_index(["supplier_id", "buyer_id", "product"])
    volumes = {
        ("R", "P", PROPYLENE): 100,
        ("P", "K", POLYPROPYLENE): 40,
        ("K", "D", PACKAGING): 30,
        ("F", "D", RAW_MILK): 150,
    }
    assert links["volume_mrub"].to_dict() == pytest.approx(volumes, rel=1e-6)
    assert links.loc[("R", "P", PROPYLENE), "distance_km"] == pytest.approx(10)
    assert not links["is_known"].any()


def test_confidence_of_a_link_is_that_of_sizes_and_recipe_where_there_is_no_alternative(traded):
    # supplier 0.9, buyer 0.9 x recipe 0.9, the only supplier and the only buyer
    assert traded.links["confidence"].tolist() == pytest.approx([np.sqrt(0.9 * 0.81)] * 4)


def test_the_chain_is_one_cluster_and_its_cooperation_is_that_of_the_decree(traded):
    cluster = traded.clusters.loc["cluster-01"]
    assert cluster["members"] == "D;F;K;P;R"
    # P, K and D buy more inside than they sell: 100 + 40 + 30 + 150 of 100 + 40 + 280
    assert cluster["cooperation_share"] == pytest.approx(320 / 420)
    assert cluster["core_products"].split(";")[:2] == [RAW_MILK, PROPYLENE]
    assert cluster["name"] == "Молоко сырое, пропилен · Городок"
    assert cluster["name_en"] == "Raw milk, propylene · Gorodok"


def test_measures_count_participants_and_final_producers(traded):
    found = traded.measures.set_index("requirement")["value"]
    assert found["participants_count"] == 5
    assert found["participants_unlinked_count"] == 0
    assert found["final_producers_count"] == 3
    assert found["newcomers_count"] == 0
    assert found["cooperation_share"] == pytest.approx(320 / 420)


def test_a_requirement_nobody_knows_is_left_unknown():
    asked = pd.DataFrame({"subject": ["cluster"], "requirement": ["universities_count"]})
    found = trade(sites(), layers=layers(requirements=asked), params=PARAMS).measures
    assert found["value"].isna().all()
    assert len(found) == 1


def test_an_input_nobody_makes_is_missing_from_the_cluster():
    firms = enterprises().drop(index="F")
    clusters = trade(sites(), layers=layers(enterprises=firms), params=PARAMS).clusters
    assert clusters["missing_products"].tolist() == [RAW_MILK]


def test_consumers_are_named_and_the_people_come_last(traded):
    found = traded.consumers[traded.consumers["product"] == PACKAGING]
    assert found["name"].tolist() == ["Завод D", "final_demand"]
    assert found["volume_mrub"].tolist() == pytest.approx([30, 20])
    assert found["enterprise_id"].isna().tolist() == [False, True]


def test_prices_are_those_of_the_way_from_the_best_site(traded):
    row = traded.consumers[traded.consumers["product"] == PACKAGING].iloc[0]
    # site a lies 5 km from D; 0.0002 a km; import comes 2500 km
    assert row["distance_km"] == pytest.approx(5)
    assert row["delivered_price_index"] == pytest.approx(1.001)
    assert row["import_price_index"] == pytest.approx(1.5)


def test_freight_decides_between_a_near_and_a_cheap_site():
    """A plant of 300 million needs 1 ha: a costs 20 + small freight, b costs 10 + long freight."""
    near = trade(sites(), layers=layers(), params=PARAMS).products
    assert near.loc[PACKAGING, "best_site_id"] == "a"
    free = PARAMS.model_copy(update={"freight_years": 0.0})
    cheap = trade(sites(), layers=layers(), params=free).products
    assert cheap.loc[PACKAGING, "best_site_id"] == "b"


def test_what_parks_are_not_built_for_gets_no_site_and_no_score(traded):
    assert traded.products.loc[RAW_MILK, "score"] == 0
    assert pd.isna(traded.products.loc[RAW_MILK, "best_site_id"])


def test_a_product_whose_gap_fills_a_plant_becomes_a_prospect():
    goods = products(minimum_scale_mrub=90.0)
    found = trade(sites(), layers=layers(products=goods), params=PARAMS).prospects
    assert found.index.tolist() == ["OWN", f"PRODUCT-{MILK}"]
    made = found.loc[f"PRODUCT-{MILK}"]
    assert (made["okved"], made["name_en"], made["is_synthetic"]) == ("10.51", "Milk", True)
    # 90 million at 300 a hectare is 0.3 ha, and no plant is smaller than half a hectare
    assert made["area_ha"] == 0.5
    assert made["jobs_count"] == 15
    assert made.geometry is None


def test_a_gap_below_the_least_plant_makes_no_prospect(traded):
    assert traded.prospects.index.tolist() == ["OWN"]


def test_score_is_the_market_times_the_mean_of_four_shares():
    goods = products(minimum_scale_mrub=100.0)
    found = trade(sites(), layers=layers(products=goods), params=PARAMS).products.loc[MILK]
    # gap 100 beside a scale of 100: half; made here: 1; inputs: 150 of raw milk and 100 of
    # packaging cover a plant of 100; nobody named buys milk; import 1.5 against 1.001
    assert found["local_inputs_share"] == pytest.approx(1)
    advantage = 1 - 1.001 / 1.5
    assert found["score"] == pytest.approx(50 * (0.35 + 0.25 + 0 + 0.15 * advantage))


def test_published_supply_replaces_what_named_makers_would_make():
    goods = products()
    goods.loc[RAW_MILK, "supply_mrub"] = 60.0
    goods.loc[PACKAGING, "supply_mrub"] = 400.0
    found = trade(sites(), layers=layers(products=goods), params=PARAMS)
    assert found.products.loc[[RAW_MILK, PACKAGING], "supply_mrub"].tolist() == [60, 400]
    sold = found.links.set_index("product")["volume_mrub"]
    assert sold[RAW_MILK] == pytest.approx(60)
    assert sold[PACKAGING] == pytest.approx(30)


def test_own_use_is_neither_bought_nor_sold():
    """P makes propylene as well: 100 of 200 each; it needs 50 and has 100."""
    firms = enterprises()
    firms.loc["P", "products"] = f"{POLYPROPYLENE};{PROPYLENE}"
    found = trade(sites(), layers=layers(enterprises=firms), params=PARAMS).products
    assert found.loc[PROPYLENE, "demand_mrub"] == 0
    assert found.loc[PROPYLENE, "supply_mrub"] == pytest.approx(150)


def test_a_silent_enterprise_makes_what_its_class_makes_and_is_trusted_less():
    firms = enterprises()
    firms.loc["R", "products"] = np.nan
    silent = trade(sites(), layers=layers(enterprises=firms), params=PARAMS).links
    link = silent[silent["supplier_id"] == "R"]
    assert link["product"].tolist() == [PROPYLENE]
    assert link["confidence"].iloc[0] == pytest.approx(np.sqrt(0.9 * 0.65 * 0.81))


def test_size_is_stated_or_from_staff_or_assumed_and_each_guess_costs_confidence():
    firms = enterprises()
    firms.loc[["P", "K"], "revenue_mrub"] = np.nan
    firms.loc["P", "employees"] = 10.0
    size = revenue_mrub(firms, EconomyParams())
    assert size.loc[["R", "P", "K"], "revenue_mrub"].tolist() == [100, 60, 500]
    assert size.loc[["R", "P", "K"], "confidence"].tolist() == pytest.approx(
        [0.9, 0.9 * 0.65, 0.9 * 0.65**2]
    )


def test_a_cycle_of_recipes_is_allowed():
    looped = recipes([(PROPYLENE, POLYPROPYLENE, 0.1), (POLYPROPYLENE, PROPYLENE, 0.5)])
    market = read_market(layers(recipes=looped), PARAMS)
    demand = dict(zip(market.codes, market.demand_mrub, strict=True))
    assert demand[POLYPROPYLENE] == pytest.approx(10)
    assert demand[PROPYLENE] == pytest.approx(100)


def test_every_table_keeps_its_contract(traded):
    check(traded.links, LINKS)
    check(traded.clusters, CLUSTERS)
    check(traded.products, PRODUCTS)
    check(traded.consumers, CONSUMERS)


def test_arguments_are_not_changed():
    told, places = layers(), sites()
    names = ("enterprises", "products", "recipes", "prospects")
    before = {name: getattr(told, name).copy() for name in names}
    trade(places, layers=told, params=PARAMS)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(getattr(told, name), frame)


def test_without_an_eligible_site_the_products_are_still_ranked():
    nowhere = sites().assign(is_eligible=False)
    found = trade(nowhere, layers=layers(), params=PARAMS)
    assert found.products["best_site_id"].isna().all()
    assert found.consumers["distance_km"].isna().all()
    assert found.products.loc[MILK, "score"] > 0
