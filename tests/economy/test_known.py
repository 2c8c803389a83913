"""What is known beats what is assumed: contracts, processing fees, coefficients of an industry."""

import numpy as np
import pandas as pd
import pytest

from economy.five_firms import (
    MILK,
    PACKAGING,
    PARAMS,
    POLYPROPYLENE,
    PROPYLENE,
    enterprises,
    layers,
    products,
    sites,
)
from siting.economy import trade
from siting.economy.products import read_market
from siting.errors import TableError


def contracts(*rows):
    told = pd.DataFrame(rows, columns=["supplier_id", "buyer_id", "product", "volume_mrub"])
    return told.assign(source="told", as_of="2026", confidence="high").astype(
        {"volume_mrub": float}
    )


def inputs(*rows):
    told = pd.DataFrame(rows, columns=["industry", "input", "share"])
    return told.assign(status="ASSUMED", source="by hand")


def test_a_contract_is_a_link_as_it_stands_and_the_rest_is_inferred():
    """R sells 70 of its 100 of propylene to P by contract; P needs 100, so 30 are inferred."""
    told = layers(contracts=contracts(("R", "P", PROPYLENE, 70)))
    links = trade(sites(), layers=told, params=PARAMS).links
    found = links[links["product"] == PROPYLENE].set_index("is_known")
    assert found["volume_mrub"].to_dict() == pytest.approx({True: 70, False: 30})
    assert found.loc[True, "confidence"] == 0.9
    assert found.loc[True, "distance_km"] == pytest.approx(10)


def test_a_contract_greater_than_the_assumed_size_corrects_the_size():
    told = layers(contracts=contracts(("R", "P", PROPYLENE, 160)))
    found = trade(sites(), layers=told, params=PARAMS)
    assert found.products.loc[PROPYLENE, ["supply_mrub", "demand_mrub"]].tolist() == [160, 160]
    links = found.links[found.links["product"] == PROPYLENE]
    assert links["volume_mrub"].tolist() == [160]


def test_a_contract_of_a_thing_nobody_was_thought_to_make_or_need_is_believed():
    told = layers(contracts=contracts(("F", "K", MILK, 5)))
    links = trade(sites(), layers=told, params=PARAMS).links
    assert ("F", "K", MILK) in set(
        zip(links["supplier_id"], links["buyer_id"], links["product"], strict=True)
    )


def test_contracts_of_strangers_and_with_oneself_are_all_told():
    told = layers(contracts=contracts(("R", "NOBODY", PROPYLENE, 1), ("P", "P", "99.99", 1)))
    with pytest.raises(TableError) as error:
        trade(sites(), layers=told, params=PARAMS)
    codes = {problem.code for problem in error.value.problems}
    assert codes == {"contract_stranger", "contract_own", "product_unknown"}


def test_a_processor_makes_the_published_supply_nobody_else_makes():
    """R earns a fee of 100, yet 900 of propylene are made here, and nobody else makes it."""
    goods = products()
    goods.loc[PROPYLENE, "supply_mrub"] = 900.0
    params = PARAMS.model_copy(update={"tolling_enterprises": ("R",)})
    market = read_market(layers(products=goods), params)
    made = dict(zip(market.codes, market.total(market.output), strict=True))
    assert made[PROPYLENE] == pytest.approx(900)
    fee = read_market(layers(products=goods), PARAMS)
    assert dict(zip(fee.codes, fee.total(fee.output), strict=True))[PROPYLENE] == 100


def test_without_a_recipe_an_enterprise_buys_what_its_industry_buys():
    """R makes 100 of propylene without a recipe: 0.3 of it is bought from chemistry (20).

    Of chemistry the region uses 100 of propylene and 40 of polypropylene by recipes, so the 30
    are split 100 : 40; R makes propylene itself and buys the polypropylene only.
    """
    told = layers(industry_inputs=inputs(("20", "20", 0.3), ("20", "99", 0.5)))
    demand = trade(sites(), layers=told, params=PARAMS).consumers
    found = demand[demand["enterprise_id"] == "R"].set_index("product")
    assert found["volume_mrub"].to_dict() == pytest.approx({POLYPROPYLENE: 30 * 40 / 140})
    assert found["confidence"].iloc[0] == pytest.approx(0.9 * 0.65 * 0.4)


def test_an_enterprise_of_which_only_the_industry_is_known_buys_too():
    firms = enterprises()
    firms.loc["K", ["okved", "products"]] = ["49.41", np.nan]
    told = layers(enterprises=firms, industry_inputs=inputs(("49", "22", 0.2)))
    demand = trade(sites(), layers=told, params=PARAMS).consumers
    found = demand[demand["enterprise_id"] == "K"].set_index("product")
    assert found["volume_mrub"].to_dict() == pytest.approx({PACKAGING: 20})
