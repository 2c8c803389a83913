"""What distance costs: straight distances, freight per rouble of goods, price delivered.

Ignores the road network and the kind of transport: freight is per km of straight line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from siting.units import M_PER_KM

if TYPE_CHECKING:
    from pandas import DataFrame

    from siting.economy_params import EconomyParams

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.intp]


def distance_km(origins_m: Floats, targets_m: Floats) -> Floats:
    """Return straight distances between points given in metres, km, shape (n, m)."""
    x = origins_m[:, None, 0] - targets_m[None, :, 0]
    y = origins_m[:, None, 1] - targets_m[None, :, 1]
    return np.hypot(x, y) / M_PER_KM


def mean_distance_km(origins_m: Floats, targets_m: Floats, weights: Floats) -> Floats:
    """Return the weighted mean distance from each origin to the targets, km, shape (n,).

    NaN where nothing has weight, because then there is nobody to be near to.
    """
    total = weights.sum()
    if total <= 0:
        return np.full(len(origins_m), np.nan)
    return distance_km(origins_m, targets_m) @ (weights / total)


def freight_per_km(products: DataFrame, params: EconomyParams) -> Floats:
    """Return the freight of a rouble of goods over a km, share of price per km, shape (p,).

    A tonne costs the same to carry whatever it is worth, so cheap goods travel badly:
    freight per tonne and km divided by the value of a tonne. Goods whose value per tonne is
    unknown carry `params.freight_mrub_per_mrub_km`.
    """
    value = products["value_mrub_per_t"].to_numpy(float)
    known = np.isfinite(value) & (value > 0)
    by_weight = params.freight_mrub_per_t_km / np.where(known, value, 1.0)
    return np.where(known, by_weight, params.freight_mrub_per_mrub_km)


def decay_per_km(freight: Floats, params: EconomyParams) -> Floats:
    """Return by how much the logarithm of trade falls per km, shape (p,).

    Goods of the reference freight fall e-fold over `params.gravity_km`; others in proportion to
    their freight, so trade falls e-fold for each equal share of the price spent on the way.
    """
    reference = params.freight_mrub_per_mrub_km
    relative = freight / reference if reference > 0 else np.ones_like(freight)
    return relative / params.gravity_km
