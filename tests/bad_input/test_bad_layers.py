# ruff: noqa: E501  # a table of cases is read as a table
"""Every kind of bad input: the expected problems, no more and no fewer, in both languages."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, MultiPoint, Point

import village
from siting.errors import LayerError, messages
from siting.layers import read
from siting.region import read_region
from village import TABLES, spoilt, without

P2_TWICE = spoilt("plots", "P2", "P1")
FAR = spoilt("enterprises", "73.13,55.1", "30.3,59.9")
HALF_FAR = TABLES["enterprises"] + "E2,Дальний,10.61,800,ASSUMED,30.3,59.9,by hand,2026,high\n"
OPTIONS = "connection_options"

CASES = {
    # what is spoilt: (tables, sources, expected (code, file, rows))
    "a missing file": ({"plots": None}, {}, [("file_missing", "plots.csv", ())]),
    "a folder for a file": ({}, {"plots": '"."'}, [("file_is_folder", ".", ())]),
    "a source that is not named": ({}, {"plots": "[]"}, [("source_missing", "region.toml", ())]),
    "a source without a path": ({}, {"plots": "{ crs = 'EPSG:4326' }"}, [("source_missing", "", ())]),
    "a file of bytes": ({"plots": b"\x00\x01\x02\xff\xfe" * 50}, {"plots": "{ path = 'plots.csv', encoding = 'utf-8' }"}, [("encoding_wrong", "plots.csv", ())]),
    "an unknown encoding": ({}, {"plots": "{ path = 'plots.csv', encoding = 'klingon' }"}, [("encoding_wrong", "plots.csv", ())]),
    "a blank file": ({"plots": ""}, {}, [("file_blank", "plots.csv", ())]),
    "a header without rows": ({"plots": TABLES["plots"].split("\n")[0] + "\n"}, {}, [("file_empty", "plots.csv", ())]),
    "a column is missing": ({"plots": without("plots", "category")}, {}, [("column_missing", "plots.csv", ())]),
    "a column occurs twice": ({"plots": spoilt("plots", "price_mrub", "category")}, {}, [("column_twice", "plots.csv", ())]),
    "a row is too long": ({"settlements": spoilt("settlements", "high", "high,extra")}, {}, [("row_width", "settlements.csv", ("2",))]),
    "a row is too short": ({"settlements": spoilt("settlements", ",high", "")}, {}, [("row_width", "settlements.csv", ("2",))]),
    "an empty cell": ({"plots": spoilt("plots", "P1,industry", "P1,")}, {}, [("column_null", "plots.csv", ("P1",))]),
    "a value out of range": ({"plots": spoilt("plots", "greenfield,5", "greenfield,-5")}, {}, [("column_range", "plots.csv", ("P1",))]),
    "a value not allowed": ({"plots": spoilt("plots", "private", "martian")}, {}, [("column_choice", "plots.csv", ("P2",))]),
    "a number that is none": ({"plots": spoilt("plots", "greenfield,5", "greenfield,дорого")}, {}, [("number_expected", "plots.csv", ("P1",))]),
    "an infinite number": ({"plots": spoilt("plots", "greenfield,5", "greenfield,inf")}, {}, [("number_expected", "plots.csv", ("P1",))]),
    "a required number that is none": ({"settlements": spoilt("settlements", ",500,", ",много,")}, {}, [("number_expected", "settlements.csv", ("V1",))]),
    "a flag that is none": ({"demand_profiles": spoilt("demand_profiles", "false", "maybe")}, {}, [("flag_expected", "demand_profiles.csv", ("25",))]),
    "an empty flag": ({"demand_profiles": spoilt("demand_profiles", "false", "")}, {}, [("column_null", "demand_profiles.csv", ("25",))]),
    "a part of a year": ({OPTIONS: spoilt(OPTIONS, "2024", "2024.5")}, {}, [("column_kind", f"{OPTIONS}.csv", ())]),
    "garbled text": ({"settlements": spoilt("settlements", "Село", "Омск".encode().decode("cp1251"))}, {}, [("text_garbled", "settlements.csv", ("V1",))]),
    "text lost for good": ({"settlements": spoilt("settlements", "Село", "\ufffd\ufffd")}, {}, [("text_garbled", "settlements.csv", ("V1",))]),
    "an id twice": ({"plots": P2_TWICE}, {}, [("id_duplicate", "plots.csv", ("P1",))]),
    "an id that parts lists": ({"plots": spoilt("plots", "P1", "P1;P9")}, {}, [("id_semicolon", "plots.csv", ("P1;P9",))]),
    "a product without a code": ({"products": spoilt("products", "10.61.21", "")}, {}, [("column_null", "products.csv", ("2",))]),
    "rename of an absent column": ({}, {"plots": "{ path = 'plots.csv', rename = { vid = 'category' } }"}, [("rename_missing", "plots.csv", ())]),
    "no place": ({"enterprises": without("enterprises", "lat")}, {}, [("place_missing", "enterprises.csv", ())]),
    "half a place": ({"enterprises": spoilt("enterprises", "73.13,55.1", "73.13,")}, {}, [("point_half", "enterprises.csv", ("E1",))]),
    "an empty place": ({"enterprises": spoilt("enterprises", "73.13,55.1", ",")}, {}, [("geometry_broken", "enterprises.csv", ("E1",))]),
    "a place that is no number": ({"enterprises": spoilt("enterprises", "73.13", "east")}, {}, [("number_expected", "enterprises.csv", ("E1",)), ("point_half", "enterprises.csv", ("E1",))]),
    "a drawing that is none": ({"plots": spoilt("plots", "POLYGON ((73.11", "POLIGON ((73.11")}, {}, [("wkt_broken", "plots.csv", ("P1",))]),
    "a point for a plot": ({"plots": spoilt("plots", '"POLYGON ((73.11 55.14, 73.12 55.14, 73.12 55.15, 73.11 55.15, 73.11 55.14))"', "POINT (73.11 55.14)")}, {}, [("geometry_kind", "plots.csv", ("P1",))]),
    "a polygon for a prospect": ({"prospects": spoilt("prospects", "lon,lat", "wkt,note").replace("73.14,55.06", '"POLYGON ((73.1 55.1, 73.11 55.1, 73.1 55.11, 73.1 55.1))",')}, {}, [("geometry_kind", "prospects.csv", ("I2",))]),
    "degrees beyond the pole": ({"enterprises": spoilt("enterprises", "73.13,55.1", "73.13,155.1")}, {}, [("axes_swapped", "enterprises.csv", ("E1",))]),
    "degrees beyond everything": ({"enterprises": spoilt("enterprises", "73.13,55.1", "733.13,555.1")}, {}, [("degrees_range", "enterprises.csv", ("E1",))]),
    "a layer of another region": ({"enterprises": FAR}, {}, [("layer_far", "enterprises.csv", ("E1",))]),
    "one row of another region": ({"enterprises": HALF_FAR}, {}, [("rows_far", "enterprises.csv", ("E2",))]),
    "districts of another region": ({"districts": TABLES["districts"].replace("73", "30")}, {}, [("zone_wrong", "districts.csv", ())]),
    "an unknown CRS": ({}, {"plots": "{ path = 'plots.csv', crs = 'EPSG:1' }"}, [("crs_unknown", "plots.csv", ())]),
    "capacity in another unit": ({"infrastructure": spoilt("infrastructure", ",MW,", ",m3/h,")}, {}, [("unit_wrong", "infrastructure.csv", ("S1",))]),
    "more spare than capacity": ({"infrastructure": spoilt("infrastructure", ",capacity,", ",capacity,spare_capacity,").replace(",40,", ",40,50,").replace("110,,,", "110,,,,")}, {}, [("spare_above_capacity", "infrastructure.csv", ("S1",))]),
    "low above central": ({OPTIONS: spoilt(OPTIONS, ",3,6,12,", ",8,6,12,")}, {}, [("range_reversed", f"{OPTIONS}.csv", ("2",))]),
    "an option twice": ({OPTIONS: TABLES[OPTIONS] + TABLES[OPTIONS].split("\n")[1] + "\n"}, {}, [("row_repeated", f"{OPTIONS}.csv", ("2", "3"))]),
    "an option without capacity": ({OPTIONS: spoilt(OPTIONS, "6.3", "")}, {}, [("column_null", f"{OPTIONS}.csv", ("2",))]),
    "a negative price": ({OPTIONS: spoilt(OPTIONS, ",3,6,12,", ",-3,6,12,")}, {}, [("column_range", f"{OPTIONS}.csv", ("2",))]),
    "a database that does not answer": ({}, {"plots": "{ postgis = 'postgresql+psycopg://u:secret@127.0.0.1:1/x', table = 'plots' }"}, [("database_unreachable", "postgresql+psycopg://u:***@127.0.0.1:1/x", ())]),
    "an address that is none": ({}, {"plots": "{ postgis = 'nonsense', table = 'plots' }"}, [("database_address", "postgis", ())]),
}  # fmt: skip


def problems_of(folder):
    with pytest.raises(LayerError) as error:
        read(read_region(folder))
    return error.value


@pytest.mark.parametrize("case", CASES, ids=lambda name: name.replace(" ", "_"))
def test_a_bad_input_is_named_in_one_language_with_its_remedy(tmp_path, case):
    texts, sources, expected = CASES[case]
    error = problems_of(village.build(tmp_path, layers=sources, **texts))
    assert [(p.code, p.file, p.rows) for p in error.problems] == expected
    for problem in error.problems:
        assert problem.layer
        russian, english = problem.text("ru"), problem.text("en")
        assert russian != english
        # what is wrong; what to do
        assert ";" in messages()[problem.code]["ru"]
        assert ";" in messages()[problem.code]["en"]
        ours = english
        for value in ("дорого", "много", "Омск", "РћРјСЃРє", str(tmp_path)):
            ours = ours.replace(value, "")
        assert not any("а" <= letter.lower() <= "я" for letter in ours), ours
        assert "secret" not in russian + english


def test_the_distance_of_a_far_layer_is_told(tmp_path):
    """St Petersburg is some 2,500 km from the village."""
    error = problems_of(village.build(tmp_path, enterprises=FAR))
    assert 2300 < float(error.problems[0].values["distance_km"]) < 2700
    assert error.problems[0].values["distance_km"] in error.text("ru")


def test_all_problems_of_all_files_are_told_at_once(tmp_path):
    sources = {"terrain": '"nowhere.csv"'}
    error = problems_of(village.build(tmp_path, layers=sources, plots=P2_TWICE, enterprises=FAR, settlements=spoilt("settlements", ",500,", ",-1,")))  # fmt: skip
    found = {(p.code, p.layer) for p in error.problems}
    assert found == {
        ("file_missing", "terrain"),
        ("id_duplicate", "plots"),
        ("layer_far", "enterprises"),
        ("column_range", "settlements"),
    }
    assert len(error.text("ru").splitlines()) == 4


def test_an_id_in_two_sources_names_both(tmp_path):
    (tmp_path / "more.csv").write_text(TABLES["plots"], encoding="utf-8")
    error = problems_of(village.build(tmp_path, layers={"plots": '["plots.csv", "more.csv"]'}))
    told = [(p.code, p.file, p.rows) for p in error.problems]
    assert told == [("id_shared", "plots.csv, more.csv", ("P1", "P2"))]


def test_bad_districts_do_not_hide_other_problems(tmp_path):
    error = problems_of(village.build(tmp_path, districts="", plots=P2_TWICE))
    assert {p.code for p in error.problems} == {"file_blank", "id_duplicate"}


def places(shape, crs=4326):
    row = {
        "name": ["Село"],
        "rank": ["village"],
        "population": [5.0],
        "source": ["x"],
        "as_of": ["2026"],
        "confidence": ["low"],
    }
    return gpd.GeoDataFrame(row, geometry=[shape], crs=crs)


@pytest.mark.parametrize(
    ("make", "source", "expected"),
    [
        (lambda p: places(Point(73.1, 55.1)).to_file(p / "a.gpkg", layer="x"), "{ path = 'a.gpkg', layer = 'y' }", "layer_missing"),
        (lambda p: [places(Point(73.1, 55.1)).to_file(p / "a.gpkg", layer=n) for n in "xy"], "'a.gpkg'", "layer_unnamed"),
        (lambda p: pd.DataFrame(places(Point(73.1, 55.1))).drop(columns="geometry").to_excel(p / "a.xlsx", sheet_name="x"), "{ path = 'a.xlsx', layer = 'y' }", "layer_missing"),
        (lambda p: (p / "a.gpkg").write_bytes(b"SQLite no more"), "'a.gpkg'", "file_unreadable"),
        (lambda p: (p / "a.xlsx").write_bytes(b"PK nonsense"), "'a.xlsx'", "file_unreadable"),
        (lambda p: (p / "a.parquet").write_bytes(b"PAR1 nonsense"), "'a.parquet'", "file_unreadable"),
        (lambda p: (p / "a.geojson").write_text("{"), "'a.geojson'", "file_unreadable"),
        (lambda p: places(Point(73.1, 55.1)).to_file(p / "a.gpkg"), "{ path = 'a.gpkg', crs = 'EPSG:32643' }", "crs_conflict"),
        (lambda p: places(LineString([(73.1, 55.1), (73.2, 55.1)])).to_file(p / "a.gpkg"), "'a.gpkg'", "geometry_kind"),
        (lambda p: places(MultiPoint([(73.1, 55.1), (73.2, 55.1)])).to_file(p / "a.gpkg"), "'a.gpkg'", "geometry_kind"),
        (lambda p: places(Point(73.1, 55.1)).iloc[:0].to_file(p / "a.gpkg", geometry_type="Point"), "'a.gpkg'", "file_empty"),
        (lambda p: places(Point(0, 0), crs=village.CRS).to_file(p / "a.gpkg"), "'a.gpkg'", "layer_far"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.islower() and "'" not in value else "",
)  # fmt: skip
def test_bad_files_of_other_formats_are_named(tmp_path, make, source, expected):
    make(tmp_path)
    error = problems_of(village.build(tmp_path, layers={"settlements": source}))
    assert [p.code for p in error.problems] == [expected]
    assert error.problems[0].file.startswith("a.")


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [(73.1, 55.1, "crs_missing_degrees"), (379_528.0, 6_112_001.0, "crs_missing")],
)
def test_a_layer_without_crs_is_named_and_degrees_are_recognised(tmp_path, x, y, expected):
    places(Point(x, y)).to_file(tmp_path / "a.shp", encoding="utf-8")
    (tmp_path / "a.prj").unlink()
    error = problems_of(village.build(tmp_path, layers={"settlements": "'a.shp'"}))
    assert [p.code for p in error.problems] == [expected]


def test_a_shapefile_in_cp1251_without_its_cpg_is_told_to_be_garbled(tmp_path):
    frame = places(Point(73.1, 55.1)).assign(name="Большеречье")
    frame.to_file(tmp_path / "a.shp", encoding="cp1251")
    (tmp_path / "a.cpg").unlink()
    error = problems_of(village.build(tmp_path, layers={"settlements": "'a.shp'"}))
    assert [p.code for p in error.problems] == ["text_garbled"]
    assert "Большеречье" in error.text("ru")
    found = read(
        read_region(
            village.build(
                tmp_path, layers={"settlements": "{ path = 'a.shp', encoding = 'cp1251' }"}
            )
        )
    )
    assert found.settlements["name"].tolist() == ["Большеречье"]


def test_what_is_read_is_never_written(tmp_path):
    village.build(tmp_path, plots=P2_TWICE)
    before = {p.name: (p.stat().st_mtime_ns, p.read_bytes()) for p in tmp_path.iterdir()}
    problems_of(tmp_path)
    assert {p.name: (p.stat().st_mtime_ns, p.read_bytes()) for p in tmp_path.iterdir()} == before
