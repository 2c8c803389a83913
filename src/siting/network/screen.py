"""Offers at any number of points: a look-up in the sweeps of the region.

The classes of sources are swept on two threads; each sweep is dropped as soon as its labels at
the points are read, so memory holds at most two of them.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import shapely
from numba import njit

from siting.network.crossings import CROSSED, coded, prices_of, whole
from siting.network.friction import friction_of
from siting.network.patch import cut_patch
from siting.network.routes import corners, trace
from siting.network.surface import Roots, make_ground, sweep
from siting.units import M_PER_KM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from siting.network.crossings import Crossings
    from siting.network.grid import Grid
    from siting.network.moves import Moves
    from siting.network.options import SourceClass
    from siting.network.surface import Floats, Ground, Ints, Surface
    from siting.region import NetworkParams

WORK_MEMORY_BYTES: Final = 3_000_000_000
"""Memory that the sweeps at work may take together; fewer threads run where it is short."""

_LABEL_BYTES: Final = 12
_MEASURE_BYTES: Final = 9
_COUNT_BYTES: Final = 2
"""Memory of a label, of what its route measures, and of a kind that it crosses."""

_SAMPLES_PER_CELL: Final = 4
"""Points per cell length at which a line is looked at; a corner cut by less is not tapped."""

_LEVEL: Final = {"road": ("road",), "rail": ("railway",)}
"""A road meets roads, and a track tracks, in junctions: their price is in the fixed part."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Everything the sweeps of a region share."""

    grid: Grid
    moves: Moves
    masks: Mapping[str, NDArray[np.uint8]]
    crossings: Crossings
    sources: GeoDataFrame
    """Usable sources, sorted by id."""
    params: NetworkParams


@dataclass(frozen=True, kw_only=True)
class ClassOffers:
    """What one class offers at n points, each with k slots."""

    source: NDArray[np.int32]
    """Position in the class, -1 where the slot is empty, shape (n, k)."""
    effective_km: Floats
    length_km: Floats
    crossings_mrub: Floats
    crossed: Ints
    """What is crossed for that money, as `crossings.coded`, shape (n, k)."""
    routes: Mapping[tuple[int, int], Ints]
    """Corner cells of the routes of the first `drawn` points, by point and slot."""


class Watcher(Protocol):
    """Who reads a sweep before it is dropped."""

    @property
    def cells(self) -> Ints:
        """Return the cells asked about, -1 where there is none."""

    def see(self, group: SourceClass, ground: Ground, surface: Surface) -> None:
        """Read the sweep of one class."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The points at which offers are wanted."""

    xy: Floats
    """Metres, shape (n, 2)."""
    drawn: NDArray[np.bool_]
    """Points for which routes are kept."""
    watcher: Watcher | None = None


def make_grounds(scene: Scene, classes: Sequence[SourceClass]) -> dict[str, Ground]:
    """Return the ground of every family of friction that the classes run over."""
    return {
        family: make_ground(friction_of(family, scene.masks, scene.params), scene.moves)
        for family in sorted({group.family for group in classes})
    }


def screen(
    scene: Scene,
    classes: Sequence[SourceClass],
    grounds: Mapping[str, Ground],
    asked: Asked,
    *,
    progress: Callable[[float], None],
) -> list[ClassOffers]:
    """Return what every class offers at the points asked about."""
    done: list[int] = []

    def work(at: int) -> ClassOffers:
        offers = _offers_of(scene, classes[at], grounds[classes[at].family], asked)
        done.append(at)
        progress(len(done) / len(classes))
        return offers

    measured = _MEASURE_BYTES + _COUNT_BYTES * scene.crossings.count.shape[2]
    each = _LABEL_BYTES if asked.watcher is None else _LABEL_BYTES + measured
    with ThreadPoolExecutor(threads(scene, classes, label_bytes=each)) as pool:
        return list(pool.map(work, range(len(classes))))


def threads(scene: Scene, classes: Sequence[SourceClass], *, label_bytes: int = 12) -> int:
    """Return how many classes may be worked on at once, by processors and memory."""
    each = scene.grid.size * max([c.labels for c in classes], default=1) * label_bytes
    return int(max(1, min(os.cpu_count() or 1, WORK_MEMORY_BYTES // each)))


def _offers_of(scene: Scene, group: SourceClass, ground: Ground, asked: Asked) -> ClassOffers:
    """Sweep one class and read its labels at the points."""
    cells, gap = snap(scene, ground, scene.grid.cells(asked.xy))
    targets, back = np.unique(cells, return_inverse=True)
    watched = _watched(scene, ground, asked.watcher)
    wanted = np.union1d(targets, watched)
    labels = group.labels
    roots = find_roots(scene, group, ground)
    if not len(roots.cells) or not len(wanted) or wanted[-1] < 0:
        return nothing(len(cells), labels)
    surface = sweep(
        ground,
        roots,
        labels=labels,
        bound=bound_of(scene, group, ground),
        targets=wanted[wanted >= 0],
    )
    if asked.watcher is not None:
        asked.watcher.see(group, ground, surface)
    told = trace(ground, surface, scene.crossings, targets)
    km = scene.grid.cell_m / M_PER_KM
    source = told.source[back]
    routes = {
        (point, slot): corners(ground, surface, int(cells[point]), int(source[point, slot]))
        for point in np.flatnonzero(asked.drawn).tolist()
        for slot in range(labels)
        if source[point, slot] >= 0
    }
    crossed, money = crossings_of(group, told.crossed, scene.params)
    return ClassOffers(
        source=source,
        effective_km=(told.cost[back] + gap[:, None] * ground.dearest) * km,
        length_km=(told.length[back] + gap[:, None]) * km,
        crossings_mrub=money[back],
        crossed=crossed[back],
        routes=routes,
    )


def offers_from(
    scene: Scene, group: SourceClass, ground: Ground, cell: Ints, taps: Roots, *, bound_km: float
) -> ClassOffers:
    """Return every source of a class that a search from one cell meets, a row each, one slot.

    A price is the same both ways, so a route found from the site is one to the site.
    """
    km = scene.grid.cell_m / M_PER_KM
    own, own_gap = snap(scene, ground, cell)
    if own[0] < 0:
        return nothing(0, 1)
    bound = min(bound_km * M_PER_KM / scene.grid.cell_m, bound_of(scene, group, ground))
    patch = cut_patch(ground, scene.crossings, int(own[0]), bound=bound)
    here, start = patch.inward(own), own_gap * ground.dearest
    back = Roots(cells=here, sources=np.zeros(1, np.int32), start=start)
    cells = patch.inward(taps.cells)
    surface = sweep(patch.ground, back, labels=1, bound=bound, targets=cells[cells >= 0])
    cost = np.where(cells >= 0, surface.cost[cells], np.inf) + taps.start
    # the cheapest tap of each source, the lower cell of two equal ones
    order = np.lexsort((taps.cells, cost, taps.sources))
    best = order[np.unique(taps.sources[order], return_index=True)[1]]
    best = best[np.isfinite(cost[best])]
    told = trace(patch.ground, surface, patch.crossings, cells[best])
    gap = taps.start[best] / ground.dearest
    crossed, money = crossings_of(group, told.crossed, scene.params)
    return ClassOffers(
        source=taps.sources[best][:, None],
        effective_km=(cost[best] * km)[:, None],
        length_km=((told.length[:, 0] + gap) * km)[:, None],
        crossings_mrub=money,
        crossed=crossed,
        routes={
            (row, 0): patch.outward(corners(patch.ground, surface, int(cell), 0))[::-1]
            for row, cell in enumerate(cells[best])
        },
    )


def _watched(scene: Scene, ground: Ground, watcher: Watcher | None) -> Ints:
    """Return the free cells that the watcher asks about."""
    if watcher is None:
        return np.array([], np.int64)
    return np.unique(snap(scene, ground, watcher.cells)[0])


def nothing(points: int, labels: int) -> ClassOffers:
    """Return that nothing is offered."""
    shape = (points, labels)
    return ClassOffers(
        source=np.full(shape, -1, np.int32),
        effective_km=np.full(shape, np.inf),
        length_km=np.full(shape, np.inf),
        crossings_mrub=np.zeros(shape),
        crossed=np.zeros(shape, np.int64),
        routes={},
    )


def bound_of(scene: Scene, group: SourceClass, ground: Ground) -> float:
    """Return the friction-weighted length beyond which no option of the class goes, cells."""
    # the reach is one of real length: a route within it may weigh up to the dearest friction
    reach_km = min(scene.params.max_route_km, group.reach_km * ground.dearest, group.useful_km)
    return reach_km * M_PER_KM / scene.grid.cell_m


def crossings_of(
    group: SourceClass, crossed: NDArray[np.int64], params: NetworkParams
) -> tuple[Ints, Floats]:
    """Return what is crossed for money, coded, and the money; counted by kind in the last axis."""
    counts = whole(crossed, params)
    for kind in _LEVEL.get(group.family, ()):
        counts[..., len(params.waters) + CROSSED.index(kind) - 1] = 0
    # a utility the region says nothing of pays the whole price
    share = params.crossing_share.get(group.utility, 1.0)
    return coded(counts), (counts * prices_of(params)).sum(axis=-1) * share


def find_roots(scene: Scene, group: SourceClass, ground: Ground) -> Roots:
    """Return the cells at which the sources of a class are tapped.

    A point is tapped in its cell, a line or area in every cell it runs through. Sources that
    lie outside the grid, or on a barrier with no free cell near, have none.
    """
    geometry = scene.sources.geometry.loc[group.source_ids].to_numpy()
    step = scene.grid.cell_m / _SAMPLES_PER_CELL
    xy, source = shapely.get_coordinates(shapely.segmentize(geometry, step), return_index=True)
    raw = scene.grid.cells(xy)
    pairs = np.unique(np.column_stack((raw, source))[raw >= 0], axis=0)
    cells, gap = snap(scene, ground, pairs[:, 0])
    inside = cells >= 0
    return Roots(
        cells=cells[inside],
        sources=pairs[inside, 1].astype(np.int32),
        start=gap[inside] * ground.dearest,
    )


def snap(scene: Scene, ground: Ground, cells: Ints) -> tuple[Ints, Floats]:
    """Return for each cell the nearest free one within `snap_m` and how far it is, in cells.

    -1 and 0 where there is none.
    """
    return _snap(ground.friction, scene.grid.cols, cells, scene.params.snap_m / scene.grid.cell_m)


@njit(cache=True, nogil=True)
def _snap(friction, cols, cells, most):  # type: ignore[no-untyped-def]
    found, gap = cells.copy(), np.zeros(len(cells))
    rows, reach = len(friction) // cols, int(most)
    for n in range(len(cells)):
        if cells[n] < 0 or np.isfinite(friction[cells[n]]):
            continue
        row, col = cells[n] // cols, cells[n] % cols
        best, found[n] = most * most, -1
        for r in range(max(0, row - reach), min(rows, row + reach + 1)):
            for c in range(max(0, col - reach), min(cols, col + reach + 1)):
                away = (r - row) ** 2 + (c - col) ** 2
                nearer = away < best or (away == best and found[n] < 0)
                if nearer and np.isfinite(friction[r * cols + c]):
                    best, found[n] = away, r * cols + c
        if found[n] >= 0:
            gap[n] = np.sqrt(best)
    return found, gap
