# ruff: noqa: E501  # a row of cases reads best as one line
"""Rows from OpenStreetMap extracts and from a real PostGIS."""

import geopandas as gpd
import pytest
from shapely import box
from sqlalchemy import create_engine, text

import village
from siting.errors import LayerError
from siting.layers import osm, read
from siting.layers.starter import starter
from siting.region import read_region

EXTRACTS = ("krems_at_2013", "liechtenstein-2013-08-03", "moscow_north_2013")


@pytest.fixture(scope="module")
def krems(shared):
    return osm.read(shared / "osm" / "krems_at_2013.osm.pbf")


def test_old_tags_of_substations_are_understood(krems):
    """The readme of the extract: 4 sub_station and 2 station areas, 1 sub_station node."""
    found = krems.tables["infrastructure"]
    stations = found[found["kind"] == "substation"]
    assert sorted(stations.geom_type) == ["Point"] + ["Polygon"] * 6


def test_what_the_readme_counts_is_found(krems):
    infrastructure = krems.tables["infrastructure"]
    assert (infrastructure["kind"] == "sewage_works").sum() == 4
    assert len(krems.tables["plots"]) == 7
    assert len(krems.tables["enterprises"]) == 11


def test_the_highest_voltage_of_a_line_counts(krems):
    lines = krems.tables["infrastructure"].query("kind == 'line'")
    assert set(lines["voltage_kv"].dropna()) == {110.0}


@pytest.mark.parametrize("name", EXTRACTS)
def test_a_region_made_of_an_extract_lacks_only_what_osm_does_not_say(shared, tmp_path, name):
    found = osm.read(shared / "osm" / f"{name}.osm.pbf")
    for file, told in starter(name, crs=found.crs, tables=found.tables).items():
        (tmp_path / file).write_text(told, encoding="utf-8")
    with pytest.raises(LayerError) as error:
        read(read_region(tmp_path))
    lacking = {
        (p.layer, p.values.get("column")) for p in error.value.problems if p.code == "column_null"
    }
    assert lacking <= {("plots", "category"), ("plots", "ownership"), ("enterprises", "okved"), ("settlements", "population")}  # fmt: skip
    others = {(p.code, p.layer) for p in error.value.problems if p.code != "column_null"}
    assert {code for code, _ in others} == {"file_empty"}
    assert {"infrastructure", "districts", "terrain"}.isdisjoint(layer for _, layer in others)


def test_cyrillic_names_survive(shared):
    found = osm.read(shared / "osm" / "moscow_north_2013.osm.pbf")
    names = found.tables["infrastructure"]["name"]
    assert names.str.contains("шоссе|улица", regex=True).any()


@pytest.mark.parametrize(
    ("content", "code"), [(None, "file_missing"), (b"no map", "osm_unreadable")]
)
def test_what_is_no_extract_is_named(tmp_path, content, code):
    path = tmp_path / "map.osm.pbf"
    if content:
        path.write_bytes(content)
    with pytest.raises(LayerError) as error:
        osm.read(path)
    assert [p.code for p in error.value.problems] == [code]


@pytest.fixture(scope="module")
def database(postgis_dsn):
    """Plots of the village in tables whose names need quoting."""
    row = {"category": "industry", "permitted_use": "6.0", "ownership": "private", "status": "greenfield", "source": "x", "as_of": "2026", "confidence": "low"}  # fmt: skip
    plots = gpd.GeoDataFrame(
        [{"plot_id": f"P{n}", **row} for n in (2, 1)],
        geometry=[box(73.1 + n / 50, 55.1, 73.11 + n / 50, 55.11) for n in (2, 1)],
        crs=4326,
    )
    engine = create_engine(postgis_dsn)
    plots.rename_geometry("geom").to_postgis('Участки; "2"', engine)
    with engine.begin() as connection:
        connection.execute(text("create schema land"))
    plots.to_postgis("plots", engine, schema="land")
    engine.dispose()
    return postgis_dsn


@pytest.mark.parametrize("table", ['Участки; "2"', "land.plots"])
def test_plots_are_read_from_postgis(database, tmp_path, table):
    source = f"{{ postgis = '{database}', table = '''{table}''' }}"
    layers = read(read_region(village.build(tmp_path, layers={"plots": source})))
    assert layers.plots.index.tolist() == ["P1", "P2"]
    assert layers.plots.crs == village.CRS
    assert layers.plots.to_crs(4326).total_bounds == pytest.approx([73.12, 55.1, 73.15, 55.11])


def test_the_address_may_stand_in_the_environment(database, tmp_path, monkeypatch):
    monkeypatch.setenv("VILLAGE_DB", database)
    source = "{ postgis = '$VILLAGE_DB', table = 'land.plots' }"
    layers = read(read_region(village.build(tmp_path, layers={"plots": source})))
    assert len(layers.plots) == 2


def test_a_table_that_is_not_in_the_database_is_named(database, tmp_path):
    source = f"{{ postgis = '{database}', table = 'x; drop table plots' }}"
    with pytest.raises(LayerError) as error:
        read(read_region(village.build(tmp_path, layers={"plots": source})))
    assert [p.code for p in error.value.problems] == ["layer_missing"]
    assert "Участки" in error.value.text("ru")
