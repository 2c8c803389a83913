"""Lengths between parks, places for forks and sources, for trunks that parks may share.

Lengths are those of the sweep on the same raster as connections, cut out around the parks, so a
trunk and a connection over the same ground cost the same. Forks are looked for where the sum of
straight lines to two parks and the place where one of them taps its source is least.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from siting.network.friction import friction_of
from siting.network.moves import RING
from siting.network.options import SourceClass
from siting.network.routes import corners, trace
from siting.network.screen import crossings_of, find_roots, snap
from siting.network.steiner import ROOT, Web
from siting.network.surface import Roots, make_ground, sweep
from siting.units import M_PER_KM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandas import Index
    from shapely import LineString

    from siting.network.screen import Scene
    from siting.network.steiner import Branch
    from siting.network.surface import Floats, Ground, Ints, Surface

FORKS_MOST: Final = 16
"""Places for forks that are tried in a group of parks."""

_FERMAT_STEPS: Final = 30
"""Steps towards the point of least sum; each cuts the error by about a half."""


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """Parks and places for forks on the ground of one family of friction."""

    scene: Scene
    family: str
    ground: Ground
    xy: Floats
    """Parks first, metres, shape (v, 2)."""
    cells: Ints
    gap: Floats
    """From the point to its free cell, cells, shape (v,)."""
    surface: Surface


@dataclass(frozen=True, kw_only=True)
class Reached:
    """The sources of one utility as seen from the nodes."""

    nodes: Nodes
    utility: str
    source_ids: Index
    surface: Surface | None

    def web(self, source: int) -> tuple[Web, Floats, Floats]:
        """Return the web of a source, and real lengths (v, v) and (v,), km."""
        nodes = self.nodes
        km, length, money = _lengths(nodes, nodes.surface, len(nodes.cells), self.utility)
        to, to_length, to_money = _lengths(nodes, self.surface, len(self.source_ids), self.utility)
        return (
            Web(
                km=km,
                crossings_mrub=money,
                root_km=to[:, source],
                root_crossings_mrub=to_money[:, source],
            ),
            length,
            to_length[:, source],
        )

    def draw(self, branch: Branch, source: int) -> LineString | None:
        """Return the line of a branch, metres; None where it has no length."""
        nodes, grid = self.nodes, self.nodes.scene.grid
        label = source if branch.end == ROOT else branch.end
        surface = self.surface if branch.end == ROOT else nodes.surface
        if surface is None:
            return None
        route = corners(nodes.ground, surface, int(nodes.cells[branch.start]), label)
        xy = grid.centres(route)
        if branch.end == ROOT:
            place = nodes.scene.sources.geometry.loc[self.source_ids[source]]
            end = shapely.get_coordinates(
                shapely.get_point(shapely.shortest_line(place, shapely.Point(xy[-1])), 0)
            )[0]
        else:
            end = nodes.xy[branch.end]
        # the middles of the first and the last cell only stand for the true ends
        line = shapely.LineString(np.vstack((nodes.xy[branch.start], xy[1:-1], end)))
        line = shapely.simplify(line, grid.cell_m / 2)
        return line if line.length > 0 else None


def cut_scene(scene: Scene, xy: Floats) -> Scene:
    """Return the part of the scene within the margin of its region around some points."""
    grid = scene.grid
    extra = int(np.ceil(scene.params.margin_km * M_PER_KM / grid.cell_m)) + RING
    at = np.rint(grid.fractional(xy)).astype(int)
    low = np.maximum(at.min(axis=0) - extra, 0)
    high = np.minimum(at.max(axis=0) + extra + 1, grid.shape)
    part = np.s_[low[0] : high[0], low[1] : high[1]]
    return replace(
        scene,
        grid=replace(
            grid,
            left_m=grid.left_m + low[1] * grid.cell_m,
            top_m=grid.top_m - low[0] * grid.cell_m,
            rows=int(high[0] - low[0]),
            cols=int(high[1] - low[1]),
        ),
        masks={name: mask[part] for name, mask in scene.masks.items()},
        crossings=replace(
            scene.crossings,
            row=np.ascontiguousarray(scene.crossings.row.reshape(grid.shape)[part]).ravel(),
        ),
    )


def find_forks(parks: Floats, taps: Sequence[Floats], cell_m: float) -> Floats:
    """Return places for forks, metres: the best for two parks and a tap, at most FORKS_MOST.

    Parameters
    ----------
    parks
        Points of n parks, metres, shape (n, 2).
    taps
        For each kind of connection, where each park taps it, shape (n, 2), nan where it does not.
    cell_m
        Two places in one cell are one.
    """
    found: dict[tuple[int, int], Floats] = {}
    for told in taps:
        for tap in told[np.isfinite(told).all(axis=1)]:
            for one in range(len(parks)):
                for other in range(one + 1, len(parks)):
                    place = _fermat(np.vstack((parks[one], parks[other], tap)))
                    key = tuple(np.floor(place / cell_m).astype(int).tolist())
                    found.setdefault((key[0], key[1]), place)
    every = [found[key] for key in sorted(found)]
    if len(every) > FORKS_MOST:
        # evenly taken, so that no corner of the map is favoured
        picks = np.linspace(0, len(every) - 1, FORKS_MOST).round().astype(int)
        every = [every[at] for at in picks.tolist()]
    return np.array(every).reshape(-1, 2)


def lay_nodes(scene: Scene, family: str, xy: Floats) -> tuple[Nodes, Ints]:
    """Return the nodes that stand on free ground, and their positions in `xy`."""
    ground = make_ground(friction_of(family, scene.masks, scene.params), scene.moves)
    cells, gap = snap(scene, ground, scene.grid.cells(xy))
    stand = np.flatnonzero(cells >= 0)
    roots = Roots(
        cells=cells[stand],
        sources=np.arange(len(stand), dtype=np.int32),
        start=gap[stand] * ground.dearest,
    )
    surface = _swept(scene, ground, roots, cells[stand], len(stand))
    nodes = Nodes(
        scene=scene,
        family=family,
        ground=ground,
        xy=xy[stand],
        cells=cells[stand],
        gap=gap[stand],
        surface=surface,
    )
    return nodes, stand


def reach_sources(nodes: Nodes, utility: str, source_ids: Index) -> Reached:
    """Return how far some sources are from every node."""
    group = _class(nodes.family, utility, source_ids)
    roots = find_roots(nodes.scene, group, nodes.ground)
    surface = None
    if len(roots.cells):
        surface = _swept(nodes.scene, nodes.ground, roots, nodes.cells, len(source_ids))
    return Reached(nodes=nodes, utility=utility, source_ids=source_ids, surface=surface)


def _swept(scene: Scene, ground: Ground, roots: Roots, cells: Ints, labels: int) -> Surface:
    return sweep(
        ground,
        roots,
        labels=labels,
        bound=scene.params.max_route_km * M_PER_KM / scene.grid.cell_m,
        targets=np.unique(cells),
    )


def _lengths(
    nodes: Nodes, surface: Surface | None, labels: int, utility: str
) -> tuple[Floats, Floats, Floats]:
    """Return weighted and real length, km, and crossings, nodes to labels, shape (v, labels)."""
    shape = (len(nodes.cells), labels)
    km, length, money = np.full(shape, np.inf), np.full(shape, np.inf), np.zeros(shape)
    if surface is None:
        return km, length, money
    told = trace(nodes.ground, surface, nodes.scene.crossings, nodes.cells)
    row, slot = np.nonzero(told.source >= 0)
    label = told.source[row, slot]
    unit = nodes.scene.grid.cell_m / M_PER_KM
    gap = nodes.gap[row]
    km[row, label] = (told.cost[row, slot] + gap * nodes.ground.dearest) * unit
    length[row, label] = (told.length[row, slot] + gap) * unit
    group = _class(nodes.family, utility, nodes.scene.sources.index[:0])
    money[row, label] = crossings_of(group, told.crossed, nodes.scene.params)[1][row, slot]
    if labels == len(nodes.cells) and surface is nodes.surface:
        np.fill_diagonal(km, 0.0)
        np.fill_diagonal(length, 0.0)
        np.fill_diagonal(money, 0.0)
    return km, length, money


def _class(family: str, utility: str, source_ids: Index) -> SourceClass:
    return SourceClass(
        utility=utility,
        family=family,
        options=(),
        source_ids=source_ids,
        reach_km=np.inf,
        useful_km=np.inf,
        labels=len(source_ids),
    )


def _fermat(corners_xy: Floats) -> Floats:
    """Return the point of least sum of straight lines to three points (Weiszfeld)."""
    place: Floats = corners_xy.mean(axis=0)
    for _ in range(_FERMAT_STEPS):
        away = np.linalg.norm(corners_xy - place, axis=1)
        if (away < 1.0).any():  # within a metre of a corner, which is then the point
            break
        weight = 1.0 / away
        place = (corners_xy * weight[:, None]).sum(axis=0) / weight.sum()
    return place
