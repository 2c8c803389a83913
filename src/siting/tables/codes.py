"""Codes of the classifiers, and how registers break them; told at every door alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from siting.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geopandas import GeoDataFrame
    from pandas import Series

OKPD2: Final = r"\d{2}(\.\d{1,2}(\.\d{1,2}(\.\d{1,3})?)?)?"
"""A code of OK 034-2014: division, then up to three dotted groups."""

OKVED: Final = r"\d{2}(\.\d{1,2}(\.\d{1,2})?)?"
"""A code of OK 029-2014."""

_NO_DIVISIONS: Final = frozenset(
    [
        "00",
        "04",
        "34",
        "40",
        "44",
        "48",
        "54",
        "57",
        "67",
        "76",
        "83",
        "89",
    ]  # numbers the classifier leaves free
)
"""Two digits that begin no code of OK 029-2014 (divisions of NACE Rev. 2)."""

HS: Final = r"\d{2}|\d{4}|\d{6}|\d{8}|\d{10}"
"""A code of the Harmonised System or of the TN VED of the EAEU, written without blanks."""

_MOST: Final = 5
"""Labels told in one sentence."""


def find_malformed(codes: Series, pattern: str, *, code: str, layer: str) -> list[Problem]:
    """Return a problem naming the rows whose code does not match `pattern`; missing is no code."""
    present = codes.dropna()
    wrong = present[~present.str.fullmatch(pattern)]
    if wrong.empty:
        return []
    rows, values = tuple(map(str, wrong.index)), {"codes": some(wrong.unique())}
    return [Problem(code=code, layer=layer, rows=rows, values=values)]


def find_unknown_okved(codes: Series, *, layer: str) -> list[Problem]:
    """Return a problem naming the rows whose activity is of a division OK 029-2014 has not."""
    present = codes.dropna()
    unknown = present[present.str.fullmatch(OKVED) & present.str[:2].isin(_NO_DIVISIONS)]
    if unknown.empty:
        return []
    rows, values = tuple(map(str, unknown.index)), {"codes": some(unknown.unique())}
    return [Problem(code="okved_unknown", layer=layer, rows=rows, values=values)]


def listed_products(products: Series) -> Series:
    """Return one row per enterprise and product of lists joined by ;, index the enterprise."""
    codes = products.dropna().str.split(";").explode().str.strip()
    codes = codes[codes != ""]
    twice = pd.MultiIndex.from_arrays([codes.index, codes]).duplicated()
    return codes[~twice]


def find_twins(firms: GeoDataFrame) -> list[Problem]:
    """Return the enterprises entered twice: the same name, activity and place."""
    key = pd.DataFrame(
        {
            "name": firms["name"].str.strip().str.casefold(),
            "okved": firms["okved"],
            "place": firms.geometry.to_wkb(),
        },
        index=firms.index,
    )
    twins = key.duplicated(keep=False)
    if not twins.any():
        return []
    rows = tuple(map(str, firms.index[twins]))
    values = {"names": some(sorted(firms.loc[twins, "name"].unique()))}
    return [Problem(code="enterprise_duplicate", layer="enterprises", rows=rows, values=values)]


def some(labels: Iterable[object]) -> str:
    """Return up to five labels, joined, and how many more there are."""
    items = [str(label) for label in labels]
    more = f" +{len(items) - _MOST}" if len(items) > _MOST else ""
    return ", ".join(items[:_MOST]) + more
