# ruff: noqa: E501  # a row of cases reads best as one line
"""A plan into files: all of them, the same bytes each time, harmless in a spreadsheet."""

import json
import zipfile
from dataclasses import replace

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
from shapely import from_wkt

from maps.fake import fake_plan
from siting.export import _in_words, harmless, write
from siting.tables import find_problems
from siting.tables.doubt import FACTS
from siting.tables.results import CONNECTIONS, DOUBTED, LEDGER

FILES = {
    "checks.csv",
    "clusters.csv",
    "connections.csv",
    "consumers.csv",
    "cures.csv",
    "exclusions.csv",
    "facts_to_check.csv",
    "inputs.zip",
    "ledger.csv",
    "links.csv",
    "passports.csv",
    "plan.gpkg",
    "plan.xlsx",
    "products.csv",
    "repairs.csv",
    "sites.csv",
    "sites.parquet",
    "summary.json",
}


@pytest.fixture(scope="module")
def plan():
    return fake_plan(sites_count=12, plots_count=40)


@pytest.fixture(scope="module")
def folder(plan, tmp_path_factory):
    target = tmp_path_factory.mktemp("plan")
    write(plan, target)
    return target


def cyrillic(text):
    return any("а" <= letter.lower() <= "я" for letter in str(text))


def test_a_run_writes_these_files(folder):
    assert {path.name for path in folder.iterdir()} == FILES


def test_the_same_plan_gives_the_same_bytes(plan, folder, tmp_path):
    write(plan, tmp_path)
    different = [n for n in FILES if (tmp_path / n).read_bytes() != (folder / n).read_bytes()]
    assert different == []


def test_writing_over_an_older_plan_leaves_nothing_of_it(plan, folder, tmp_path):
    write(fake_plan(seed=2, sites_count=20, plots_count=40), tmp_path)
    write(plan, tmp_path)
    assert (tmp_path / "plan.gpkg").read_bytes() == (folder / "plan.gpkg").read_bytes()


def test_sites_come_back_from_parquet_as_they_were(plan, folder):
    back = gpd.read_parquet(folder / "sites.parquet")
    assert back.crs == plan.sites.crs
    assert back.index.tolist() == plan.sites.index.tolist()
    assert find_problems(back, DOUBTED) == find_problems(plan.sites, DOUBTED)


def test_csv_keeps_machine_names_and_numbers(plan, folder):
    sites = pd.read_csv(folder / "sites.csv")
    assert sites.columns[0] == "site_id"
    assert set(plan.sites.columns) - {"geometry"} | {"lon", "lat"} == set(sites.columns[1:])
    told = sites.set_index("site_id")["plan_saving_mrub"]
    pd.testing.assert_series_equal(told, plan.sites["plan_saving_mrub"], check_index_type=False, check_dtype=False, rtol=0, atol=0)  # fmt: skip
    ledger = pd.read_csv(folder / "ledger.csv")
    assert set(ledger.columns) == {c.name for c in LEDGER.columns}
    assert ledger["saving_mrub"].sum() == plan.ledger["saving_mrub"].sum()


def test_places_in_csv_are_degrees_to_a_decimetre(plan, folder):
    sites = pd.read_csv(folder / "sites.csv", index_col="site_id")
    points = gpd.GeoSeries(
        gpd.points_from_xy(sites["lon"], sites["lat"]), index=sites.index, crs=4326
    )
    assert points.to_crs(plan.sites.crs).distance(plan.sites.centroid).max() < 0.2
    connections = pd.read_csv(folder / "connections.csv")
    routes = from_wkt(connections["wkt"].dropna().to_numpy())
    assert {route.geom_type for route in routes} <= {"LineString", "MultiLineString"}
    assert len(connections) == len(plan.connections)


def test_the_geopackage_holds_sites_routes_and_plots(plan, folder):
    layers = dict(pyogrio.list_layers(folder / "plan.gpkg"))
    assert set(layers) == {"sites", "connections", "plots"}
    back = gpd.read_file(folder / "plan.gpkg", layer="sites")
    assert back["site_id"].tolist() == plan.sites.index.tolist()
    assert len(gpd.read_file(folder / "plan.gpkg", layer="plots")) == len(plan.plots)


def test_the_summary_is_plain_json(plan, folder):
    told = json.loads((folder / "summary.json").read_text("utf-8"))
    assert set(told) == set(plan.summary)


@pytest.mark.parametrize("start", ["=1+1", "+7", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_what_begins_a_formula_is_neutralised(start):
    assert harmless(pd.Series([start, "ПС-110", None], dtype="str")).tolist()[:2] == [
        f"'{start}",
        "ПС-110",
    ]


def hostile(plan, text):
    return replace(plan, sites=plan.sites.assign(name=text, name_en=text))


def test_a_hostile_name_is_no_formula_in_any_file(plan, tmp_path):
    write(hostile(plan, "=HYPERLINK(1)"), tmp_path)
    assert set(pd.read_csv(tmp_path / "sites.csv")["name"]) == {"'=HYPERLINK(1)"}
    with zipfile.ZipFile(tmp_path / "plan.xlsx") as book:
        sheets = [book.read(n).decode() for n in book.namelist() if "worksheets/sheet" in n]
    assert not any("<f>" in sheet for sheet in sheets)
    assert not any("<hyperlink" in sheet for sheet in sheets)


def test_numbers_below_zero_stay_numbers(plan, tmp_path):
    write(replace(plan, sites=plan.sites.assign(plan_saving_mrub=-1.5)), tmp_path)
    assert set(pd.read_csv(tmp_path / "sites.csv")["plan_saving_mrub"]) == {-1.5}


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_workbook_speaks_one_language(plan, tmp_path, lang):
    write(plan, tmp_path, lang=lang)
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    headings = [cell.value for sheet in book.worksheets[1:] for cell in sheet[1]]
    if lang == "ru":
        assert all(cyrillic(h) for h in headings)
        assert all(cyrillic(s.title) for s in book.worksheets)
    else:
        assert not any(cyrillic(h) for h in headings)
        assert not any(cyrillic(s.title) for s in book.worksheets)


def test_coded_values_are_words_in_the_workbook(plan, tmp_path):
    write(plan, tmp_path, lang="ru")
    book = pd.read_excel(tmp_path / "plan.xlsx", sheet_name=None)
    heading = CONNECTIONS.column("utility").ru
    assert {"Электричество", "Дорога"} <= set(book["Подключения"][heading])
    assert set(book["Площадки"]["может стать парком"]) <= {"да", "нет"}


def test_an_empty_table_is_a_header(plan, tmp_path):
    write(replace(plan, links=plan.links.iloc[:0], connections=plan.connections.iloc[:0]), tmp_path)
    assert (tmp_path / "links.csv").read_text("utf-8").count("\n") == 1
    assert pd.read_csv(tmp_path / "connections.csv").empty


def test_the_plan_is_not_changed(plan, tmp_path):
    before = plan.sites.copy()
    write(plan, tmp_path)
    assert plan.sites.equals(before)


def test_a_second_geometry_is_kept_in_parquet_and_left_out_elsewhere(plan, tmp_path):
    """Land carries the buildable part of a plot beside its outline."""
    centres = plan.sites.centroid
    doubled = replace(
        plan,
        sites=plan.sites.assign(core=centres),
        plots=plan.plots.assign(core=plan.plots.centroid),
    )
    write(doubled, tmp_path)
    assert "core" in gpd.read_parquet(tmp_path / "sites.parquet")
    assert "core" not in pd.read_csv(tmp_path / "sites.csv")
    assert "core" not in gpd.read_file(tmp_path / "plan.gpkg", layer="plots")


def test_codes_of_the_workbook_are_told_in_the_words_of_the_map():
    """The way to connect, the unit and the requirement are no longer bare codes."""
    routes = pd.DataFrame({"utility": ["gas"], "option": ["pe160"], "demand_unit": ["m3/h"]})
    said = _in_words(routes, CONNECTIONS, "ru").iloc[0].tolist()
    assert said == ["Газ", "газопровод ПЭ 160", "м³/ч"]
    said = _in_words(routes, CONNECTIONS, "en").iloc[0].tolist()
    assert said == ["Gas", "PE 160 gas pipe", "m³/h"]
    facts = pd.DataFrame({"kind": ["price"], "status": ["ASSUMED"]})
    assert _in_words(facts, FACTS, "ru").iloc[0].tolist() == ["цена", "Допущено"]
    own = pd.DataFrame({"option": ["our_own_pipe"]})
    assert _in_words(own, CONNECTIONS, "en").iloc[0].tolist() == ["our_own_pipe"]
