"""The same site under several editions, and packs of requirements as files."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from land.drawn import CONTRACTS, PARAMS, layers, plots, square, table
from places import OMSK
from siting.errors import LayerError
from siting.land import assemble, exclude, judge, write_passports
from siting.layers import read
from siting.layers.packs import PackError, read_pack
from siting.region import read_region
from siting.tables import check
from siting.tables.land import PASSPORTS
from tiny import write

NO_CLUSTERS = pd.DataFrame({"subject_id": [], "requirement": [], "value": []}).astype(
    {"subject_id": "str", "requirement": "str"}
)
OLD = {"act": "Act", "edition": "old", "valid_from": "2015-01-01", "valid_to": "2023-12-31"}
NEW = {"act": "Act", "edition": "new", "valid_from": "2024-01-01"}
DRAFT = {"act": "Act", "edition": "draft"}
PACK = """
act = "Act"
[[edition]]
name = "new"
valid_from = 2024-01-01
[[edition.requirement]]
subject = "industrial_park"
requirement = "area_ha"
title = "area"
title_ru = "площадь"
operator = ">="
limit = 8
unit = "ha"
on_failure = "fail"
status = "VERIFIED"
source = "Act, 1"
[[edition.document]]
subject = "industrial_park"
requirement = "document_plan"
title = "plan"
title_ru = "план"
status = "ASSUMED"
source = "Act, 2"
"""


def demand(edition, name="area_ha", limit=8.0, **more):
    base = {
        "subject": "industrial_park", "requirement": name, "title": name, "title_ru": "показатель",
        "operator": ">=", "limit": limit, "unit": "ha", "on_failure": "fail",
        "status": "VERIFIED", "source": "Act",
    }  # fmt: skip
    return base | edition | more


def acts(*rows):
    return table(CONTRACTS["requirements"], list(rows))


@pytest.fixture(scope="module")
def sites():
    """One park of 100 ha."""
    bundle = layers(plots({"a": square(0, 0)}))
    found = exclude(bundle.plots, layers=bundle, params=PARAMS)
    return assemble(found.plots, layers=bundle, params=PARAMS)


def passports(sites, rows, **change):
    params = PARAMS.model_copy(update=change)
    found = check(write_passports(sites, requirements=rows, params=params), PASSPORTS)
    return found.set_index("edition")


def test_the_same_site_meets_one_edition_and_fails_the_next(sites):
    found = passports(sites, acts(demand(OLD, limit=50.0), demand(NEW, limit=500.0)))
    assert found["verdict"].to_dict() == {"old": "pass", "new": "fail"}
    assert found["is_in_force"].to_dict() == {"old": False, "new": True}
    assert found.loc["old", "met"] == found.loc["new", "failed"] == "area_ha"


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        (date(2014, 12, 31), []),
        (date(2015, 1, 1), ["old"]),
        (date(2023, 12, 31), ["old"]),
        (date(2024, 1, 1), ["new"]),
    ],
)
def test_checks_are_those_of_the_edition_of_the_day_and_a_draft_is_never_in_force(
    sites, day, edition
):
    rows = acts(demand(OLD), demand(NEW), demand(DRAFT))
    params = PARAMS.model_copy(update={"acts_on": day})
    checks = judge(sites, clusters=NO_CLUSTERS, requirements=rows, params=params)
    assert checks["edition"].tolist() == edition


def test_a_draft_is_judged_in_the_passport(sites):
    found = passports(sites, acts(demand(DRAFT, limit=500.0)))
    assert found.loc["draft", "verdict"] == "fail"
    assert not found.loc["draft", "is_in_force"]


def test_an_assumed_limit_fails_only_where_the_region_says_so(sites):
    rows = acts(demand(NEW, limit=500.0, status="ASSUMED"))
    assert passports(sites, rows)["verdict"].tolist() == ["warn"]
    assert passports(sites, rows, assumed_may_fail=True)["verdict"].tolist() == ["fail"]


def test_unknown_values_and_missing_documents_are_lists_of_their_own(sites):
    rows = acts(
        demand(NEW),
        demand(NEW, "electricity_mw"),
        demand(NEW, "document_plan", unit="document", operator="=", limit=1.0),
    )
    row = passports(sites, rows).loc["new"]
    assert (row["met"], row["not_known"], row["documents_missing"]) == (
        "area_ha", "electricity_mw", "document_plan",
    )  # fmt: skip
    assert row["verdict"] == "unknown"
    params = PARAMS
    checks = judge(sites, clusters=NO_CLUSTERS, requirements=rows, params=params)
    assert checks["requirement"].tolist() == ["area_ha", "electricity_mw"]


def test_refused_sites_and_other_kinds_have_no_passport(sites):
    rows = acts(demand(NEW), demand(NEW, subject="technopark"))
    refused = sites.assign(is_eligible=False)
    assert passports(refused, rows).empty
    assert len(passports(sites, rows)) == 1


def test_a_pack_becomes_rows_with_its_dates_and_documents():
    rows = read_pack(PACK)
    assert rows["requirement"].tolist() == ["area_ha", "document_plan"]
    assert rows["valid_from"].tolist() == ["2024-01-01"] * 2
    assert rows["unit"].tolist() == ["ha", "document"]


@pytest.mark.parametrize(
    "text",
    ["act = ", "[[edition]]\nname = 'x'", "act = 'A'\nedition = 1", PACK + "x = 1\n[extra]\n"],
)
def test_what_is_no_pack_is_refused(text):
    with pytest.raises(PackError):
        read_pack(text)


def test_a_broken_pack_and_a_date_that_is_none_are_told_with_their_file(tmp_path):
    region = write(tmp_path / "tiny")
    (tmp_path / "tiny" / "bad.toml").write_text("act = ", encoding="utf-8")
    dated = PACK.replace("2024-01-01", '"in spring"')
    (tmp_path / "tiny" / "undated.toml").write_text(dated, encoding="utf-8")
    text = region.read_text("utf-8").replace(
        "requirements = [", 'requirements = ["bad.toml", "undated.toml", '
    )
    region.write_text(text, encoding="utf-8")
    with pytest.raises(LayerError, match=r"bad\.toml") as error:
        read(read_region(region))
    assert {problem.code for problem in error.value.problems} == {"pack_wrong", "date_wrong"}


def test_the_packs_of_omsk_have_one_edition_in_force_an_act():
    rows = read(read_region(OMSK)).requirements
    packs = rows[rows["act"].notna()]
    last, first = packs["valid_to"], packs["valid_from"]
    now = packs[(first <= "2026-01-01") & (last.isna() | (last >= "2026-01-01"))]
    assert now.groupby("act")["edition"].nunique().to_dict() == {
        "Decree 1863": 1, "Decree 794": 1, "GOST R 56301": 1, "GOST R 56425": 1,
    }  # fmt: skip
    spans = packs.drop_duplicates("edition").dropna(subset="valid_from")
    for _, editions in spans.groupby("act"):
        ordered = editions.sort_values("valid_from")
        ends = pd.to_datetime(ordered["valid_to"]).to_numpy()[:-1]
        begins = pd.to_datetime(ordered["valid_from"]).to_numpy()[1:]
        # an edition begins the day after the last one ends
        assert np.array_equal(begins - ends, np.full(len(ends), np.timedelta64(1, "D")))
