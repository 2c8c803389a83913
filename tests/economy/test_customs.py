"""Customs lines against the HS codes of products, by hand; the concordance there and back."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from economy.five_firms import MILK, PACKAGING, PARAMS, layers, products, sites
from places import OMSK
from siting.economy import trade
from siting.economy.customs import imports_mrub, unmatched_mrub
from siting.errors import TableError


def customs(*rows):
    told = pd.DataFrame(rows, columns=["hs", "value_mrub"]).astype({"value_mrub": float})
    return told.assign(source="told", as_of="2026", confidence="high")


HS = pd.Series(["3923", "392321", "0401", "0401", None], index=list("abcde"), dtype="str")


def test_a_line_goes_to_the_product_with_the_longest_code_that_begins_it():
    found = imports_mrub(customs(("3923210000", 10), ("3923300000", 4)), HS, np.ones(5))
    assert found[["a", "b"]].tolist() == [4, 10]
    assert found[["c", "d", "e"]].isna().all()


def test_products_of_one_code_share_a_line_by_their_demand():
    found = imports_mrub(customs(("0401", 12)), HS, np.array([0, 0, 1, 3, 9]))
    assert found[["c", "d"]].tolist() == [3, 9]
    even = imports_mrub(customs(("0401", 12)), HS, np.zeros(5))
    assert even[["c", "d"]].tolist() == [6, 6]


def test_a_line_coarser_than_the_products_covers_all_it_begins():
    found = imports_mrub(customs(("39", 10)), HS, np.array([1, 4, 0, 0, 0]))
    assert found[["a", "b"]].tolist() == [2, 8]


@given(
    st.lists(
        st.tuples(st.sampled_from(["39", "3923", "392330", "0401", "2709"]), st.integers(0, 99)),
        max_size=6,
    )
)
@settings(max_examples=40, deadline=None)
def test_nothing_imported_is_lost(rows):
    lines = customs(*rows)
    found = imports_mrub(lines, HS, np.array([1.0, 2, 3, 0, 5]))
    assert found.sum() + unmatched_mrub(lines, HS) == pytest.approx(lines["value_mrub"].sum())


def test_the_concordance_of_omsk_goes_there_and_back():
    """The whole value entered under the HS codes of Omsk's products comes back to them."""
    goods = pd.read_csv(
        OMSK / "products.csv", dtype={"product": str, "hs": str}, index_col="product"
    )
    value = pd.Series(np.arange(1.0, len(goods) + 1), goods.index)[goods["hs"].notna()]
    lines = customs(*zip(goods["hs"].dropna(), value, strict=True))
    found = imports_mrub(lines, goods["hs"], goods["demand_mrub"].fillna(1.0).to_numpy())
    assert found.sum() == pytest.approx(value.sum())
    by_code = found.groupby(goods["hs"]).sum()
    expected = value.groupby(goods["hs"].dropna()).sum()
    pd.testing.assert_series_equal(by_code, expected, check_names=False)


def test_imports_of_a_product_reach_the_ranking_unless_it_states_its_own():
    goods = products()
    goods["hs"] = pd.Series(["2901", "3902", "3923", "0401", "0402"], goods.index, dtype="str")
    goods.loc[MILK, "import_mrub"] = 7.0
    told = layers(products=goods, customs=customs(("392321", 5), ("0402", 100)))
    found = trade(sites(), layers=told, params=PARAMS).products["import_mrub"]
    assert found[PACKAGING] == 5
    assert found[MILK] == 7


def test_malformed_customs_codes_are_told():
    with pytest.raises(TableError, match="39-23"):
        trade(sites(), layers=layers(customs=customs(("39-23", 1))), params=PARAMS)
