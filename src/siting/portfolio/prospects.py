"""What every prospect needs: its own figures, else those of its industry by the hectare.

Ignores whether a figure is plausible; tables say how each is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from siting.errors import Problem, TableError
from siting.units import DEMAND_COLUMN, KW_PER_MW, UTILITIES

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series

    from siting.region import ServeParams

DEMANDS = [DEMAND_COLUMN[utility] for utility in UTILITIES]
"""Columns of demand in the order of UTILITIES."""


def complete(prospects: GeoDataFrame, profiles: DataFrame, params: ServeParams) -> GeoDataFrame:
    """Return `prospects` with every demand, jobs_count and sanitary_zone_m filled.

    A figure of the prospect stands; an empty one is the middle of its industry's range by the
    hectare. Sewage follows water by the industry's share. Every plant needs a road and a line of
    communication; a siding only where its industry does and the plant is large enough for one.

    Raises
    ------
    TableError
        Listing every prospect whose activity has no profile.
    """
    industry = match_profiles(prospects["okved"], profiles)
    own = profiles.reindex(industry.to_numpy()).set_axis(prospects.index)
    area = prospects["area_ha"].astype(float)
    water = _given(prospects, "water_m3_day", area * _middle(own, "water_m3_day_ha"))
    typical = {
        "electricity_mw": area * _middle(own, "kw_per_ha") / KW_PER_MW,
        "gas_m3_h": area * _middle(own, "gas_m3_h_ha"),
        "water_m3_day": water,
        "sewage_m3_day": water * own["sewage_share"],
        "heat_mw": area * _middle(own, "heat_mw_ha"),
        "road_carriageways": pd.Series(1.0, index=prospects.index),
        "rail_tracks": (own["needs_rail"] & (area >= params.rail_min_area_ha)).astype(float),
        "telecom_lines": pd.Series(1.0, index=prospects.index),
        "jobs_count": (area * _middle(own, "workers_ha")).round(),
    }
    filled = {name: _given(prospects, name, values) for name, values in typical.items()}
    zone = _zone(prospects, own["sanitary_zone_m"], params)
    return prospects.assign(**filled, sanitary_zone_m=zone, industry_okved=industry)


def match_profiles(okved: Series, profiles: DataFrame) -> Series:
    """Return the key of the profile whose OKVED is the longest prefix of each activity.

    A prefix ends at a dot or at the division: "20.14" matches "20.1" and "20", never "2".

    Raises
    ------
    TableError
        Listing every unmatched activity.
    """
    known = set(profiles.index.astype(str))
    found = {code: _longest_prefix(str(code).strip(), known) for code in okved.unique()}
    matched = okved.map(found)
    lost = okved.index[matched.isna()]
    if len(lost):
        codes = ", ".join(sorted({str(code) for code in okved[lost]}))
        rows = tuple(map(str, sorted(lost)))
        problem = Problem(
            code="prospect_without_profile", layer="prospects", rows=rows, values={"okved": codes}
        )
        raise TableError(problem)
    return matched.astype("str")


def _longest_prefix(code: str, known: set[str]) -> str | None:
    # a division has two digits: shorter prefixes would join unrelated industries
    for length in range(len(code), 1, -1):
        if code[:length] in known:
            return code[:length]
    return None


def _middle(own: DataFrame, stem: str) -> Series:
    return (own[f"{stem}_low"] + own[f"{stem}_high"]) / 2


def _given(prospects: GeoDataFrame, name: str, typical: Series) -> Series:
    if name not in prospects.columns:
        return typical.astype(float)
    # an empty figure means "as usual in the industry": that is what the profile states
    return pd.to_numeric(prospects[name]).astype(float).fillna(typical)


def _zone(prospects: GeoDataFrame, typical: Series, params: ServeParams) -> Series:
    if "sanitary_class" not in prospects.columns:
        return typical.astype(float)
    told = prospects["sanitary_class"].map(params.sanitary_zone_m)
    return told.astype(float).fillna(typical)
