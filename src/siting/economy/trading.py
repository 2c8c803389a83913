"""The stage `trade`: who supplies whom, which clusters, what to make here, who would buy it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from siting.economy.clusters import find_clusters
from siting.economy.consumers import list_consumers
from siting.economy.cooperation import cooperate
from siting.economy.exchanges import list_exchanges
from siting.economy.exports import blended, export_proximity
from siting.economy.freight import freight_per_km
from siting.economy.input_output import list_industries
from siting.economy.placing import place, plan_plants
from siting.economy.products import read_market
from siting.economy.prospects import add_prospects
from siting.economy.ranking import rank
from siting.economy.relatedness import proximity
from siting.economy.suppliers import list_additions, list_suppliers
from siting.tables import Table, check, same_crs
from siting.tables.results import CONNECTED
from siting.tables.trade import TABLES

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from siting.economy.freight import Floats
    from siting.economy.products import Market
    from siting.economy_params import EconomyParams
    from siting.pricing import Offers
    from siting.tables import Layers

_NEEDED: Final = Table(
    name=CONNECTED.name,
    en=CONNECTED.en,
    ru=CONNECTED.ru,
    geometry=CONNECTED.geometry,
    index=CONNECTED.index,
    columns=tuple(
        CONNECTED.column(name)
        for name in ("is_eligible", "buildable_ha", "connection_cost_mrub", "onsite_cost_mrub")
    ),
)
"""What this stage reads of the site table."""


@dataclass(frozen=True, kw_only=True)
class Traded:
    """What the economy of a region says."""

    links: DataFrame
    """Table LINKS."""
    clusters: DataFrame
    """Table CLUSTERS."""
    products: DataFrame
    """Table PRODUCTS, best first."""
    consumers: DataFrame
    """Table CONSUMERS."""
    prospects: GeoDataFrame
    """Table PROSPECTS: those of the region, then those made of the best products."""
    measures: DataFrame
    """subject_id, requirement, value: what the requirements ask of each cluster."""
    cluster_gaps: DataFrame
    """Table CLUSTER_GAPS: what each cluster lacks and who could begin to make it."""
    memberships: DataFrame
    """Table MEMBERSHIPS: how far enterprises belong to each cluster."""
    industries: DataFrame
    """Table INDUSTRIES: quotients and multipliers; empty without the output of the country."""
    product_sites: DataFrame
    """Table PRODUCT_SITES: the best sites of each product's plant."""
    suppliers: DataFrame
    """Table SUPPLIERS: who near the best site makes the inputs of each product's plant."""
    additions: DataFrame
    """Table ADDITIONS: what each enterprise could make besides."""
    exchanges: DataFrame
    """Table EXCHANGES: by-products and waste heat a neighbour could take."""

    @property
    def platform(self) -> dict[str, DataFrame]:
        """Return the tables of `siting.tables.trade` by name."""
        return {table.name: getattr(self, table.name) for table in TABLES}


def trade(
    sites: GeoDataFrame,
    *,
    layers: Layers,
    params: EconomyParams,
    offers: Offers | None = None,
) -> Traded:
    """Return links, clusters, products, consumers and prospects of a region.

    With `offers` at the sites every plant is priced as it is; without them it pays its share, by
    area, of what connecting the whole site costs.

    Raises
    ------
    TableError
        Listing every malformed or unknown code, negative revenue, repeated enterprise, recipe
        whose shares exceed 1, and prospect id that is taken.
    """
    check(sites, _NEEDED)
    same_crs(sites, layers.enterprises, layers.settlements)
    market = read_market(layers, params)
    freight = freight_per_km(layers.products.sort_index(), params)
    alike = _alike(market, layers, params)
    links = cooperate(market, settlements=layers.settlements, freight=freight, params=params)
    clusters = find_clusters(market, links=links, alike=alike, layers=layers, params=params)
    plants = plan_plants(market, layers=layers, params=params)
    placing = place(sites, market, plants=plants, layers=layers, params=params, offers=offers)
    consumers = list_consumers(market, placing, layers=layers, freight=freight, params=params)
    products = rank(
        market,
        placing,
        alike=alike,
        consumers=consumers,
        layers=layers,
        params=params,
    )
    return Traded(
        links=links,
        clusters=clusters.table,
        products=products,
        consumers=consumers,
        prospects=add_prospects(
            products, market=market, plants=plants, layers=layers, params=params
        ),
        measures=clusters.measures,
        cluster_gaps=clusters.gaps,
        memberships=clusters.memberships,
        industries=list_industries(
            market.revenue_mrub, layers.enterprises["okved"], layers.industry_inputs, params
        ),
        product_sites=placing.best,
        suppliers=list_suppliers(market, placing, layers=layers, params=params),
        exchanges=list_exchanges(market, clusters.table, layers=layers, params=params),
        additions=list_additions(market, alike, products=products, params=params),
    )


def _alike(market: Market, layers: Layers, params: EconomyParams) -> Floats:
    alike = proximity(market.book, industry_weight=params.industry_weight)
    if layers.exports.empty:
        return alike
    near = export_proximity(layers.exports, layers.products["hs"].sort_index())
    return blended(alike, near, params.exports_weight)
