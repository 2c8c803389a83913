"""What a metre of route costs on each cell, against a metre on open ground.

The dearest cover of a cell wins. A cover that is a barrier to a family takes every cell it
touches, so that a river narrower than a cell has no gaps; other covers take the cells whose
centre they hold. Where a DEM is given, steep ground multiplies the price of its cover (`steep`).
Ignored: built-up places drawn as points, which have no area.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from rasterio.features import rasterize

from siting.network.corridors import CORRIDOR, corridor_mask, shares
from siting.network.moves import RING
from siting.network.steep import SLOPE, multipliers, slope_percent
from siting.tables.inputs import COVERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoSeries
    from numpy.typing import NDArray

    from siting.network.grid import Grid
    from siting.region import NetworkParams
    from siting.tables import Layers

ALL_COVERS: Final = (*COVERS, "protected")
BARRIER: Final = -1.0
"""How region.toml writes a barrier: TOML could say inf, JSON could not."""


def cover_masks(grid: Grid, layers: Layers, params: NetworkParams) -> dict[str, NDArray[np.uint8]]:
    """Return a bit for each cover on each cell: by `centre` and, for barriers, `touched`.

    Where a DEM is given, also the `slope` of each cell, per cent; where the region makes corridors
    cheaper, a bit for each family in its `corridor`.
    """
    barriers = {
        cover
        for prices in params.friction.values()
        for cover, price in prices.items()
        if price == BARRIER
    }
    masks = {name: np.zeros(grid.shape, np.uint8) for name in ("centre", "touched")}
    for bit, cover in enumerate(ALL_COVERS):
        shapes = _areas(layers, cover)
        if shapes.empty:
            continue
        masks["centre"] |= _burn(grid, shapes, all_touched=False) << np.uint8(bit)
        if cover in barriers:
            masks["touched"] |= _burn(grid, shapes, all_touched=True) << np.uint8(bit)
    if layers.elevation is not None:
        masks[SLOPE] = slope_percent(grid, layers.elevation)
    if params.corridor_share:
        masks[CORRIDOR] = corridor_mask(grid, layers, params)
    return masks


def friction_of(
    family: str, masks: Mapping[str, NDArray[np.uint8]], params: NetworkParams
) -> NDArray[np.float32]:
    """Return the friction of a family on every cell, shape (rows, cols); inf is a barrier.

    A family or cover that the region does not price costs what open ground does.
    """
    prices = params.friction.get(family, {})
    open_ground, blocked = np.ones(1 << len(ALL_COVERS)), np.zeros(1 << len(ALL_COVERS), bool)
    for bits in range(1, 1 << len(ALL_COVERS)):
        here = [c for bit, c in enumerate(ALL_COVERS) if bits >> bit & 1]
        told = [prices.get(cover, 1.0) for cover in here]
        blocked[bits] = BARRIER in told
        open_ground[bits] = max([price for price in told if price != BARRIER], default=1.0)
    friction = open_ground.astype(np.float32)[masks["centre"]]
    if SLOPE in masks:
        friction *= multipliers(family, params)[masks[SLOPE]]
    if CORRIDOR in masks:
        friction *= shares(family, masks[CORRIDOR], params)
    friction[blocked[masks["touched"]]] = np.inf
    for edge in (np.s_[:RING], np.s_[-RING:], np.s_[:, :RING], np.s_[:, -RING:]):
        friction[edge] = np.inf
    return friction


def _areas(layers: Layers, cover: str) -> GeoSeries:
    """Return the polygons of a cover: terrain, built-up settlements, protected areas."""
    found = [layers.terrain.geometry[layers.terrain["cover"] == cover]]
    if cover == "built_up":
        found.append(layers.settlements.geometry)
    if cover == "protected":
        found.append(layers.constraints.geometry[layers.constraints["kind"] == "protected area"])
    areas = pd.concat(found)
    return areas[areas.geom_type.isin(("Polygon", "MultiPolygon"))]


def _burn(grid: Grid, shapes: GeoSeries, *, all_touched: bool) -> NDArray[np.uint8]:
    return rasterize(
        shapes.tolist(),
        out_shape=grid.shape,
        transform=grid.transform,
        all_touched=all_touched,
        dtype="uint8",
    )
