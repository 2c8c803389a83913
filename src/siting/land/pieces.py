"""Sums of polygons by group, and what is too small to count.

Everything here is one call of shapely over whole arrays; there is no loop over plots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Geometries = NDArray[np.object_]
    Positions = NDArray[np.intp]


def unite(geometries: Geometries, group: Positions, groups_count: int) -> Geometries:
    """Return the union of the geometries of each group, None for a group without any.

    Parameters
    ----------
    geometries
        Polygons, shape (n,).
    group
        The group of each, 0 to `groups_count` - 1, in any order, shape (n,).
    groups_count
        Length of the result.
    """
    united = np.full(groups_count, None, dtype=object)
    if len(geometries) == 0:
        return united
    order = np.argsort(group, kind="stable")
    present, sizes = np.unique(group, return_counts=True)
    gathered = np.empty(len(present), dtype=object)
    rows = np.repeat(np.arange(len(present)), sizes)
    shapely.geometrycollections(geometries[order], indices=rows, out=gathered)
    single = sizes == 1
    first = np.cumsum(sizes) - sizes
    united[present[single]] = geometries[order][first[single]]
    # a column of collections: the union runs over each row, in C
    united[present[~single]] = shapely.union_all(gathered[~single].reshape(-1, 1), axis=1)
    return united


def keep_large(geometries: Geometries, least_m2: float) -> Geometries:
    """Return the geometries without parts smaller than `least_m2`; None where none is left."""
    kept = np.full(len(geometries), None, dtype=object)
    parts, owner = shapely.get_parts(geometries, return_index=True)
    area = shapely.area(parts)
    # lines and points left over by an overlay have no area and are never land
    large = (area > 0) & (area >= least_m2)
    parts, owner = parts[large], owner[large]
    if len(parts) == 0:
        return kept
    present, sizes = np.unique(owner, return_counts=True)
    first = np.cumsum(sizes) - sizes
    single = sizes == 1
    kept[present[single]] = parts[first[single]]
    many = np.repeat(~single, sizes)
    if many.any():
        index = np.repeat(np.arange(int((~single).sum())), sizes[~single])
        kept[present[~single]] = shapely.multipolygons(parts[many], indices=index)
    return kept


def area_m2(geometries: Geometries) -> NDArray[np.float64]:
    """Return the area of each geometry, m2, 0 for None, shape (n,)."""
    return np.nan_to_num(shapely.area(geometries), nan=0.0)
