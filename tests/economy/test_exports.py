"""Relatedness from trade data against the definition, a case by hand, and the world of 2017."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from economy.five_firms import MILK, PARAMS, layers, products, sites
from places import ROOT
from siting.economy import trade
from siting.economy.exports import blended, density, export_proximity, revealed_advantage

WORLD = ROOT.parent / "shared" / "data" / "trade" / "world_exports_hs4_2017.csv.gz"
values = arrays(float, (5, 7), elements=st.integers(0, 20).map(float))


def test_advantage_density_and_proximity_done_by_hand():
    """Two economies, three products.

        a  2 1 1    a sells half of the world's 8: its shares 1/2 1/4 1/4
        b  0 1 3    the world's shares 1/4 1/4 1/2

    a has an advantage in the first (2) and second (1), b in the second (1) and third (3/2).
    """
    rca = revealed_advantage(np.array([[2.0, 1, 1], [0, 1, 3]]))
    assert rca.tolist() == [[2, 1, 0.5], [0, 1, 1.5]]
    # the first goes with the second in one of two: 1/2; never with the third
    expected = [[1, 1.5 / 2, 0.5 / 1.5], [0.5 / 1.5, 1.5 / 2, 1]]
    assert density(rca >= 1).tolist() == [pytest.approx(row) for row in expected]


@given(values)
@settings(max_examples=40, deadline=None)
def test_density_equals_its_definition(value):
    with np.errstate(invalid="ignore"):
        made = revealed_advantage(value) >= 1
    found = density(made)
    count = made.shape[1]
    near = np.zeros((count, count))
    for p in range(count):
        for q in range(count):
            most = max(made[:, p].sum(), made[:, q].sum())
            near[p, q] = (made[:, p] & made[:, q]).sum() / most if most else 0
    for c in range(len(made)):
        for p in range(count):
            if near[p].sum():
                assert found[c, p] == pytest.approx(near[p] @ made[c] / near[p].sum(), abs=1e-12)
            else:
                assert np.isnan(found[c, p])


@given(values, st.floats(0.01, 100))
@settings(max_examples=20, deadline=None)
def test_the_currency_changes_no_advantage(value, rate):
    np.testing.assert_allclose(
        revealed_advantage(value * rate), revealed_advantage(value), rtol=1e-9
    )


@pytest.mark.skipif(not WORLD.exists(), reason="the shared trade data are not here")
def test_advantage_of_the_world_of_2017_equals_one_computed_row_by_row():
    told = pd.read_csv(WORLD, dtype={"product_code": str})
    told = told.groupby(["reporter_iso", "product_code"])["export_value_usd"].sum()
    wide = told.unstack(fill_value=0.0)
    found = pd.DataFrame(
        revealed_advantage(wide.to_numpy()), index=wide.index, columns=wide.columns
    )
    by_economy, by_product = told.groupby(level=0).sum(), told.groupby(level=1).sum()
    slow = told / told.index.get_level_values(0).map(by_economy)
    slow /= told.index.get_level_values(1).map(by_product) / told.sum()
    np.testing.assert_allclose(found, slow.unstack(fill_value=0.0), rtol=1e-9)
    # what everybody knows of the trade of nations
    assert found.loc["rus", "2709"] > 5
    assert found.loc["chl", "2603"] > 20
    assert found.loc["chn", "2709"] < 0.1


def exports(rows):
    return pd.DataFrame(rows, columns=["economy", "hs", "value_musd"])


def test_products_exported_together_are_near_and_unknown_codes_stay_unknown():
    told = exports([("a", "0401", 10.0), ("a", "0406", 10.0), ("b", "2709", 20.0)])
    near = export_proximity(told, pd.Series(["0401", "040610", "2709", None, "9999"]))
    assert near[0, 1] == 1
    assert near[0, 2] == 0
    assert np.isnan(near[3:]).all()


def test_known_joint_exports_are_blended_and_unknown_ones_leave_the_recipes_alone():
    alike = np.array([[1.0, 0.2], [0.2, 1.0]])
    near = np.array([[1.0, 0.6], [np.nan, 1.0]])
    found = blended(alike, near, 0.25)
    assert found.tolist() == [pytest.approx([1, 0.3]), pytest.approx([0.2, 1])]


def test_given_exports_change_what_an_enterprise_is_told_to_add():
    """K makes packaging; abroad packaging goes with milk, which its inputs say nothing of."""
    goods = products(minimum_scale_mrub=50.0)
    goods["hs"] = pd.Series(["2901", "3902", "3923", "0401", "0402"], goods.index, dtype="str")
    told = exports(
        [("a", "0402", 10.0), ("a", "3923", 9.0), ("b", "2901", 20.0), ("b", "3902", 5.0)]
    )

    def added(**more):
        rows = trade(sites(), layers=layers(products=goods, **more), params=params).additions
        return set(rows.loc[rows["enterprise_id"] == "K", "product"])

    params = PARAMS.model_copy(update={"chain_min_likeness": 0.4})
    assert added() == set()
    assert added(exports=told) == {MILK}
