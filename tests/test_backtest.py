"""The test against what was built, on the region drawn in tiny.py and on contracts by hand."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, Point, box

import siting
import tiny
from siting.backtest import backtest, hide, lands, price_contracts
from siting.cli.app import run
from siting.layers import read
from siting.tables import check
from siting.tables.backtest import COSTS, PLACES


def parks(rows):
    made = [
        {"park_id": i, "kind": "industrial_park", "name": i, **told, **tiny.ORIGIN}
        for i, _, told in rows
    ]
    shapes = [Point(tiny.WEST + 1000 * x, tiny.SOUTH + 1000 * y) for _, (x, y), _ in rows]
    return gpd.GeoDataFrame(made, geometry=shapes, crs=tiny.CRS)


def tiny_with(folder, rows):
    return tiny.write(folder, {**tiny.tables(), "parks": parks(rows)})


@pytest.fixture(scope="module")
def region_file(tmp_path_factory):
    """Two parks: one beside the substation and the gas station, one alone in the north-east."""
    rows = [("NEAR", (2.5, 8.5), {"area_ha": 25.0}), ("FAR", (18, 18), {})]
    return tiny_with(tmp_path_factory.mktemp("back"), rows)


@pytest.fixture(scope="module")
def found(region_file):
    return backtest(siting.read_region(region_file))


def test_every_real_place_is_ranked_among_all_candidates(found):
    check(found.places, PLACES)
    assert found.places["is_eligible"].tolist() == [True, True]
    assert (found.places["connection_rank"] <= found.places["sites_count"]).all()
    assert (found.places["saving_rank"] >= 1).all()


def test_the_park_beside_the_road_is_cheaper_to_connect_than_the_one_far_away(found):
    rank = found.places["connection_rank"]
    assert rank["NEAR"] < rank["FAR"]


def test_an_area_that_is_not_stated_is_taken_as_usual_and_said_so(found):
    assert found.places["area_ha"].to_dict() == pytest.approx({"FAR": 40.0, "NEAR": 25.0})
    assert found.places["is_area_known"].to_dict() == {"FAR": False, "NEAR": True}


def test_parks_at_one_place_count_once():
    both = parks([("A", (5, 5), {"area_ha": 25.0}), ("B", (5.1, 5), {"area_ha": 9.0})])
    land = lands(both.set_index("park_id"), 40.0)
    assert land.index.tolist() == ["A"]


def test_what_serves_a_park_is_hidden_and_what_serves_others_stays(region_file):
    """The park is a square kilometre at (5, 5); the long line passes by."""
    layers = read(siting.read_region(region_file))
    at = lambda *xy: [(tiny.WEST + 1000 * x, tiny.SOUTH + 1000 * y) for x, y in xy]  # noqa: E731
    shapes = {
        "own": LineString(at((5, 6), (5, 8))),
        "passing": LineString(at((0, 5), (20, 5))),
        "node": Point(at((6, 5))[0]),
        "far": Point(at((8, 5))[0]),
    }
    row = layers.infrastructure.iloc[0]
    sources = gpd.GeoDataFrame([row] * 4, crs=tiny.CRS).set_geometry(
        list(shapes.values()), crs=tiny.CRS
    )
    sources.index = pd.Index(shapes, name="source_id")
    land = gpd.GeoSeries({"P": box(*at((4.5, 4.5))[0], *at((5.5, 5.5))[0])}, crs=tiny.CRS)
    hidden, counts = hide(replace(layers, infrastructure=sources), land, gap_m=20.0)
    assert hidden.infrastructure.index.tolist() == ["passing", "far"]
    assert counts.to_dict() == {"P": 2}
    assert hidden.parks.empty
    assert "BACKTEST-P" in hidden.plots.index


def test_plots_under_a_real_park_make_room(region_file):
    layers = read(siting.read_region(region_file))
    land = gpd.GeoSeries({"P": layers.plots.geometry["C"].buffer(5)}, crs=tiny.CRS)
    hidden, _ = hide(layers, land, gap_m=20.0)
    assert set(layers.plots.index) - set(hidden.plots.index) == {"C"}


def contracts(**columns):
    told = {
        "contract": "a", "contract_ru": "а", "option": None, "items": None, "length_km": None,
        "area_ha": None, "paid_mrub": 100.0, "price_year": 2024,
        "status": "VERIFIED", "source": "by hand",
    }  # fmt: skip
    return pd.DataFrame([{**told, **columns}])


def priced(region_file, **columns):
    region = siting.read_region(region_file)
    layers = replace(read(region), published_costs=contracts(**columns))
    return check(price_contracts(layers, region), COSTS)


def test_a_road_is_its_fixed_price_and_its_kilometres(region_file):
    """category_iv: 10 + 60 a km; 2 km are 130 against the 100 paid."""
    row = priced(region_file, option="category_iv", length_km=2.0).iloc[0]
    assert (row["named_mrub"], row["ratio"]) == (130.0, 1.3)


def test_a_park_is_its_hectares_times_the_rates_of_its_networks(region_file):
    """water 1.0 and sewage 0.8 a hectare, 16 and 27 a km; a street every 270 and every 660 m."""
    row = priced(region_file, items="water;sewage", area_ha=10.0).iloc[0]
    km_ha = 10 / 270 + 10 / 660
    assert row["named_mrub"] == pytest.approx(10 * (1.8 + 43 * km_ha))


def test_an_older_price_without_an_index_is_not_compared(region_file):
    row = priced(region_file, option="category_iv", length_km=2.0, price_year=2010).iloc[0]
    assert pd.isna(row["paid_now_mrub"])
    assert pd.isna(row["ratio"])


def test_a_contract_of_an_option_the_region_lacks_is_left_out(region_file):
    assert priced(region_file, option="monorail", length_km=2.0).empty


@pytest.mark.parametrize(("lang", "words"), [("ru", "место по экономии"), ("en", "rank by saving")])
def test_the_door_tells_it_in_one_language(region_file, capfd, lang, words):
    assert run(["backtest", str(region_file), "--lang", lang, "--quiet"]) == 0
    told = capfd.readouterr().out
    assert words in " ".join(told.split())
    assert lang == "ru" or not any("а" <= letter.lower() <= "я" for letter in told)
