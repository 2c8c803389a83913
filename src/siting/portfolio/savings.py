"""What each site would save if it alone were opened and filled with those that gain most.

In the park residents share connections built for their coincident demand and pay on-site networks
by the hectare. A lone plant needs `onsite_alone_share` of the on-site networks of a hectare of a
park: those within its own fence. The rest runs between residents, so a park with a single resident
does not build it either: a park of one at its own place saves nothing.

`break_even_share` assumes connections are built for the full house, because that money is spent
before residents come; those who leave take their saving with them in proportion. It is then
connections / (alone - on-site). Ignores land price and the cost of opening, which `choose` adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.portfolio.alone import Alone, cost_alone, stays_clean
from siting.portfolio.fill import fill_sites, set_needs
from siting.portfolio.prospects import DEMANDS, complete
from siting.portfolio.ways import Ways, lay_flat, list_all, plain, price_all
from siting.tables import check
from siting.tables.results import SERVED
from siting.units import UTILITIES

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.pricing import OffersEverywhere
    from siting.region import ServeParams

    Floats = NDArray[np.float64]

ACCESS: Final = ("road", "rail", "telecom")
"""One access serves all residents, so its simultaneity is 0 where the region does not say."""

NEVER_SHARE: Final = 10.0
"""Written as break_even_share where no occupancy pays: ten full houses mean never."""


@dataclass(frozen=True, kw_only=True)
class Served:
    """Sites with their savings, and all that choosing and doubting need to price again."""

    sites: GeoDataFrame
    """Table SERVED."""
    prospects: GeoDataFrame
    """PROSPECTS with every demand, jobs_count, sanitary_zone_m and the place alone filled in."""
    standalone: DataFrame
    """Cost alone, mln roubles: index prospect_id, columns UTILITIES and onsite; empty: nowhere."""
    residents: DataFrame
    """Flags: index site_id, columns prospect_id; who fills each site if it alone is opened."""
    offers: OffersEverywhere
    ways: Ways
    """Ways to connect every site, in the order of `sites`."""
    ways_alone: Ways
    """Ways to connect every prospect's place alone, in the order of `prospects`."""
    profiles: DataFrame
    """Table DEMAND_PROFILES, for what is known about each industry."""
    params: ServeParams


def serve(
    sites: GeoDataFrame,
    *,
    prospects: GeoDataFrame,
    plots: GeoDataFrame,
    offers: OffersEverywhere,
    profiles: DataFrame,
    params: ServeParams,
) -> Served:
    """Return what each site saves if it alone is opened: table SERVED and what it rests on.

    Raises
    ------
    TableError
        Listing every prospect whose activity has no profile.
    """
    filled = complete(prospects, profiles, params)
    alone = cost_alone(filled, plots=plots, sites=sites, offers=offers, params=params)
    filled = filled.assign(**{str(name): column for name, column in alone.places.items()})
    ways = ways_of_sites(sites, offers)
    residents = _fill(sites, filled, alone, ways, params)
    table = sites.assign(**_site_columns(sites, filled, alone, residents, ways, params))
    return Served(
        sites=check(table, SERVED),
        prospects=filled,
        standalone=alone.costs,
        residents=residents,
        offers=offers,
        ways=ways,
        ways_alone=alone.ways,
        profiles=profiles,
        params=params,
    )


def ways_of_sites(sites: GeoDataFrame, offers: OffersEverywhere) -> Ways:
    """Return the ways of every site, in the order of `sites`; one without an offer has none."""
    return lay_flat([offers.sites], list_all(offers)).reordered(sites.index)


def coincidences(params: ServeParams) -> Floats:
    """Return the simultaneity of loads by utility, shape (8,)."""
    absent = {utility: 0.0 if utility in ACCESS else 1.0 for utility in UTILITIES}
    return np.array([params.coincidence.get(u, absent[u]) for u in UTILITIES])


def fits(sites: GeoDataFrame, prospects: GeoDataFrame, standalone: DataFrame) -> NDArray[np.bool_]:
    """Return whether each prospect may settle on each site, shape (sites, prospects).

    The site is eligible, large enough and its housing outside the prospect's sanitary zone, and
    the prospect has a cost alone to compare with.
    """
    # no distance means that the layers know no housing, so no zone can reach it
    housing = sites["housing_distance_m"].fillna(np.inf).to_numpy(float)
    clean = prospects["sanitary_zone_m"].to_numpy(float) <= housing[:, None]
    clean &= stays_clean(sites, prospects)
    large = prospects["area_ha"].to_numpy(float) <= sites["buildable_ha"].to_numpy(float)[:, None]
    known = standalone.notna().all(axis=1).to_numpy()
    return clean & large & known & sites["is_eligible"].to_numpy(bool)[:, None]


def onsite_rates_mrub_ha(sites: GeoDataFrame) -> Floats:
    """Return the price of on-site networks of every site by the hectare, shape (n,)."""
    area = sites["buildable_ha"].to_numpy(float)
    cost = sites["onsite_cost_mrub"].to_numpy(float)
    return np.divide(cost, area, out=np.zeros(len(sites)), where=area > 0)


def values_mrub(sites: GeoDataFrame, prospects: GeoDataFrame, standalone: DataFrame) -> Floats:
    """Return cost alone minus on-site networks in the park, shape (sites, prospects).

    Zero alone where a prospect has no cost alone; `fits` keeps such prospects out.
    """
    alone = standalone.sum(axis=1).to_numpy(float)
    rates = onsite_rates_mrub_ha(sites)
    return alone - rates[:, None] * prospects["area_ha"].to_numpy(float)


def lone_bonus_mrub(sites: GeoDataFrame, prospects: GeoDataFrame, params: ServeParams) -> Floats:
    """Return the on-site networks a single resident is spared, shape (sites, prospects)."""
    rates = onsite_rates_mrub_ha(sites) * (1 - params.onsite_alone_share)
    return rates[:, None] * prospects["area_ha"].to_numpy(float)


def _fill(
    sites: GeoDataFrame, prospects: GeoDataFrame, alone: Alone, ways: Ways, params: ServeParams
) -> DataFrame:
    # by id, so that the order of the rows decides no tie
    order = np.argsort(prospects.index.to_numpy(str), kind="stable")
    ranked = prospects.iloc[order]
    costs = alone.costs.iloc[order]
    values = np.stack(
        [values_mrub(sites, ranked, costs), lone_bonus_mrub(sites, ranked, params)], axis=1
    )
    few = ways.thinned
    _, members = fill_sites(
        (few.kernel, few.prices, few.spare),
        (
            plain(ranked[DEMANDS].to_numpy(float)),
            coincidences(params),
            plain(ranked["area_ha"].to_numpy(float)),
        ),
        values,
        plain(fits(sites, ranked, costs)),
        plain(sites["buildable_ha"].to_numpy(float)),
    )
    found = pd.DataFrame(members, index=sites.index, columns=ranked.index)
    return found[prospects.index.tolist()]


def _site_columns(
    sites: GeoDataFrame,
    prospects: GeoDataFrame,
    alone: Alone,
    residents: DataFrame,
    ways: Ways,
    params: ServeParams,
) -> dict[str, Floats]:
    members = residents.to_numpy(bool)
    needs = needs_of(members, prospects, params)
    costs, _ = price_all(ways.kernel, ways.prices, ways.spare, needs)
    connections = costs.sum(axis=1)
    onsite = onsite_of(members, sites, prospects, params)
    # nobody without a cost alone is ever a member, so the zero is never added
    total_alone = members @ alone.costs.sum(axis=1).to_numpy(float)
    saving = total_alone - connections - onsite
    filled = members.sum(axis=1) > 0
    return {
        "standalone_cost_mrub": np.where(filled, total_alone, np.nan),
        "park_cost_mrub": np.where(filled, connections + onsite, np.nan),
        "saving_mrub": np.where(filled, saving, np.nan),
        "saving_share": _ratio(saving, total_alone, filled, np.nan),
        "break_even_share": break_even_share(connections, total_alone - onsite, filled),
    }


def break_even_share(connections: Floats, gain: Floats, filled: NDArray[np.bool_]) -> Floats:
    """Return the occupancy at which the saving is zero, at most NEVER_SHARE; empty for nobody."""
    return np.minimum(_ratio(connections, gain, filled, NEVER_SHARE), NEVER_SHARE)


def needs_of(members: NDArray[np.bool_], prospects: GeoDataFrame, params: ServeParams) -> Floats:
    """Return the need of each set of residents by utility, shape (sets, 8)."""
    demands = plain(prospects[DEMANDS].to_numpy(float))
    shares = coincidences(params)
    return np.array([set_needs(row, demands, shares) for row in members]).reshape(-1, len(shares))


def onsite_of(
    members: NDArray[np.bool_], sites: GeoDataFrame, prospects: GeoDataFrame, params: ServeParams
) -> Floats:
    """Return the cost of on-site networks of each set of residents, mln roubles, shape (n,)."""
    area = members @ prospects["area_ha"].to_numpy(float)
    lone = members.sum(axis=1) == 1
    share = np.where(lone, params.onsite_alone_share, 1.0)
    return onsite_rates_mrub_ha(sites) * area * share


def _ratio(over: Floats, under: Floats, filled: NDArray[np.bool_], never: float) -> Floats:
    shares = np.divide(over, under, out=np.full(len(over), never), where=under > 0)
    return np.where(filled, shares, np.nan)
