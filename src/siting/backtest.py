"""How far the method finds what was really built: real parks among candidates, real contracts.

Every existing park is hidden with what serves it, and its land is put among the plots as if empty:
one plot of its area, or of `target_park_ha` where that is not known. The region is then studied as
far as the saving of each site, and the real places are ranked among all candidates. Parks are
hidden together: one may not lean on the network of another.

What serves a park: sources no farther from its land than `HIDDEN_NODE_M`, and lines that lie
wholly within `HIDDEN_LINE_M`. Longer lines serve others too and stay.

The published contracts are priced as the region would: one circuit of their option over their
length, or the on-site networks of their hectares. Ignored: that places were chosen for reasons
other than cost, which is why a poor rank refutes neither.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from siting.economy import trade
from siting.land import assemble, exclude
from siting.layers import read
from siting.network import connect
from siting.portfolio import serve
from siting.price_level import level_factors
from siting.progress import Progress, silent
from siting.stopwatch import Stopwatch
from siting.tables import check
from siting.tables.backtest import COSTS, PLACES
from siting.units import M2_PER_HA

if TYPE_CHECKING:
    from geopandas import GeoDataFrame, GeoSeries
    from pandas import DataFrame

    from siting.region import Region
    from siting.tables import Layers

HIDDEN_NODE_M: Final = 1000.0
"""Sources this near a real park are taken to have been built for it, m (ASSUMED L)."""

HIDDEN_LINE_M: Final = 3000.0
"""Lines wholly this near are, m (ASSUMED L)."""

_PLOT: Final = "BACKTEST-"
"""Begins the id of the plot of a hidden park."""


@dataclass(frozen=True, kw_only=True)
class Backtest:
    """What the method says of what is known."""

    places: DataFrame
    """Table PLACES."""
    costs: DataFrame
    """Table COSTS."""


def backtest(region: Region, *, progress: Progress = silent) -> Backtest:
    """Return how real parks rank and what real contracts would have cost.

    Raises
    ------
    TableError, LayerError
        Listing every problem of the input.
    """
    timed = Stopwatch(progress)
    layers = timed(read, region)
    return Backtest(
        places=check(_places(region, layers, timed), PLACES),
        costs=check(price_contracts(layers, region), COSTS),
    )


def _places(region: Region, layers: Layers, timed: Stopwatch) -> DataFrame:
    land_of = lands(layers.parks, region.land.target_park_ha)
    hidden, counts = hide(layers, land_of, gap_m=region.land.max_gap_m)
    land = timed(exclude, hidden.plots, layers=hidden, params=region.land)
    sites = timed(assemble, land.plots, layers=hidden, params=region.land)
    net = timed(
        connect, sites, plots=land.plots, layers=hidden, params=region.network,
        cell_m=region.cell_m, progress=timed.tick,
    )  # fmt: skip
    market = timed(trade, net.sites, layers=hidden, params=region.economy, offers=net.offers.sites)
    served = timed(
        serve, net.sites, prospects=market.prospects, plots=land.plots, offers=net.offers,
        profiles=hidden.demand_profiles, params=region.serve,
    )  # fmt: skip
    return rank_places(layers.parks, land_of, counts, served.sites)


def lands(parks: GeoDataFrame, usual_ha: float) -> GeoSeries:
    """Return the land of every park, index park_id; of parks at one place, the first by id.

    A park drawn as an area keeps it; one given as a point is a square of its area, or of
    `usual_ha` where none is stated.
    """
    ordered = parks.sort_index()
    is_area = ordered.geom_type.isin(("Polygon", "MultiPolygon"))
    half = np.sqrt(ordered["area_ha"].fillna(usual_ha).to_numpy(float) * M2_PER_HA) / 2
    middle = ordered.geometry.representative_point()
    x, y = middle.x.to_numpy(), middle.y.to_numpy()
    squares = shapely.box(x - half, y - half, x + half, y + half)
    shapes = np.where(is_area, ordered.geometry.to_numpy(), squares)
    found = gpd.GeoSeries(shapes, index=ordered.index, crs=parks.crs)
    free = [
        not shapely.intersects(found.iloc[:n].to_numpy(), shape).any()
        for n, shape in enumerate(found)
    ]
    return found[free]


def hide(layers: Layers, land_of: GeoSeries, *, gap_m: float) -> tuple[Layers, pd.Series[int]]:
    """Return the layers without the parks and what serves them, their land among the plots.

    Plots that touch this land, or lie so near that they would be joined to it, make room. The
    second result counts the sources hidden, index park_id.
    """
    sources = layers.infrastructure
    is_line = sources.geom_type.isin(("LineString", "MultiLineString")).to_numpy()
    shapes = sources.geometry.to_numpy()
    served = {
        park: np.where(
            is_line,
            shapely.within(shapes, shapely.buffer(land, HIDDEN_LINE_M)),
            shapely.dwithin(shapes, land, HIDDEN_NODE_M),
        )
        for park, land in land_of.items()
    }
    gone = np.any(list(served.values()), axis=0) if served else np.zeros(len(sources), bool)
    near = layers.plots.geometry.dwithin(land_of.union_all(), gap_m + 1.0)
    plots = layers.plots[~near.to_numpy(bool)] if len(land_of) else layers.plots
    made = gpd.GeoDataFrame(
        {
            "category": "industry",
            "permitted_use": "6.0",
            "ownership": "municipal",
            "status": "greenfield",
            "is_synthetic": True,
            "source": "backtest",
            "as_of": "",
            "confidence": "low",
        },
        index=pd.Index(_PLOT + land_of.index.astype("str"), name=plots.index.name),
        geometry=land_of.to_numpy(),
        crs=layers.plots.crs,
    )
    both = pd.concat([plots, made[made.columns.intersection(plots.columns)]])
    changed = replace(
        layers,
        parks=layers.parks.iloc[:0],
        infrastructure=sources[~gone],
        plots=gpd.GeoDataFrame(both, crs=plots.crs).sort_index(),
    )
    return changed, pd.Series({park: int(own.sum()) for park, own in served.items()}, dtype=int)


def rank_places(
    parks: GeoDataFrame, land_of: GeoSeries, counts: pd.Series[int], sites: GeoDataFrame
) -> DataFrame:
    """Return the table PLACES: each real place among the eligible sites."""
    ids = _PLOT + land_of.index.astype("str")
    own = {plot: site for site, plot in sites["plot_ids"].items() if plot in set(ids)}
    may = sites[sites["is_eligible"].astype(bool)]
    per_ha = (may["connection_cost_mrub"] / may["buildable_ha"]).rank(method="min")
    saving = may["saving_mrub"].rank(method="min", ascending=False)
    known = parks.loc[land_of.index]
    found = pd.Series([own.get(plot) for plot in ids], index=land_of.index, dtype="object")
    at = sites.reindex(found.to_numpy())
    return pd.DataFrame(
        {
            "name": known["name"],
            "name_en": known["name_en"].fillna(known["name"]),
            "area_ha": land_of.area / M2_PER_HA,
            "is_area_known": known["area_ha"].notna(),
            "hidden_count": counts.reindex(land_of.index).astype(float),
            "is_eligible": found.isin(may.index),
            "why_not": at["why_not"].to_numpy(),
            "sites_count": float(len(may)),
            "connection_rank": per_ha.reindex(found.to_numpy()).to_numpy(),
            "saving_rank": saving.reindex(found.to_numpy()).to_numpy(),
            "saving_mrub": at["saving_mrub"].to_numpy(float),
        },
        index=land_of.index,
    )


def price_contracts(layers: Layers, region: Region) -> DataFrame:
    """Return the table COSTS: what was paid, and what the prices of the region give."""
    told = layers.published_costs.reset_index(drop=True)
    options = layers.connection_options.drop_duplicates("option").set_index("option")
    way = options.reindex(told["option"])
    length_km = told["length_km"].fillna(0.0).to_numpy(float)
    # one circuit of the option, filled: F + k l + v c
    circuit = (
        way["fixed_mrub"].to_numpy(float)
        + way["per_km_mrub"].to_numpy(float) * length_km
        + (way["per_unit_mrub"] * way["capacity"]).to_numpy(float)
    )
    per_ha = region.network.onsite_rates
    rate = (
        told["items"]
        .fillna("")
        .map(lambda items: sum(per_ha.get(item, 0.0) for item in str(items).split(";")))
    )
    onsite = rate.to_numpy(float) * told["area_ha"].fillna(0.0).to_numpy(float)
    named = np.where(told["option"].isna(), onsite, circuit)
    known = np.isfinite(named) & (named > 0)
    factor = level_factors(told["price_year"], layers.price_indices, region.price_year)
    paid_now = told["paid_mrub"].to_numpy(float) * factor
    table = told[["contract", "contract_ru", "paid_mrub", "price_year"]].assign(
        price_year=told["price_year"].astype(float),
        paid_now_mrub=paid_now,
        named_mrub=named,
        ratio=named / paid_now,
        status=told["status"],
        source=told["source"],
    )
    # a region without such an option or rate names no price
    return table[known].reset_index(drop=True)
