"""What stands beside the saving and is never mixed in: land, published tariffs, support.

Land: a resident of a park pays for its hectares at the price of the site, alone at that of the plot
it would settle on. Tariffs: what a price book asks for the same connection, at the price level of
the region, each row with the rule that applies. Support: the most a measure could refund, with
every condition met, failed or unknown; an unknown condition is never taken for met.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from siting.portfolio.ways import price_all
from siting.price_level import level_factors
from siting.tables.money import LAND_PRICES, SUPPORT, TARIFFS
from siting.units import UTILITIES

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pandas import DataFrame, Series

    from siting.portfolio.over_time import Plan
    from siting.portfolio.ways import Ways
    from siting.tables import Column, Layers

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SLACK: Final = 1e-9
"""Relative slack of limits, as in `siting.pricing`."""


def price_land(plan: Plan, sites: GeoDataFrame, plots: GeoDataFrame) -> DataFrame:
    """Return table LAND_PRICES; the order is park, resident."""
    served, residents = plan.chosen.served, plan.chosen.portfolio.residents
    firms = served.prospects.loc[residents.index]
    kind, place = firms["place_kind"].astype("str"), firms["place_id"].astype("str")
    plot_rate = _rate(plots["price_mrub"].astype(float), plots.geometry.area / 10_000)
    site_rate = _rate(sites["land_price_mrub"].astype(float), sites["area_ha"].astype(float))
    area = firms["area_ha"].to_numpy(float)
    alone = np.where(
        kind == "plot", plot_rate.reindex(place).to_numpy(),
        np.where(kind == "site", site_rate.reindex(place).to_numpy(), np.nan),
    )  # fmt: skip
    park = site_rate.reindex(residents["site_id"]).to_numpy()
    table = pd.DataFrame(
        {
            "prospect_id": residents.index.to_numpy(str),
            "site_id": residents["site_id"].to_numpy(str),
            "area_ha": area,
            "alone_place_id": place.mask(kind == "own").to_numpy(object),
            "alone_land_mrub": alone * area,
            "park_land_mrub": park * area,
            "saving_land_mrub": (alone - park) * area,
        }
    )
    table = _typed(table, LAND_PRICES.columns)
    return table.sort_values(["site_id", "prospect_id"], kind="stable", ignore_index=True)


def _rate(price_mrub: Series, area_ha: Series) -> Series:
    return (price_mrub / area_ha).where(area_ha > 0)


def price_tariffs(plan: Plan, layers: Layers, price_year: int) -> DataFrame:
    """Return table TARIFFS: each rule of the price book that fits a park or a resident alone."""
    case, settled, served = plan.case, plan.settled, plan.chosen.served
    factors = level_factors(layers.price_book["price_year"], layers.price_indices, price_year)
    book = layers.price_book.assign(now_mrub=layers.price_book["price_mrub"] * factors)
    residents = np.flatnonzero(settled.members.any(axis=0))
    ways = served.ways_alone.reordered(case.prospects[residents])
    needs = case.demands[residents]
    costs, chosen = price_all(ways.kernel, ways.prices, ways.spare, needs)
    parks = case.sites[settled.parks]
    rows = [
        *_asked("park", parks, book, settled.ways, (settled.chosen, settled.needs, settled.costs)),
        *_asked("resident", case.prospects[residents], book, ways, (chosen, needs, costs)),
    ]
    table = pd.DataFrame(rows, columns=[column.name for column in TARIFFS.columns])
    return _typed(table, TARIFFS.columns)


def _asked(
    kind: str,
    subjects: pd.Index,
    book: DataFrame,
    ways: Ways,
    built: tuple[Ints, Floats, Floats],
) -> Iterator[tuple[object, ...]]:
    chosen, needs, costs = built
    for i, subject in enumerate(subjects):
        for row in book.to_dict("records"):
            u = UTILITIES.index(row["utility"])
            need, way = needs[i, u], chosen[i, u]
            # a connection of one's own taps nobody's network: no tariff is paid
            if way < 0 or ways.source[way] < 0 or row["subject"] not in {kind, "both"}:
                continue
            most = np.inf if pd.isna(row["demand_max"]) else row["demand_max"]
            if not row["demand_min"] * (1 - SLACK) < need <= most * (1 + SLACK):
                continue
            quantity = {"demand": need, "connection": 1.0, "km": ways.length_km[way]}[row["basis"]]
            yield (
                subject, kind, row["utility"], row["item"], row["basis"], quantity,
                row["now_mrub"], row["now_mrub"] * quantity, costs[i, u], row["price_year"],
                row["rule"], row["rule_ru"], row["status"], row["source"],
            )  # fmt: skip


def find_support(sites: GeoDataFrame, ledger: DataFrame, measures: DataFrame) -> DataFrame:
    """Return table SUPPORT of the parks of the plan."""
    parks = sites.index[sites["is_chosen"]]
    rows = [
        _supported(sites.loc[site], ledger[ledger["site_id"] == site], conditions)
        for site in sorted(parks)
        for _, conditions in measures.groupby("measure", sort=True)
    ]
    table = pd.DataFrame(rows, columns=[column.name for column in SUPPORT.columns])
    return _typed(table, SUPPORT.columns)


def _supported(site: Series, ledger: DataFrame, conditions: DataFrame) -> Mapping[str, object]:
    measure = conditions.iloc[0]
    mine = ledger["utility"].isin(str(measure["items"]).split(";"))
    mine &= ledger["payer"] == measure["payer"]
    base = float(ledger.loc[mine, "park_mrub"].sum())
    results = [(str(row["condition"]), _holds(site, row)) for row in conditions.to_dict("records")]
    by_result = {
        word: ";".join(code for code, told in results if told == word)
        for word in ("pass", "fail", "unknown")
    }
    result = "fail" if by_result["fail"] else "unknown" if by_result["unknown"] else "pass"
    cap = np.inf if pd.isna(measure["cap_mrub"]) else float(measure["cap_mrub"])
    return {
        "site_id": site.name,
        "measure": measure["measure"],
        "title": measure["title"],
        "title_ru": measure["title_ru"],
        "payer": measure["payer"],
        "base_mrub": base,
        "share": float(measure["share"]),
        "most_mrub": 0.0 if result == "fail" else min(base * float(measure["share"]), cap),
        "result": result,
        "conditions_met": by_result["pass"] or None,
        "conditions_failed": by_result["fail"] or None,
        "conditions_unknown": by_result["unknown"] or None,
        "status": measure["status"],
        "source": measure["source"],
    }


def _holds(site: Series, condition: Mapping[Hashable, Any]) -> str:
    column, operator, limit = (condition[name] for name in ("column", "operator", "limit"))
    if pd.isna(column) or column not in site.index or pd.isna(site[column]):
        return "unknown"
    value, slack = float(site[column]), SLACK * abs(limit)
    if operator == ">=":
        return "pass" if value >= limit - slack else "fail"
    if operator == "<=":
        return "pass" if value <= limit + slack else "fail"
    return "pass" if abs(value - limit) <= slack else "fail"


def _typed(table: DataFrame, columns: tuple[Column, ...]) -> DataFrame:
    """Return the table with the kinds its columns are declared to have, empty or not."""
    kinds = {column.name: "str" if column.kind == "text" else "float64" for column in columns}
    return table.astype(kinds)
