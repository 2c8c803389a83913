"""Trunks that parks of the plan could share, where that is cheaper than each its own connection.

    parks near each other -> for each network the cheapest tree to each source they tap
    -> the parting of the parks into trunks and lone ones that saves most -> its split by Shapley

Both sides of the comparison are for the load of the whole park, as in CONNECTIONS. It is told
beside the plan: the ledger of the plan keeps each park's own connections (docs/decisions/0012).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from siting.network.options import as_supplied
from siting.network.sharing import Sharers, Trunk, best_trunks
from siting.network.webs import cut_scene, find_forks
from siting.tables import check
from siting.tables.trunks import TRUNKS
from siting.units import M_PER_KM, UTILITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geopandas import GeoDataFrame, GeoSeries
    from pandas import DataFrame, Series

    from siting.network.screen import Scene
    from siting.network.steiner import Floats
    from siting.region import NetworkParams

PARKS_MOST = 6
"""Parks of one group: trees of more are found too slowly to be worth it."""


@dataclass(frozen=True, kw_only=True)
class _Laid:
    trunk_id: str
    utilities: tuple[str, ...]
    trunk: Trunk
    trench_saving_mrub: float


def share_trunks(
    sites: GeoDataFrame,
    *,
    connections: GeoDataFrame,
    options: DataFrame,
    scene: Scene,
    params: NetworkParams,
) -> GeoDataFrame:
    """Return table TRUNKS: a row for each trunk and network that saves money.

    Parameters
    ----------
    sites
        Table CHOSEN; parks are the sites with `is_chosen`.
    connections
        Table CONNECTIONS, with the connections of all parks.
    options
        Table CONNECTION_OPTIONS.
    scene
        The raster on which the connections were found.
    params
        `trunk_reach_km` and `joint_trench_discount_share`, and how routes run.
    """
    parks = sites[sites["is_chosen"]].sort_index()
    points = gpd.GeoSeries(parks.representative_point(), index=parks.index, crs=sites.crs)
    laid: list[_Laid] = []
    options = as_supplied(options, params)
    for group in _groups(points, params.trunk_reach_km):
        for told in _by_parks(_trunks_of(group, connections, options, scene)):
            trench = _trench_savings(told, params.joint_trench_discount_share)
            trunk_id = f"T{len({one.trunk_id for one in laid}) + 1}"
            laid += [
                _Laid(
                    trunk_id=trunk_id,
                    utilities=tuple(told),
                    trunk=trunk,
                    trench_saving_mrub=trench[utility],
                )
                for utility, trunk in told.items()
            ]
    return check(_table(laid, scene, sites), TRUNKS)


def _groups(points: GeoSeries, reach_km: float) -> Iterator[GeoSeries]:
    """Yield the parks within reach of each other: each joins the group whose farthest is nearest.

    Complete linkage, the closest pair of groups first, at most PARKS_MOST in one.
    """
    groups = [[at] for at in range(len(points))]
    xy = shapely.get_coordinates(points.to_numpy())
    away = np.linalg.norm(xy[:, None] - xy[None, :], axis=2) / M_PER_KM

    def width(pair: tuple[list[int], list[int]]) -> float:
        return float(away[np.ix_(*pair)].max())

    while True:
        pairs = [
            pair for pair in combinations(groups, 2) if len(pair[0]) + len(pair[1]) <= PARKS_MOST
        ]
        closest = min(pairs, key=width, default=None)
        if closest is None or width(closest) > reach_km:
            break
        groups = [group for group in groups if group not in closest]
        groups.append(sorted(closest[0] + closest[1]))
    for group in sorted(groups):
        if len(group) > 1:
            yield points.iloc[group]


def _trunks_of(
    points: GeoSeries, connections: GeoDataFrame, options: DataFrame, scene: Scene
) -> dict[str, list[Trunk]]:
    """Return the trunks of one group of parks by utility."""
    own = connections[connections["site_id"].isin(points.index)]
    by_utility = {
        utility: own[own["utility"] == utility].set_index("site_id").reindex(points.index)
        for utility in UTILITIES
    }
    xy = shapely.get_coordinates(points.to_numpy())
    taps = [_taps(table.geometry) for table in by_utility.values()]
    reached = np.vstack([xy, *taps])
    near = cut_scene(scene, reached[np.isfinite(reached).all(axis=1)])
    sharers = Sharers(scene=near, xy=xy, forks=find_forks(xy, taps, near.grid.cell_m))
    return {
        utility: best_trunks(sharers, table, options[options["utility"] == utility])
        for utility, table in by_utility.items()
        if table["source_id"].notna().any() and table["cost_mrub"].notna().all()
    }


def _taps(routes: GeoSeries) -> Floats:
    """Return where each route ends, metres, nan where there is no route, shape (n, 2)."""
    xy: Floats = shapely.get_coordinates(
        [shapely.Point(np.nan, np.nan) if line is None else shapely.get_point(line, -1)
         for line in routes]
    )  # fmt: skip
    return xy


def _by_parks(found: dict[str, list[Trunk]]) -> list[dict[str, Trunk]]:
    """Return the trunks of the same parks together, by utility in their order."""
    gathered: dict[tuple[str, ...], dict[str, Trunk]] = {}
    for utility, trunks in found.items():
        for trunk in trunks:
            gathered.setdefault(trunk.park_ids, {})[utility] = trunk
    return [told for _, told in sorted(gathered.items())]


def _trench_savings(told: dict[str, Trunk], discount_share: float) -> dict[str, float]:
    """Return what each utility saves by lying in one trench with a dearer one.

    A trench is common where branches under the ground run between the same two nodes and carry
    the load of several parks; the dearest line in it pays in full.
    """
    saved = dict.fromkeys(told, 0.0)
    lines: dict[tuple[tuple[float, ...], ...], list[tuple[float, str]]] = {}
    for utility, trunk in told.items():
        for ends, line_mrub in trunk.shared_lines:
            lines.setdefault(ends, []).append((line_mrub, utility))
    for _, told_lines in sorted(lines.items()):
        for line_mrub, utility in sorted(told_lines)[:-1]:
            saved[utility] += discount_share * line_mrub
    return saved


def _table(laid: Sequence[_Laid], scene: Scene, sites: GeoDataFrame) -> GeoDataFrame:
    names: Series = scene.sources["name"]
    rows = [
        {
            "trunk_id": one.trunk_id,
            "utility": one.trunk.utility,
            "utilities": ";".join(one.utilities),
            "park_ids": ";".join(one.trunk.park_ids),
            "options": ";".join(one.trunk.options),
            "source_id": one.trunk.source_id,
            "source_name": names.loc[one.trunk.source_id],
            "length_km": one.trunk.length_km,
            "line_mrub": one.trunk.line_mrub,
            "crossings_mrub": one.trunk.crossings_mrub,
            "reinforcement_mrub": one.trunk.reinforcement_mrub,
            "cost_mrub": one.trunk.cost_mrub,
            "separate_mrub": one.trunk.separate_mrub,
            "saving_mrub": one.trunk.separate_mrub - one.trunk.cost_mrub,
            "trench_saving_mrub": one.trench_saving_mrub,
            "split": ";".join(
                f"{park}={share:.3f}"
                for park, share in zip(one.trunk.park_ids, one.trunk.split_mrub, strict=True)
            ),
        }
        for one in laid
    ]
    kinds = {column.name: "str" for column in TRUNKS.columns if column.kind == "text"}
    columns = [column.name for column in TRUNKS.columns]
    frame = pd.DataFrame(rows, columns=columns).astype(
        kinds | {name: float for name in columns if name not in kinds}
    )
    lines = gpd.array.from_shapely([one.trunk.line for one in laid])
    return gpd.GeoDataFrame(frame, geometry=lines, crs=sites.crs)
