"""`siting make` on the tiny region: three mills and bakeries, eight plots (drawn in tiny.py)."""

import pytest

import siting.study
import tiny
from siting.cli import app
from siting.economy import Question
from siting.errors import TableError, messages
from siting.region import read_region
from siting.tables import check
from siting.tables.trade import TABLES


def cyrillic(text):
    return any("а" <= letter.lower() <= "я" for letter in text)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tiny.write(tmp_path_factory.mktemp("make"))


@pytest.fixture(scope="module")
def making(path):
    return siting.study.make(read_region(path))


def test_every_plant_is_priced_at_the_sites_for_exactly_its_own_needs(making):
    found = making.market.product_sites
    assert len(found)
    assert set(found["site_id"]) <= set(making.places.index)
    by_product = found.groupby("product")
    assert (by_product["rank"].max() <= making.region.economy.sites_told).all()
    assert by_product["total_mrub"].apply(lambda costs: costs.is_monotonic_increasing).all()
    # a plant of a few hectares needs less than the whole site
    whole = making.places["connection_cost_mrub"].reindex(found["site_id"]).to_numpy()
    assert (found["connection_cost_mrub"].to_numpy() < whole).all()


def test_every_table_of_the_platform_keeps_its_contract_and_has_words(making):
    platform = making.market.platform
    assert set(platform) == {table.name for table in TABLES}
    for table in TABLES:
        check(platform[table.name], table)
        assert f"word_sheet_{table.name}" in messages()


def test_a_question_about_what_nobody_knows_lists_everything_unknown(path):
    question = Question(plot_id="NO", product="99.99", enterprise_id="NOBODY")
    with pytest.raises(TableError) as error:
        siting.study.make(read_region(path), question)
    assert len(error.value.problems) == 3


def test_on_a_plot_only_what_fits_it_is_told(path):
    making = siting.study.make(read_region(path), Question(plot_id="A"))
    assert making.places.index.tolist() == ["A"]
    assert set(making.market.product_sites["site_id"]) == {"A"}


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("asked", [(), ("--product", "10.71.11"), ("--enterprise", "MILL")])
def test_the_answer_speaks_one_language(path, making, monkeypatch, capsys, asked, lang):
    monkeypatch.setattr(siting.study, "make", lambda *_, **__: making)
    assert app.run(["make", str(path), *asked, "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert said.strip()
    assert cyrillic(said) == (lang == "ru")


def test_the_card_of_a_product_names_its_buyers(path, making, monkeypatch, capsys):
    monkeypatch.setattr(siting.study, "make", lambda *_, **__: making)
    app.run(["make", str(path), "--product", "10.61.21", "--lang", "ru"])
    said = capsys.readouterr().out
    assert "Хлебозавод" in said
    assert "Макароны" in said


def test_the_answer_to_a_mill_names_the_bakery_it_sells_to(path, making, monkeypatch, capsys):
    monkeypatch.setattr(siting.study, "make", lambda *_, **__: making)
    app.run(["make", str(path), "--enterprise", "MILL", "--lang", "ru"])
    assert "Хлебозавод" in capsys.readouterr().out


def test_an_unknown_product_leaves_with_1_in_the_language(path, capsys):
    assert app.run(["make", str(path), "--product", "00.00", "--lang", "en"]) == 1
    assert "siting make" in capsys.readouterr().err
