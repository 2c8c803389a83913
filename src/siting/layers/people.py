"""Sole traders: a list of enterprises may name people, and nothing personal is kept.

A taxpayer number decides where there is one: 10 digits are a legal entity, 12 a person (a spread-
sheet loses a leading zero: 9 and 11); an OGRN has 13 digits, an OGRNIP 15. Without a number the
name decides. Rows of people are counted, never written anywhere, not even among the rejected.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pandas import Series

if TYPE_CHECKING:
    from pandas import DataFrame

_NAMED: Final = re.compile(
    r"\s*[\"«]?(ип|и\.\s?п\.|индивидуальн\w+ предпринимател\w+|самозанят\w+|пбоюл|глава кфх"
    r"|глава к\(ф\)х|глава крестьянск\w+|sole trader)[\s.\"»]",
    re.IGNORECASE,
)
"""How a name of a sole trader begins."""

_PERSON_DIGITS: Final = frozenset({11, 12, 15})
_COMPANY_DIGITS: Final = frozenset({9, 10, 13})
_NUMBERS: Final = ("enterprise_id", "инн", "огрн", "огрнип", "inn", "ogrn", "ogrnip")


def are_people(frame: DataFrame) -> Series[bool]:
    """Tell which rows of a list of enterprises are sole traders, shape (n,)."""
    names = frame["name"] if "name" in frame.columns else Series("", index=frame.index)
    people = names.astype("str").str.match(_NAMED).fillna(value=False).astype(bool)
    for column in frame.columns:
        if str(column).lower() in _NUMBERS:
            digits = frame[column].map(_digits)
            people |= digits.isin(_PERSON_DIGITS)
            people &= ~digits.isin(_COMPANY_DIGITS)
    return people


def _digits(value: object) -> int:
    """Return how many digits a number has; 0 for anything else."""
    told = str(value).strip().removesuffix(".0")
    return len(told) if told.isdecimal() else 0
