"""By-products and waste heat between neighbours, on the map of five_firms.py.

km   0       10      20
10   F       D
 0   R       P       K        D makes milk 500, F raw milk 150 (its herd takes whey)

whey: D yields 2 t a million of milk = 1000 t; the herd of F takes 4 t a million = 600 t
"""

import numpy as np
import pandas as pd
import pytest

from economy.five_firms import MILK, PACKAGING, PARAMS, RAW_MILK, layers, sites
from siting.economy import trade
from siting.layers.rules import find_contradictions
from siting.layers.starter import built_in
from siting.tables import check
from siting.tables.by_products import BY_PRODUCTS, EXCHANGES

COLUMNS = [column.name for column in BY_PRODUCTS.columns]


def rule(side, product, per_mrub, *, code="whey", kind="material", reach=60.0, value=0.01):
    gives = side == "gives"
    return {
        "by_product": code, "title": "Whey", "title_ru": "Сыворотка", "kind": kind, "side": side,
        "product": product, "per_mrub": per_mrub, "unit": "MW" if kind == "heat" else "t",
        "reach_km": reach if gives else np.nan, "value_mrub_unit": value if gives else np.nan,
        "status": "ASSUMED", "source": "by hand",
    }  # fmt: skip


def found(*rules, **changed):
    told = pd.DataFrame(list(rules), columns=COLUMNS)
    return trade(sites(), layers=layers(by_products=told, **changed), params=PARAMS).exchanges


def test_the_taker_gets_what_it_can_use_and_no_more():
    only = found(rule("gives", "10.51", 2.0), rule("takes", "01.41", 4.0)).iloc[0]
    assert (only["giver_id"], only["taker_id"], only["unit"]) == ("D", "F", "t")
    assert only["volume"] == pytest.approx(600)
    assert only["distance_km"] == pytest.approx(10)
    assert only["value_mrub_year"] == pytest.approx(6)
    assert only["status"] == "ASSUMED"


def test_the_giver_gives_no_more_than_it_yields():
    rows = found(rule("gives", "10.51", 0.5), rule("takes", "01.41", 4.0))
    assert rows["volume"].sum() == pytest.approx(250)


def test_the_nearest_is_served_first():
    # D yields 1000; P at 10 km takes 800 of its 200 million, K at 14 km the 200 left of 400
    rows = found(
        rule("gives", "10.51", 2.0), rule("takes", "20.16", 4.0), rule("takes", "22.22", 4.0)
    ).set_index("taker_id")
    assert rows["volume"].to_dict() == pytest.approx({"P": 800, "K": 200})


def test_heat_stays_within_its_reach():
    heat = {"code": "heat", "kind": "heat", "value": 3.0}
    near = [rule("gives", MILK, 0.01, reach=10.0, **heat), rule("takes", RAW_MILK, 0.02, **heat)]
    short = [rule("gives", MILK, 0.01, reach=9.0, **heat), rule("takes", RAW_MILK, 0.02, **heat)]
    assert found(*near)["volume"].tolist() == pytest.approx([3.0])
    assert found(*short).empty


def test_the_longest_code_decides_and_nobody_gives_to_itself():
    assert found(
        rule("gives", "10", 2.0), rule("gives", "10.51", 0.0), rule("takes", "01", 4.0)
    ).empty
    assert found(rule("gives", "10.51", 2.0), rule("takes", "10.51", 4.0)).empty


def test_what_is_worth_little_is_not_told():
    assert found(rule("gives", "10.51", 2.0, value=0.0001), rule("takes", "01.41", 4.0)).empty


def test_members_of_one_cluster_are_told_so():
    rules = [rule("gives", "10.51", 2.0), rule("takes", PACKAGING, 4.0)]
    told = layers(by_products=pd.DataFrame(rules, columns=COLUMNS))
    traded = trade(sites(), layers=told, params=PARAMS)
    home = {
        member: cluster
        for cluster, members in traded.clusters["members"].items()
        for member in members.split(";")
    }
    assert home["D"] == home["K"]
    assert traded.exchanges["cluster_id"].tolist() == [home["D"]]


def test_without_rules_there_is_nothing():
    empty = found()
    assert check(empty, EXCHANGES).empty


def test_every_by_product_that_comes_with_the_program_has_both_sides_and_one_unit():
    rules = check(built_in(BY_PRODUCTS), BY_PRODUCTS)
    by_code = rules.groupby("by_product")
    assert (by_code["side"].nunique() == 2).all()
    for column in ("unit", "kind", "title", "title_ru"):
        assert len(rules[["by_product", column]].drop_duplicates()) == len(by_code)
    gives = rules[rules["side"] == "gives"]
    stated = gives[["by_product", "reach_km", "value_mrub_unit"]].dropna().drop_duplicates()
    assert len(stated) == len(by_code)
    assert (rules["status"] == "ASSUMED").all()


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([], set()),
        ([rule("gives", "10.52", 1.0, reach=10.0)], {"by_product_differs"}),
        ([rule("gives", "10.52", 1.0, value=np.nan)], {"by_product_unsaid"}),
        ([rule("takes", "01.46", 1.0) | {"unit": "MW"}], {"by_product_differs", "by_product_unit"}),
        ([rule("gives", "10.5", 1.0, code="lost")], {"by_product_one_sided"}),
        ([rule("takes", "milk", 1.0)], {"product_code_malformed"}),
        ([rule("takes", "01.41", 9.0)], {"row_repeated"}),
    ],
)
def test_rules_that_contradict_each_other_are_told(rows, codes):
    whole = [rule("gives", "10.51", 2.0), rule("takes", "01.41", 4.0), *rows]
    problems = find_contradictions(pd.DataFrame(whole, columns=COLUMNS), BY_PRODUCTS)
    assert {problem.code for problem in problems} == codes
    assert all(problem.rows for problem in problems)


def test_the_rules_that_come_with_the_program_do_not_contradict_each_other():
    assert find_contradictions(built_in(BY_PRODUCTS), BY_PRODUCTS) == []
