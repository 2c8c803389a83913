"""The whole study, one line per stage. Read this first.

A region's layers become candidate sites; every stage adds columns to the site table, and the
`Plan` at the end answers where to put the parks, what to make in them and who will buy it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from siting.economy import Question, as_site, check_question, trade
from siting.land import assemble, exclude, explain, judge, write_passports
from siting.layers import read
from siting.location import counted_links, inherit_links, locate
from siting.network import CostSurfaces, connect, share_trunks
from siting.portfolio import account, choose, doubt, serve
from siting.progress import Progress, silent
from siting.stopwatch import Stopwatch
from siting.summary import summarise
from siting.tables.location import KIN_LINKS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from siting.economy import Traded
    from siting.errors import Lang
    from siting.portfolio import Portfolio, Served
    from siting.pricing import OffersEverywhere
    from siting.region import Region
    from siting.tables import Layers


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything a study found. Tables are those of `siting.tables.results`."""

    region: Region
    layers: Layers
    plots: GeoDataFrame
    """PLOTS with buildable_ha, is_eligible and why_not."""
    exclusions: DataFrame
    cures: DataFrame
    """Why plots and sites are refused or limited, and what would free them."""
    sites: GeoDataFrame
    connections: GeoDataFrame
    offers: OffersEverywhere | None
    """What sites, plots and prospects are offered: any demand can be priced from it. None, as
    `served`, where a plan is only to be shown; its map then cannot price anything again."""
    prospects: GeoDataFrame
    """PROSPECTS of the region and those made of the best products, every demand filled in."""
    served: Served | None
    """Who fills each site alone, and every way to connect it: all that pricing again needs."""
    portfolio: Portfolio
    ledger: DataFrame
    """Table LEDGER_OVER_TIME: capital, upkeep and present value."""
    facts: DataFrame
    links: DataFrame
    clusters: DataFrame
    products: DataFrame
    consumers: DataFrame
    checks: DataFrame
    passports: DataFrame
    """Each site under each edition of each act, superseded and drafts too."""
    repairs: DataFrame
    """Every repair and refusal of an input row, and every object no rule knows."""
    summary: Mapping[str, object]
    books: Mapping[str, DataFrame] = field(default_factory=dict)
    """Tables of `siting.tables.doubt` and `.money` by name: ranks, tornado, years, tariffs, ..."""
    surfaces: CostSurfaces | None = None
    """What connecting a park costs anywhere in the region, by utility and in total."""
    trunks: GeoDataFrame | None = None
    """Table TRUNKS: what parks of the plan could share; beside the ledger, never in it."""
    platform: Mapping[str, DataFrame] = field(default_factory=dict)
    """Tables of `siting.tables.trade` by name: sites, suppliers and additions of products, ..."""

    def draw(self, directory: str | Path, *, lang: Lang = "ru") -> Path:
        """Write the map into `directory` and return the path of its index.html."""
        from siting.maps import draw  # noqa: PLC0415  # the door out: maps know the Plan

        return draw(self, directory, lang=lang)

    def write(self, directory: str | Path, *, lang: Lang = "ru") -> None:
        """Write every table and summary.json into `directory`; the workbook speaks `lang`."""
        from siting.export import write  # noqa: PLC0415  # the door out: export knows the Plan

        write(self, directory, lang=lang)


@dataclass(frozen=True, kw_only=True)
class Making:
    """What to make in a region, or on one plot of it, and who would buy it."""

    region: Region
    layers: Layers
    places: GeoDataFrame
    """Candidate sites, or the one plot asked about."""
    market: Traded


def make(
    region: Region, question: Question | None = None, *, progress: Progress = silent
) -> Making:
    """Return what to make in `region`; asked about a plot, as if it were the only site.

    Raises
    ------
    TableError, LayerError
        Listing every problem of the input; what is asked about and unknown or not to be built on.
    """
    timed = Stopwatch(progress)
    layers = timed(read, region)
    asked = question or Question()
    check_question(asked, layers)
    land = timed(exclude, layers.plots, layers=layers, params=region.land)
    sites = timed(assemble, land.plots, layers=layers, params=region.land)
    net = timed(
        connect, sites, plots=land.plots, layers=layers, params=region.network,
        cell_m=region.cell_m, progress=timed.tick,
    )  # fmt: skip
    places, offers = net.sites, net.offers.sites
    if asked.plot_id is not None:
        onsite = region.serve.onsite_alone_share * sum(region.network.onsite_rates.values())
        places = as_site(land.plots, asked.plot_id, onsite_mrub_ha=onsite)
        offers = net.offers.plots
    market = timed(trade, places, layers=layers, params=region.economy, offers=offers)
    return Making(region=region, layers=layers, places=places, market=market)


def plan(region: Region, *, progress: Progress = silent) -> Plan:
    """Return the plan of `region`: where the parks should be and why.

    Raises
    ------
    TableError, LayerError
        Listing every problem of the input.
    InfeasibleError
        Naming the limit under which no plan exists.
    """
    timed = Stopwatch(progress)
    layers = timed(read, region)
    land = timed(exclude, layers.plots, layers=layers, params=region.land)
    sites = timed(assemble, land.plots, layers=layers, params=region.land)
    cures = timed(explain, land.plots, sites, layers=layers, params=region.land)
    net = timed(
        connect, sites, plots=land.plots, layers=layers, params=region.network,
        cell_m=region.cell_m, progress=timed.tick,
    )  # fmt: skip
    market = timed(trade, net.sites, layers=layers, params=region.economy, offers=net.offers.sites)
    served = timed(
        serve, net.sites, prospects=market.prospects, plots=land.plots, offers=net.offers,
        profiles=layers.demand_profiles, params=region.serve,
    )  # fmt: skip
    kin = timed(
        inherit_links, served.prospects, links=market.links, enterprises=layers.enterprises,
        params=region.location,
    )  # fmt: skip
    linked = counted_links(market.links, kin, served.prospects, region.location)
    chosen = timed(
        choose, served.sites, served=served, links=linked, params=region.choose, progress=timed.tick
    )  # fmt: skip
    trunks = timed(
        share_trunks, chosen.sites, connections=net.connections,
        options=layers.connection_options, scene=net.scene, params=region.network,
    )  # fmt: skip
    doubted = timed(
        doubt, chosen.sites, chosen=chosen, params=region.doubt, seed=region.seed,
        infrastructure=layers.infrastructure, progress=timed.tick,
    )  # fmt: skip
    accounts = timed(
        account, doubted.sites, chosen=chosen, layers=layers, price_year=region.price_year,
        params=region.money,
    )  # fmt: skip
    located = timed(
        locate, accounts.sites, kin=kin, residents=served.residents, layers=layers,
        params=region.location,
    )  # fmt: skip
    checks, passports = _judged(located, market, layers=layers, region=region, timed=timed)
    return Plan(
        region=region, layers=layers, plots=land.plots, exclusions=land.exclusions, cures=cures,
        sites=located, connections=net.connections, offers=net.offers, surfaces=net.surfaces,
        trunks=trunks, prospects=served.prospects, served=served, portfolio=chosen.portfolio,
        ledger=accounts.ledger, facts=doubted.facts, links=market.links, clusters=market.clusters,
        books=doubted.books | accounts.books | {KIN_LINKS.name: kin}, products=market.products,
        consumers=market.consumers, platform=market.platform, checks=checks, passports=passports,
        repairs=pd.concat([layers.repairs, land.unruled, net.unused], ignore_index=True),
        summary=summarise(region, timed, layers=layers, chosen=chosen, doubted=doubted, net=net),
    )  # fmt: skip


def _judged(
    sites: GeoDataFrame, market: Traded, *, layers: Layers, region: Region, timed: Stopwatch
) -> tuple[DataFrame, DataFrame]:
    """Return CHECKS under the editions of the day, and PASSPORTS under every edition."""
    acts = layers.requirements
    checks = timed(judge, sites, clusters=market.measures, requirements=acts, params=region.land)
    return checks, write_passports(sites, requirements=acts, params=region.land)
