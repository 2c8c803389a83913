"""Every word of maps and workbooks, in Russian and English: the file words.toml, read here."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

LANGS: Final = ("ru", "en")
"""The order of every pair in words.toml."""

Words = dict[str, dict[str, list[str]]]


@cache
def words() -> Words:
    """Return section -> code -> [Russian, English].

    A text may hold {places} for values and forms of number joined by | (one, few, many in
    Russian; one, other in English).
    """
    text = files("siting.words").joinpath("words.toml").read_text("utf-8")
    return tomllib.loads(text)


def say(section: str, code: str, lang: str) -> str:
    """Return the words of a code; a code without them (a region's own option) is itself."""
    pair = words().get(section, {}).get(code)
    return pair[LANGS.index(lang)] if pair else code.replace("_", " ")
