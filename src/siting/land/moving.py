"""Lines that could be moved off land: what each frees and what moving it costs.

The stretch to move is what of the line lies within its own zone of the land; the new route is
longer by `move_detour_share`. Every line is judged alone, and where several meet the land, all
together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely

from siting.land.constraints import LIST_SEPARATOR
from siting.land.overlay import TOUCH_M2, Hits, Taken, find_hits, shared_m2, take
from siting.land.pieces import area_m2, keep_large
from siting.land.rules import find_zones
from siting.land.tiles import widen
from siting.units import M2_PER_HA, M_PER_KM

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame, Series

    from siting.land.pieces import Geometries
    from siting.region import LandParams
    from siting.tables import Layers


class Move(NamedTuple):
    """Lines moved off one piece of land."""

    place: int
    """Position of the land."""
    object_id: str
    """The lines, joined by ;."""
    left_ha: float
    price_mrub: float


def find_moves(land: Geometries, layers: Layers, params: LandParams) -> list[Move]:
    """Return the moves that free some of the land."""
    zones = find_zones(layers, params).rows
    zones = zones[zones["is_hard"].to_numpy(dtype=bool)].reset_index(drop=True)
    cores = zones["geometry"].to_numpy(dtype=object)
    width_m = zones["half_width_m"].to_numpy(dtype=float)
    tiles, of_zone = widen(cores, width_m, params.buffer_quad_segs)
    hits = find_hits(land, tiles)
    nothing = Taken(plot=hits.plot[:0], left=land[:0])
    met = shared_m2(land, tiles, of_zone, hits, nothing)
    rate = _mrub_km(zones, params)
    met = met.assign(object_id=zones["object_id"].to_numpy()[met["zone"]])
    met["rate"] = rate.to_numpy()[met["zone"]]
    # of several zones of one line the dearest prices it
    movable = met[met["rate"].notna()].sort_values(["plot", "object_id", "rate"], kind="stable")
    movable = movable.drop_duplicates(["plot", "object_id"], keep="last")
    if movable.empty:
        return []
    at, zone = movable["plot"].to_numpy(), movable["zone"].to_numpy()
    near = shapely.buffer(land[at], width_m[zone])
    km = shapely.length(shapely.intersection(cores[zone], near)) / M_PER_KM
    longer = 1 + params.cures.move_detour_share
    price = km * longer * movable["rate"].to_numpy() + params.cures.move_fixed_mrub
    lone = pd.DataFrame({"place": at, "object_id": movable["object_id"], "price_mrub": price})
    sums = lone.groupby("place").agg(
        object_id=("object_id", LIST_SEPARATOR.join),
        price_mrub=("price_mrub", "sum"),
        count=("object_id", "size"),
    )
    several = sums[sums["count"] > 1].drop(columns="count").reset_index()
    moves = pd.concat([lone, several], ignore_index=True)
    pairs = pd.DataFrame({"place": hits.plot, "tile": hits.tile, "is_whole": hits.is_whole})
    pairs["object_id"] = zones["object_id"].to_numpy()[of_zone[hits.tile]]
    left_ha = _left_ha(land, tiles, pairs, moves, params)
    columns = (moves["place"], moves["object_id"], pd.Series(left_ha), moves["price_mrub"])
    return [Move(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _left_ha(
    land: Geometries, tiles: Geometries, pairs: DataFrame, moves: DataFrame, params: LandParams
) -> NDArray[np.float64]:
    """Return what may be built on after each move, ha, shape (n,)."""
    told = moves[["place", "object_id"]].assign(move=np.arange(len(moves)))
    gone = told.assign(object_id=told["object_id"].str.split(LIST_SEPARATOR)).explode("object_id")
    stays = told.drop(columns="object_id").merge(pairs, on="place")
    gone_keys = pd.MultiIndex.from_frame(gone[["move", "object_id"]])
    is_gone = pd.MultiIndex.from_frame(stays[["move", "object_id"]]).isin(gone_keys)
    kept = stays[~is_gone].sort_values(["move", "tile"], kind="stable")
    hits = Hits(
        plot=kept["move"].to_numpy(dtype=np.intp),
        tile=kept["tile"].to_numpy(dtype=np.intp),
        is_whole=kept["is_whole"].to_numpy(dtype=bool),
    )
    left = land[moves["place"].to_numpy(dtype=np.intp)]
    taken = take(left, tiles, hits)
    left[taken.plot] = taken.left
    return area_m2(keep_large(left, max(params.sliver_m2, TOUCH_M2))) / M2_PER_HA


def _mrub_km(zones: DataFrame, params: LandParams) -> Series:
    """Return the price of a km of each object built anew, mln roubles; NaN: it is not moved."""
    told = params.cures.move_mrub_km
    by_class = (zones["feature"] + " " + zones["class"].fillna("")).map(told)
    is_line = shapely.get_dimensions(zones["geometry"].to_numpy(dtype=object)) == 1
    return by_class.fillna(zones["feature"].map(told)).where(is_line).astype("float64")
