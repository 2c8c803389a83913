# ruff: noqa: E501  # tables are read as tables
"""Files into checked tables: what is read, in which form, and what is repaired and listed."""

import hashlib

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPoint, Point, Polygon, box

import village
from siting.layers import read
from siting.layers.piece import Piece
from siting.layers.repair import repair
from siting.region import read_region
from siting.tables import check
from siting.tables.inputs import LAYERS, PLOTS
from siting.tables.rules import RULES
from village import spoilt


def layers_of(folder, **changes):
    return read(read_region(village.build(folder, **changes)))


def repairs_of(layers, action):
    found = layers.repairs[layers.repairs["action"] == action]
    return found[["layer", "row_id", "reason", "effect"]].to_numpy().tolist()


@pytest.fixture
def layers(tmp_path):
    return layers_of(tmp_path)


def test_every_table_keeps_its_contract_and_nothing_is_repaired(layers):
    for table in (*LAYERS, *RULES):
        check(getattr(layers, table.name), table)
    assert layers.repairs.empty
    assert layers.repairs.columns.tolist() == ["layer", "row_id", "action", "reason", "effect"]


def test_places_are_in_the_crs_of_the_region(layers):
    assert layers.plots.crs == village.CRS
    station = layers.infrastructure.geometry["S1"]
    back = gpd.GeoSeries([station], crs=village.CRS).to_crs(4326)[0]
    assert (back.x, back.y) == pytest.approx((73.05, 55.1))


def test_optional_columns_are_there_and_empty(layers):
    assert layers.plots["building_m2"].isna().all()
    assert layers.plots["is_synthetic"].tolist() == [False, False]
    assert layers.infrastructure["owner"].isna().all()
    assert layers.infrastructure["owner"].dtype == "str"


def test_a_prospect_may_have_no_place(layers):
    assert layers.prospects.geometry["I1"] is None
    assert layers.prospects.geometry["I2"].geom_type == "Point"


def test_tables_that_are_not_named_are_empty_but_whole(tmp_path):
    layers = layers_of(tmp_path, layers={"parks": None, "recipes": None, "prospects": None})
    assert layers.parks.empty
    assert layers.parks.crs == village.CRS
    assert layers.recipes.columns.tolist() == ["product", "input", "share", "source", "confidence"]
    assert isinstance(layers.prospects, gpd.GeoDataFrame)


def test_every_file_read_is_hashed(tmp_path):
    layers = layers_of(tmp_path)
    told = hashlib.sha256((tmp_path / "plots.csv").read_bytes()).hexdigest()
    assert layers.sha256["plots.csv"] == told
    assert len(layers.sha256) == 15


@settings(max_examples=4, deadline=None)
@given(st.permutations(range(5)))
def test_the_order_of_rows_means_nothing(tmp_path_factory, order):
    header, *rows = (
        "settlement_id,name,rank,population,lon,lat,source,as_of,confidence",
        *(f"V{n},Село {n},village,{n},73.0{n},55.1,by hand,2026,high" for n in range(5)),
    )
    straight = layers_of(tmp_path_factory.mktemp("a"), settlements="\n".join([header, *rows]))
    shuffled = layers_of(
        tmp_path_factory.mktemp("b"), settlements="\n".join([header, *(rows[n] for n in order)])
    )
    assert_geodataframe_equal(straight.settlements, shuffled.settlements)


@pytest.mark.parametrize("kind", ["gpkg", "shp", "geojson", "parquet", "xlsx", "fgb"])
def test_the_same_plots_are_read_from_every_format(tmp_path, kind):
    expected = layers_of(tmp_path).plots
    lon_lat = expected.to_crs(4326).reset_index()[["plot_id", "category", "permitted_use", "ownership", "status", "price_mrub", "source", "as_of", "confidence", "geometry"]]  # fmt: skip
    path = tmp_path / f"other.{kind}"
    rename = {}
    if kind == "parquet":
        lon_lat.to_parquet(path)
    elif kind == "xlsx":
        plain = pd.DataFrame(lon_lat.drop(columns="geometry")).assign(
            wkt=lon_lat.to_wkt()["geometry"]
        )
        plain.to_excel(path, index=False, sheet_name="участки")
    else:
        if kind == "shp":
            # its column names have at most ten letters
            rename = {"use": "permitted_use"}
            lon_lat = lon_lat.rename(columns={"permitted_use": "use"})
        lon_lat.to_file(path, encoding="utf-8")
    names = ", ".join(f"{a} = '{b}'" for a, b in rename.items())
    found = layers_of(
        tmp_path, layers={"plots": f"{{ path = 'other.{kind}', rename = {{ {names} }} }}"}
    )
    assert found.plots.normalize().geom_equals_exact(expected.normalize(), 0.01).all()
    assert found.plots.drop(columns="geometry").equals(expected.drop(columns="geometry"))


def test_layers_of_one_table_are_stacked(tmp_path):
    more = spoilt("plots", "P1", "P3").replace("P2", "P4")
    (tmp_path / "more.csv").write_text(more, encoding="utf-8")
    found = layers_of(tmp_path, layers={"plots": '["more.csv", "plots.csv"]'})
    assert found.plots.index.tolist() == ["P1", "P2", "P3", "P4"]


def test_a_layer_of_a_geopackage_and_its_columns_can_be_named(tmp_path):
    plots = layers_of(tmp_path).plots.reset_index()
    path = tmp_path / "all.gpkg"
    plots.rename(columns={"category": "kat"}).to_file(path, layer="zu")
    plots.to_file(path, layer="other")
    source = "{ path = 'all.gpkg', layer = 'zu', rename = { kat = 'category' } }"
    assert (
        layers_of(tmp_path, layers={"plots": source}).plots["category"].tolist() == ["industry"] * 2
    )


def test_a_layer_without_crs_takes_the_one_named_in_the_region(tmp_path):
    plots = layers_of(tmp_path).plots
    plots.reset_index().rename(columns={"permitted_use": "use"}).iloc[:, :5].assign(
        source="x", as_of="2026", confidence="low", geometry=plots.geometry.to_numpy()
    ).pipe(gpd.GeoDataFrame, crs=village.CRS).to_file(tmp_path / "bare.shp", encoding="utf-8")
    (tmp_path / "bare.prj").unlink()
    source = f"{{ path = 'bare.shp', crs = '{village.CRS}', rename = {{ use = 'permitted_use' }} }}"
    found = layers_of(tmp_path, layers={"plots": source}).plots
    assert found.area.tolist() == pytest.approx(plots.area.tolist())
    assert {"bare.shp", "bare.dbf", "bare.shx"} <= set(read(read_region(tmp_path)).sha256)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_that_names_its_encoding_is_read_silently(tmp_path, encoding):
    layers = layers_of(tmp_path, settlements=village.TABLES["settlements"].encode(encoding))
    assert layers.settlements["name"].tolist() == ["Село"]
    assert layers.repairs.empty


def test_cp1251_is_recognised_and_listed(tmp_path):
    longer = spoilt("settlements", "Село", "Большеречье на Иртыше у старой переправы")
    layers = layers_of(tmp_path, settlements=longer.encode("cp1251"))
    assert layers.settlements["name"].tolist() == ["Большеречье на Иртыше у старой переправы"]
    assert repairs_of(layers, "encoding_guessed") == [
        ["settlements", "*", "encoding_not_stated", "cp1251"]
    ]


def test_a_stated_encoding_is_taken_at_its_word(tmp_path):
    source = "{ path = 'settlements.csv', encoding = 'cp866' }"
    layers = layers_of(tmp_path, settlements=village.TABLES["settlements"].encode("cp866"), layers={"settlements": source})  # fmt: skip
    assert layers.settlements["name"].tolist() == ["Село"]
    assert layers.repairs.empty


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1234,5", 1234.5), ("1 234,5", 1234.5), ("1\u00a0234", 1234.0), ("1.234,5", 1234.5), ("1,234.5", 1234.5)],
)  # fmt: skip
def test_numbers_as_a_russian_excel_writes_them(tmp_path, written, meant):
    layers = layers_of(tmp_path, enterprises=spoilt("enterprises", ",800,", f',"{written}",'))
    assert layers.enterprises["revenue_mrub"].tolist() == [meant]
    assert repairs_of(layers, "number_read") == [["enterprises", "*", "decimal_comma_or_spaces", "revenue_mrub: 1"]]  # fmt: skip


def test_a_file_parted_by_semicolons(tmp_path):
    text = village.TABLES["settlements"].replace(",", ";").replace("73.06", "73,06")
    layers = layers_of(tmp_path, settlements=text)
    x = layers.settlements.to_crs(4326).geometry.x
    assert x.tolist() == pytest.approx([73.06])
    assert repairs_of(layers, "number_read") == [
        ["settlements", "*", "decimal_comma_or_spaces", "lon: 1"]
    ]


@pytest.mark.parametrize(
    ("written", "meant"), [("да", True), ("TRUE", True), ("1", True), ("нет", False), ("", False)]
)
def test_flags_are_read_in_both_languages(tmp_path, written, meant):
    text = village.TABLES["constraints"].replace("source,", "is_synthetic,source,").replace("drawn", f"{written},drawn")  # fmt: skip
    assert layers_of(tmp_path, constraints=text).constraints["is_synthetic"].tolist() == [meant]


def test_missing_ids_are_made_from_the_row_and_listed(tmp_path):
    layers = layers_of(tmp_path, plots=village.without("plots", "plot_id"))
    assert layers.plots.index.tolist() == ["plots-0001", "plots-0002"]
    assert repairs_of(layers, "id_made") == [
        ["plots", f"plots-000{n}", "id_missing", ""] for n in (1, 2)
    ]


def test_an_unknown_column_is_left_out_and_listed(tmp_path):
    text = village.TABLES["parks"].replace("area_ha", "area_ga")
    layers = layers_of(tmp_path, parks=text)
    assert "area_ga" not in layers.parks.columns
    assert repairs_of(layers, "column_ignored") == [["parks", "*", "column_unknown", "area_ga"]]


def test_a_workbook_keeps_codes_and_dates_as_text(tmp_path):
    rows = [{"enterprise_id": 7, "name": "Завод", "okved": 25.1, "size_status": "ASSUMED", "lon": 73.1, "lat": 55.1, "source": "x", "as_of": pd.Timestamp("2026-01-31"), "confidence": "low"}]  # fmt: skip
    pd.DataFrame(rows).to_excel(tmp_path / "firms.xlsx", index=False)
    found = layers_of(tmp_path, layers={"enterprises": '"firms.xlsx"'})
    firm = found.enterprises.loc["7"]
    assert (firm["okved"], firm["as_of"]) == ("25.1", "2026-01-31")
    assert repairs_of(found, "text_made") == [
        ["enterprises", "*", "number_in_text_column", "okved: 1"]
    ]


def plot_shapes(folder, *shapes):
    """Write plots of these shapes, metres from a corner of the south district, and read them."""
    corner = gpd.GeoSeries([Point(73.11, 55.14)], crs=4326).to_crs(village.CRS)[0]
    moved = gpd.GeoSeries(list(shapes), crs=village.CRS).translate(corner.x, corner.y)
    row = {"category": "industry", "permitted_use": "6.0", "ownership": "private", "status": "greenfield", "source": "x", "as_of": "2026", "confidence": "low"}  # fmt: skip
    frame = gpd.GeoDataFrame(
        [{"plot_id": f"P{n}", **row} for n in range(len(moved))], geometry=moved
    )
    frame.to_parquet(folder / "drawn.parquet")
    return layers_of(folder, layers={"plots": '"drawn.parquet"'})


BOW_TIE = Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])


def test_a_polygon_that_crosses_itself_is_repaired_with_its_area(tmp_path):
    """Two triangles of 50 x 100 / 2 m2; the area of the crossing ring itself adds up to nothing."""
    layers = plot_shapes(tmp_path, BOW_TIE, box(0, 0, 100, 100))
    assert layers.plots.area.tolist() == pytest.approx([5000, 10_000])
    assert repairs_of(layers, "geometry_fixed") == [["plots", "P0", "self_intersection", "area_ha: 0.0000 -> 0.5000"]]  # fmt: skip


def test_lines_and_points_are_dropped_from_a_mixed_geometry(tmp_path):
    mixed = GeometryCollection([box(0, 0, 10, 10), box(5, 0, 15, 10), LineString([(0, 0), (50, 50)]), Point(9, 9)])  # fmt: skip
    layers = plot_shapes(tmp_path, mixed)
    assert layers.plots.area.tolist() == pytest.approx([150])
    assert [r[1] for r in repairs_of(layers, "parts_dropped")] == ["P0"]


def test_a_closed_line_is_the_border_of_a_plot(tmp_path):
    layers = plot_shapes(tmp_path, LineString([(0, 0), (100, 0), (100, 100), (0, 0)]))
    assert layers.plots.area.tolist() == pytest.approx([5000])
    assert repairs_of(layers, "area_made") == [
        ["plots", "P0", "closed_line", "area_ha: 0.0000 -> 0.5000"]
    ]


def test_heights_are_dropped_silently(tmp_path):
    layers = plot_shapes(tmp_path, Polygon([(0, 0, 5), (100, 0, 5), (0, 100, 5)]))
    assert not layers.plots.has_z.any()
    assert layers.repairs.empty


def test_an_open_ring_is_closed(tmp_path):
    text = spoilt("plots", ", 73.11 55.14))", "))")
    layers = layers_of(tmp_path, plots=text)
    assert layers.plots.geometry.is_valid.all()
    assert repairs_of(layers, "ring_closed") == [["plots", "P1", "unclosed_ring", ""]]


def test_a_multipoint_of_one_point_is_that_point(tmp_path):
    frame = gpd.GeoDataFrame(
        {"name": ["Село"], "rank": ["village"], "population": [5.0], "source": ["x"], "as_of": ["2026"], "confidence": ["low"]},
        geometry=[MultiPoint([(73.1, 55.1)])], crs=4326,
    )  # fmt: skip
    frame.to_file(tmp_path / "places.gpkg")
    found = layers_of(tmp_path, layers={"settlements": '"places.gpkg"'})
    assert found.settlements.geom_type.tolist() == ["Point"]


def test_an_area_in_a_network_becomes_a_point_inside_it(tmp_path):
    text = spoilt("infrastructure", "73.05,55.1,,", ',,"POLYGON ((73.05 55.1, 73.06 55.1, 73.06 55.11, 73.05 55.1))",')  # fmt: skip
    layers = layers_of(tmp_path, infrastructure=text)
    assert layers.infrastructure.geom_type.to_dict() == {"L1": "LineString", "S1": "Point"}
    assert [r[1:3] for r in repairs_of(layers, "node_made")] == [["S1", "area_of_node"]]


corners = st.tuples(st.integers(0, 300), st.integers(0, 300))


def mended(shape):
    """Return a plot of this shape after repair, and the repairs."""
    frame = gpd.GeoDataFrame(index=["P0"], geometry=[shape], crs=village.CRS)
    done = repair(Piece(table=PLOTS, frame=frame, file="plots.csv"))
    return done.frame.geometry.get("P0", Polygon()), done.repairs


@settings(max_examples=40, deadline=None)
@given(st.lists(corners, min_size=3, max_size=8, unique=True))
def test_any_drawn_ring_becomes_valid_land_or_nothing(ring):
    shape = Polygon(ring)
    land, repairs = mended(shape)
    assert land.is_valid
    # a row without area is left out, which is told too
    assert len(repairs) == (not shape.is_valid) + land.is_empty
    assert land.area <= shape.convex_hull.area * (1 + 1e-9)
    if shape.is_valid:
        assert land.equals(shape)
    if land.is_empty:
        assert shape.buffer(0).area == pytest.approx(0)


@settings(max_examples=50, deadline=None)
@given(st.lists(corners, min_size=3, max_size=8, unique=True))
def test_repairing_twice_is_repairing_once(ring):
    land, _ = mended(Polygon(ring))
    again, repairs = mended(land)
    assert again.equals(land)
    assert not repairs


def test_hostile_text_is_kept_as_text(tmp_path):
    name = "<script>alert(1)</script> \u202eолес [red] '; drop table"
    layers = layers_of(tmp_path, settlements=spoilt("settlements", "Село", name))
    assert layers.settlements["name"].tolist() == [name]


def test_control_characters_are_replaced_and_listed(tmp_path):
    layers = layers_of(tmp_path, settlements=spoilt("settlements", "Село", "Се\x1b[31mло"))
    assert layers.settlements["name"].tolist() == ["Се [31mло"]
    assert repairs_of(layers, "text_cleaned") == [
        ["settlements", "*", "control_characters", "name: 1"]
    ]


def test_arguments_are_not_changed_and_twice_is_the_same(tmp_path):
    region = read_region(village.build(tmp_path))
    first, second = read(region), read(region)
    for table in (*LAYERS, *RULES):
        one, other = getattr(first, table.name), getattr(second, table.name)
        assert one.equals(other)
        assert np.array_equal(one.index, other.index)
