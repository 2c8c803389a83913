"""Brownfield parks: old works whose buildings residents may use, alone or several side by side.

Old works are plots of status brownfield. They are a candidate of their own kind where the plots
have the area of a park and buildings of at least `min_brownfield_building_m2` together; with less
the land is an industrial park like any other, and `land_status` tells what stands on it. In law a
brownfield park is an industrial park, so the acts on those judge it, and their own rows besides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from siting.land.assembly import Assembly, grow_all
from siting.units import M2_PER_HA

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from siting.land.assembly import Land
    from siting.region import LandParams

OLD_WORKS = "brownfield"


def find_brownfields(plots: GeoDataFrame, land: Land, params: LandParams) -> list[Assembly]:
    """Return the brownfield parks among plots sorted by id: single plots, then assemblies."""
    is_old = (plots["status"] == OLD_WORKS).to_numpy()
    # what is not told is not there: buildings nobody knows of serve no resident
    building_m2 = plots["building_m2"].fillna(0.0).to_numpy(dtype=float)
    is_large = is_old & (land.area_m2 >= params.min_park_ha * M2_PER_HA)
    is_lone = is_large & (building_m2 >= params.min_brownfield_building_m2)
    lone = [Assembly(members=(at,), gap_km=0.0) for at in np.flatnonzero(is_lone).tolist()]
    grown = grow_all(replace(land, is_usable=land.is_usable & is_old), params)
    return lone + [
        one
        for one in grown
        if building_m2[list(one.members)].sum() >= params.min_brownfield_building_m2
    ]
