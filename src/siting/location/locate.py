"""Where a site lies: workers within reach, what competitors leave of them, and how far buyers are.

    minutes(x, i)   least time by road from site x to settlement i
    workers_45min   sum of the workforce of settlements within commute_minutes
    workers left    sum over i of W_i A_x f(x, i) / (A_x f(x, i) + sum over rivals k of A_k f(k, i))

with f = 2^-(minutes / half_commute_minutes)^2 within commute_minutes, else 0; A the jobs of a
place: of enterprises their employees, of existing and chosen parks and of the site its hectares
times workers_ha.
Sources: Huff 1964 (shares by pull); Luo and Qi 2009 (enhanced two-step floating catchment). Ignores
wages, skills, buses and those who move house.

`freight_mrub_year` is the freight of those who fill the site alone with the enterprises they are
linked to, at the road distance from the site: links are inherited (`siting.location.kinship`).

`consumers_km` is the mean road distance to the people of the region, `buyers_km` that to its
enterprises by employees: buyers of goods for production. A pair with no way by road is measured by
straight line times `winding`, and `by_road_share` says how much of the workforce is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from siting.location.roads import MINUTES_PER_HOUR, travel
from siting.tables import check
from siting.tables.location import LOCATED
from siting.units import M_PER_KM

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.region import LocationParams
    from siting.tables import Layers

    Floats = NDArray[np.float64]


def locate(
    sites: GeoDataFrame,
    *,
    kin: DataFrame,
    residents: DataFrame,
    layers: Layers,
    params: LocationParams,
) -> GeoDataFrame:
    """Return table LOCATED: workers within reach, distances to buyers, freight of every site.

    Parameters
    ----------
    kin
        Links of prospects, as `inherit_links` makes them.
    residents
        Flags: index site_id, columns prospect_id; who fills each site if it alone is opened.
    """
    columns, firm_km = measure(sites, layers, params)
    volumes = _volumes(kin, residents.columns, layers.enterprises.index)
    here = residents.loc[sites.index].to_numpy(float) @ volumes
    freight = (here * firm_km).sum(axis=1) * params.freight_mrub_per_mrub_km
    return check(sites.assign(**columns, freight_mrub_year=freight), LOCATED)


def _volumes(kin: DataFrame, prospects: pd.Index, firms: pd.Index) -> Floats:
    """Return what each prospect trades with each enterprise a year, both ways, mln roubles."""
    volumes = np.zeros((len(prospects), len(firms)))
    for one, other in (("supplier_id", "buyer_id"), ("buyer_id", "supplier_id")):
        row = prospects.get_indexer(pd.Index(kin[one]))
        column = firms.get_indexer(pd.Index(kin[other]))
        known = (row >= 0) & (column >= 0)
        np.add.at(volumes, (row[known], column[known]), kin["volume_mrub"].to_numpy(float)[known])
    return volumes


def measure(
    sites: GeoDataFrame, layers: Layers, params: LocationParams
) -> tuple[dict[str, pd.Series], Floats]:
    """Return the columns of workers and distances, and km to each enterprise, shape (n, e).

    Needs of `sites` their geometry, buildable_ha and is_chosen.
    """
    lines = layers.infrastructure
    is_road = (lines["utility"] == "road") & (lines["status"] == "operating")
    is_line = lines.geom_type.isin(("LineString", "MultiLineString"))
    roads = lines[is_road & is_line]
    towns, firms = layers.settlements, layers.enterprises
    at = [_middles(frame) for frame in (sites, layers.parks, firms, towns)]
    origins = np.concatenate(at[:3])
    km, minutes, by_road = _ways(roads, origins, at[3], params)
    n = len(sites)
    firm_km, _, _ = _ways(roads, at[0], at[2], params)
    people = towns["population"].astype(float).to_numpy()
    # a settlement that states no workforce has the usual share of its people
    workforce = towns["workforce"].astype(float).to_numpy()
    workforce = np.where(np.isfinite(workforce), workforce, people * params.unknown_workforce_share)
    near = minutes <= params.commute_minutes
    pull = np.exp2(-((minutes / params.half_commute_minutes) ** 2)) * near
    pull *= _jobs(sites, layers, params)[:, None]
    is_rival = np.ones(len(origins), bool)
    is_rival[:n] = sites["is_chosen"].to_numpy(bool)
    left = _left(pull, is_rival, n, workforce)
    employees = firms["employees"].astype(float)
    # who states no size counts as the middle firm
    size = employees.fillna(employees.median()).fillna(1.0).to_numpy()
    found = {
        "workers_45min_count": near[:n] @ workforce,
        "workers_left_count": left,
        "consumers_km": _mean(km[:n], people),
        "buyers_km": _mean(firm_km, size),
        "by_road_share": _mean(by_road[:n].astype(float), workforce),
    }
    return {name: pd.Series(told, index=sites.index) for name, told in found.items()}, firm_km


def _middles(frame: GeoDataFrame) -> Floats:
    """Return a point inside each shape, m, shape (n, 2): the place people come to."""
    points = frame.geometry.representative_point()
    return np.stack([points.x.to_numpy(float), points.y.to_numpy(float)], axis=1)


def _jobs(sites: GeoDataFrame, layers: Layers, params: LocationParams) -> Floats:
    """Return the jobs of sites, existing parks and enterprises, in that order."""
    parks, firms = layers.parks, layers.enterprises
    share = parks["occupancy_share"].astype(float).fillna(1.0)
    area = parks["area_ha"].astype(float).fillna(0.0)
    employees = firms["employees"].astype(float)
    return np.concatenate(
        [
            sites["buildable_ha"].to_numpy(float) * params.workers_ha,
            (area * share).to_numpy() * params.workers_ha,
            employees.fillna(employees.median()).fillna(0.0).to_numpy(),
        ]
    )


def _ways(
    roads: GeoDataFrame, origins: Floats, targets: Floats, params: LocationParams
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return km, minutes and whether by road, shape (o, t): else by straight line."""
    km, minutes = travel(roads, origins, targets, params)
    straight = np.linalg.norm(origins[:, None] - targets[None], axis=2) / M_PER_KM * params.winding
    local = straight / params.local_speed_kmh * MINUTES_PER_HOUR
    far = straight / params.unknown_speed_kmh * MINUTES_PER_HOUR
    by_road = np.isfinite(minutes)
    km = np.where(by_road, km, straight)
    minutes = np.where(by_road, minutes, far)
    # neighbours reach each other whatever roads are drawn
    near = straight <= params.local_km
    shorter = near & (local < minutes)
    return (
        np.where(near, np.minimum(km, straight), km),
        np.where(shorter, local, minutes),
        by_road,
    )


def _left(pull: Floats, is_rival: NDArray[np.bool_], n: int, workforce: Floats) -> Floats:
    """Return the workers each site may count on against its rivals, shape (n,)."""
    all_rivals = pull[is_rival].sum(axis=0)
    own = pull[:n]
    # a chosen site is no rival of itself
    rivals = all_rivals - np.where(is_rival[:n, None], own, 0.0)
    total = own + np.maximum(rivals, 0.0)
    share = np.divide(own, total, out=np.zeros(own.shape), where=total > 0)
    return np.asarray(share @ workforce)


def _mean(values: Floats, weights: Floats) -> Floats:
    total = weights.sum()
    if not len(weights) or total <= 0:
        return np.full(len(values), np.nan)
    return np.asarray(values @ weights / total)
