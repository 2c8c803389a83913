"""Both languages are complete, and everything that asks for a word finds it."""

import re
from importlib.resources import files
from string import Formatter

import highspy
import pandas as pd
import pytest

from places import OMSK
from siting.maps.frame import SCRIPTS
from siting.portfolio.choosing import NOT_ASKED, TIME_OUT
from siting.portfolio.exploring import OPTIMAL
from siting.tables.inputs import CATEGORIES, CONFIDENCES, SITE_KINDS, STATUSES
from siting.tables.results import LEDGER
from siting.units import DEMAND_UNIT, UTILITIES
from siting.words import say, words

ALL = words()
PAIRS = [(section, code, pair) for section, codes in ALL.items() for code, pair in codes.items()]
LATIN_OF_BOTH = {"RU", "EN", "P10", "P90", "P50", "CSV", "folium", "Leaflet", "IV", "JavaScript"}
LATIN_OF_BOTH |= {"Chrome", "Edge", "Firefox", "Safari"}


def script(name):
    return files("siting.maps").joinpath("templates", name).read_text("utf-8")


def places(text):
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name})


@pytest.mark.parametrize(("section", "code", "pair"), PAIRS, ids=[f"{s}.{c}" for s, c, _ in PAIRS])
def test_a_pair_has_both_languages_with_the_same_places(section, code, pair):
    russian, english = pair
    assert places(russian) == places(english)
    assert bool(russian) == bool(english)
    assert not re.search("[а-яё]", english, re.IGNORECASE)
    if section == "count":
        assert (russian.count("|"), english.count("|")) == (2, 1)


def test_russian_words_hold_no_english_ones():
    foreign = {
        word
        for _, _, (russian, _) in PAIRS
        for word in re.findall(r"(?<!\{)\b[A-Za-z]{2,}\b(?![}\w])", russian)
    }
    assert foreign <= LATIN_OF_BOTH


def test_every_word_a_script_asks_for_exists():
    asked = {code for name in SCRIPTS for code in re.findall(r"\bt\('(\w+)'", script(name))}
    asked |= {code for name in SCRIPTS for code in re.findall(r"\bbound\('(\w+)'", script(name))}
    assert len(asked) > 120
    assert asked - set(ALL["ui"]) == set()


def test_every_count_a_script_asks_for_exists():
    asked = {code for name in SCRIPTS for code in re.findall(r"\bplural\('(\w+)'", script(name))}
    assert asked
    assert asked <= set(ALL["count"])


def test_every_section_a_script_asks_for_exists():
    asked = {code for name in SCRIPTS for code in re.findall(r"\bsay\('(\w+)'", script(name))}
    assert asked <= set(ALL)


@pytest.mark.parametrize(
    ("section", "codes"),
    [
        ("utility", LEDGER.column("utility").choices),
        ("utility", UTILITIES),
        ("payer", LEDGER.column("payer").choices),
        ("unit", DEMAND_UNIT.values()),
        ("status", STATUSES),
        ("confidence", CONFIDENCES),
        ("category", CATEGORIES),
        ("kind", SITE_KINDS),
        ("result", ("pass", "warn", "fail", "unknown")),
        ("fact", ("price", "demand", "spare_capacity", "occupancy")),
    ],
)
def test_every_code_of_the_tables_has_words(section, codes):
    assert set(codes) <= set(ALL[section])


def test_however_a_choice_ends_the_page_says_it_in_words():
    highs = highspy.Highs()
    stopped = highs.modelStatusToString(highspy.HighsModelStatus.kSolutionLimit)
    assert {NOT_ASKED, TIME_OUT, OPTIMAL, stopped} <= set(ALL["solver"])


def test_a_code_without_words_is_shown_as_it_is():
    assert say("option", "our_own_pipe", "ru") == "our own pipe"


OMSK_CODES = (
    ("connection_options", "option", "option"),
    ("connection_options", "capacity_unit", "unit"),
    ("protection_zones", "feature", "feature"),
    ("requirements", "unit", "unit"),
    ("requirements", "requirement", "measure"),
    ("constraints", "kind", "feature"),
    ("parks", "kind", "kind"),
    ("power", "kind", "kind"),
    ("gas", "kind", "kind"),
    ("water_sewage_heat", "kind", "kind"),
    ("roads", "kind", "kind"),
    ("rail", "kind", "kind"),
    ("telecom", "kind", "kind"),
)


@pytest.mark.parametrize(("file", "column", "section"), OMSK_CODES)
def test_every_code_of_omsk_has_words(file, column, section):
    codes = pd.read_csv(OMSK / f"{file}.csv", dtype=str)[column].dropna()
    assert set(codes) - set(ALL[section]) == set()
