"""Russian names in Latin letters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.translit import transliterate


@pytest.mark.parametrize(
    ("russian", "english"),
    [
        ("Калачинск", "Kalachinsk"),
        ("Большеречье", "Bolsherechye"),
        ("Усть-Ишим", "Ust-Ishim"),
        ("Омский", "Omsky"),
        ("Красный Яр", "Krasny Yar"),
        ("Подъём", "Podyom"),
        ("ЩИТ", "SHCHIT"),
        ("Щербакуль", "Shcherbakul"),
        ("«Т7» № 5", "“T7” No. 5"),
        ("Қарағанды", "Karagandy"),
        ("", ""),
        ("SEZ Avangard 488", "SEZ Avangard 488"),
    ],
)
def test_names_are_spelled_as_on_road_signs(russian, english):
    assert transliterate(russian) == english


def test_a_letter_made_of_two_signs_is_one_letter():
    assert transliterate(unicodedata.normalize("NFD", "Йод")) == "Yod"


@given(st.text(st.characters(codec="utf-8")))
def test_nothing_cyrillic_is_left(text):
    assert not any("CYRILLIC" in unicodedata.name(sign, "") for sign in transliterate(text))


@given(st.text(st.characters(max_codepoint=127)))
def test_latin_text_stays_as_it_is(text):
    assert transliterate(text) == text
