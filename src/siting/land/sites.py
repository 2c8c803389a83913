"""Candidate sites from plots: whole plots, assemblies of adjacent plots, and technoparks.

- Adjacent plots are joined to `target_park_ha` (see `assembly`).
- A plot of at least `min_park_ha` is a candidate industrial park, flagged where it loses too much;
  a member of an assembly is offered alone too only from `alternative_ha` of buildable land on.
- Parts up to `max_part_gap_km` apart are one park where the region allows it (see `parts`).
- Plots beside an existing park are its expansion (see `expansion`): `expands` names the park.
- Old works with usable buildings are brownfield parks (see `brownfields`).
- A plot with buildings of at least `min_technopark_building_m2` is a candidate technopark; one far
  from a city, town or rayon centre is refused only where the region lets assumed limits fail.

Candidates may overlap: `overlaps` names the sites that share land, and a portfolio takes one.
The table is sorted by site_id; ids derive from plot ids only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from siting.land.alternatives import overlaps
from siting.land.assembly import SHARED_OWNERS, compactness
from siting.land.candidates import find_members
from siting.land.constraints import LIST_SEPARATOR
from siting.land.housing import allows_production, outlines
from siting.land.naming import name_expansions, name_sites
from siting.land.pieces import area_m2, unite
from siting.land.shape import frontage_m, rectangles_m
from siting.land.skills import university_km, workforce_near
from siting.tables import check, same_crs
from siting.tables.inputs import BROWNFIELD_PARK, TECHNOPARK
from siting.tables.results import EXCLUDED, SITES
from siting.units import M2_PER_HA, M_PER_KM

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pandas import DataFrame, Series

    from siting.land.pieces import Geometries
    from siting.region import LandParams
    from siting.tables import Layers

_URBAN: Final = ("city", "town", "rayon_centre")


def assemble(plots: GeoDataFrame, *, layers: Layers, params: LandParams) -> GeoDataFrame:
    """Return the candidate sites: table SITES, one row each, sorted by site_id.

    Parameters
    ----------
    plots
        Table EXCLUDED with the geometry column `buildable`, as `exclude` returns it.
    layers
        Settlements and districts, same CRS.
    params
        Areas, gaps and weights.

    Raises
    ------
    TableError
        If a table breaks its contract or the CRSs differ.
    """
    check(plots, EXCLUDED)
    layered = (layers.settlements, layers.districts, layers.infrastructure)
    same_crs(plots, *(layer for layer in layered if len(layer)))
    ordered = plots.sort_index()
    is_fitting = allows_production(ordered, params).to_numpy()
    members = find_members(ordered, is_fitting, layers.parks, params)
    sites, buildable = _measure(members, ordered, is_fitting)
    sites = _beside_parks(sites, layers.parks)
    sides = rectangles_m(buildable)
    sites = sites.assign(
        rectangle_long_m=sides[0],
        rectangle_short_m=sides[1],
        frontage_m=frontage_m(sites.geometry.to_numpy(), layers, params),
    )
    points = sites.representative_point()
    sites = sites.assign(
        workforce_count=workforce_near(points, layers, params),
        town_km=_town_km(points, layers, params),
        onsite_share=_onsite_share(sites["kind"], params),
        overlaps=overlaps(sites, params),
        university_km=university_km(points, layers),
    )
    names = name_sites(points, layers=layers, params=params)
    names = name_expansions(names, sites["expands"], layers.parks)
    # only a whole plot can be without land: assemblies are made of eligible plots
    lost = ordered["why_not"].reindex(sites["plot_ids"]).set_axis(sites.index)
    causes = _causes(sites, lost, layers, params)
    named = sites.assign(**{name: names[name] for name in names.columns})
    judged = named.assign(is_eligible=causes.isna(), why_not=causes)
    columns = [column.name for column in SITES.columns if column.name in judged.columns]
    return check(judged[[*columns, "geometry"]], SITES)


def _beside_parks(sites: GeoDataFrame, parks: GeoDataFrame) -> GeoDataFrame:
    """Add what is free within the park that each site expands, ha; NaN where unknown or no park."""
    free_ha = parks["free_ha"].set_axis(parks.index.astype("str"))
    known = free_ha.reindex(sites["expands"]).to_numpy(dtype=float)
    return sites.assign(park_free_ha=known)


def _measure(
    members: DataFrame, plots: GeoDataFrame, is_fitting: NDArray[np.bool_]
) -> tuple[GeoDataFrame, Geometries]:
    """Return the sites with what follows from their plots, index site_id, and their free land."""
    site, site_ids = pd.factorize(members["site_id"])  # rows are sorted, so the codes ascend
    at = members["plot"].to_numpy()
    index = pd.Index(site_ids, dtype="str", name="site_id")
    geometry = unite(plots.geometry.to_numpy()[at], site, len(index))
    kept = plots["buildable"].to_numpy()[at]
    has_land = ~shapely.is_missing(kept)
    buildable = unite(kept[has_land], site[has_land], len(index))
    own = plots.iloc[at].assign(
        site=site,
        plot=plots.index.astype("str")[at],
        fits=is_fitting[at],
        gap_km=members["gap_km"].to_numpy(),
        parts_count=members["parts_count"].to_numpy(),
    )
    # the state owns many plots as one owner; a private plot has an owner of its own
    is_shared = own["ownership"].isin(SHARED_OWNERS)
    own["owner"] = own["ownership"].where(is_shared, own["plot"])
    by_site = pd.DataFrame(own.drop(columns=["geometry", "buildable"])).groupby("site")
    # a price is known only if it is known for every plot; no building told means none
    price = by_site["price_mrub"]
    facts = {
        "kind": members.groupby("site_id")["kind"].first().to_numpy(),
        "plot_ids": by_site["plot"].agg(LIST_SEPARATOR.join).to_numpy(),
        "area_ha": area_m2(geometry) / M2_PER_HA,
        "buildable_ha": area_m2(buildable) / M2_PER_HA,
        "building_m2": by_site["building_m2"].sum().to_numpy(),
        "land_price_mrub": price.sum().where(price.count() == by_site.size()).to_numpy(float),
        "housing_distance_m": by_site["housing_distance_m"].min().to_numpy(),
        "slope_share": _mean_slope(own),
        "owners_count": by_site["owner"].nunique().to_numpy(dtype=float),
        "category_fits": by_site["fits"].all().to_numpy(),
        "clean_fits": by_site["clean_fits"].all().to_numpy(),
        "expands": members.groupby("site_id")["expands"].first().to_numpy(),
        "parts_count": by_site["parts_count"].first().to_numpy(dtype=float),
        "land_status": _land_status(own),
        "parcel_gap_km": by_site["gap_km"].first().to_numpy(),
        "compactness_share": compactness(area_m2(geometry), shapely.convex_hull(geometry)),
    }
    measured = gpd.GeoDataFrame(facts, geometry=geometry, index=index, crs=plots.crs)
    text = ["kind", "plot_ids", "expands", "land_status"]
    return measured.astype(dict.fromkeys(text, "str")), buildable


def _land_status(own: GeoDataFrame) -> NDArray[np.object_]:
    """Return greenfield or brownfield where all plots of a site are, else mixed."""
    status = pd.DataFrame(own[["site", "status"]]).groupby("site")["status"]
    first = status.min()
    return first.where(first == status.max(), "mixed").to_numpy(dtype=object)


def _onsite_share(kind: Series, params: LandParams) -> Series:
    """Return what of the on-site networks each kind of site still builds; bare land all of them."""
    told = {
        BROWNFIELD_PARK: params.brownfield_onsite_share,
        TECHNOPARK: params.technopark_onsite_share,
    }
    return kind.map(told).fillna(1.0).astype("float64")


def _mean_slope(own: GeoDataFrame) -> NDArray[np.float64]:
    """Return the slope of each site, the mean of its plots by area; NaN unless all are known."""
    if "slope_share" not in own.columns:
        return np.full(own["site"].nunique(), np.nan)
    area = pd.Series(own.area.to_numpy(), index=own.index)
    sums = pd.DataFrame({"site": own["site"], "area": area, "rise": own["slope_share"] * area})
    by_site = sums.groupby("site")
    rise = by_site["rise"].sum().where(by_site["rise"].count() == by_site.size())
    return (rise / by_site["area"].sum()).to_numpy(dtype=float)


def _causes(sites: GeoDataFrame, lost: Series, layers: Layers, params: LandParams) -> Series:
    """Return why each site may not become a park, codes joined by ;, missing where it may.

    `lost` says why the plots of each site have no land; the rest follows from the sites.
    """
    is_park = sites["kind"] != TECHNOPARK
    has_land = sites["buildable_ha"] > 0
    # an expansion is judged with the park it joins; of a park of unknown area nothing is added
    with_park_ha = sites["buildable_ha"] + _park_ha(sites, layers)
    too_small = is_park & has_land & (with_park_ha < params.min_park_ha)
    # the distance is assumed: it refuses only where the region says so, else the checks warn
    too_far = ~is_park & (sites["town_km"] > params.technopark_near_km) & params.assumed_may_fail
    found = pd.DataFrame(
        {
            "plots": lost.where(~has_land),
            "area": pd.Series("too_small", index=sites.index).where(too_small),
            "town": pd.Series("far_from_town", index=sites.index).where(too_far),
        }
    )
    joined = [LIST_SEPARATOR.join(row[~pd.isna(row)]) for row in found.to_numpy(dtype=object)]
    causes = pd.Series(joined, index=sites.index, dtype="str")
    return causes.where(causes != "")


def _park_ha(sites: GeoDataFrame, layers: Layers) -> Series:
    area_ha = layers.parks["area_ha"].set_axis(layers.parks.index.astype("str"))
    known = area_ha.reindex(sites["expands"]).set_axis(sites.index)
    # NaN: the site expands no park, or nobody knows how large it is
    return known.astype("float64").fillna(0.0)


def _town_km(points: gpd.GeoSeries, layers: Layers, params: LandParams) -> Series:
    """Return the distance to the nearest city, town or rayon centre, km; NaN if there is none."""
    towns = layers.settlements[layers.settlements["rank"].isin(_URBAN)]
    if towns.empty or points.empty:
        return pd.Series(np.nan, index=points.index)
    (place, _), distance_m = shapely.STRtree(outlines(towns, params)).query_nearest(
        points.to_numpy(), return_distance=True, all_matches=False
    )
    return pd.Series(distance_m / M_PER_KM, index=points.index[place]).reindex(points.index)
