"""Crossings item by item: what a route meets, how often, and what each kind costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from siting.network.crossings import decoded, kinds_of, prices_of

if TYPE_CHECKING:
    from siting.network.crossings import Ints
    from siting.region import NetworkParams


def itemise(codes: Ints, utility: str, params: NetworkParams) -> dict[str, np.ndarray]:
    """Return the columns of tables CONNECTIONS and QUOTES that itemise crossings, shape (n,) each.

    Parameters
    ----------
    codes
        What each route crosses for money, as `crossings.coded`, shape (n,).
    utility
        Whose share of the price of a crossing is paid.
    params
        Classes of water and prices.
    """
    kinds, waters = kinds_of(params), len(params.waters)
    counts = decoded(codes, len(kinds))
    money = counts * prices_of(params) * params.crossing_share.get(utility, 1.0)
    return {
        "crossings": _told(codes, kinds),
        "rivers_mrub": money[:, :waters].sum(axis=1),
        "railways_mrub": money[:, waters],
        "roads_mrub": money[:, waters + 1],
    }


def _told(codes: Ints, kinds: tuple[str, ...]) -> np.ndarray:
    """Return `stream=1;railway=2` for each code, None where nothing is crossed."""
    unique, back = np.unique(codes, return_inverse=True)
    told: list[str | None] = [
        ";".join(f"{kind}={count}" for kind, count in zip(kinds, row, strict=True) if count) or None
        for row in decoded(unique, len(kinds)).tolist()
    ]
    return np.array([*told, None], object)[back]
