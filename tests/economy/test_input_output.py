"""Regional input-output tables: by hand, laws, and pymrio as oracle on Russia 2011 (WIOD)."""

import numpy as np
import pandas as pd
import pymrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from economy.five_firms import PARAMS, layers, sites
from places import SHARED
from siting.economy import trade
from siting.economy.input_output import (
    coefficient_matrix,
    flegg,
    industry_inputs,
    leontief,
    location_quotient,
    quotient_significance,
    regional_table,
)
from siting.layers.starter import built_in
from siting.tables import check
from siting.tables.rules import INDUSTRY_INPUTS

IO = SHARED / "io"
wiod = pytest.mark.skipif(not IO.exists(), reason="the shared input-output tables are not here")
outputs = arrays(float, 4, elements=st.integers(1, 1000).map(float))


@pytest.fixture(scope="module")
def russia():
    """Return home-made use, imported use and output of 35 industries, mln dollars."""
    home = pd.read_csv(IO / "rus_2011_domestic_use_musd.csv", index_col=0)
    abroad = pd.read_csv(IO / "rus_2011_imported_use_musd.csv", index_col=0)
    output = pd.read_csv(IO / "rus_2011_totals_musd.csv", index_col=0)["output_musd"]
    return home, abroad, output.reindex(home.index).astype(float)


def test_quotients_done_by_hand():
    """The region makes 10 of 100 in one industry and 10 of 300 in the other: shares 1/2, 1/2
    against 1/4, 3/4; so 2 and 2/3. It is a twentieth of the country: log2(1.05) ** 0.25."""
    regional, national = np.array([10.0, 10.0]), np.array([100.0, 300.0])
    assert location_quotient(regional, national).tolist() == pytest.approx([2, 2 / 3])
    size = np.log2(1.05) ** 0.25
    expected = [[min(2 * size, 1), min(3 * size, 1)], [size / 3, 2 / 3 * size]]
    found = flegg(regional, national, delta=0.25)
    assert found.tolist() == [pytest.approx(row) for row in expected]


def test_with_delta_0_flegg_is_the_cross_industry_quotient():
    regional, national = np.array([10.0, 10.0]), np.array([100.0, 300.0])
    assert flegg(regional, national, delta=0.0).tolist() == [[1, 1], pytest.approx([1 / 3, 2 / 3])]


@given(outputs, outputs, st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=50, deadline=None)
def test_a_greater_delta_never_buys_more_at_home(regional, extra, one, other):
    national = regional + extra
    low, high = sorted((one, other))
    less = flegg(regional, national, delta=high)
    assert (less <= flegg(regional, national, delta=low) + 1e-12).all()
    assert ((less >= 0) & (less <= 1)).all()


@wiod
@pytest.mark.parametrize("delta", [0.15, 0.25, 0.35])
def test_the_regional_table_of_russia_2011_balances(russia, delta):
    home, abroad, output = russia
    national = output.to_numpy()
    used = np.where(national > 0, national, 1.0)
    coefficients = ((home + abroad) / used).to_numpy()
    # a region that makes 0.5 to 1.5 % of each industry, by turns
    regional = national * np.resize([0.005, 0.01, 0.015], len(national))
    found = regional_table(coefficients, regional, national, delta=delta)
    columns = found.local.sum(axis=0) + found.brought_in.sum(axis=0) + found.value_added
    rows = found.local.sum(axis=1) + found.final
    np.testing.assert_allclose(columns, regional, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(rows, regional, rtol=1e-6, atol=1e-9)
    assert (found.local >= 0).all()
    assert (found.brought_in >= -1e-9).all()


@wiod
def test_the_leontief_inverse_of_russia_2011_equals_that_of_pymrio(russia):
    home, _, output = russia
    made = output > 0
    home, output = home.loc[made, made], output[made]
    table = pymrio.calc_A(home, output)
    ours = leontief((home / output).to_numpy())
    np.testing.assert_allclose(ours, pymrio.calc_L(table).to_numpy(), rtol=1e-9, atol=1e-12)


@wiod
def test_a_system_of_pymrio_becomes_coefficients_of_divisions(russia):
    home, _, output = russia
    made = output > 0
    table = pymrio.calc_A(home.loc[made, made], output[made])
    told = industry_inputs(
        table, {"23": ("19",), "C": ("05", "06"), "24": ("20", "21")}, source="WIOD"
    )
    check(told, INDUSTRY_INPUTS)
    found = told.set_index(["industry", "input"])["share"]
    assert found["19", "06"] == pytest.approx(table.loc["C", "23"] / 2)
    assert found["20", "19"] == pytest.approx(table.loc["23", "24"])
    assert found["21", "19"] == found["20", "19"]


def test_the_test_system_of_pymrio_plugs_in():
    system = pymrio.load_test().calc_all()
    region = system.get_regions()[0]
    divisions = {sector: (f"{n:02d}",) for n, sector in enumerate(system.get_sectors(), start=1)}
    told = industry_inputs(system.A[region], divisions, source="pymrio test system")
    names = pd.Index(sorted(name for (name,) in divisions.values()))
    found = coefficient_matrix(told, names)
    expected = system.A[region].groupby(level="sector", sort=False).sum().to_numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_the_coefficients_that_come_with_the_program_are_sound():
    told = check(built_in(INDUSTRY_INPUTS), INDUSTRY_INPUTS)
    assert not told.duplicated(["industry", "input"]).any()
    assert (told.groupby("industry")["share"].sum() < 1).all()
    names = pd.Index(sorted(set(told["industry"]) | set(told["input"])))
    assert (leontief(coefficient_matrix(told, names)) >= -1e-12).all()


def test_one_quotient_far_above_the_others_is_the_significant_one():
    chance = quotient_significance(np.array([1.0, 0.9, 1.1, 1.0, 8.0, 0.0, np.nan]))
    assert chance[4] < 0.05
    assert (chance[:4] > 0.3).all()
    assert np.isnan(chance[5:]).all()


def test_industries_of_the_region_are_compared_with_the_country():
    """Revenue by hand: chemistry 300, plastics 100, food 500, farming 150 of 1050."""
    country = {"01": 1e5, "10": 1e5, "20": 1e5, "22": 1e5}
    params = PARAMS.model_copy(update={"national_output_mrub": country})
    found = trade(sites(), layers=layers(industry_inputs=built_in(INDUSTRY_INPUTS)), params=params)
    table = found.industries
    assert table["output_mrub"].to_dict() == {"01": 150, "10": 500, "20": 300, "22": 100}
    assert table.loc["10", "location_quotient"] == pytest.approx(500 / 1050 * 4)
    assert (table["multiplier_low"] <= table["multiplier"]).all()
    assert (table["multiplier"] <= table["multiplier_high"]).all()
    assert (table["multiplier_low"] < table["multiplier_high"]).any()


def test_without_the_output_of_the_country_nothing_is_compared():
    assert trade(sites(), layers=layers(), params=PARAMS).industries.empty
