"""Surfaces of cost: what it costs to connect a park anywhere, by utility and in total.

Sampled on cells of `surface_cell_m` at the cell of the raster in their middle, from the same
sweeps that price sites and plots, so a surface costs next to nothing. As plots, a cell chooses
among the sources kept. Cells outside the districts of the region are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from affine import Affine
from rasterio.features import rasterize

from siting.network.costs import ONE_PER_PARK
from siting.network.tally import Tally
from siting.units import UTILITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from siting.network.screen import Scene
    from siting.network.surface import Ints
    from siting.region import NetworkParams
    from siting.tables import Layers


@dataclass(frozen=True, kw_only=True)
class CostSurfaces:
    """Cost of connecting a park of each of some sizes, on a raster of coarse cells."""

    crs: str
    transform: Affine
    """From column and row of a cell's corner to metres, as rasterio wants it."""
    sizes_ha: tuple[float, ...]
    """Buildable hectares of the parks, a band each."""
    demands: Mapping[str, tuple[float, ...]]
    """Demand of those parks by utility, in the unit of `units.DEMAND_UNIT`."""
    by_utility: Mapping[str, NDArray[np.float32]]
    """Mln roubles, NaN where nothing reaches, shape (bands, rows, cols)."""
    total: NDArray[np.float32]
    """Sum over the utilities that every park needs, NaN where one of them is."""


def surface_tally(scene: Scene, layers: Layers, params: NetworkParams) -> Tally | None:
    """Return the tally that collects the surfaces, None where the region wants none."""
    if not params.surface_ha:
        return None
    cells = _samples(scene, params).ravel()
    if len(layers.districts):
        inside = _inside(scene, layers, params).ravel()
        cells = np.where(inside, cells, -1)
    many = np.tile(cells, len(params.surface_ha))
    demands = {
        utility: np.repeat(np.asarray(told, float), len(cells))
        for utility, told in _demands(params).items()
        if (layers.connection_options["utility"] == utility).any()
    }
    return Tally(scene, layers.connection_options, many, demands)


def make_surfaces(scene: Scene, tally: Tally | None, params: NetworkParams) -> CostSurfaces | None:
    """Return the surfaces that a tally has collected."""
    if tally is None:
        return None
    shape = (len(params.surface_ha), *_samples(scene, params).shape)
    costs = {
        utility: np.where(np.isfinite(best.told.cost_mrub), best.told.cost_mrub, np.nan)
        for utility, best in tally.best.items()
    }
    nothing = np.full(len(tally.cells), np.nan)
    total = sum((costs.get(u, nothing) for u in params.park_utilities), start=np.zeros(1))
    return CostSurfaces(
        crs=scene.sources.crs.to_string(),
        transform=_transform(scene, params),
        sizes_ha=params.surface_ha,
        demands=_demands(params),
        by_utility={u: cost.astype(np.float32).reshape(shape) for u, cost in costs.items()},
        total=np.broadcast_to(total, nothing.shape).astype(np.float32).reshape(shape),
    )


def _demands(params: NetworkParams) -> dict[str, tuple[float, ...]]:
    """Return the demand of a park of each size by utility, those it has none of left out."""
    told = {
        utility: tuple(
            1.0 if utility in ONE_PER_PARK else ha * params.park_demand_ha.get(utility, 0.0)
            for ha in params.surface_ha
        )
        for utility in UTILITIES
    }
    return {utility: demand for utility, demand in told.items() if any(demand)}


def _step(scene: Scene, params: NetworkParams) -> int:
    return max(1, round(params.surface_cell_m / scene.grid.cell_m))


def _transform(scene: Scene, params: NetworkParams) -> Affine:
    grid, side = scene.grid, scene.grid.cell_m * _step(scene, params)
    return Affine(side, 0, grid.left_m, 0, -side, grid.top_m)


def _samples(scene: Scene, params: NetworkParams) -> Ints:
    """Return the cell of the raster that stands for each coarse cell, shape (rows, cols)."""
    step = _step(scene, params)
    rows = np.arange(step // 2, scene.grid.rows, step)
    cols = np.arange(step // 2, scene.grid.cols, step)
    return rows[:, None] * scene.grid.cols + cols


def _inside(scene: Scene, layers: Layers, params: NetworkParams) -> NDArray[np.bool_]:
    """Return whether each coarse cell is in a district of the region."""
    return rasterize(
        layers.districts.geometry.tolist(),
        out_shape=_samples(scene, params).shape,
        transform=_transform(scene, params),
        all_touched=True,
        dtype="uint8",
    ).astype(bool)
