"""The economy of Omsk oblast: enterprises, products and recipes are complete and agree."""

import itertools
import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from siting.tables import check
from siting.tables.inputs import ENTERPRISES, PRODUCTS_IN, RECIPES

FOLDER = Path(__file__).parents[2] / "layers" / "omsk"
CRS = "EPSG:32643"
CODE = re.compile(r"\d\d\.\d\d\.\d{1,2}")


def table(name, contract):
    """The file as the contract wants it: text stays text, whatever it looks like."""
    kinds = {column.name: "str" for column in contract.columns if column.kind == "text"}
    frame = pd.read_csv(FOLDER / name, dtype=kinds | {contract.index: "str"})
    return frame.set_index(contract.index) if contract.index else frame


@pytest.fixture(scope="module")
def products():
    return table("products.csv", PRODUCTS_IN)


@pytest.fixture(scope="module")
def recipes():
    return table("recipes.csv", RECIPES)


@pytest.fixture(scope="module")
def enterprises():
    frame = table("enterprises.csv", ENTERPRISES)
    points = gpd.points_from_xy(frame.pop("lon"), frame.pop("lat"), crs=4326)
    return gpd.GeoDataFrame(frame, geometry=points).to_crs(CRS)


@pytest.fixture(scope="module")
def made(enterprises):
    """Which enterprise says it makes which product, one pair a row."""
    return enterprises["products"].dropna().str.split(";").explode()


def test_every_table_keeps_its_contract(products, recipes, enterprises):
    check(products, PRODUCTS_IN)
    check(recipes, RECIPES)
    check(enterprises, ENTERPRISES)


def test_there_are_ninety_enterprises_and_a_hundred_and_fifty_products_with_recipes(
    products, recipes, enterprises
):
    assert len(enterprises) >= 90
    assert len(products) >= 150
    assert recipes["product"].nunique() >= 150
    assert len(recipes) >= 450


def test_every_row_says_where_it_comes_from(products, recipes, enterprises):
    for frame in (products, recipes, enterprises):
        assert frame["source"].str.strip().str.len().gt(0).all()
        assert frame["confidence"].isin(["low", "medium", "high"]).all()


def test_no_product_code_stands_inside_another(products):
    assert products.index.str.fullmatch(CODE.pattern).all()
    codes = set(products.index)
    # 20.13.2 beside 20.13.24 would count sulphuric acid twice
    assert not {code for code in codes if len(code) == 8 and code[:-1] in codes}


def test_customs_codes_have_four_or_six_digits(products):
    assert products["hs"].dropna().str.fullmatch(r"\d{4}(\d{2})?").all()


def test_the_industry_of_a_product_is_the_class_of_its_code(products):
    assert (products["okved"] == products.index.str[:5]).all()


def test_recipes_name_only_products_of_the_table(products, recipes):
    assert set(recipes["product"]) | set(recipes["input"]) <= set(products.index)


def test_no_input_stands_twice_and_no_product_is_made_of_itself(recipes):
    assert not recipes.duplicated(["product", "input"]).any()
    assert (recipes["product"] != recipes["input"]).all()


def test_inputs_never_cost_more_than_the_product(recipes):
    spent = recipes.groupby("product")["share"].sum()
    # wages, capital and margin need at least a tenth
    assert spent.max() <= 0.9
    assert recipes["share"].min() > 0


def test_the_economy_is_productive(recipes):
    """Nothing is made of more of itself than it yields: I - A has a non-negative inverse.

    By Hawkins and Simon, column sums below one are enough, and hold for every column here.
    """
    matrix = recipes.pivot_table(index="input", columns="product", values="share", fill_value=0)
    assert (matrix.sum() < 1).all()


def test_every_product_is_used_asked_for_or_sold_by_an_enterprise(products, recipes, made):
    asked = set(products.index[products["demand_mrub"].fillna(0) > 0])
    assert set(products.index) <= set(recipes["input"]) | asked | set(made)


@pytest.mark.parametrize(
    "chain",
    [
        # crude oil, refinery olefins, propylene, polypropylene, pails, mayonnaise
        ("06.10.1", "19.20.32", "20.14.11", "20.16.51", "22.22.13", "10.84.1"),
        # fuel oil, aromatic oil, carbon black, truck tyres, trailers
        ("19.20.28", "20.14.73", "20.13.21", "22.11.13", "29.20.2"),
        # wheat, flour, biscuits, ice cream
        ("01.11.1", "10.61.21", "10.72.1", "10.52.1"),
        # feed grain, feed, swine, pork, sausage
        ("01.11.3", "10.91.1", "01.46.1", "10.11.12", "10.13.14"),
        # logs, chips, board, furniture
        ("02.20.11", "16.10.23", "16.21.13", "31.02.1"),
        # petroleum coke, graphite electrodes, steel, precast concrete
        ("06.10.1", "19.20.42", "27.90.13", "24.10.62", "23.61.12"),
    ],
)
def test_chains_of_the_region_are_connected(recipes, chain):
    steps = set(zip(recipes["input"], recipes["product"], strict=True))
    assert set(itertools.pairwise(chain)) <= steps


def test_every_recipe_leads_down_to_something_without_one(recipes):
    inputs = recipes.groupby("product")["input"].agg(set).to_dict()
    reached = set(recipes["input"]) - set(inputs)
    while more := {product for product, used in inputs.items() if used & reached} - reached:
        reached |= more
    assert set(inputs) <= reached


def test_enterprises_make_only_products_of_the_table(products, made):
    assert set(made) <= set(products.index)


def test_every_enterprise_says_what_it_makes_once(made):
    pairs = made.reset_index()
    assert not pairs.duplicated().any()


def test_enterprises_stand_in_the_region_and_beyond_the_city(enterprises):
    places = enterprises.to_crs(4326).geometry
    assert places.x.between(70.3, 76.4).all()
    assert places.y.between(53.4, 58.6).all()
    # half a degree of longitude is some 32 km here
    beyond = (abs(places.x - 73.37) > 0.5) | (abs(places.y - 54.98) > 0.3)
    assert beyond.sum() >= 30


def test_positions_claim_no_more_than_a_kilometre():
    frame = pd.read_csv(FOLDER / "enterprises.csv", dtype="str")
    for axis in ("lon", "lat"):
        assert frame[axis].str.fullmatch(r"\d\d\.\d\d").all()


def test_no_sole_trader_is_named(enterprises):
    assert not enterprises["name"].str.contains(r"\bИП\b|\bКФХ\b|\bИндивидуальн").any()


def test_assumed_sizes_are_called_assumed(enterprises):
    known = enterprises["revenue_mrub"].notna() | enterprises["employees"].notna()
    assert (enterprises.loc[known, "size_status"] == "ASSUMED").all()
    assert enterprises.loc[known, "source"].str.contains("size ASSUMED").all()
    assert enterprises["revenue_mrub"].max() < 1.3e6, "more than the product of the whole region"


def test_final_demand_is_stated_a_head_in_its_source(products):
    """The number in the table is the number in the words: rub a head x people / 1e6."""
    asked = products["demand_mrub"].dropna()
    told = products.loc[asked.index, "source"].str.extract(r": (\d+) rub a head a year")[0]
    assert (told.astype(float) * 1.805443 - asked).abs().max() <= 0.5


def test_households_and_budgets_do_not_spend_more_than_the_region_makes(products):
    # gross regional product of 2025, facts.md 5.1: 1.27 trillion roubles
    assert 0.1e6 < products["demand_mrub"].sum() < 1.27e6
