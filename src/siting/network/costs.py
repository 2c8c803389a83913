"""What a park's connections cost: the columns of CONNECTED and the rows of CONNECTIONS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.errors import Problem, RegionError
from siting.network.items import itemise
from siting.network.reinforce import find_steps
from siting.network.routes import draw_route
from siting.tables.results import CONNECTIONS
from siting.units import DEMAND_UNIT, UTILITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series
    from shapely.geometry.base import BaseGeometry

    from siting.network.offers import Search
    from siting.network.reasons import Unconnected
    from siting.pricing import Price, UtilityOffers
    from siting.region import NetworkParams

ONE_PER_PARK: Final = frozenset({"road", "rail", "telecom"})
"""Utilities of which a park needs one carriageway, track or line, whatever its area."""

_WHERE_IT_FITS: Final = "rail"
"""Connected where possible, never a cause of refusal unless the region makes it a park utility."""


def park_demands(buildable_ha: Series, params: NetworkParams) -> dict[str, Series]:
    """Return the demand of each site for each utility before its residents are known.

    Raises
    ------
    RegionError
        If a park utility has no demand per hectare.
    """
    told = params.park_demand_ha
    missing = [u for u in params.park_utilities if u not in told and u not in ONE_PER_PARK]
    if missing:
        raise RegionError(
            Problem(code="park_demand_missing", values={"utility": name}) for name in missing
        )
    return {
        utility: buildable_ha * told.get(utility, 0.0)
        if utility not in ONE_PER_PARK
        else buildable_ha * 0.0 + 1.0
        for utility in UTILITIES
    }


def add_costs(
    sites: GeoDataFrame,
    search: Search,
    prices: Mapping[str, Price],
    demands: Mapping[str, Series],
    params: NetworkParams,
) -> GeoDataFrame:
    """Return the sites with option, source, route and cost of every utility, and their sums.

    A site that a park utility cannot reach has no connection cost, is not eligible, and gets
    the code `no_<utility>` among its causes, with what is known of why.
    """
    columns: dict[str, Series] = {}
    offers = search.offers.sites
    for utility in UTILITIES:
        columns |= _utility_columns(utility, sites, offers.by_utility.get(utility), prices, demands)
    need = [f"{utility}_cost_mrub" for utility in params.park_utilities]
    costs = pd.DataFrame({name: columns[name] for name in need}, index=sites.index)
    onsite_ha = sum(params.onsite_rates.values())
    unreached = costs.isna()
    return sites.assign(
        **columns,
        connection_cost_mrub=costs.sum(axis=1, skipna=False),
        onsite_cost_mrub=sites["buildable_ha"] * onsite_ha * _onsite_share(sites),
        electricity_mw=demands["electricity"].where(columns["electricity_cost_mrub"].notna()),
        is_eligible=sites["is_eligible"] & ~unreached.any(axis=1),
        why_not=_causes(sites["why_not"], unreached, params.park_utilities, search.unconnected),
    )


def _onsite_share(sites: GeoDataFrame) -> Series | float:
    # old works keep some of their networks; a table that does not tell stands on bare land
    return sites["onsite_share"] if "onsite_share" in sites.columns else 1.0


def list_connections(
    sites: GeoDataFrame,
    search: Search,
    prices: Mapping[str, Price],
    demands: Mapping[str, Series],
    params: NetworkParams,
) -> GeoDataFrame:
    """Return a row for each eligible site and park utility, and for rail where it fits."""
    wanted = [u for u in UTILITIES if u in params.park_utilities or u == _WHERE_IT_FITS]
    tables = []
    for order, utility in enumerate(wanted):
        if utility not in prices:
            continue
        told = prices[utility]
        rows = np.flatnonzero(sites["is_eligible"].to_numpy() & (told.option >= 0))
        offers = search.offers.sites.by_utility[utility]
        table = _rows(utility, rows, offers, told)
        table["site_id"] = sites.index[rows]
        table["demand"] = demands[utility].to_numpy()[rows]
        met = itemise(_crossed(utility, rows, search, told), utility, params)
        table = table.assign(**_supply(table, offers, params), **met)
        table["is_widened"] = search.widened[utility][rows]
        lines = gpd.array.from_shapely(
            [_route(utility, row, search, told) for row in rows.tolist()]
        )
        tables.append(table.assign(geometry=lines, _row=rows, _order=order))
    names = [column.name for column in CONNECTIONS.columns]
    stacked = pd.concat(tables, ignore_index=True).sort_values(["_row", "_order"])
    # a utility without sources brings columns of nothing, which have no kind of their own
    text = dict.fromkeys(("source_id", "source_name", "reinforcement_step", "crossings"), "str")
    frame = stacked.reset_index(drop=True)[[*names, "geometry"]].astype(text)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=sites.crs)


def _utility_columns(
    utility: str,
    sites: GeoDataFrame,
    offers: UtilityOffers | None,
    prices: Mapping[str, Price],
    demands: Mapping[str, Series],
) -> dict[str, Series]:
    """Return the four columns of one utility; all missing where nothing fits."""
    nothing = pd.Series(np.nan, index=sites.index)
    cost, km = nothing, nothing
    option = source = pd.Series(np.nan, index=sites.index, dtype="str")
    if offers is not None:
        told = prices[utility]
        fits = told.option >= 0
        # what is not demanded costs nothing; what is demanded and not on offer has no cost
        cost = pd.Series(told.cost_mrub, index=sites.index).where(fits | (demands[utility] <= 0))
        km = pd.Series(told.pick(offers.length_km), index=sites.index).where(fits)
        option, source = _names(offers, told, sites.index)
    return {
        f"{utility}_cost_mrub": cost,
        f"{utility}_option": option,
        f"{utility}_source": source,
        f"{utility}_route_km": km,
    }


def _names(offers: UtilityOffers, told: Price, index: pd.Index) -> tuple[Series, Series]:
    """Return the option and the source of each place; missing where there is none."""
    at = told.pick(offers.source)
    option = np.append(offers.options.index.to_numpy(object), np.nan)[told.option]
    source = np.append(offers.sources.index.to_numpy(object), np.nan)[
        np.where(told.option >= 0, at, -1)
    ]
    return pd.Series(option, index=index, dtype="str"), pd.Series(source, index=index, dtype="str")


def _causes(
    why_not: Series, unreached: DataFrame, utilities: tuple[str, ...], why: Unconnected
) -> Series:
    """Return the causes of refusal with those of the utilities added, joined by semicolons."""
    codes = np.column_stack(
        [np.broadcast_to(why.cause(utility), len(why_not)) for utility in utilities]
    )
    joined = [
        ";".join([*([] if pd.isna(old) else [str(old)]), *told[row].tolist()])
        for old, told, row in zip(why_not, codes, unreached.to_numpy(), strict=True)
    ]
    told = pd.Series(joined, index=why_not.index, dtype="str")
    return told.mask(told == "")


def _rows(utility: str, rows: np.ndarray, offers: UtilityOffers, told: Price) -> DataFrame:
    """Return the columns of CONNECTIONS that come from the offers, for some sites."""
    option, source = _names(offers, told, pd.RangeIndex(len(told.option)))
    chosen = source.iloc[rows]
    known = offers.sources["is_spare_known"].reindex(chosen).to_numpy()
    return pd.DataFrame(
        {
            "utility": utility,
            "option": option.iloc[rows].to_numpy(),
            "source_id": chosen.to_numpy(),
            "source_name": offers.sources["name"].reindex(chosen).to_numpy(),
            "circuits": told.circuits[rows],
            "demand_unit": DEMAND_UNIT[utility],
            "length_km": told.pick(offers.length_km)[rows],
            "effective_km": told.pick(offers.effective_km)[rows],
            "fixed_mrub": told.fixed_mrub[rows],
            "line_mrub": told.line_mrub[rows],
            "crossings_mrub": told.crossings_mrub[rows],
            "reinforcement_mrub": told.reinforcement_mrub[rows],
            "cost_mrub": told.cost_mrub[rows],
            # an option that stands alone takes from no source, so nothing about it is unknown
            "is_spare_known": np.where(pd.isna(chosen.to_numpy()), True, known == True),  # noqa: E712, FBT003
        }
    )


def _crossed(utility: str, rows: np.ndarray, search: Search, told: Price) -> np.ndarray:
    """Return what the chosen connections of some sites cross, coded; nothing without a route."""
    names = search.offers.sites.by_utility[utility].options.index
    codes = [
        search.crossed[key][row, told.slot[row]] if key in search.crossed else 0
        for row in rows.tolist()
        for key in ((utility, str(names[told.option[row]])),)
    ]
    return np.array(codes, np.int64)


def _supply(
    table: DataFrame, offers: UtilityOffers, params: NetworkParams
) -> dict[str, np.ndarray]:
    """Return how often some connections are fed, and the step by which their source is enlarged."""
    from_source = table["source_id"].notna().to_numpy()
    spare = offers.sources["spare"].reindex(table["source_id"]).to_numpy(float)
    told = params.reinforcement_steps.get(offers.utility, ())
    steps = find_steps(told, table["demand"].to_numpy() - spare)
    return {
        "feeders": np.where(from_source, params.feeders.get(offers.utility, 1), 1),
        "reinforcement_step": steps.name,
        "reinforcement_step_mrub": steps.mrub,
    }


def _route(utility: str, row: int, search: Search, told: Price) -> BaseGeometry | None:
    """Return the line of the chosen connection of one site, None where it needs none."""
    offers = search.offers.sites.by_utility[utility]
    option, slot = int(told.option[row]), int(told.slot[row])
    source = int(offers.source[row, option, slot])
    if source < 0:
        return None
    route = search.routes[utility, str(offers.options.index[option]), int(row), slot]
    place = search.scene.sources.geometry.loc[offers.sources.index[source]]
    return draw_route(search.scene.grid, route, site=search.points.iloc[row], source=place)
