"""Why something is not connected: sites that no network reaches, sources that none can tap.

Nothing is dropped in silence. A source beyond the raster is farther than `max_route_km` from every
place asked about, or near only to the edge of it; it is listed, as is one that stands on a barrier
with no free cell within `snap_m`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from siting.network.moves import RING
from siting.network.options import is_standalone, options_of
from siting.network.screen import find_roots, snap
from siting.units import UTILITIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.network.options import SourceClass
    from siting.network.screen import Scene
    from siting.network.surface import Floats, Ground

NO_SOURCE: Final = "_no_source"
ON_BARRIER: Final = "_on_barrier"
"""What is added to `no_<utility>` where more is known than that nothing reaches so far."""

REASONS: Final = ("outside_raster", "source_on_barrier")
"""Why a source that some option fits is not used."""


@dataclass(frozen=True, kw_only=True)
class Unconnected:
    """What stops connections, whatever their price."""

    sourceless: frozenset[str]
    """Utilities of which no source fits any option, and no option stands alone."""
    barred: Mapping[str, NDArray[np.bool_]]
    """By utility: sites with no free cell near from which to build, shape (n,)."""
    sources: DataFrame
    """Rows of REPAIRS: sources that some option fits and nobody can tap."""

    def cause(self, utility: str) -> NDArray[np.str_]:
        """Return the cause of refusal of each site that `utility` does not reach, shape (n,)."""
        plain = f"no_{utility}"
        if utility in self.sourceless:
            return np.array([plain + NO_SOURCE])
        if utility not in self.barred:
            return np.array([plain])
        return np.where(self.barred[utility], plain + ON_BARRIER, plain)


def find_unconnected(
    scene: Scene,
    options: DataFrame,
    classes: Sequence[SourceClass],
    grounds: Mapping[str, Ground],
    xy: Floats,
) -> Unconnected:
    """Return what cannot be connected among sites at `xy`, shape (n, 2), and all sources."""
    served = {group.utility for group in classes}
    alone = {u for u in UTILITIES if is_standalone(options_of(options, u)).any()}
    cells = scene.grid.cells(xy)
    on_ground = {family: snap(scene, ground, cells)[0] >= 0 for family, ground in grounds.items()}
    return Unconnected(
        sourceless=frozenset(set(UTILITIES) - served - alone),
        barred={
            utility: ~np.any([on_ground[c.family] for c in classes if c.utility == utility], axis=0)
            for utility in served - alone
        },
        sources=_untapped(scene, classes, grounds),
    )


def _untapped(
    scene: Scene, classes: Sequence[SourceClass], grounds: Mapping[str, Ground]
) -> DataFrame:
    """Return table REPAIRS: sources that fit and have no cell from which to tap them."""
    wanted = pd.Index(sorted({one for group in classes for one in group.source_ids}))
    outside = ~_meets_grid(scene, wanted)
    found = dict.fromkeys(wanted[outside], REASONS[0])
    tapped: set[object] = set()
    for group in classes:
        # with no barrier inside the raster every source within it has a cell
        roots = group.source_ids
        if _has_barrier(grounds[group.family], scene.grid.shape):
            told = find_roots(scene, group, grounds[group.family])
            roots = group.source_ids[np.unique(told.sources)]
        tapped |= set(roots)
    found |= dict.fromkeys([one for one in wanted[~outside] if one not in tapped], REASONS[1])
    rows = sorted(found)
    effect = scene.sources["utility"].reindex(rows)
    columns = {
        "layer": "infrastructure",
        "row_id": rows,
        "action": "not_connecting",
        "reason": [found[row] for row in rows],
        "effect": effect.to_list(),
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows))).astype("str")


def _meets_grid(scene: Scene, ids: pd.Index) -> NDArray[np.bool_]:
    """Return whether each source comes into the raster, its ring of barrier left out."""
    grid, edge = scene.grid, RING * scene.grid.cell_m
    right, bottom = grid.left_m + grid.cols * grid.cell_m, grid.top_m - grid.rows * grid.cell_m
    inside = shapely.box(grid.left_m + edge, bottom + edge, right - edge, grid.top_m - edge)
    return np.asarray(shapely.intersects(scene.sources.geometry.loc[ids].to_numpy(), inside))


def _has_barrier(ground: Ground, shape: tuple[int, int]) -> bool:
    inner = ground.friction.reshape(shape)[RING:-RING, RING:-RING]
    return bool(np.isinf(inner).any())
