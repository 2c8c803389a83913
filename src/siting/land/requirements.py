"""What the acts require of parks, technoparks and clusters, and whether it is met.

A value that nobody knows makes the result `unknown`, never `fail`. A threshold that is only assumed
can warn, never fail, unless the region says so. Checks are those of the editions in force on
`acts_on`; passports judge each site under every edition, superseded and drafts too. A measure that
does not apply to a subject (the building area of a greenfield park) makes no row. Sites that are
refused already are not judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.region import LandParams
from siting.tables import check
from siting.tables.inputs import BROWNFIELD_PARK, INDUSTRIAL_PARK, SITE_KINDS, TECHNOPARK
from siting.tables.results import CHECKS
from siting.tables.rules import REQUIREMENTS
from siting.units import DEMAND_COLUMN

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series

DOCUMENT_UNIT: Final = "document"
_USUAL: Final = LandParams()
_CLUSTER: Final = "cluster"
_KINDS_OF: Final = {INDUSTRIAL_PARK: (INDUSTRIAL_PARK, BROWNFIELD_PARK)}
"""In law a brownfield park is an industrial park: the acts on those judge it too."""
_SLACK_SHARE: Final = 1e-9
"""Relative slack of a comparison: a sum of areas that is 8 ha in truth is never 7.999999."""


def judge(
    sites: GeoDataFrame,
    *,
    clusters: DataFrame,
    requirements: DataFrame,
    params: LandParams = _USUAL,
) -> DataFrame:
    """Return table CHECKS: every requirement for every eligible site and every cluster.

    Parameters
    ----------
    sites
        Table SITES at any stage; the more columns, the fewer unknown values.
    clusters
        Measures of clusters: columns subject_id, requirement, value.
    requirements
        Table REQUIREMENTS.
    params
        Day whose editions count, and whether an assumed limit may fail.

    Raises
    ------
    TableError
        If the requirements break their contract.
    """
    check(requirements, REQUIREMENTS)
    # documents stand in passports: every site lacks them, which no check need repeat
    asked = requirements[is_in_force(requirements, params) & ~is_document(requirements)]
    parts = [*site_values(sites, asked), *_cluster_values(clusters, asked)]
    columns = [column.name for column in CHECKS.columns]
    if not parts:
        return check(_typed(pd.DataFrame(columns=columns)), CHECKS)
    judged = pd.concat(parts, ignore_index=True)
    judged = judged.assign(result=results(judged, params))
    listed = judged.sort_values(["subject_kind", "subject_id", "place"], kind="stable")
    return check(_typed(listed[columns].reset_index(drop=True)), CHECKS)


def is_in_force(requirements: DataFrame, params: LandParams) -> Series:
    """Return whether each row is in force on `acts_on`; rows without an act always are."""
    day = pd.Timestamp(params.acts_on)
    first = _days(requirements, "valid_from") <= day
    last = _days(requirements, "valid_to")
    return _texts(requirements, "act").isna() | (first & (last.isna() | (last >= day)))


def is_document(requirements: DataFrame) -> Series:
    """Return whether each row asks for a document, which only the applicant can show."""
    return requirements["unit"] == DOCUMENT_UNIT


def _days(requirements: DataFrame, column: str) -> Series:
    # what is no date is no date of force: such an edition is a draft
    told = _texts(requirements, column)
    return pd.to_datetime(told, format="%Y-%m-%d", errors="coerce")


def _texts(requirements: DataFrame, column: str) -> Series:
    if column not in requirements.columns:
        return pd.Series(np.nan, index=requirements.index, dtype="str")
    return requirements[column].astype("str")


def measure(sites: GeoDataFrame, requirement: str) -> Series | None:
    """Return what each site has of a measure, NaN where unknown; None for a measure of no site.

    `residents_share` is the buildable share of the area: the most that residents can be given.
    `electricity_mw` is the power for which the connection was priced, before it unknown.
    `road_access` is 1 where a connection to a public road was found, 0 where none exists.
    """
    power_mw = _known(sites, DEMAND_COLUMN["electricity"])
    is_park = sites["kind"] != TECHNOPARK
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
        "town_km": _known(sites, "town_km"),
        "university_km": _known(sites, "university_km"),
        "workforce_count": _known(sites, "workforce_count"),
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


def site_values(sites: GeoDataFrame, requirements: DataFrame) -> Iterable[DataFrame]:
    """Return for each requirement the values of the eligible sites it applies to."""
    eligible = sites[sites["is_eligible"]]
    for place, rule in enumerate(requirements.to_dict("records")):
        kinds = _KINDS_OF.get(str(rule["subject"]), (rule["subject"],))
        subjects = eligible[eligible["kind"].isin(kinds)]
        if rule["subject"] == INDUSTRIAL_PARK and rule["requirement"] == "building_m2":
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


def results(judged: DataFrame, params: LandParams) -> Series:
    """Return pass, warn, fail or unknown for each value against its limit."""
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
    may_fail = (judged["status"] != "ASSUMED") | params.assumed_may_fail
    failed = judged["on_failure"].where(may_fail, "warn")
    return failed.mask(met, "pass").mask(value.isna(), "unknown")


def _typed(frame: DataFrame) -> DataFrame:
    return frame.astype({c.name: "str" if c.kind == "text" else "float64" for c in CHECKS.columns})
