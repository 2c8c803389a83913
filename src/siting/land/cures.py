"""What would free a plot or a site, each cure with its months and its price.

    category_forbidden, category_unfit   change the category or the permitted use, where law allows
    too_small                            buy neighbours; move the lines whose zones take the land
    all_excluded                         move lines
    near_housing                         take plants of a lower sanitary class; cut the near corner
    dirty_neighbour                      take no makers of food or medicines
    far_from_town                        nothing helps

A cure is judged alone and against its own cause; the cheapest that is enough is marked. Neighbours
are bought whole: the cheapest single one that is enough, else the cheapest by hectare until it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
import shapely

from siting.land.causes import CLASSES, causes, subjects
from siting.land.clean import dirty_neighbours
from siting.land.constraints import LIST_SEPARATOR
from siting.land.housing import housing_widths, outlines
from siting.land.moving import find_moves
from siting.tables import check
from siting.tables.inputs import TECHNOPARK
from siting.tables.land import CURES
from siting.units import M2_PER_HA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from siting.region import LandParams
    from siting.tables import Layers

NOTHING: Final = "none"
_ASSUMED: Final = "ASSUMED"
_PRICES: Final = "region.toml land.cures"
_FREE: Final = (True, 0.0, 0.0)
"""A cure that is enough, at once and for nothing."""


class Case(NamedTuple):
    """A subject with one of its causes."""

    at: int
    """Position of the subject."""
    cause: str
    plot_ids: tuple[str, ...]
    have_ha: float
    housing_distance_m: float
    least_ha: float
    """Land without which the subject is no park or technopark."""


class Cure(NamedTuple):
    """One way out of a case; the columns of CURES but those of its cause."""

    subject: int
    cause: str
    cure: str
    object_id: str | None
    left_ha: float
    is_enough: bool
    months: float
    price_mrub: float
    status: str = _ASSUMED
    source: str = _PRICES


class Offer(NamedTuple):
    """A plot that could be bought, in the order in which equals are taken."""

    price_mrub: float
    plot_id: str
    buildable_ha: float
    is_told: bool


def explain(
    plots: GeoDataFrame, sites: GeoDataFrame, *, layers: Layers, params: LandParams
) -> DataFrame:
    """Return table CURES: for every refused or limited plot and site its causes and cures.

    Parameters
    ----------
    plots
        Table EXCLUDED with the geometry column `buildable`.
    sites
        Table SITES made of them.
    layers
        Objects and rules, same CRS.
    params
        Areas, and prices of cures.
    """
    rows = subjects(plots, sites, params)
    why = causes(rows, layers.protection_zones, params)
    category = _cases(rows, why, params, ("category_forbidden", "category_unfit"))
    small = _cases(rows, why, params, ("too_small",))
    lost = _cases(rows, why, params, ("too_small", "all_excluded"))
    near = _cases(rows, why, params, ("near_housing",))
    found = [
        *_change_category(category, plots, params),
        *_buy_neighbours(rows, small, plots, params),
        *_move_lines(rows, lost, layers, params),
        *_keep_from_housing(near, plots, layers, params),
        *_take_others(_cases(rows, why, params, ("dirty_neighbour",)), plots, layers),
    ]
    return check(_table(rows, why, found), CURES)


def _table(rows: GeoDataFrame, why: DataFrame, found: list[Cure]) -> DataFrame:
    cures = pd.DataFrame(found, columns=list(Cure._fields))
    both = why.merge(cures.astype({"subject": why["subject"].dtype, "cause": "str"}), how="left")
    lost = both["cure"].isna()
    # a cause without a way out stands in the table too
    both["cure"] = both["cure"].mask(lost, NOTHING)
    both["status"] = both["status"].mask(lost, _ASSUMED)
    both["source"] = both["source"].mask(lost, _PRICES)
    both["is_enough"] = both["is_enough"].eq(other=True)
    own_ha = rows["buildable_ha"].reindex(both["subject"]).set_axis(both.index)
    both["left_ha"] = both["left_ha"].astype(float).where(~lost, own_ha)
    for name in ("subject_id", "subject_kind"):
        both[name] = rows[name].to_numpy()[both["subject"]]
    order = ["subject_kind", "subject_id", "cause", "price_mrub", "cure", "object_id"]
    both = both.sort_values(order, kind="stable", na_position="last")
    usable = both[both["is_enough"] & both["price_mrub"].notna()]
    best = usable.drop_duplicates(["subject", "cause"]).index
    both["is_cheapest"] = both.index.isin(best)
    kinds = {"text": "str", "number": "float64", "flag": "bool"}
    typed = {column.name: kinds[column.kind] for column in CURES.columns}
    return both[list(typed)].astype(typed).reset_index(drop=True)


def _cases(
    rows: GeoDataFrame, why: DataFrame, params: LandParams, names: tuple[str, ...]
) -> list[Case]:
    some = why[why["cause"].isin(names)]
    told = rows.loc[some["subject"]]
    # a technopark is its buildings; the land may be of any size
    least_ha = np.where(told["subject_kind"] == TECHNOPARK, 0.0, params.min_park_ha)
    return [
        Case(at, cause, tuple(ids.split(LIST_SEPARATOR)), *numbers)
        for at, cause, ids, *numbers in zip(
            some["subject"].tolist(),
            some["cause"].tolist(),
            told["plot_ids"].tolist(),
            told["buildable_ha"].tolist(),
            told["housing_distance_m"].tolist(),
            least_ha.tolist(),
            strict=True,
        )
    ]


def _change_category(cases: list[Case], plots: GeoDataFrame, params: LandParams) -> Iterator[Cure]:
    rate, duration = params.cures.category_mrub_ha, params.cures.category_months
    kinds = dict(zip(plots.index, plots["category"], strict=True))
    area_ha = dict(zip(plots.index, plots.area / M2_PER_HA, strict=True))
    for case in cases:
        if not all(kinds[name] in duration and kinds[name] in rate for name in case.plot_ids):
            continue
        yield Cure(
            subject=case.at,
            cause=case.cause,
            cure="change_category",
            object_id=None,
            # forbidden land has nothing left: the zones on it were not what took it
            left_ha=case.have_ha or sum(area_ha[name] for name in case.plot_ids),
            is_enough=True,
            months=max(duration[kinds[name]] for name in case.plot_ids),
            price_mrub=sum(area_ha[name] * rate[kinds[name]] for name in case.plot_ids),
        )


def _buy_neighbours(
    rows: GeoDataFrame, cases: list[Case], plots: GeoDataFrame, params: LandParams
) -> Iterator[Cure]:
    usable = plots[plots["is_eligible"]].sort_index()
    if not cases or usable.empty:
        return
    offers = _offers(usable, params)
    land = rows.geometry.to_numpy()[[case.at for case in cases]]
    tree = shapely.STRtree(usable.geometry.to_numpy())
    near: dict[int, list[Offer]] = {}
    for place, other in tree.query(land, predicate="dwithin", distance=params.max_gap_m).T.tolist():
        near.setdefault(place, []).append(offers[other])
    for place, choices in sorted(near.items()):
        case = cases[place]
        free = [offer for offer in choices if offer.plot_id not in case.plot_ids]
        bought = _cheapest(free, params.min_park_ha - case.have_ha)
        if not bought:
            continue
        left_ha = case.have_ha + sum(offer.buildable_ha for offer in bought)
        yield Cure(
            subject=case.at,
            cause=case.cause,
            cure="buy_neighbour",
            object_id=LIST_SEPARATOR.join(sorted(offer.plot_id for offer in bought)),
            left_ha=left_ha,
            is_enough=left_ha >= params.min_park_ha,
            months=params.cures.deal_months,
            price_mrub=sum(offer.price_mrub + params.cures.deal_mrub for offer in bought),
            status="DERIVED" if all(offer.is_told for offer in bought) else _ASSUMED,
            source="plots.price_mrub; region.toml land.cures",
        )


def _cheapest(offers: list[Offer], missing_ha: float) -> list[Offer]:
    """Return the plots to buy: one that is enough, else by price of a hectare until it is."""
    enough = [offer for offer in offers if offer.buildable_ha >= missing_ha]
    if enough:
        return [min(enough)]
    bought: list[Offer] = []
    for offer in sorted(offers, key=lambda one: (one.price_mrub / one.buildable_ha, one.plot_id)):
        if sum(one.buildable_ha for one in bought) < missing_ha:
            bought.append(offer)
    return bought


def _offers(plots: GeoDataFrame, params: LandParams) -> list[Offer]:
    """Return what each plot would cost: its price, else that of a hectare of its category."""
    area_ha = plots.area / M2_PER_HA
    rate = plots["price_mrub"] / area_ha
    guess = rate.groupby(plots["category"]).transform("median").fillna(params.cures.land_mrub_ha)
    is_told = plots["price_mrub"].notna()
    price = plots["price_mrub"].where(is_told, guess * area_ha)
    columns = (price, plots.index.astype("str"), plots["buildable_ha"], is_told)
    return [Offer(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _move_lines(
    rows: GeoDataFrame, cases: list[Case], layers: Layers, params: LandParams
) -> Iterator[Cure]:
    land = rows.geometry.to_numpy()[[case.at for case in cases]]
    for move in find_moves(land, layers, params):
        case = cases[move.place]
        yield Cure(
            subject=case.at,
            cause=case.cause,
            cure="move_line",
            object_id=move.object_id,
            left_ha=move.left_ha,
            is_enough=move.left_ha >= case.least_ha,
            months=params.cures.move_months,
            price_mrub=move.price_mrub,
        )


def _keep_from_housing(
    cases: list[Case], plots: GeoDataFrame, layers: Layers, params: LandParams
) -> Iterator[Cure]:
    widths = housing_widths(layers.protection_zones)
    limit_m = widths.get(params.cures.worst_class, np.nan)
    homes = outlines(layers.settlements, params)
    tree = shapely.STRtree(homes)
    kept = dict(zip(plots.index, plots["buildable"], strict=True))
    for case in cases:
        fitting = [n for n in CLASSES if widths.get(n, np.inf) <= case.housing_distance_m]
        at, cause, have_ha = case.at, case.cause, case.have_ha
        if fitting and have_ha > 0:
            yield Cure(at, cause, "lower_class", fitting[0], have_ha, *_FREE)
        parts = [kept[name] for name in case.plot_ids if kept[name] is not None]
        land = shapely.union_all(parts)
        near = homes[tree.query(land, predicate="dwithin", distance=limit_m)]
        around = shapely.union_all(shapely.buffer(near, limit_m))
        left_ha = float(shapely.area(shapely.difference(land, around))) / M2_PER_HA
        if 0 < left_ha < have_ha:
            deal, enough = params.cures, left_ha >= case.least_ha
            price = deal.deal_mrub, deal.deal_months
            yield Cure(at, cause, "cut_corner", None, left_ha, enough, price[1], price[0])


def _take_others(cases: list[Case], plots: GeoDataFrame, layers: Layers) -> Iterator[Cure]:
    pairs = dirty_neighbours(plots, layers).groupby("plot_id")["enterprise_id"].agg(list)
    plants = pairs.to_dict()
    for case in cases:
        named = sorted({name for plot in case.plot_ids for name in plants.get(plot, [])})
        told = LIST_SEPARATOR.join(named)
        yield Cure(case.at, case.cause, "other_plants", told, case.have_ha, *_FREE)
