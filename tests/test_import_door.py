# ruff: noqa: E501  # a row of cases reads best as one line
"""`siting import` as a GIS specialist meets it: what was there stays, and every row is accounted for."""

import csv

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box
from sqlalchemy import create_engine

import village
from layers.test_importing import RUSSIAN, sheet
from siting.cli import app
from siting.layers import read
from siting.region import read_region


@pytest.fixture
def region(tmp_path):
    folder = tmp_path / "village"
    folder.mkdir()
    return village.build(folder)


def door(*arguments, lang="en"):
    return app.run(["import", *map(str, arguments), "--lang", lang])


def rows_of(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_rows_that_are_there_are_not_touched_until_the_user_says_how(region, tmp_path, capsys):
    before = (region / "enterprises.csv").read_bytes()
    path = sheet(tmp_path / "list.xlsx", RUSSIAN)
    assert door("enterprises", path, region, "--as-of", "2026-01-01") == 2
    assert "--add" in capsys.readouterr().err
    assert (region / "enterprises.csv").read_bytes() == before
    assert not (region / "imports").exists()


def test_a_list_is_added_and_what_is_not_in_order_is_told_with_its_reason(region, tmp_path, capsys):
    path = sheet(tmp_path / "list.xlsx", RUSSIAN)
    assert door("enterprises", path, region, "--as-of", "2026-01-01", "--add") == 0
    said = capsys.readouterr().out
    assert "7 rows read, 1 imported, 5 rejected" in said
    assert "sole traders dropped: 1" in said
    assert read(read_region(region)).enterprises.index.tolist() == ["5501000001", "E1"]
    rejected = rows_of(region / "imports" / "enterprises_list_xlsx_rejected.csv")
    assert len(rejected) == 5
    assert all(row["reason"] for row in rejected)
    everything = "".join(f.read_text("utf-8") for f in region.rglob("*.csv"))
    assert "Петров" not in everything


def test_to_replace_keeps_the_previous_file_and_says_so(region, tmp_path, capsys):
    before = (region / "enterprises.csv").read_bytes()
    path = sheet(tmp_path / "list.xlsx", RUSSIAN)
    assert door("enterprises", path, region, "--as-of", "2026", "--replace") == 0
    assert "enterprises.csv.before" in capsys.readouterr().out
    assert (region / "enterprises.csv.before").read_bytes() == before
    assert read(read_region(region)).enterprises.index.tolist() == ["5501000001"]


def test_the_same_list_twice_adds_nothing_and_says_so(region, tmp_path):
    path = sheet(tmp_path / "list.xlsx", RUSSIAN[:4])
    for _ in range(2):
        assert door("enterprises", path, region, "--as-of", "2026", "--add") == 0
    assert len(read(read_region(region)).enterprises) == 2
    rejected = rows_of(region / "imports" / "enterprises_list_xlsx_rejected.csv")
    assert [row["problem"] for row in rejected] == ["import_known"]


def test_a_file_of_which_no_row_is_in_order_changes_nothing(region, tmp_path, capsys):
    path = sheet(tmp_path / "list.xlsx", [RUSSIAN[2], RUSSIAN[4], RUSSIAN[6]])
    before = sorted(region.iterdir())
    assert door("enterprises", path, region, "--as-of", "2026", "--add") == 1
    assert sorted(region.iterdir()) == before
    assert capsys.readouterr().err.count("\n- ") == 2


def test_customs_switch_their_line_of_region_toml_on(region, tmp_path, capsys):
    path = tmp_path / "customs.csv"
    path.write_text("NAPR;TNVED;STOIM\nИМ;1101;5000000\n", encoding="utf-8")
    assert door("customs", path, region, "--as-of", "2021", "--rub-per-usd", "80") == 0
    found = read(read_region(region)).customs
    assert found["hs"].tolist() == ["1101"]
    assert found["value_mrub"].tolist() == pytest.approx([400.0])


def test_a_cadastre_in_cp1251_without_its_cpg_reads_as_plots(region, tmp_path):
    row = {"КАТЕГОРИЯ": "Земли промышленности", "ВРИ": "6.0", "СОБСТВЕНН": "Муниципальная"}
    shapes = [box(73.11 + n / 50, 55.11, 73.12 + n / 50, 55.12) for n in range(2)]
    frame = gpd.GeoDataFrame([row | {"CAD_NUM": f"55:01:1:{n}"} for n in range(2)], geometry=shapes, crs=4326)  # fmt: skip
    frame.to_crs(village.CRS).to_file(tmp_path / "ЗУ.shp", encoding="cp1251")
    (tmp_path / "ЗУ.cpg").unlink()
    order = (
        "plots",
        tmp_path / "ЗУ.shp",
        region,
        "--as-of",
        "2026",
        "--add",
        "--set",
        "status=greenfield",
    )
    assert door(*order, lang="ru") == 0
    plots = read(read_region(region)).plots
    assert plots.index.tolist() == ["55:01:1:0", "55:01:1:1", "P1", "P2"]
    assert plots.loc["55:01:1:0", "ownership"] == "municipal"
    away = plots.geometry.loc["55:01:1:0"].symmetric_difference(
        frame.to_crs(village.CRS).geometry[0]
    )
    # written to a centimetre
    assert away.area < 4 * 800 * 0.02


def test_plots_of_a_database_come_and_its_password_stays_there(region, postgis_dsn, capsys):
    row = {
        "category": "industry",
        "permitted_use": "6.0",
        "ownership": "private",
        "status": "greenfield",
        "source": "x",
        "as_of": "2026",
        "confidence": "low",
    }
    frame = gpd.GeoDataFrame([{"plot_id": "D1", **row}, {"plot_id": "D2", **row, "category": "?"}], geometry=[box(73.11, 55.11, 73.12, 55.12)] * 2, crs=4326)  # fmt: skip
    engine = create_engine(postgis_dsn)
    frame.rename_geometry("geom").to_postgis("Участки; 1", engine)
    engine.dispose()
    secret = postgis_dsn.replace("siting@", "siting:s3cret@")
    assert door("postgis", secret, region, "--as", "plots", "--layer", "Участки; 1", "--add") == 0
    assert read(read_region(region)).plots.index.tolist() == ["D1", "P1", "P2"]
    said = "".join(capsys.readouterr()) + "".join(
        f.read_text("utf-8") + f.name for f in region.rglob("*.csv")
    )
    assert "s3cret" not in said
    assert door("postgis", secret, region) == 2


def test_an_extract_fills_a_new_region_and_the_rest_waits_in_the_report(shared, tmp_path, capsys):
    """The readme of the extract: 7 plots and 11 works, of which OpenStreetMap tells too little."""
    target = tmp_path / "krems"
    assert app.run(["init", str(target)]) == 0
    pbf = shared / "osm" / "krems_at_2013.osm.pbf"
    assert door("osm", pbf, target) == 1
    assert "UTM zone 43N" in capsys.readouterr().err
    toml = target / "region.toml"
    toml.write_text(toml.read_text("utf-8").replace("EPSG:32643", "EPSG:32633"), encoding="utf-8")
    assert door("osm", pbf, target) == 0
    assert len(rows_of(target / "imports" / "plots_krems_at_2013_osm_pbf_rejected.csv")) == 7
    assert len(rows_of(target / "imports" / "enterprises_krems_at_2013_osm_pbf_rejected.csv")) == 11
    assert "7 rejected: column 'category' is empty" in capsys.readouterr().out
    told = ["--set", "category=industry", "--set", "ownership=undivided"]
    assert door("osm", pbf, target, "--as", "plots", *told) == 0
    assert len(rows_of(target / "plots.csv")) == 7
    assert not (target / "imports" / "plots_krems_at_2013_osm_pbf_rejected.csv").exists()


def test_no_cell_of_a_report_is_a_formula(region, tmp_path):
    path = tmp_path / "list.csv"
    pd.DataFrame({"name": ["=HYPERLINK(1)", "АО"], "okved": ["10", "10"], "lon": ["", "73.1"], "lat": ["", "55.1"]}).to_csv(path, index=False)  # fmt: skip
    assert door("enterprises", path, region, "--as-of", "2026", "--add") == 0
    (rejected,) = rows_of(region / "imports" / "enterprises_list_csv_rejected.csv")
    assert rejected["name"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize(
    "wrong", [["--add", "--replace"], ["--set", "status"], ["--as", "nothing"]]
)
def test_what_cannot_be_meant_is_wrong_usage(region, tmp_path, wrong):
    kind = "postgis" if "--as" in wrong else "plots"
    assert door(kind, tmp_path / "x.csv", region, *wrong) == 2
