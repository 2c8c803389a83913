"""Room for existing parks to grow: the plots that touch them.

A park given as a point with an area is a disc of that area; one without an area is its point, and
grows only by plots at it. Plots are taken as assemblies are (see `assembly`): to the target,
compact together with the park, few owners and transfers. Technoparks grow by buildings and are left
out. What is free within the park is told beside the site (`park_free_ha`), not added to it: nobody
knows where it lies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from siting.land.assembly import best_neighbour
from siting.units import M2_PER_HA, M_PER_KM

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from siting.land.assembly import Land
    from siting.land.pieces import Geometries
    from siting.region import LandParams

GROWING = ("industrial_park", "economic_zone")


@dataclass(frozen=True, kw_only=True)
class Expansion:
    """Plots that could join an existing park."""

    park_id: str
    members: tuple[int, ...]
    """Positions of the plots, ascending."""
    gap_km: float
    """Greatest gap between the park and a plot, km."""


def expand_parks(land: Land, parks: GeoDataFrame, params: LandParams) -> list[Expansion]:
    """Return how each park could grow, by id, without the parks that have no usable plot beside."""
    growing = parks[parks["kind"].isin(GROWING)].sort_index()
    usable = np.flatnonzero(land.is_usable)
    if growing.empty or len(usable) == 0 or not params.expands_parks:
        return []
    outlines = park_outlines(growing)
    park, place = shapely.STRtree(land.geometry[usable]).query(
        outlines, predicate="dwithin", distance=params.max_gap_m
    )
    names = growing.index.astype("str")
    found = []
    for at in np.unique(park):
        members = _take(outlines[at], np.sort(usable[place[park == at]]), land, params)
        if members:
            gap_m = shapely.distance(outlines[at], land.geometry[members]).max()
            found.append(
                Expansion(
                    park_id=names[at], members=tuple(sorted(members)), gap_km=gap_m / M_PER_KM
                )
            )
    return found


def park_outlines(parks: GeoDataFrame) -> Geometries:
    """Return the outline of each park: its polygon, a disc of its area, or its point."""
    shapes = parks.geometry.to_numpy().copy()
    is_disc = (parks.geom_type == "Point").to_numpy() & parks["area_ha"].notna().to_numpy()
    area_m2 = parks["area_ha"].to_numpy(dtype=float)[is_disc] * M2_PER_HA
    shapes[is_disc] = shapely.buffer(shapes[is_disc], np.sqrt(area_m2 / np.pi), quad_segs=32)
    return shapes


def _take(
    outline: shapely.Geometry, adjacent: np.ndarray, land: Land, params: LandParams
) -> list[int]:
    members: list[int] = []
    hull = shapely.convex_hull(outline)
    own_m2 = float(shapely.area(outline))
    while land.buildable_ha[members].sum() < params.target_park_ha:
        free = adjacent[~np.isin(adjacent, members)]
        choice = best_neighbour(members, hull, free, land, params, own_m2=own_m2)
        if choice is None:
            break
        members.append(choice)
        hull = shapely.convex_hull(shapely.union(hull, land.geometry[choice]))
    return members
