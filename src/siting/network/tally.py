"""The cheapest connection of many points, found class by class as the sweeps pass.

A sweep holds the k nearest sources of every cell; what the points of a map, or a million plots,
would pay is read from it before it is dropped. Nothing but the cheapest offer so far is kept of a
point, so memory is that of the points and not of points times options times sources. Prices come
from `siting.pricing`: there is no second formula.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from siting.network.assemble import assemble_offers
from siting.network.kernel import CODE_BITS
from siting.network.options import is_standalone, options_of
from siting.network.routes import measure
from siting.network.screen import ClassOffers, crossings_of, snap
from siting.pricing import Price, UtilityOffers, price
from siting.units import M_PER_KM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.network.options import SourceClass
    from siting.network.routes import Measures
    from siting.network.screen import Scene
    from siting.network.surface import Floats, Ground, Ints, Surface

CHUNK: Final = 1 << 16
"""Points priced at once: their offers stay in the processor's cache and out of the way."""

_SURELY_LESS: Final = 1.0 - 1e-9


@dataclass(frozen=True, kw_only=True)
class Best:
    """The cheapest offer of n points to one utility; inf and -1 where nothing fits so far."""

    table: DataFrame
    """The t options of the utility."""
    told: Price
    """Of the cheapest offer; `option` counts in `table`."""
    source: NDArray[np.int32]
    """Position in the sources of the scene, -1 where none is needed, shape (n,)."""
    crossed: Ints
    """What the route crosses for money, as `crossings.coded`, shape (n,)."""
    length_km: Floats
    effective_km: Floats
    least_mrub: Floats
    """No source that the sweeps did not keep costs less than this, shape (n,)."""
    on_ground: NDArray[np.bool_]
    """A free cell is near enough to build from."""

    @property
    def is_proven(self) -> NDArray[np.bool_]:
        """Return whether no source that was not kept could be cheaper, shape (n,)."""
        return ~(self.least_mrub < self.told.cost_mrub * _SURELY_LESS)


class Tally:
    """Collects, for n points with a demand for each of some utilities, the cheapest offers."""

    def __init__(
        self, scene: Scene, options: DataFrame, cells: Ints, demands: Mapping[str, Floats]
    ) -> None:
        """Begin with what needs no source: wells, boilers, own works.

        Parameters
        ----------
        scene
            What the sweeps share.
        options
            Table CONNECTION_OPTIONS.
        cells
            Cell of each point, -1 outside the raster, shape (n,).
        demands
            Demand of each point by utility, shape (n,) each.
        """
        self._scene, self._lock, self.cells, self.demands = scene, Lock(), cells, demands
        self.best: dict[str, Best] = {}
        for utility, demand in demands.items():
            table = options_of(options, utility)
            self.best[utility] = _unpriced(table, cells, demand)
            alone = table[is_standalone(table)]
            if len(alone):
                rows = np.flatnonzero((cells >= 0) & (demand > 0))
                offers = assemble_offers(alone, [], scene, utility, len(rows))
                nothing = np.zeros((len(rows), 1), np.int64)
                self._fold(utility, rows, offers, np.array([], np.int32), nothing)

    def see(self, group: SourceClass, ground: Ground, surface: Surface) -> None:
        """Price every point with the sources that a sweep kept at its cell."""
        if group.utility not in self.demands:
            return
        cells, gap = self.stand(group, ground)
        reached = (cells >= 0) & (self.demands[group.utility] > 0)
        reached &= np.isfinite(surface.cost[np.maximum(cells, 0) * surface.labels])
        rows = np.flatnonzero(reached)
        measures = measure(ground, surface, self._scene.crossings, cells[rows])
        for low in range(0, len(rows), CHUNK):
            some = rows[low : low + CHUNK]
            at = cells[some, None] * surface.labels + np.arange(surface.labels)
            found = self._found(group, (surface, measures), at, gap[some], ground.dearest)
            self.offer(group, some, found)
            if surface.labels < len(group.source_ids):
                self._bound(group, some, found.effective_km[:, -1])

    def stand(self, group: SourceClass, ground: Ground) -> tuple[Ints, Floats]:
        """Return the free cell from which each point builds, and how far it is; remember both."""
        cells, gap = snap(self._scene, ground, self.cells)
        with self._lock:
            self.best[group.utility].on_ground[:] |= cells >= 0
        return cells, gap

    def offer(self, group: SourceClass, rows: Ints, found: ClassOffers) -> None:
        """Take what one class offers at some points, where it is cheaper."""
        table = self.best[group.utility].table.loc[list(group.options)]
        index = self._scene.sources.index.get_indexer(group.source_ids).astype(np.int32)
        offers = assemble_offers(table, [(group, found)], self._scene, group.utility, len(rows))
        self._fold(group.utility, rows, offers, index, found.crossed)

    def _found(
        self,
        group: SourceClass,
        swept: tuple[Surface, Measures],
        at: Ints,
        gap: Floats,
        dearest: float,
    ) -> ClassOffers:
        """Return the labels at places `at` of the sweep, shape (n, k)."""
        surface, measures = swept
        km = self._scene.grid.cell_m / M_PER_KM
        kept = surface.cost[at]
        empty = ~np.isfinite(kept)
        length = np.where(empty, np.inf, (measures.length[at] + gap[:, None]) * km)
        met = measures.crossed[at].astype(np.int64)
        crossed, money = crossings_of(group, met, self._scene.params)
        return ClassOffers(
            source=surface.tag[at] >> CODE_BITS,
            effective_km=(kept + gap[:, None] * dearest) * km,
            length_km=length,
            crossings_mrub=money,
            crossed=crossed,
            routes={},
        )

    def _fold(
        self,
        utility: str,
        rows: Ints,
        offers: UtilityOffers,
        index: NDArray[np.int32],
        crossed: Ints,
    ) -> None:
        """Keep the cheaper of what is known and what is offered; of equals the first option."""
        told = price(offers, self.demands[utility][rows])
        best = self.best[utility]
        option = best.table.index.get_indexer(offers.options.index).astype(np.int32)[told.option]
        option[told.option < 0] = -1
        picked = told.pick(offers.source)
        source = np.append(index, np.int32(-1))[picked]
        parts = {f.name: getattr(told, f.name) for f in fields(Price)} | {"option": option}
        with self._lock:
            old_cost, old_option = best.told.cost_mrub[rows], best.told.option[rows]
            better = told.cost_mrub < old_cost
            better |= (told.cost_mrub == old_cost) & (option >= 0) & (option < old_option)
            to = rows[better]
            for name, values in parts.items():
                getattr(best.told, name)[to] = values[better]
            best.source[to] = source[better]
            best.crossed[to] = crossed[better, np.maximum(told.slot[better], 0)]
            best.length_km[to] = told.pick(offers.length_km)[better]
            best.effective_km[to] = told.pick(offers.effective_km)[better]

    def _bound(self, group: SourceClass, rows: Ints, last_km: Floats) -> None:
        """Remember the least that a source farther than the last one kept could cost."""
        table = self.best[group.utility].table.loc[list(group.options)]
        full = np.isfinite(last_km)
        cost = self.least_mrub(group.utility, table, rows[full], last_km[full])
        least = self.best[group.utility].least_mrub
        with self._lock:
            least[rows[full]] = np.minimum(least[rows[full]], cost)

    def least_mrub(self, utility: str, table: DataFrame, rows: Ints, km: Floats) -> Floats:
        """Return the least price of some options for a weighted length, from a source that is free.

        Its real length is taken as nothing, it has all to spare, and nothing is crossed.
        """
        offers = assemble_offers(table, [], self._scene, utility, len(rows))
        offers.effective_km[:, :, 0] = km[:, None]
        offers.length_km[:, :, 0] = 0.0
        return price(offers, self.demands[utility][rows]).cost_mrub


def _unpriced(table: DataFrame, cells: Ints, demand: Floats) -> Best:
    n = len(cells)
    kinds = {"option": np.int32, "slot": np.int32, "circuits": np.int32}
    parts: dict[str, Any] = {
        f.name: np.zeros(n, kinds.get(f.name, np.float64)) for f in fields(Price)
    }
    parts["option"][:] = parts["slot"][:] = -1
    parts["cost_mrub"][:] = np.where((demand > 0) | (cells < 0), np.inf, 0.0)
    return Best(
        table=table,
        told=Price(**parts),
        source=np.full(n, -1, np.int32),
        crossed=np.zeros(n, np.int64),
        length_km=np.full(n, np.nan),
        effective_km=np.full(n, np.nan),
        least_mrub=np.full(n, np.inf),
        on_ground=np.zeros(n, np.bool_),
    )
