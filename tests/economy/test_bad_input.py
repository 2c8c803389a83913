"""Every mistake in the tables of the economy is told, all at once, in both languages."""

import geopandas as gpd
import pandas as pd
import pytest

from economy.five_firms import (
    MILK,
    PARAMS,
    RAW_MILK,
    enterprises,
    layers,
    products,
    prospects,
    recipes,
    sites,
)
from siting.economy import trade
from siting.errors import TableError, messages, placeholders


def told(**changed):
    with pytest.raises(TableError) as error:
        trade(sites(), layers=layers(**changed), params=PARAMS)
    return error.value


def test_all_mistakes_are_told_together():
    firms = enterprises()
    firms.loc["R", "products"] = "20,14"
    firms.loc["P", "okved"] = "двадцать"
    rows = [(MILK, RAW_MILK, 0.8), (MILK, "22.22.14", 0.3), (MILK, "99.99.9", 0.01)]
    error = told(enterprises=firms, recipes=recipes(rows))
    assert {problem.code for problem in error.problems} == {
        "product_code_malformed",
        "okved_malformed",
        "recipe_share_excess",
        "product_unknown",
    }
    assert "20,14" in error.text("en")


def test_an_activity_the_classifier_does_not_have_is_refused_with_its_row():
    firms = enterprises()
    firms.loc["P", "okved"] = "34.10"
    (problem,) = told(enterprises=firms).problems
    assert (problem.code, problem.rows) == ("okved_unknown", ("P",))
    assert "34.10" in told(enterprises=firms).text("en")


def test_a_malformed_code_is_told_once_and_not_called_unknown_too():
    rows = recipes([(MILK, "milk", 0.5)])
    assert [problem.code for problem in told(recipes=rows).problems] == ["product_code_malformed"]


def test_shares_above_one_name_every_row_of_the_product():
    rows = [(MILK, RAW_MILK, 0.8), (MILK, "22.22.14", 0.3), ("20.16.51", "20.14.11", 1.0)]
    problem = told(recipes=recipes(rows)).problems[0]
    assert problem.rows == ("0", "1")
    assert problem.text("ru").count("10.51.11 (1.1)") == 1


def test_shares_that_make_one_by_rounding_are_accepted():
    rows = [(MILK, code, 0.1) for code in ("20.14.11", "20.16.51", "22.22.14")]
    rows.append((MILK, RAW_MILK, 0.7))
    found = trade(sites(), layers=layers(recipes=recipes(rows)), params=PARAMS)
    assert found.products.loc[RAW_MILK, "demand_mrub"] == pytest.approx(350)


def test_the_same_input_twice_is_refused():
    rows = recipes([(MILK, RAW_MILK, 0.2), (MILK, RAW_MILK, 0.3)])
    assert [problem.code for problem in told(recipes=rows).problems] == ["recipe_duplicate"]


def test_negative_revenue_is_refused_with_its_row():
    firms = enterprises()
    firms.loc["K", "revenue_mrub"] = -1.0
    problem = told(enterprises=firms).problems[0]
    assert (problem.code, problem.rows) == ("column_range", ("K",))


def test_an_enterprise_entered_twice_is_refused():
    firms = enterprises()
    twin = firms.loc[["K"]].rename(index={"K": "K2"}).assign(name="  завод k ")
    problem = told(enterprises=pd.concat([firms, twin])).problems[0]
    assert (problem.code, problem.rows) == ("enterprise_duplicate", ("K", "K2"))


def test_two_plants_of_one_name_in_two_places_are_not_one():
    firms = enterprises()
    other = firms.loc[["K"]].rename(index={"K": "K2"})
    other = other.set_geometry(other.translate(5000, 0))
    trade(sites(), layers=layers(enterprises=pd.concat([firms, other])), params=PARAMS)


def test_a_repeated_id_is_refused():
    firms = enterprises()
    error = told(enterprises=pd.concat([firms, firms.loc[["K"]]]))
    assert error.problems[0].code == "id_duplicate"


def test_two_zones_do_not_mix():
    error = told(settlements=layers().settlements.to_crs(32642))
    assert error.problems[0].code == "crs_differs"


def test_a_prospect_that_takes_the_id_of_a_product_is_refused():
    own = prospects().rename(index={"OWN": f"PRODUCT-{MILK}"})
    goods = products(minimum_scale_mrub=90.0)
    assert told(prospects=own, products=goods).problems[0].code == "prospect_id_taken"


def test_hostile_names_pass_through_unchanged():
    name = "<script>alert(1)</script>{0} 'ООО'; DROP TABLE"
    firms = enterprises().assign(name=name)
    found = trade(sites(), layers=layers(enterprises=firms), params=PARAMS)
    assert set(found.consumers["name"]) == {name, "final_demand"}


def test_an_economy_without_enterprises_has_no_links_and_no_clusters():
    nobody = gpd.GeoDataFrame(enterprises().iloc[:0])
    found = trade(sites(), layers=layers(enterprises=nobody), params=PARAMS)
    assert found.links.empty
    assert found.clusters.empty
    assert found.measures.empty
    assert found.products.loc[MILK, "gap_mrub"] == 600


def test_no_products_at_all_is_an_answer_too():
    empty = layers(
        enterprises=enterprises().assign(products=pd.Series(dtype="str")),
        products=products().iloc[:0],
        recipes=recipes().iloc[:0],
    )
    found = trade(sites(), layers=empty, params=PARAMS)
    assert found.products.empty
    assert found.consumers.empty
    assert found.prospects.index.tolist() == ["OWN"]


ECONOMY = (
    "product_code_malformed",
    "okved_malformed",
    "product_unknown",
    "recipe_share_excess",
    "recipe_duplicate",
    "enterprise_duplicate",
    "prospect_id_taken",
)


@pytest.mark.parametrize("code", ECONOMY)
def test_both_languages_say_the_same_values(code):
    said = messages()[code]
    assert placeholders(said["ru"]) == placeholders(said["en"])
