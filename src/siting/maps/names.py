"""Names in both languages: the row's own, else a transliteration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from siting.translit import transliterate

if TYPE_CHECKING:
    from pandas import DataFrame, Series


def both(frame: DataFrame, name: str = "name") -> dict[str, Series]:
    """Return the columns `name_ru` and `name_en` of a table; a missing name stays missing."""
    russian = frame[name]
    told = frame.get(f"{name}_en")
    english = pd.Series(index=frame.index, dtype=object) if told is None else told.astype(object)
    # spelling takes its time: only what has no English name, and each name once
    unsaid = english.isna() & russian.notna()
    spelled = {text: transliterate(text) for text in russian[unsaid].unique()}
    return {"name_ru": russian, "name_en": english.mask(unsaid, russian.map(spelled))}
