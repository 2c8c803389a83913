"""The door `siting why` as a user meets it."""

import pytest

import tiny
from siting.cli import run


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    layers = tiny.tables()
    land = layers["plots"]
    field = land["plot_id"] == "A"
    layers["plots"] = land.assign(category=land["category"].mask(field, "agricultural"))
    return tiny.write(tmp_path_factory.mktemp("why"), layers)


def cyrillic(text):
    return any("а" <= letter.lower() <= "я" for letter in text)


@pytest.mark.parametrize(
    ("lang", "cure"), [("en", "change the category"), ("ru", "сменить категорию")]
)
def test_it_says_the_cause_and_the_cheapest_cure_in_one_language(region, capsys, lang, cure):
    assert run(["why", "A", "--region", str(region), "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert cure in said
    assert cyrillic(said) == (lang == "ru")


def test_a_good_plot_is_called_good_and_named_with_its_sites(region, capsys):
    assert run(["why", "C", "--region", str(region), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "Nothing about the land" in said
    assert "IP-C" in said


def test_an_unknown_id_is_bad_input_with_a_hint(region, capsys):
    assert run(["why", "IP-CC", "--region", str(region), "--lang", "en"]) == 1
    said = capsys.readouterr().err
    assert "'IP-CC'" in said
    assert "IP-C" in said
