"""Parks of several parts: plots and assemblies too small alone, at most some km from each other.

The draft change of Decree 794 of 29.04.2025 would let the parcels of one park lie up to 10 km apart
(facts.md 1.1: the draft is VERIFIED, its adoption is not). So this is an option, off by default;
`parcel_gap_km` tells the gap, and a passport shows the site under the edition in force and the
draft. Read strictly: every two parts are within the gap. The largest part is joined by the nearest
until the target is reached. Parts that are taken leave the index, which is why it is a dynamic one
(rtree): there are some thousands of parts, not a million plots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from rtree.index import Index

from siting.land.assembly import Assembly
from siting.units import M2_PER_HA, M_PER_KM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from siting.land.assembly import Land
    from siting.region import LandParams


def join_parts(land: Land, grown: Sequence[Assembly], params: LandParams) -> list[Assembly]:
    """Return the parks of several parts, whose plots are those of their parts."""
    parts = _parts(land, grown, params)
    if params.max_part_gap_km == 0 or len(parts) < 2:
        return []
    return _Joining(land, parts, params).all()


def _parts(land: Land, grown: Sequence[Assembly], params: LandParams) -> list[Assembly]:
    """Return what may be a part: assemblies and free plots below the target, largest first."""
    taken = {place for one in grown for place in one.members}
    lone = np.flatnonzero(land.is_usable & (land.buildable_ha >= params.min_part_ha)).tolist()
    every = [*grown, *(Assembly(members=(at,), gap_km=0.0) for at in lone if at not in taken)]
    sized = [(land.buildable_ha[list(one.members)].sum(), one) for one in every]
    small = [(ha, one) for ha, one in sized if ha < params.target_park_ha]
    return [one for _, one in sorted(small, key=lambda pair: (-pair[0], pair[1].members))]


class _Joining:
    """Parts not yet taken, by place."""

    def __init__(self, land: Land, parts: Sequence[Assembly], params: LandParams) -> None:
        self.parts, self.params = parts, params
        places = [list(part.members) for part in parts]
        self.shapes = [shapely.union_all(land.geometry[place]) for place in places]
        self.ha = [float(land.buildable_ha[place].sum()) for place in places]
        self.m2 = [float(land.area_m2[place].sum()) for place in places]
        self.gap_m = params.max_part_gap_km * M_PER_KM
        self.index = Index((at, shape.bounds, None) for at, shape in enumerate(self.shapes))
        self.free = set(range(len(parts)))

    def all(self) -> list[Assembly]:
        """Return every park found, seeds from the largest part on."""
        least_ha = max(self.params.min_park_ha, self.params.min_assembly_ha)
        found = []
        for seed in range(len(self.parts)):
            chosen = self._join(seed) if seed in self.free else {}
            if len(chosen) < 2 or sum(self.ha[at] for at in chosen) < least_ha:
                continue
            for at in chosen:
                self.index.delete(at, self.shapes[at].bounds)
            self.free -= set(chosen)
            members = sorted(place for at in chosen for place in self.parts[at].members)
            found.append(
                Assembly(
                    members=tuple(members),
                    gap_km=max(chosen.values()) / M_PER_KM,
                    parts_count=len(chosen),
                )
            )
        return found

    def _join(self, seed: int) -> dict[int, float]:
        """Return the parts of the park that begins with `seed`, each with its gap when taken, m."""
        chosen = {seed: 0.0}
        west, south, east, north = self.shapes[seed].bounds
        reach = self.gap_m
        around = (west - reach, south - reach, east + reach, north + reach)
        near = sorted(set(self.index.intersection(around)) - {seed})
        while sum(self.ha[at] for at in chosen) < self.params.target_park_ha:
            if len(chosen) == self.params.max_parts:
                break
            fitting = [gap for at in near if at not in chosen and (gap := self._gap(at, chosen))]
            if not fitting:
                break
            gap_m, _, at = min(fitting)
            chosen[at] = gap_m
        return chosen

    def _gap(self, at: int, chosen: dict[int, float]) -> tuple[float, tuple[int, ...], int] | None:
        """Return the gap to the nearest part chosen, m, and what breaks ties; None if too far."""
        area_m2 = self.m2[at] + sum(self.m2[other] for other in chosen)
        apart_m = shapely.distance(self.shapes[at], [self.shapes[other] for other in chosen])
        if apart_m.max() > self.gap_m or area_m2 > self.params.max_park_ha * M2_PER_HA:
            return None
        # whole millimetres, so that a map moved by a kilometre does not break ties another way
        return round(float(apart_m.min()), 3), self.parts[at].members, at
