"""Which source fits which option: kind, class, year and spare capacity.

Options that tap the same sources over ground of the same friction form a class; a class is swept
once. A source whose voltage, pressure or diameter is not stated fits only options without such
limits. A line may be tapped anywhere along it. Ignored: who owns the source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.errors import Problem, TableError
from siting.units import DEMAND_UNIT, UTILITIES

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame, Index, Series

    from siting.region import NetworkParams

CLASS_COLUMN: Final = {
    "electricity": "voltage_kv",
    "gas": "pressure_mpa",
    "water": "diameter_mm",
    "sewage": "diameter_mm",
    "heat": "diameter_mm",
}
"""What `source_class_min` and `source_class_max` are compared with; other utilities have none."""

ENDLESS_LABELS: Final = 2
"""Sources kept per cell where all are infinite: the second may save a crossing."""

NEVER_SCARCE: Final = frozenset({"road", "rail", "telecom"})
"""Utilities whose sources are infinite where no capacity is stated."""


@dataclass(frozen=True, kw_only=True)
class SourceClass:
    """Options of one utility that share sources and friction, hence one sweep."""

    utility: str
    family: str
    options: tuple[str, ...]
    source_ids: Index
    """Fitting sources, sorted."""
    reach_km: float
    """Farthest any of the options goes by its own rule in km; inf where the rule is another."""
    useful_km: float
    """Friction-weighted length beyond which an option that needs no source is never dearer."""
    labels: int
    """Sources worth keeping per cell."""


def options_of(options: DataFrame, utility: str) -> DataFrame:
    """Return the options of a utility, index `option`, sorted by it."""
    return options[options["utility"] == utility].set_index("option").sort_index()


def as_supplied(options: DataFrame, params: NetworkParams) -> DataFrame:
    """Return the options at the price of as many independent feeders as the region asks for.

    With two, each circuit is a pair of feeders of one source, each able to carry all of it, as the
    two sections of a distribution point are fed. What the second adds stands in the option; where
    it does not, a whole second circuit is built. The ranges of prices widen in proportion. What
    stands alone stays as it is.
    """
    asked = [utility for utility, count in params.feeders.items() if count > 1]
    paired = options["utility"].isin(asked) & ~is_standalone(options)
    if not paired.any():
        return options
    told = {}
    for stem in ("fixed_mrub", "per_km_mrub"):
        central = options[stem].astype(float)
        column = f"second_{stem}"
        second = options[column].astype(float) if column in options else central
        added = second.fillna(central).where(paired, 0.0)
        # a price of nothing has no range to widen
        times = ((central + added) / central).where(central > 0, 1.0)
        for end in ("_low", "", "_high"):
            told[f"{stem}{end}"] = options[f"{stem}{end}"] * times + added.where(central <= 0, 0.0)
    return options.assign(**told)


def usable_sources(infrastructure: GeoDataFrame, params: NetworkParams) -> GeoDataFrame:
    """Return the sources that count, sorted by id, with `spare` and `is_spare_known`.

    An operating source counts, a planned one from its year on; planned without a year never.
    Spare capacity is the stated one; else `unknown_spare_share` of the stated capacity; else of
    the median capacity of the same kind, or of the same utility; else zero, so that every unit
    taken is priced as reinforcement. Roads, railways and telecom with no capacity stated are
    infinite. A spare capacity made by a script counts as stated but not as known.
    """
    planned = infrastructure["status"] == "planned"
    sources = infrastructure[~planned | (infrastructure["year"] <= params.year)].sort_index()
    stated = sources["spare_capacity"].astype(float)
    free = sources["utility"].isin(NEVER_SCARCE) & sources["capacity"].isna()
    typical = (
        sources.groupby(["utility", "kind"])["capacity"]
        .transform("median")
        .fillna(sources.groupby("utility")["capacity"].transform("median"))
    )
    assumed = params.unknown_spare_share * sources["capacity"].fillna(typical).astype(float)
    # no capacity of this utility is known anywhere: nothing is promised, all of it is reinforcement
    assumed = assumed.fillna(0.0).mask(free, np.inf)
    known = (stated.notna() & ~sources["spare_is_synthetic"]) | free
    return sources.assign(spare=stated.fillna(assumed), is_spare_known=known)


def classes_of(
    options: DataFrame, sources: GeoDataFrame, params: NetworkParams
) -> list[SourceClass]:
    """Return the classes of the options that need a source, in the order of the utilities."""
    found: list[SourceClass] = []
    for utility in UTILITIES:
        grouped: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        table = options_of(options, utility)
        for name, option in table[~is_standalone(table)].iterrows():
            ids = tuple(sources.index[fits(sources, utility, option)])
            grouped.setdefault((str(option["friction"]), ids), []).append(str(name))
        found += [
            SourceClass(
                utility=utility,
                family=family,
                options=tuple(names),
                source_ids=pd.Index(ids, dtype=sources.index.dtype),
                reach_km=float(_reach_km(table.loc[names]).max()),
                useful_km=max(_useful_km(row, table) for _, row in table.loc[names].iterrows()),
                labels=min(len(ids), _labels(sources["spare"].loc[list(ids)], params)),
            )
            for (family, ids), names in grouped.items()
            if ids
        ]
    return found


def is_standalone(options: DataFrame) -> Series:
    """Return whether each option needs no source: a well, a boiler, own works."""
    return options["source_kinds"].fillna("").str.strip() == ""


def fits(sources: GeoDataFrame, utility: str, option: Series) -> Series:
    """Return whether each source is of a kind and class that the option connects to."""
    kinds = [kind.strip() for kind in str(option["source_kinds"]).split(";")]
    fitting = (sources["utility"] == utility) & sources["kind"].isin(kinds)
    low, high = option["source_class_min"], option["source_class_max"]
    if utility not in CLASS_COLUMN or (pd.isna(low) and pd.isna(high)):
        return fitting
    level = sources[CLASS_COLUMN[utility]].astype(float)
    low = -np.inf if pd.isna(low) else low
    high = np.inf if pd.isna(high) else high
    return fitting & level.between(low, high)


def check_options(options: DataFrame, infrastructure: GeoDataFrame, params: NetworkParams) -> None:
    """Raise unless options and sources speak of the same things.

    Raises
    ------
    TableError
        For every park utility without options, repeated option, option that needs a source but
        has no friction, and capacity in another unit than its utility's.
    """
    problems = [
        Problem(
            code="utility_without_options", layer="connection_options", values={"utility": name}
        )
        for name in params.park_utilities
        if not (options["utility"] == name).any()
    ]
    marks = (
        ("option_repeated", options.duplicated(["utility", "option"])),
        ("option_without_friction", ~is_standalone(options) & (options["friction"] == "none")),
        ("unit_differs", options["capacity_unit"] != options["utility"].map(DEMAND_UNIT)),
    )
    for code, wrong in marks:
        if wrong.any():
            names = tuple(options.loc[wrong, "option"].astype(str))
            problems.append(Problem(code=code, layer="connection_options", rows=names))
    unit = infrastructure["capacity_unit"]
    wrong = unit.notna() & (unit != infrastructure["utility"].map(DEMAND_UNIT))
    if wrong.any():
        rows = tuple(map(str, infrastructure.index[wrong]))
        problems.append(Problem(code="unit_differs", layer="infrastructure", rows=rows))
    if problems:
        raise TableError(problems)


def _labels(spare: Series, params: NetworkParams) -> int:
    """Return how many sources to keep: where none is scarce, only crossings can favour a second."""
    return min(params.labels, ENDLESS_LABELS) if np.isinf(spare).all() else params.labels


def _useful_km(option: Series, table: DataFrame) -> float:
    """Return the length at which some stand-alone option is no dearer for any demand.

    n circuits serve at most n times their capacity c, and for that the stand-alone option costs
    no more than n (ceil(c / capacity) F + v c). Prices are the ones that favour the route most
    within their ranges, so no draw of prices overturns it.
    """
    low = option[["fixed_mrub_low", "fixed_mrub"]].min()
    per_km = option[["per_km_mrub_low", "per_km_mrub"]].min()
    per_unit = option[["per_unit_mrub_low", "per_unit_mrub"]].min()
    alone = table[is_standalone(table)]
    if alone.empty or per_km == 0:
        return float("inf")
    fixed = alone[["fixed_mrub_high", "fixed_mrub"]].max(axis=1)
    unit = alone[["per_unit_mrub_high", "per_unit_mrub"]].max(axis=1)
    circuit = np.ceil(option["capacity"] / alone["capacity"]) * fixed
    circuit += (unit - per_unit).clip(lower=0) * option["capacity"]
    return float(max(0.0, (circuit.min() - low) / per_km))


def _reach_km(options: DataFrame) -> Series:
    return options["reach_value"].astype(float).where(options["reach_rule"] == "km", np.inf)
