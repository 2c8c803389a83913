"""Rows that contradict themselves or each other though every cell is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from siting.errors import Problem
from siting.layers.by_products import find_conflicts
from siting.tables.by_products import BY_PRODUCTS
from siting.tables.codes import (
    HS,
    OKPD2,
    OKVED,
    find_malformed,
    find_twins,
    find_unknown_okved,
    listed_products,
)
from siting.tables.inputs import (
    CUSTOMS,
    ENTERPRISES,
    INFRASTRUCTURE,
    PRODUCTS_IN,
    PROSPECTS,
    RECIPES,
)
from siting.tables.price_books import (
    PRICE_BOOK,
    PRICE_INDICES,
    SUPPORT_MEASURES,
    YEARLY_COSTS,
)
from siting.tables.rules import CONNECTION_OPTIONS, DEMAND_PROFILES, REQUIREMENTS
from siting.units import DEMAND_UNIT

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from siting.tables import Table

_PRICES: Final = ("fixed_mrub", "per_km_mrub", "per_unit_mrub")
_DATES: Final = ("valid_from", "valid_to")
_KEYS: Final = {
    CONNECTION_OPTIONS.name: ("utility", "option"),
    RECIPES.name: ("product", "input"),
    BY_PRODUCTS.name: ("by_product", "side", "product"),
    YEARLY_COSTS.name: ("item", "option"),
    PRICE_BOOK.name: ("item", "utility", "subject", "demand_min"),
    PRICE_INDICES.name: ("year",),
    SUPPORT_MEASURES.name: ("measure", "condition"),
}
"""What a row of a table without ids is known by."""


def find_contradictions(frame: DataFrame, table: Table) -> list[Problem]:
    """Return the rows of `frame` that contradict themselves or repeat another."""
    problems = [*_repeated(frame, table), *_disordered(frame, table)]
    if table.name == INFRASTRUCTURE.name:
        problems += _capacities(frame)
    if table.name == CONNECTION_OPTIONS.name and {"utility", "capacity_unit"} <= set(frame.columns):
        problems += _units(frame, frame["capacity_unit"].notna())
    problems += _miscoded(frame, table)
    if table.name == BY_PRODUCTS.name:
        problems += find_conflicts(frame)
    if table.name == REQUIREMENTS.name:
        problems += [problem for name in _DATES for problem in _undated(frame, name)]
    return problems


def _miscoded(frame: DataFrame, table: Table) -> list[Problem]:
    """Return the rows with malformed codes of classifiers, and enterprises entered twice."""
    problems = []
    if "okved" in frame.columns and table.name in {ENTERPRISES.name, PROSPECTS.name}:
        problems += find_malformed(frame["okved"], OKVED, code="okved_malformed", layer="")
        problems += find_unknown_okved(frame["okved"], layer="")
    if "hs" in frame.columns and table.name in {PRODUCTS_IN.name, CUSTOMS.name}:
        problems += find_malformed(frame["hs"], HS, code="hs_malformed", layer="")
    if table.name != ENTERPRISES.name:
        return problems
    if "products" in frame.columns:
        made = listed_products(frame["products"])
        problems += find_malformed(made, OKPD2, code="product_code_malformed", layer="")
    if {"name", "okved", "geometry"} <= set(frame.columns) and frame.index.is_unique:
        problems += find_twins(frame)
    return problems


def _undated(frame: DataFrame, column: str) -> list[Problem]:
    """Return the rows whose date is told but cannot be read: they would pass for drafts."""
    if column not in frame.columns:
        return []
    told = frame[column].astype("str")
    wrong = told.notna() & pd.to_datetime(told, format="%Y-%m-%d", errors="coerce").isna()
    return _problem("date_wrong", frame, wrong, column=column)


def _repeated(frame: DataFrame, table: Table) -> list[Problem]:
    key = list(_KEYS.get(table.name, ()))
    if not key or not set(key) <= set(frame.columns):
        return []
    return _problem(
        "row_repeated", frame, frame.duplicated(key, keep=False), columns=", ".join(key)
    )


def _disordered(frame: DataFrame, table: Table) -> list[Problem]:
    problems = []
    for low, high in _ordered_pairs(table):
        if {low, high} <= set(frame.columns):
            wrong = frame[low] > frame[high]
            problems += _problem("range_reversed", frame, wrong, low=low, high=high)
    return problems


def _ordered_pairs(table: Table) -> list[tuple[str, str]]:
    if table.name == CONNECTION_OPTIONS.name:
        steps = [(f"{name}_low", name) for name in _PRICES]
        return steps + [(name, f"{name}_high") for name in _PRICES]
    if table.name == DEMAND_PROFILES.name:
        names = [column.name for column in table.columns]
        stems = [name.removesuffix("_low") for name in names if name.endswith("_low")]
        return [(f"{stem}_low", f"{stem}_high") for stem in stems]
    return []


def _capacities(frame: DataFrame) -> list[Problem]:
    if not {"utility", "capacity", "spare_capacity", "capacity_unit"} <= set(frame.columns):
        return []
    stated = frame["capacity"].notna() | frame["spare_capacity"].notna()
    above = frame["spare_capacity"] > frame["capacity"]
    return [*_units(frame, stated), *_problem("spare_above_capacity", frame, above)]


def _units(frame: DataFrame, stated: Series) -> list[Problem]:
    """Return the rows whose capacity is not in the unit in which its utility is demanded."""
    wanted = frame["utility"].map(DEMAND_UNIT)
    wrong = stated & wanted.notna() & (frame["capacity_unit"] != wanted)
    problems = []
    for utility in frame.loc[wrong, "utility"].unique():
        rows = wrong & (frame["utility"] == utility)
        unit = DEMAND_UNIT[utility]
        problems += _problem("unit_wrong", frame, rows, utility=utility, unit=unit)
    return problems


def _problem(code: str, frame: DataFrame, rows: Series, **values: object) -> list[Problem]:
    if not rows.any():
        return []
    return [Problem(code=code, rows=tuple(map(str, frame.index[rows])), values=values)]
