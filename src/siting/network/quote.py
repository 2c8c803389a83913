"""What connecting a demand costs at any points: one, or a million.

A few points are searched from themselves, so that every source is seen. Many points look their
labels up in the sweeps of the region; those at which a source that the sweeps did not keep could
be cheaper are then searched again, as many as `WIDEN_MOST`. What is not, says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from siting.network.connect import check_network, supply
from siting.network.items import itemise
from siting.network.offers import coordinates, make_scene, points_of
from siting.network.options import classes_of, is_standalone
from siting.network.reinforce import find_steps
from siting.network.screen import Asked, find_roots, make_grounds, offers_from, screen
from siting.network.tally import Tally
from siting.tables.quotes import REASONS
from siting.units import DEMAND_UNIT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geopandas import GeoSeries
    from pandas import DataFrame

    from siting.network.options import SourceClass
    from siting.network.screen import ClassOffers, Scene
    from siting.network.surface import Floats, Ground, Ints, Roots
    from siting.network.tally import Best
    from siting.region import NetworkParams
    from siting.tables import Layers

FEW: Final = 4
"""Points for which searches from each of them are less work than the sweeps."""

WIDEN_MOST: Final = 200
"""Points searched again for one utility."""

OUTSIDE, BARRIER, NO_SOURCE, TOO_FAR = REASONS
_PARTS: Final = (
    "circuits", "fixed_mrub", "line_mrub", "crossings_mrub", "reinforcement_mrub", "cost_mrub",
)  # fmt: skip


def price_points(
    points: GeoSeries,
    demands: Mapping[str, Floats],
    *,
    layers: Layers,
    params: NetworkParams,
    cell_m: float,
    progress: Callable[[float], None],
) -> DataFrame:
    """Return table QUOTES: a row for each point and each utility demanded anywhere.

    Parameters
    ----------
    points
        Points in the CRS of the layers.
    demands
        Demand by utility, its unit that of `units.DEMAND_UNIT`, shape (n,) each.
    layers, params, cell_m
        As for `connect`: the raster is that of a study.
    progress
        Told the share of the work that is done.

    Raises
    ------
    TableError, RegionError
        Listing every problem of sources, options and prices.
    """
    check_network(layers, params)
    layers = supply(layers, params)
    basis = [points_of(table.geometry) for table in (layers.plots, layers.prospects)]
    if not sum(map(len, basis)):
        basis = [points_of(layers.districts.geometry)]
    scene = make_scene(coordinates(basis), layers, params, cell_m=cell_m)
    options = layers.connection_options
    cells = scene.grid.cells(coordinates([points]))
    tally = Tally(scene, options, cells, demands)
    classes = [c for c in classes_of(options, scene.sources, params) if c.utility in demands]
    grounds = make_grounds(scene, classes)
    every = np.arange(len(points))
    if len(points) <= FEW:
        for done, group in enumerate(classes):
            search_from(scene, group, grounds[group.family], tally, every)
            progress((done + 1) / len(classes))
    else:
        nowhere = np.empty((0, 2))
        asked = Asked(xy=nowhere, drawn=np.zeros(0, np.bool_), watcher=tally)
        screen(scene, classes, grounds, asked, progress=progress)
        _widen(scene, classes, grounds, tally)
    tables = [
        _rows(
            scene, points.index, utility, (best, demands[utility]),
            _reasons(classes, utility, cells, best),
        )
        for utility, best in tally.best.items()
    ]  # fmt: skip
    return _stacked(tables)


def _widen(
    scene: Scene, classes: Sequence[SourceClass], grounds: Mapping[str, Ground], tally: Tally
) -> None:
    """Search again from points where a source that was not kept could be cheaper."""
    for utility, best in tally.best.items():
        rows = np.flatnonzero(~best.is_proven)[:WIDEN_MOST]
        for group in classes:
            if group.utility == utility and group.labels < len(group.source_ids) and len(rows):
                search_from(scene, group, grounds[group.family], tally, rows)
        best.least_mrub[rows] = np.inf


def search_from(scene: Scene, group: SourceClass, ground: Ground, tally: Tally, rows: Ints) -> None:
    """Offer every source of a class to some points of a tally, found by a search from each."""
    cells, _ = tally.stand(group, ground)
    taps = find_roots(scene, group, ground)
    for row in rows[(cells[rows] >= 0) & (tally.demands[group.utility][rows] > 0)].tolist():
        found = _seen(scene, group, ground, taps, tally, row)
        if len(found.source):
            flat = {
                name: getattr(found, name).T
                for name in ("source", "effective_km", "length_km", "crossings_mrub", "crossed")
            }
            tally.offer(group, np.array([row]), replace(found, **flat, routes={}))


def _seen(
    scene: Scene, group: SourceClass, ground: Ground, taps: Roots, tally: Tally, row: int
) -> ClassOffers:
    """Return what a search from one point finds, as far as could be cheaper than the best."""
    best = tally.best[group.utility]
    farthest = 0.0
    for name in group.options:
        ends = [
            tally.least_mrub(group.utility, best.table.loc[[name]], np.array([row]), np.array([km]))
            for km in (0.0, 1.0)
        ]
        per_km = float(ends[1][0] - ends[0][0])
        spread = float(best.told.cost_mrub[row] - ends[0][0])
        farthest = max(farthest, spread / per_km if per_km > 0 else np.inf)
    cell = tally.cells[row : row + 1]
    return offers_from(scene, group, ground, cell, taps, bound_km=farthest)


def _reasons(classes: Sequence[SourceClass], utility: str, cells: Ints, best: Best) -> np.ndarray:
    """Return why each point has no connection, None where it has one or needs none."""
    fitting = any(group.utility == utility for group in classes)
    alone = bool(is_standalone(best.table).any())
    told = np.full(len(cells), None, object)
    lost = ~np.isfinite(best.told.cost_mrub)
    told[lost] = TOO_FAR if fitting or alone else NO_SOURCE
    told[lost & fitting & ~best.on_ground] = BARRIER
    told[cells < 0] = OUTSIDE
    return told


def _rows(
    scene: Scene, index: pd.Index, utility: str, told: tuple[Best, Floats], why_not: np.ndarray
) -> DataFrame:
    """Return the rows of one utility; what has no connection has no figures."""
    best, demand = told
    fits = best.told.option >= 0
    sources, from_one = scene.sources, best.source >= 0
    known = sources["is_spare_known"].to_numpy(bool)
    columns = {
        "point_id": index,
        "utility": _coded(pd.Index([utility]), np.zeros(len(demand), int)),
        "option": _coded(best.table.index, np.where(fits, best.told.option, -1)),
        "source_id": _coded(sources.index, best.source),
        "source_name": _coded(pd.Index(sources["name"]), best.source),
        "source_name_en": _coded(pd.Index(sources["name_en"]), best.source),
        "demand": demand,
        "demand_unit": _coded(pd.Index([DEMAND_UNIT[utility]]), np.zeros(len(demand), int)),
        "length_km": np.where(fits, best.length_km, np.nan),
        "effective_km": np.where(fits, best.effective_km, np.nan),
    }
    short = np.where(fits & from_one, demand - sources["spare"].to_numpy(float)[best.source], 0.0)
    steps = find_steps(scene.params.reinforcement_steps.get(utility, ()), short)
    met = itemise(best.crossed, utility, scene.params)
    crossed = _texts(met.pop("crossings"))
    items = {name: np.where(fits, told, np.nan) for name, told in met.items()}
    parts = {name: np.where(fits, getattr(best.told, name), np.nan) for name in _PARTS}
    # what is not demanded costs nothing, and that is known; what cannot be had has no cost
    nothing = ~fits & (best.told.cost_mrub == 0)
    parts["cost_mrub"] = np.where(nothing, 0.0, parts["cost_mrub"])
    return pd.DataFrame(
        columns
        | parts
        | items
        | {
            "crossings": crossed,
            "reinforcement_step": _texts(steps.name),
            "reinforcement_step_mrub": steps.mrub,
            "is_spare_known": ~from_one | known[best.source],
            "is_proven": best.is_proven,
            "why_not": pd.Categorical(why_not, categories=list(REASONS)),
        }
    )


def _coded(names: pd.Index, codes: np.ndarray) -> pd.Categorical:
    """Return names by position, missing at -1, as a category: a million texts are few names."""
    numbers, unique = pd.factorize(names)
    return pd.Categorical.from_codes(np.append(numbers, -1)[codes], categories=unique)


def _texts(told: np.ndarray) -> pd.Categorical:
    """Return texts, None where there is none, as a category."""
    codes, unique = pd.factorize(told)
    return pd.Categorical.from_codes(codes, categories=pd.Index(unique, dtype="str"))


def _stacked(tables: Sequence[DataFrame]) -> DataFrame:
    """Return tables one under the other; categories stay categories, whose union is theirs."""
    first = tables[0]
    columns = {
        name: union_categoricals([table[name] for table in tables])
        if isinstance(first[name].dtype, pd.CategoricalDtype)
        else pd.concat([table[name] for table in tables], ignore_index=True)
        for name in first.columns
    }
    return pd.DataFrame(columns)
