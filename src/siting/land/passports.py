"""A passport per site and edition of an act: what is met, what fails, what is unknown or missing.

Every edition is judged, so the same site is seen under the act as it was, is and is drafted. The
verdict of an edition is the worst of its results: fails, else unknown, else warns, else meets it;
documents are listed as missing and do not enter the verdict, for only the applicant can show them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from siting.land.constraints import LIST_SEPARATOR
from siting.land.requirements import is_document, is_in_force, results, site_values
from siting.tables import check
from siting.tables.land import PASSPORTS

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series

    from siting.region import LandParams

_LISTS: Final = {
    "met": "pass",
    "warned": "warn",
    "failed": "fail",
    "not_known": "unknown",
    "documents_missing": "missing",
}
"""Column of PASSPORTS -> the result it lists."""

_KINDS: Final = {"text": "str", "flag": "bool"}


def write_passports(
    sites: GeoDataFrame, *, requirements: DataFrame, params: LandParams
) -> DataFrame:
    """Return table PASSPORTS: a row per eligible site and edition that asks something of it."""
    # an edition is known by act, name and dates; missing ones are told by an empty text
    named = requirements.assign(
        act=requirements["act"].astype("str").fillna(""),
        is_in_force=is_in_force(requirements, params),
    )
    parts = [_judged(sites, rows, params) for _, rows in named.groupby(_keys(named), sort=False)]
    rows = [part for part in parts if len(part)]
    columns = {column.name: _KINDS[column.kind] for column in PASSPORTS.columns}
    if not rows:
        return check(pd.DataFrame(columns=list(columns)).astype(columns), PASSPORTS)
    found = pd.concat(rows, ignore_index=True).astype(columns)[list(columns)]
    order = ["site_id", "act", "valid_from", "edition"]
    listed = found.sort_values(order, kind="stable", na_position="last")
    return check(listed.reset_index(drop=True), PASSPORTS)


def _keys(requirements: DataFrame) -> list[Series]:
    return [requirements["act"], requirements["edition"]]


def _judged(sites: GeoDataFrame, edition: DataFrame, params: LandParams) -> DataFrame:
    """Return the passports of all sites under one edition."""
    parts = list(site_values(sites, edition))
    if not parts:
        return pd.DataFrame()
    judged = pd.concat(parts, ignore_index=True)
    told = results(judged, params).mask(is_document(judged), "missing")
    judged = judged.assign(result=told).sort_values(["subject_id", "place"], kind="stable")
    by_site = pd.DataFrame(
        {
            column: judged[judged["result"] == result]
            .groupby("subject_id")["requirement"]
            .agg(LIST_SEPARATOR.join)
            for column, result in _LISTS.items()
        }
    )
    first = edition.iloc[0]
    return by_site.assign(
        site_id=by_site.index,
        act=first["act"] or first["edition"],
        edition=first["edition"],
        valid_from=first["valid_from"],
        valid_to=first["valid_to"],
        is_in_force=bool(edition["is_in_force"].iloc[0]),
        verdict=_verdict(by_site),
    )


def _verdict(by_site: DataFrame) -> Series:
    verdict = pd.Series("pass", index=by_site.index, dtype="str")
    # from the mildest to the worst, so that the worst stays
    for column in ("warned", "not_known", "failed"):
        verdict = verdict.mask(by_site[column].notna(), _LISTS[column])
    return verdict
