"""The stage: every site gets, for each utility, its cheapest option, source, route and price.

Places are where their representative point lies: sites, plots and prospects with a place of
their own. A site that cannot be given a utility every park needs is refused, and says which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, Final

from siting.errors import Problem, RegionError
from siting.network.corridors import FAMILIES
from siting.network.costs import add_costs, list_connections, park_demands
from siting.network.crossings import CROSSED
from siting.network.friction import ALL_COVERS, BARRIER
from siting.network.offers import find_offers
from siting.network.options import as_supplied, check_options
from siting.pricing import OffersEverywhere, price
from siting.tables import check, same_crs
from siting.tables.inputs import INFRASTRUCTURE
from siting.tables.results import CONNECTED, CONNECTIONS, REPAIRS, SITES
from siting.tables.rules import CONNECTION_OPTIONS
from siting.units import UTILITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from siting.network.screen import Scene
    from siting.network.surfaces import CostSurfaces
    from siting.region import NetworkParams
    from siting.tables import Layers

_MONEY: Final = (
    "crossing_mrub", "crossing_share", "reinforcement_mrub", "park_demand_ha", "onsite_mrub_ha",
    "onsite_mrub_km",
)  # fmt: skip
"""Tables of the region's prices by utility, and of crossings by what is crossed."""


@dataclass(frozen=True, kw_only=True)
class Connected:
    """What the network stage hands on."""

    sites: GeoDataFrame
    """Table CONNECTED: the same rows in the same order."""
    connections: GeoDataFrame
    """Table CONNECTIONS: the connections that eligible sites need, and rail where it fits."""
    offers: OffersEverywhere
    scene: Scene
    """The raster of the search, for trunks that parks may share."""
    unused: DataFrame
    """Table REPAIRS: sources that some option fits and nobody can tap, and why."""
    surfaces: CostSurfaces | None = None
    """What connecting a park costs anywhere; None where the region wants none."""


def unheard(done_share: float) -> None:
    """Hear of progress and do nothing."""


def connect(  # the signature is the contract with study.py
    sites: GeoDataFrame,
    *,
    plots: GeoDataFrame,
    layers: Layers,
    params: NetworkParams,
    cell_m: float,
    progress: Callable[[float], None] = unheard,
) -> Connected:
    """Add the cheapest connection to every utility to every site, and its cost.

    Parameters
    ----------
    sites
        Table SITES.
    plots
        Plots at which offers are wanted; only their geometry is used.
    layers
        Sources, options, terrain, settlements, constraints and prospects.
    params
        How routes run and what a park needs.
    cell_m
        Side of a cell of the raster, metres.
    progress
        Told the share of the work that is done.

    Raises
    ------
    TableError, RegionError
        Listing every problem of sites, sources, options and prices.
    InfeasibleError
        If the raster would be too large.
    """
    _check_inputs(sites, plots, layers, params)
    supplied = supply(layers, params)
    search = find_offers(sites, plots, supplied, params, cell_m=cell_m, progress=progress)
    at_sites = search.offers.sites
    demands = park_demands(sites["buildable_ha"], params)
    prices = {
        utility: price(offers, demands[utility].to_numpy())
        for utility, offers in at_sites.by_utility.items()
    }
    connected = add_costs(sites, search, prices, demands, params)
    connections = list_connections(connected, search, prices, demands, params)
    return Connected(
        sites=check(connected, CONNECTED),
        connections=check(connections, CONNECTIONS),
        offers=search.offers,
        scene=search.scene,
        surfaces=search.surfaces,
        unused=check(search.unconnected.sources, REPAIRS),
    )


def _check_inputs(
    sites: GeoDataFrame, plots: GeoDataFrame, layers: Layers, params: NetworkParams
) -> None:
    check(sites, SITES)
    same_crs(sites, plots, layers.infrastructure)
    check_network(layers, params)


def supply(layers: Layers, params: NetworkParams) -> Layers:
    """Return the layers with the ways to connect as the region wants parks supplied."""
    return replace(layers, connection_options=as_supplied(layers.connection_options, params))


def check_network(layers: Layers, params: NetworkParams) -> None:
    """Raise unless sources, options and prices can be reckoned with.

    Raises
    ------
    TableError, RegionError
        Listing every problem.
    """
    check(layers.infrastructure, INFRASTRUCTURE)
    check(layers.connection_options, CONNECTION_OPTIONS)
    check_options(layers.connection_options, layers.infrastructure, params)
    problems = _price_problems(params)
    if problems:
        raise RegionError(problems)


def _price_problems(params: NetworkParams) -> list[Problem]:
    """Return every price and share of the region by which no route can be priced."""
    frictions = {
        f"network.friction.{family}.{cover}": value
        for family, prices in params.friction.items()
        for cover, value in prices.items()
        if not value > 0 and value != BARRIER
    }
    money = {
        f"network.{table}.{key}": value
        for table in _MONEY
        for key, value in getattr(params, table).items()
        if not 0 <= value < inf
    }
    wrong = [
        Problem(code="network_value", values={"key": key, "value": f"{value:g}"})
        for key, value in (frictions | money).items()
    ]
    return [*wrong, *_unread(params), *_shrinking(params)]


def _shrinking(params: NetworkParams) -> list[Problem]:
    """Return every utility whose steps of reinforcement do not grow in capacity and price."""
    return [
        Problem(code="steps_not_growing", values={"key": f"network.reinforcement_steps.{name}"})
        for name, steps in params.reinforcement_steps.items()
        if any(a.capacity >= b.capacity or a.mrub > b.mrub for a, b in pairwise(steps))
    ]


def _unread(params: NetworkParams) -> list[Problem]:
    """Return every key of the region's prices that names nothing there is: a misprint, mostly."""
    allowed: list[tuple[str, Collection[str], Collection[str]]] = [
        ("friction", params.friction, FAMILIES),
        ("corridor_share", params.corridor_share, FAMILIES),
        *((f"friction.{name}", told, ALL_COVERS) for name, told in params.friction.items()),
        *(
            (table, getattr(params, table), CROSSED if table == "crossing_mrub" else UTILITIES)
            for table in (*_MONEY, "reinforcement_steps", "feeders")
        ),
    ]
    return [
        Problem(
            code="network_key",
            values={"key": f"network.{table}.{key}", "known": ", ".join(known)},
        )
        for table, told, known in allowed
        for key in told
        if key not in known
    ]
