"""What zones take of plots: who meets whom, how much, and what is left.

A general overlay costs some 25 microseconds a pair, however small the shapes, so as few as possible
are made. Prepared predicates tell the plots wholly within a tile, which need none. What is left of
a plot is found by taking away one tile after the other, and what a zone takes of a plot that meets
nothing else is the rest. Other areas are clipped by the convex plot itself (see `clip`); only plots
that are not convex, and plots on several tiles of one zone, are laid over by shapely once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from siting.land.clip import clipped_m2, is_convex
from siting.land.pieces import area_m2, unite
from siting.land.tiles import over_threads, runs_of_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.land.pieces import Geometries, Positions

TOUCH_M2: Final = 0.01
"""Less than this is a common edge seen through rounding, neither a loss nor land, m2."""
_TILES_AT_ONCE: Final = 2048


@dataclass(frozen=True, kw_only=True)
class Hits:
    """Pairs of a plot and a tile that share ground: positions, ascending, shape (n,)."""

    plot: Positions
    tile: Positions
    is_whole: NDArray[np.bool_]
    """The plot lies wholly within the tile."""

    def where(self, chosen: NDArray[np.bool_]) -> Hits:
        """Return the chosen pairs."""
        return Hits(plot=self.plot[chosen], tile=self.tile[chosen], is_whole=self.is_whole[chosen])


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What tiles leave of plots."""

    plot: Positions
    """Plots that lose something, ascending, shape (n,)."""
    left: Geometries
    """What is left of each, None where nothing, shape (n,)."""


def find_hits(land: Geometries, tiles: Geometries) -> Hits:
    """Return the pairs of a plot and a tile that share more than a corner or an edge."""
    tree = shapely.STRtree(land)

    def ask(some: slice) -> tuple[Positions, Positions, NDArray[np.bool_]]:
        # a prepared tile is asked by one thread only: it is built when first asked
        mine = tiles[some]
        shapely.prepare(mine)
        tile, plot = tree.query(mine, predicate="intersects")
        whole = shapely.covers(mine[tile], land[plot])
        shapely.destroy_prepared(mine)
        return plot, tile + some.start, whole

    parts = runs_of_threads(ask, len(tiles), _TILES_AT_ONCE)
    plot, tile, whole = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((tile, plot))
    return Hits(plot=plot[order], tile=tile[order], is_whole=whole[order])


def take(land: Geometries, tiles: Geometries, hits: Hits) -> Taken:
    """Return what is left of the plots of `hits` without their tiles."""
    plot, first, count = np.unique(hits.plot, return_index=True, return_counts=True)
    is_lost = np.logical_or.reduceat(hits.is_whole, first) if len(plot) else np.empty(0, bool)
    left = land[plot]
    left[is_lost] = None
    # one tile after the other: round k takes the k-th tile of every plot that has so many
    for k in range(int(count.max(initial=0))):
        some = np.flatnonzero(~is_lost & (count > k))
        left[some] = over_threads(shapely.difference, left[some], tiles[hits.tile[first[some] + k]])
    return Taken(plot=plot, left=left)


def shared_m2(
    land: Geometries, tiles: Geometries, of_zone: Positions, hits: Hits, taken: Taken
) -> DataFrame:
    """Return a row per plot and zone that share land: positions `plot` and `zone`, `area_m2`.

    `taken` is what tiles among `hits` leave of plots: of a plot with one hit it tells the area.
    """
    zones_count = int(of_zone.max(initial=0)) + 1
    key = hits.plot * zones_count + of_zone[hits.tile]
    pair, group, count = np.unique(key, return_inverse=True, return_counts=True)
    area = np.zeros(len(pair))
    # tiles do not stand in the order of their zones, so each area finds its own pair
    is_lone = count[group] == 1
    # a plot that meets one tile and nothing else shares with it what it has lost
    rest = np.full(len(land), np.nan)
    rest[taken.plot] = area_m2(taken.left)
    is_only = is_lone & (np.bincount(hits.plot, minlength=len(land))[hits.plot] == 1)
    is_only &= ~np.isnan(rest[hits.plot])
    only = hits.plot[is_only]
    area[group[is_only]] = area_m2(land[only]) - rest[only]
    is_met = is_lone & ~is_only
    area[group[is_met]] = _lone_m2(land, tiles, hits.where(is_met))
    several = hits.where(~is_lone)
    # of several tiles of one zone, which may overlap, the union counts
    places, place = np.unique(group[~is_lone], return_inverse=True)
    pieces = over_threads(shapely.intersection, land[several.plot], tiles[several.tile])
    area[places] = area_m2(unite(pieces, place, len(places)))
    plot, zone = np.divmod(pair, zones_count)
    shared = pd.DataFrame({"plot": plot, "zone": zone, "area_m2": area})
    return shared[shared["area_m2"] > TOUCH_M2].reset_index(drop=True)


def _lone_m2(land: Geometries, tiles: Geometries, hits: Hits) -> NDArray[np.float64]:
    """Return the area that plot and tile of each pair share, m2, shape (n,)."""
    area = area_m2(land[hits.plot])
    partial = np.flatnonzero(~hits.is_whole)
    plot, tile = hits.plot[partial], hits.tile[partial]
    plots, own = np.unique(plot, return_inverse=True)
    convex = is_convex(land[plots])[own]
    area[partial[convex]] = clipped_m2(land, tiles, plot[convex], tile[convex])
    bent = ~convex
    pieces = over_threads(shapely.intersection, land[plot[bent]], tiles[tile[bent]])
    area[partial[bent]] = area_m2(pieces)
    return area
