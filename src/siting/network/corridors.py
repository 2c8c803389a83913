"""Where networks of the same family run already: beside them a route costs a share of new build.

The strip is cleared, the ground surveyed, the consents are of a known kind. Only what is operating
and drawn as a line makes a corridor, and every cell it touches is in it. A barrier stays a barrier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from rasterio.features import rasterize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.network.grid import Grid
    from siting.region import NetworkParams
    from siting.tables import Layers

CORRIDOR: Final = "corridor"
"""Key of the corridors among the masks of the ground: a bit for each of FAMILIES."""

FAMILIES: Final = ("underground", "overhead", "road", "rail")
"""Families of friction that a route can be of."""

_LAID: Final = {
    "underground": ("gas", "water", "sewage", "heat", "telecom"),
    "overhead": ("electricity",),
    "road": ("road",),
    "rail": ("rail",),
}
"""Utilities whose lines make a corridor for a family."""


def corridor_mask(grid: Grid, layers: Layers, params: NetworkParams) -> NDArray[np.uint8]:
    """Return a bit for each family whose corridor touches a cell, shape (rows, cols)."""
    infra = layers.infrastructure[layers.infrastructure["status"] == "operating"]
    lines = infra[infra.geom_type.isin(("LineString", "MultiLineString"))]
    mask = np.zeros(grid.shape, np.uint8)
    for bit, family in enumerate(FAMILIES):
        here = lines.geometry[lines["utility"].isin(_LAID[family])]
        if family in params.corridor_share and len(here):
            burnt = rasterize(
                here.tolist(), out_shape=grid.shape, transform=grid.transform,
                all_touched=True, dtype="uint8",
            )  # fmt: skip
            mask |= burnt << np.uint8(bit)
    return mask


def shares(family: str, mask: NDArray[np.uint8], params: NetworkParams) -> NDArray[np.float32]:
    """Return what the friction of a family is multiplied by on each cell, shape (rows, cols)."""
    inside = (mask >> np.uint8(FAMILIES.index(family))) & np.uint8(1)
    told = np.array([1.0, params.corridor_share.get(family, 1.0)], np.float32)
    return told[inside]
