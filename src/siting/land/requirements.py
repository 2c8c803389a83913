"""What the acts require of parks, technoparks and clusters, and whether it is met.

A value that nobody knows makes the result `unknown`, never `fail`. A threshold that is only assumed
can warn, never fail. A measure that does not apply to a subject (the building area of a greenfield
park) makes no row. Sites that are refused already are not judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.tables import check
from siting.tables.inputs import REQUIREMENTS, SITE_KINDS
from siting.tables.results import CHECKS
from siting.units import DEMAND_COLUMN

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series

_CLUSTER: Final = "cluster"
_SLACK_SHARE: Final = 1e-9
"""Relative slack of a comparison: a sum of areas that is 8 ha in truth is never 7.999999."""


def judge(sites: GeoDataFrame, *, clusters: DataFrame, requirements: DataFrame) -> DataFrame:
    """Return table CHECKS: every requirement for every eligible site and every cluster.

    Parameters
    ----------
    sites
        Table SITES at any stage; the more columns, the fewer unknown values.
    clusters
        Measures of clusters: columns subject_id, requirement, value.
    requirements
        Table REQUIREMENTS.

    Raises
    ------
    TableError
        If the requirements break their contract.
    """
    check(requirements, REQUIREMENTS)
    parts = [*_site_values(sites, requirements), *_cluster_values(clusters, requirements)]
    columns = [column.name for column in CHECKS.columns]
    if not parts:
        return check(_typed(pd.DataFrame(columns=columns)), CHECKS)
    judged = pd.concat(parts, ignore_index=True)
    judged = judged.assign(result=_results(judged))
    listed = judged.sort_values(["subject_kind", "subject_id", "place"], kind="stable")
    return check(_typed(listed[columns].reset_index(drop=True)), CHECKS)


def measure(sites: GeoDataFrame, requirement: str) -> Series | None:
    """Return what each site has of a measure, NaN where unknown; None for a measure of no site.

    `residents_share` is the buildable share of the area: the most that residents can be given.
    `electricity_mw` is the power for which the connection was priced, before it unknown.
    `road_access` is 1 where a connection to a public road was found, 0 where none exists.
    """
    power_mw = _known(sites, DEMAND_COLUMN["electricity"])
    is_park = sites["kind"] == SITE_KINDS[0]
    measures = {
        "area_ha": sites["area_ha"],
        # how much of a technopark's floors goes to residents is nowhere told
        "residents_share": (sites["buildable_ha"] / sites["area_ha"]).where(is_park),
        "electricity_mw": power_mw,
        "electricity_mw_per_ha": power_mw / sites["buildable_ha"],
        "building_m2": sites["building_m2"],
        "parcel_gap_km": _known(sites, "parcel_gap_km"),
        "land_category_fits": _known(sites, "category_fits"),
        "road_access": _road_access(sites),
    }
    return measures.get(requirement)


def _known(sites: GeoDataFrame, column: str) -> Series:
    if column not in sites.columns:
        return pd.Series(np.nan, index=sites.index)
    return sites[column].astype("float64")


def _road_access(sites: GeoDataFrame) -> Series:
    if "road_cost_mrub" not in sites.columns:
        return pd.Series(np.nan, index=sites.index)
    return sites["road_cost_mrub"].notna().astype("float64")


def _site_values(sites: GeoDataFrame, requirements: DataFrame) -> Iterable[DataFrame]:
    eligible = sites[sites["is_eligible"]]
    for place, rule in enumerate(requirements.to_dict("records")):
        subjects = eligible[eligible["kind"] == rule["subject"]]
        if rule["subject"] == SITE_KINDS[0] and rule["requirement"] == "building_m2":
            # greenfield parks have no buildings to judge
            subjects = subjects[subjects["building_m2"] > 0]
        if len(subjects) and rule["subject"] in SITE_KINDS:
            value = measure(subjects, rule["requirement"])
            known = np.nan if value is None else value.to_numpy()
            yield _rows(subjects.index, known, rule, place)


def _cluster_values(clusters: DataFrame, requirements: DataFrame) -> Iterable[DataFrame]:
    subjects = pd.Index(sorted(clusters["subject_id"].unique()), dtype="str")
    for place, rule in enumerate(requirements.to_dict("records")):
        if rule["subject"] == _CLUSTER and len(subjects):
            told = clusters[clusters["requirement"] == rule["requirement"]]
            value = told.set_index("subject_id")["value"].reindex(subjects)
            yield _rows(subjects, value.to_numpy(), rule, place)


def _rows(
    subjects: pd.Index, value: object, rule: Mapping[Hashable, object], place: int
) -> DataFrame:
    same = ("requirement", "unit", "operator", "limit", "on_failure", "edition", "status", "source")
    return pd.DataFrame(
        {
            "subject_id": subjects.astype("str"),
            "subject_kind": rule["subject"],
            "value": value,
            **{name: rule[name] for name in same},
            "place": place,
        }
    ).astype({"value": "float64", "limit": "float64"})


def _results(judged: DataFrame) -> Series:
    value, limit = judged["value"], judged["limit"]
    slack = _SLACK_SHARE * limit.abs()
    met = pd.Series(
        np.select(
            [judged["operator"] == ">=", judged["operator"] == "<="],
            [value >= limit - slack, value <= limit + slack],
            default=(value - limit).abs() <= slack,
        ),
        index=judged.index,
    )
    failed = judged["on_failure"].where(judged["status"] != "ASSUMED", "warn")
    return failed.mask(met, "pass").mask(value.isna(), "unknown")


def _typed(frame: DataFrame) -> DataFrame:
    return frame.astype({c.name: "str" if c.kind == "text" else "float64" for c in CHECKS.columns})
