"""Which plots make which candidate site: a row per site and plot.

Site ids derive from plot ids only: IP-a a whole plot, IP-a+2 an assembly whose first plot is a with
two more, IP-a~2 a park of two parts, BF-a or BF-a+2 a brownfield park, EX-P the expansion of park
P, TP-a a technopark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.land.assembly import grow_all, read_land
from siting.land.brownfields import find_brownfields
from siting.land.expansion import expand_parks
from siting.land.parts import join_parts
from siting.tables.inputs import BROWNFIELD_PARK, INDUSTRIAL_PARK, TECHNOPARK
from siting.units import M2_PER_HA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.land.assembly import Assembly
    from siting.region import LandParams

_PREFIX: Final = {INDUSTRIAL_PARK: "IP", BROWNFIELD_PARK: "BF", TECHNOPARK: "TP"}


def find_members(
    plots: GeoDataFrame, is_fitting: NDArray[np.bool_], parks: GeoDataFrame, params: LandParams
) -> DataFrame:
    """Return a row per site and plot, sorted, with the position of the plot.

    Columns: site_id, kind, plot, gap_km, parts_count, and `expands`, the existing park that the
    site is an expansion of.

    Parameters
    ----------
    plots
        Table EXCLUDED, sorted by id.
    is_fitting
        Production is allowed on the plot as it is, shape (n,).
    parks
        Existing parks.
    params
        Areas and gaps.
    """
    ids = plots.index.astype("str").to_numpy(dtype=object)
    land = read_land(plots, is_fitting, params)
    grown = grow_all(land, params)
    works = find_brownfields(plots, land, params)
    is_joined = np.zeros(len(plots), dtype=bool)
    is_joined[[place for one in grown for place in one.members]] = True
    is_large = plots.area.to_numpy() >= params.min_park_ha * M2_PER_HA
    is_large &= ~is_joined | (plots["buildable_ha"].to_numpy() >= params.alternative_ha)
    # the same plots are offered once, as what they are
    is_large[[one.members[0] for one in works if len(one.members) == 1]] = False
    old = {one.members for one in works}
    is_built = plots["building_m2"].to_numpy(dtype=float) >= params.min_technopark_building_m2
    parts = [
        *_whole(INDUSTRIAL_PARK, np.flatnonzero(is_large), ids),
        *_whole(TECHNOPARK, np.flatnonzero(is_built), ids),
        *(_assembled(one, ids, INDUSTRIAL_PARK) for one in grown if one.members not in old),
        *(_assembled(one, ids, INDUSTRIAL_PARK) for one in join_parts(land, grown, params)),
        *(_assembled(one, ids, BROWNFIELD_PARK) for one in works),
        *(
            _rows(f"EX-{one.park_id}", one.members, one.gap_km, expands=one.park_id)
            for one in expand_parks(land, parks, params)
        ),
    ]
    text = {"kind": "str", "site_id": "str", "expands": "str"}
    empty = _rows("", (), 0.0)
    found = pd.concat(parts or [empty], ignore_index=True).astype({**text, "plot": np.intp})
    return found.sort_values(["site_id", "plot"], kind="stable")


def _assembled(one: Assembly, ids: NDArray[np.object_], kind: str) -> DataFrame:
    """Return the rows of a site of one plot or several, or of several parts."""
    more = len(one.members) - 1
    several = f"~{one.parts_count}" if one.parts_count > 1 else f"+{more}" if more else ""
    site_id = f"{_PREFIX[kind]}-{ids[one.members[0]]}{several}"
    rows = _rows(site_id, one.members, one.gap_km, parts_count=one.parts_count)
    return rows.assign(kind=kind)


def _whole(kind: str, at: NDArray[np.intp], ids: NDArray[np.object_]) -> list[DataFrame]:
    """Return the rows of plots that are sites by themselves."""
    if len(at) == 0:
        return []
    rows = _rows("", tuple(at.tolist()), 0.0)
    return [rows.assign(kind=kind, site_id=[f"{_PREFIX[kind]}-{ids[place]}" for place in at])]


def _rows(
    site_id: str,
    members: Iterable[int],
    gap_km: float,
    *,
    parts_count: int = 1,
    expands: str | None = None,
) -> DataFrame:
    places = list(members)
    return pd.DataFrame(
        {
            "kind": INDUSTRIAL_PARK,
            "plot": places,
            "site_id": site_id,
            "gap_km": gap_km,
            "parts_count": parts_count,
            "expands": pd.Series([expands] * len(places), dtype="str"),
        }
    )
