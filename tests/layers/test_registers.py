# ruff: noqa: E501  # a list is read as a list
"""Lists of enterprises as offices keep them."""

import pandas as pd
import pytest

from siting.errors import LayerError
from siting.layers.registers import read_register
from siting.layers.starter import table_text
from siting.tables.inputs import ENTERPRISES

RUSSIAN = [
    ["Реестр предприятий района", None, None, None, None, None],
    [None, None, None, None, None, None],
    ["Наименование предприятия", "ИНН", "Основной вид деятельности", "Численность, чел.", "Широта", "Долгота"],
    ["АО «Мельница»", "5501000001", "10.61", "1 200", "55,10", "73,13"],
    ["ООО «Без адреса»", "5501000002", "25.1", "15", None, None],
]  # fmt: skip


def sheet(path, rows):
    pd.DataFrame(rows).to_excel(path, header=False, index=False)
    return path


def test_a_russian_list_with_a_title_above_its_heading(tmp_path):
    found = read_register(sheet(tmp_path / "list.xlsx", RUSSIAN), as_of="2026-01-01")
    assert found.enterprises.index.tolist() == ["5501000001"]
    firm = found.enterprises.iloc[0]
    assert (firm["name"], firm["okved"], firm["employees"]) == ("АО «Мельница»", "10.61", 1200)
    assert (firm.geometry.x, firm.geometry.y) == (73.13, 55.1)
    assert found.refused == ("ООО «Без адреса»",)


def test_an_english_list_without_ids(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Name,NACE code,Longitude,Latitude\nMill,10.61,73.13,55.1\n")
    found = read_register(path, as_of="2026")
    assert found.enterprises.index.tolist() == ["register-0001"]
    assert found.refused == ()


def test_it_becomes_rows_of_the_table(tmp_path):
    found = read_register(sheet(tmp_path / "list.xlsx", RUSSIAN), as_of="2026-01-01")
    header, row = table_text(ENTERPRISES, found.enterprises).splitlines()
    assert dict(zip(header.split(","), row.split(","), strict=True))["lat"] == "55.1"


@pytest.mark.parametrize(
    ("text", "code"),
    [("a,b\n1,2\n", "heading_unknown"), ("name,okved,lon,lat\nA,1,east,55\n", "number_expected")],
)
def test_a_list_that_is_none_is_named(tmp_path, text, code):
    path = tmp_path / "list.csv"
    path.write_text(text)
    with pytest.raises(LayerError) as error:
        read_register(path, as_of="2026")
    assert [p.code for p in error.value.problems] == [code]
