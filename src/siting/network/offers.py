"""What sites, plots and prospects are offered: the classes' findings, put together by utility."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from siting.network.assemble import assemble_offers
from siting.network.costs import park_demands
from siting.network.crossings import count_crossings
from siting.network.friction import cover_masks
from siting.network.grid import make_grid
from siting.network.moves import moves_of
from siting.network.options import classes_of, options_of, usable_sources
from siting.network.reasons import find_unconnected
from siting.network.screen import Asked, Scene, make_grounds, screen, threads
from siting.network.surfaces import make_surfaces, surface_tally
from siting.network.widen import Case, find_doubts, settle
from siting.pricing import Offers, OffersEverywhere
from siting.units import M_PER_KM, UTILITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geopandas import GeoDataFrame, GeoSeries
    from numpy.typing import NDArray
    from pandas import DataFrame, Series

    from siting.network.options import SourceClass
    from siting.network.reasons import Unconnected
    from siting.network.screen import ClassOffers
    from siting.network.surface import Floats, Ground, Ints
    from siting.network.surfaces import CostSurfaces
    from siting.pricing import UtilityOffers
    from siting.region import NetworkParams
    from siting.tables import Layers


@dataclass(frozen=True, kw_only=True)
class Search:
    """The offers, and what is needed to draw the routes of those that are taken."""

    offers: OffersEverywhere
    points: GeoSeries
    """Where each site is taken to be, index site_id."""
    scene: Scene
    surfaces: CostSurfaces | None
    routes: Mapping[tuple[str, str, int, int], Ints]
    """Corner cells by utility, option, position of the site and slot."""
    crossed: Mapping[tuple[str, str], Ints]
    """What routes cross for money, `crossings.coded`, by utility and option, (sites, slots)."""
    widened: Mapping[str, NDArray[np.bool_]]
    """By utility: sites at which a source that the sweep did not keep could have been cheaper, so
    that they were searched again over every source, shape (n,)."""
    unconnected: Unconnected
    """Why sites and sources are left unconnected."""


def find_offers(  # what the stage was given, checked
    sites: GeoDataFrame,
    plots: GeoDataFrame,
    layers: Layers,
    params: NetworkParams,
    *,
    cell_m: float,
    progress: Callable[[float], None],
) -> Search:
    """Return what every utility offers at all sites, plots and prospects with a place."""
    points = [points_of(table.geometry) for table in (sites, plots, layers.prospects)]
    scene = make_scene(coordinates(points), layers, params, cell_m=cell_m)
    demands = park_demands(sites["buildable_ha"], params)
    tally = surface_tally(scene, layers, params)
    asked = Asked(
        xy=coordinates(points),
        drawn=np.arange(sum(map(len, points))) < len(sites),
        watcher=tally,
    )
    options = layers.connection_options
    swept = _screen_wide(scene, options, points[0], asked, demands, progress)
    all_offers = _by_utility(scene, options, swept.classes, swept.found, sum(map(len, points)))
    cuts = np.cumsum([0, *map(len, points)])
    places = [
        Offers(
            places=some.index,
            by_utility={name: told.take(np.arange(low, high)) for name, told in all_offers.items()},
        )
        for some, (low, high) in zip(points, pairwise(cuts), strict=True)
    ]
    return Search(
        offers=OffersEverywhere(sites=places[0], plots=places[1], own=places[2]),
        points=points[0],
        scene=scene,
        surfaces=make_surfaces(scene, tally, params),
        routes={
            (group.utility, option, *at): route
            for group, told in zip(swept.classes, swept.found, strict=True)
            for at, route in told.routes.items()
            for option in group.options
        },
        crossed={
            (group.utility, option): told.crossed[: len(sites)]
            for group, told in zip(swept.classes, swept.found, strict=True)
            for option in group.options
        },
        widened=swept.widened,
        unconnected=find_unconnected(
            scene, options, swept.classes, swept.grounds, coordinates(points[:1])
        ),
    )


@dataclass(frozen=True, kw_only=True)
class _Swept:
    """The classes of sources, the ground they run over, and what each offers."""

    classes: list[SourceClass]
    grounds: Mapping[str, Ground]
    found: list[ClassOffers]
    widened: Mapping[str, NDArray[np.bool_]]


def _screen_wide(
    scene: Scene,
    options: DataFrame,
    sites: GeoSeries,
    asked: Asked,
    demands: Mapping[str, Series],
    progress: Callable[[float], None],
) -> _Swept:
    """Return the classes and their offers, searched again where a site could need one more."""
    classes = classes_of(options, scene.sources, scene.params)
    grounds = make_grounds(scene, classes)
    found = screen(scene, classes, grounds, asked, progress=progress)
    offers = _by_utility(scene, options, classes, found, len(asked.xy))
    at_sites = {name: told.take(np.arange(len(sites))) for name, told in offers.items()}
    widened_at = {name: np.zeros(len(sites), np.bool_) for name in at_sites}

    def widened(at: int) -> ClassOffers:
        group = classes[at]
        case = Case(
            scene=scene,
            group=group,
            ground=grounds[group.family],
            offers=at_sites[group.utility],
            points=sites,
            demand=demands[group.utility].to_numpy(),
        )
        doubts = find_doubts(case)
        widened_at[group.utility][list(doubts)] = True
        return settle(case, found[at], doubts)

    with ThreadPoolExecutor(threads(scene, classes)) as pool:
        settled = list(pool.map(widened, range(len(classes))))
    return _Swept(classes=classes, grounds=grounds, found=settled, widened=widened_at)


def _by_utility(
    scene: Scene,
    options: DataFrame,
    classes: Sequence[SourceClass],
    found: Sequence[ClassOffers],
    points: int,
) -> dict[str, UtilityOffers]:
    """Return the offers of every utility that has options, at all points."""
    return {
        utility: assemble_offers(
            options_of(options, utility),
            [(c, f) for c, f in zip(classes, found, strict=True) if c.utility == utility],
            scene,
            utility,
            points,
        )
        for utility in UTILITIES
        if (options["utility"] == utility).any()
    }


def coordinates(points: Sequence[GeoSeries]) -> Floats:
    """Return x and y of points of several tables, one under the other, shape (n, 2)."""
    return np.vstack([shapely.get_coordinates(some.to_numpy()) for some in points])


def make_scene(xy: Floats, layers: Layers, params: NetworkParams, *, cell_m: float) -> Scene:
    """Return the raster, ground cover, crossings and sources around the points `xy`.

    The raster covers the points and the sources no farther from them than `max_route_km`.
    """
    sources = usable_sources(layers.infrastructure, params)
    reach_m = params.max_route_km * M_PER_KM
    margin_m = params.margin_km * M_PER_KM
    # a long line may pass by with both of its vertices far away
    lines = shapely.segmentize(sources.geometry.to_numpy(), max(margin_m, cell_m))
    at = shapely.get_coordinates(lines)
    near = (at >= xy.min(axis=0) - reach_m) & (at <= xy.max(axis=0) + reach_m)
    bounds = _bounds(np.vstack((xy, at[near.all(axis=1)])))
    grid = make_grid(bounds, cell_m=cell_m, margin_m=margin_m)
    moves = moves_of(params.neighbours)
    return Scene(
        grid=grid,
        moves=moves,
        masks=cover_masks(grid, layers, params),
        crossings=count_crossings(grid, layers, moves, params),
        sources=sources,
        params=params,
    )


def _bounds(xy: Floats) -> tuple[float, float, float, float]:
    low, high = xy.min(axis=0), xy.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def points_of(geometry: GeoSeries) -> GeoSeries:
    """Return the representative point of every row that has a place."""
    placed = geometry[geometry.notna() & ~geometry.is_empty]
    return gpd.GeoSeries(placed.representative_point(), index=placed.index, crs=geometry.crs)
