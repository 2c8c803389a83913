"""What contradicts itself in the rule of by-products, though every cell is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from siting.errors import Problem
from siting.tables.by_products import GIVES, HEAT
from siting.tables.codes import OKPD2, find_malformed

if TYPE_CHECKING:
    from pandas import DataFrame, Series

_OF_ALL: Final = ("title", "title_ru", "kind", "unit")
"""Columns in which every row of one by-product agrees."""

_OF_GIVERS: Final = ("reach_km", "value_mrub_unit")
"""Columns that every row that gives states, and alike."""

_NEEDED: Final = {"by_product", "side", "product", *_OF_ALL, *_OF_GIVERS}


def find_conflicts(rules: DataFrame) -> list[Problem]:
    """Return the rows of by_products that contradict each other or say half of it."""
    if not set(rules.columns) >= _NEEDED:
        return []
    gives = rules["side"] == GIVES
    problems = find_malformed(rules["product"], OKPD2, code="product_code_malformed", layer="")
    for column in _OF_ALL:
        problems += _differing(rules, column)
    for column in _OF_GIVERS:
        problems += _told("by_product_unsaid", rules, gives & rules[column].isna(), column=column)
        problems += _differing(rules[gives & rules[column].notna()], column)
    wrong = (rules["kind"] == HEAT) != (rules["unit"] == "MW")
    problems += _told("by_product_unit", rules, wrong)
    sides = rules.groupby("by_product")["side"].transform("nunique")
    return problems + _told("by_product_one_sided", rules, sides == 1)


def _differing(rules: DataFrame, column: str) -> list[Problem]:
    kinds = rules.groupby("by_product")[column].transform("nunique")
    return _told("by_product_differs", rules, kinds > 1, column=column)


def _told(code: str, rules: DataFrame, rows: Series[bool], **values: object) -> list[Problem]:
    if not rows.any():
        return []
    named = ", ".join(sorted(rules.loc[rows, "by_product"].unique()))
    labels = tuple(map(str, rules.index[rows]))
    return [Problem(code=code, rows=labels, values={"by_products": named, **values})]
