"""Which candidate sites share land: a plan takes one of them.

Candidates share plots on purpose (a plot alone, in an assembly, as works and as a technopark), and
plots of a real cadastre may overlap each other. Less than a sliver is drawing, not land.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from siting.land.constraints import LIST_SEPARATOR
from siting.land.overlay import TOUCH_M2
from siting.land.pieces import area_m2
from siting.land.tiles import over_threads

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import Series

    from siting.region import LandParams


def overlaps(sites: GeoDataFrame, params: LandParams) -> Series:
    """Return the ids of the sites that share land with each, joined by ;, missing where none."""
    land = sites.geometry.to_numpy()
    one, other = shapely.STRtree(land).query(land, predicate="intersects")
    one, other = one[one < other], other[one < other]
    own = [set(ids) for ids in sites["plot_ids"].str.split(LIST_SEPARATOR)]
    is_shared = np.array(
        [not own[a].isdisjoint(own[b]) for a, b in zip(one.tolist(), other.tolist(), strict=True)],
        dtype=bool,
    )
    apart = np.flatnonzero(~is_shared)
    common = over_threads(shapely.intersection, land[one[apart]], land[other[apart]])
    is_shared[apart] = area_m2(common) > max(params.sliver_m2, TOUCH_M2)
    one, other = one[is_shared], other[is_shared]
    names = sites.index.to_numpy(dtype=object)
    pairs = pd.DataFrame(
        {"site": np.concatenate([one, other]), "with": names[np.concatenate([other, one])]}
    )
    listed = pairs.sort_values(["site", "with"]).groupby("site")["with"].agg(LIST_SEPARATOR.join)
    told = listed.reindex(range(len(sites))).set_axis(sites.index)
    return told.astype("str")
