"""Names in both languages: the row's own, else a transliteration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from siting.translit import transliterate

if TYPE_CHECKING:
    from pandas import DataFrame, Series


def both(frame: DataFrame, name: str = "name") -> dict[str, Series]:
    """Return the columns `name_ru` and `name_en` of a table; a missing name stays missing."""
    russian = frame[name]
    told = frame.get(f"{name}_en")
    spelled = russian.map(transliterate, na_action="ignore")
    return {"name_ru": russian, "name_en": spelled if told is None else told.fillna(spelled)}
