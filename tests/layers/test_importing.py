# ruff: noqa: E501  # a list is read as a list
"""Real data on its way into a region: every row is imported, rejected with its reason, or counted."""

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from siting.errors import LayerError
from siting.layers.importing import Source, bring
from siting.layers.people import are_people
from siting.layers.starter import table_text
from siting.region import LayerFile
from siting.tables.inputs import CUSTOMS, ENTERPRISES, PLOTS
from village import CRS

RUSSIAN = [
    ["Реестр предприятий района", None, None, None, None, None, None],
    [None, None, None, None, None, None, None],
    ["Наименование предприятия", "ИНН", "Основной вид деятельности", "Численность, чел.", "Выручка, тыс. руб.", "Широта", "Долгота"],
    ["АО «Мельница»", "5501000001", "10.61", "1 200", "800 000", "55,10", "73,13"],
    ["ООО «Без адреса»", "5501000002", "25.1", "15", "1", None, None],
    ["ИП Петров П. П.", "550100000312", "25.1", "2", "1", "55,10", "73,14"],
    ["ООО «Долги»", "5501000004", "25.1", "15", "-7", "55,10", "73,15"],
    ["ООО «Без кода»", "5501000005", "металл", "15", "7", "55,10", "73,16"],
    ["ао «мельница»", "5501000006", "10.61", "9", "7", "55,10", "73,13"],
    ["АО «Мельница-2»", "5501000001", "10.61", "9", "7", "55,12", "73,13"],
]  # fmt: skip
"""One row in order; each other wrong in its own way, a sole trader among them."""


def sheet(path, rows):
    pd.DataFrame(rows).to_excel(path, header=False, index=False)
    return path


def source(path, *, rate=None, encoding="", rename=None, **constants):
    spec = LayerFile(path=path.name, encoding=encoding, rename=rename or {})
    return Source(spec=spec, root=path.parent, constants={"as_of": "2026-01-01"} | constants, rub_per_usd=rate)  # fmt: skip


def brought(table, path, **said):
    return bring(table, source(path, **said), crs=CRS, area=None)


def cadastre(path, **more):
    """Two plots as Rosreestr tells them."""
    return gpd.GeoDataFrame(
        {
            "КАД_НОМЕР": ["55:36:010101:1", "55:36:010101:2"],
            "КАТЕГОРИЯ": ["Земли населённых пунктов", "003003000000"],
            "РАЗРЕШ_ИСП": ["Для размещения завода Заря", "склады"],
            "ФОРМА_СОБ": ["Частная", "Неразграниченная"],
            **more,
        },
        geometry=[box(73.11, 55.14, 73.12, 55.15), box(73.13, 55.14, 73.14, 55.15)],
        crs=4326,
    )


NAMES = {"КАД_НОМЕР": "plot_id", "РАЗРЕШ_ИСП": "permitted_use", "ФОРМА_СОБ": "ownership"}


def test_a_russian_list_with_a_title_above_its_heading(tmp_path):
    found = brought(ENTERPRISES, sheet(tmp_path / "list.xlsx", RUSSIAN))
    assert found.rows.index.tolist() == ["5501000001"]
    firm = found.rows.iloc[0]
    assert (firm["name"], firm["okved"], firm["employees"]) == ("АО «Мельница»", "10.61", 1200)
    assert firm["revenue_mrub"] == pytest.approx(800)
    assert (firm.geometry.x, firm.geometry.y) == pytest.approx((73.13, 55.1))


def test_every_row_is_imported_rejected_with_its_reason_or_a_person_of_whom_nothing_is_kept(
    tmp_path,
):
    found = brought(ENTERPRISES, sheet(tmp_path / "list.xlsx", RUSSIAN))
    assert (found.read_count, len(found.rows), found.people_count) == (7, 1, 1)
    assert dict(zip(found.rejected["id"], found.rejected["problem"], strict=True)) == {
        "5501000002": "geometry_broken",
        "5501000004": "column_range",
        "5501000005": "okved_malformed",
        "5501000006": "enterprise_duplicate",
        "5501000001": "id_duplicate",
    }
    assert "Петров" not in found.rejected.to_csv() + found.rows.to_csv() + found.repairs.to_csv()
    # rows are named as the spreadsheet numbers them
    assert found.rejected["row"].tolist() == [5, 7, 8, 9, 10]


@pytest.mark.parametrize(
    ("name", "number", "is_person"),
    [
        ("ИП Иванов И. И.", None, True),
        ("Индивидуальный предприниматель Иванов", None, True),
        ("ООО «ИП Холдинг»", None, False),
        ("Ипсилон, АО", None, False),
        ("Иванов И. И.", "550100000312", True),
        ("ИП Групп, ООО", "5501000003", False),
        ("Глава КФХ Сидоров", None, True),
        ("Колхоз «Заря»", "315554300012345", True),
    ],
)
def test_the_number_of_a_taxpayer_decides_and_else_the_name(name, number, is_person):
    frame = pd.DataFrame({"name": [name]} | ({"enterprise_id": [number]} if number else {}))
    assert are_people(frame).tolist() == [is_person]


@pytest.mark.parametrize("encoding", ["cp1251", "cp866"])
@pytest.mark.parametrize("cpg", [None, "UTF-8"])
def test_a_cadastre_whose_encoding_is_lost_is_read_as_it_was_meant(tmp_path, encoding, cpg):
    path = tmp_path / "ЗУ.shp"
    cadastre(path).to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    if cpg:
        path.with_suffix(".cpg").write_text(cpg)
    found = brought(PLOTS, path, rename=NAMES, status="greenfield")
    assert found.rows["category"].tolist() == ["settlements", "industry"]
    assert found.rows["ownership"].tolist() == ["private", "undivided"]
    assert found.rows["permitted_use"].iloc[0] == "Для размещения завода Заря"
    assert ("encoding_guessed", encoding) in set(found.repairs[["action", "effect"]].itertuples(index=False, name=None))  # fmt: skip


def test_a_broken_outline_is_repaired_and_told_and_one_beyond_repair_rejected(tmp_path):
    bow = Polygon([(73.11, 55.14), (73.12, 55.15), (73.12, 55.14), (73.11, 55.15)])
    frame = cadastre(tmp_path)
    frame.geometry = [bow, None]
    frame.to_file(tmp_path / "z.gpkg")
    found = brought(PLOTS, tmp_path / "z.gpkg", rename=NAMES, status="greenfield")
    assert found.rows.geometry.is_valid.tolist() == [True]
    assert "geometry_fixed" in set(found.repairs["action"])
    assert found.rejected["problem"].tolist() == ["geometry_broken"]


def test_a_word_nobody_knows_rejects_its_row_and_a_missing_column_the_file(tmp_path):
    path = tmp_path / "z.gpkg"
    cadastre(path, КАТЕГОРИЯ=["Категория не установлена", "003003000000"]).to_file(path)
    found = brought(PLOTS, path, rename=NAMES, status="greenfield")
    assert found.rejected[["id", "problem"]].to_numpy().tolist() == [["55:36:010101:1", "column_choice"]]  # fmt: skip
    with pytest.raises(LayerError) as error:
        brought(PLOTS, path, rename=NAMES)
    assert [p.values["column"] for p in error.value.problems] == ["status"]


CUSTOMS_LIST = """NAPR;STRANA;TNVED;STOIM
ИМ;Казахстан, город Петропавловск;0101210000;1000000
ИМ;Китайская Народная Республика;101290000;2 500 000,5
ЭК;Республика Узбекистан;2710124100;99
ИМ;Монголия;27-10;5
ИМ;Турция;3902100000;-1
ТР;Германия;3902100000;1
ИМ;Германия;3902100000;***
"""


def test_customs_lines_become_roubles_codes_get_their_zero_back_and_exports_are_dropped(tmp_path):
    path = tmp_path / "Омск.csv"
    path.write_text(CUSTOMS_LIST, encoding="cp1251")
    found = brought(CUSTOMS, path, rate=80.0)
    assert found.rows["hs"].tolist() == ["0101210000", "0101290000"]
    assert found.rows["value_mrub"].tolist() == pytest.approx([80.0, 200.00004])
    assert found.other_count == 1
    assert found.rejected["problem"].tolist() == [
        "hs_malformed",
        "column_range",
        "direction_unknown",
        "number_expected",
    ]
    assert found.rejected["row"].tolist() == [5, 6, 7, 8]
    with pytest.raises(LayerError) as error:
        brought(CUSTOMS, path)
    assert [p.code for p in error.value.problems] == ["rate_missing"]


def test_what_is_imported_from_the_trade_of_the_world_is_what_it_holds(shared, tmp_path):
    """Exports of economies by HS heading pass as the imports of whoever bought them."""
    trade = pd.read_csv(shared / "trade" / "world_exports_hs4_2017.csv.gz", dtype="str")
    country, code, value = trade.columns[:3]
    one = trade[trade[country] == trade[country].iloc[0]]
    path = tmp_path / "trade.csv"
    one.rename(columns={code: "hs", value: "value_usd"}).to_csv(path, index=False)
    found = brought(CUSTOMS, path, rate=60.0)
    assert len(found.rows) + len(found.rejected) == len(one)
    assert found.rejected["problem"].isin(["hs_malformed"]).all()
    kept = one.loc[one[code].str.fullmatch(r"\d{4}"), value].astype(float).sum()
    assert found.rows["value_mrub"].sum() == pytest.approx(kept * 60e-6)


HOSTILE = ("<script>alert(1)</script>", "=HYPERLINK(1)", "'; drop table plots; --", '"a","b"', "\u202eкод", "{0}%s")  # fmt: skip


def test_hostile_names_come_back_letter_for_letter(tmp_path):
    rows = [["name", "okved", "lon", "lat"]]
    rows += [[name, "10.61", "73.13", str(55.1 + n / 100)] for n, name in enumerate(HOSTILE)]
    pd.DataFrame(rows).to_csv(tmp_path / "list.csv", header=False, index=False)
    found = brought(ENTERPRISES, tmp_path / "list.csv")
    (tmp_path / "enterprises.csv").write_text(table_text(ENTERPRISES, found.rows), encoding="utf-8")
    again = brought(ENTERPRISES, tmp_path / "enterprises.csv")
    assert tuple(again.rows["name"]) == HOSTILE


CELLS = st.sampled_from(["10.61", "х", "", "5", "-5", "73,1", "55.1", "ИП Н. Н.", "АО Н", "Îìñê", "\ufffd"])  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=1, max_size=6))
def test_no_row_is_ever_lost(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("any") / "list.csv"
    heading = ["name", "okved", "revenue_mrub", "lon", "lat"]
    pd.DataFrame([r for r in rows if any(r)], columns=heading).to_csv(path, index=False)
    if not any(map(any, rows)):
        return
    found = brought(ENTERPRISES, path)
    assert len(found.rows) + len(found.rejected) + found.people_count == found.read_count
    assert not set(found.rejected["row"]) & set(found.rows.index)


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "name,activity of it,lon,lat\nA,1,73,55\n"])
def test_a_list_without_a_heading_is_named(tmp_path, text):
    path = tmp_path / "list.csv"
    path.write_text(text)
    with pytest.raises(LayerError) as error:
        brought(ENTERPRISES, path)
    assert [p.code for p in error.value.problems] == ["heading_unknown"]
