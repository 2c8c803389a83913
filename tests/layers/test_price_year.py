"""Prices of another year become those of the region's year, and the repairs say so."""

import pandas as pd
import pytest

from portfolio.town import OPTIONS
from siting.layers.price_year import at_price_year, find_missing_years

INDICES = pd.DataFrame({"year": [2020.0, 2024.0], "index": [0.5, 1.0]})


def options(year):
    years = [year] + [2024] * (len(OPTIONS) - 1)
    return OPTIONS.reset_index(drop=True).assign(price_year=years)


def tables(year, indices=INDICES):
    book = pd.DataFrame({"price_year": pd.Series([], dtype="float64")})
    return {"connection_options": options(year), "price_book": book, "price_indices": indices}


def test_a_price_of_2020_doubles_where_the_index_did():
    given = options(2020)
    made, repairs = at_price_year(given, INDICES, 2024)
    for name in ("fixed_mrub_low", "fixed_mrub", "per_km_mrub_high", "per_unit_mrub"):
        assert made.loc[0, name] == pytest.approx(2 * given.loc[0, name])
        assert made.loc[1:, name].equals(given.loc[1:, name])
    assert repairs[["row_id", "action"]].to_numpy().tolist() == [
        ["electricity:cable", "price_converted"]
    ]
    assert given.equals(options(2020))


def test_without_an_index_the_price_stands_and_the_repairs_say_so():
    made, repairs = at_price_year(options(2020), INDICES.iloc[:0], 2024)
    assert made["fixed_mrub"].equals(options(2020)["fixed_mrub"])
    assert repairs["action"].tolist() == ["price_kept"]
    assert not find_missing_years(tables(2020, INDICES.iloc[:0]), 2024)


def test_an_index_that_lacks_a_year_is_a_problem_that_names_it():
    (problem,) = find_missing_years(tables(2019), 2024)
    assert problem.code == "price_index_missing"
    assert problem.values["years"] == "2019"
    assert not find_missing_years(tables(2020), 2024)


def test_prices_of_the_year_of_the_region_are_left_alone():
    made, repairs = at_price_year(options(2024), INDICES, 2024)
    assert made.equals(options(2024))
    assert repairs.empty
