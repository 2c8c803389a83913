"""Which rule of the region holds for which object: the zones that restrict land.

A rule is a row of `protection_zones`: a feature, a class and a width. An object gets every rule of
its feature whose class it fits; the class is read as a range ("DN 300-600", "110 kV", "I-II") and
compared with what is known of the object: voltage, diameter, road category, length, area, or the
words of its own class. Missing knowledge never restricts: such objects are listed instead.

The class of water is derived from its shape: narrow water is a river, whose length is at least the
diagonal of the box around all water of the same name; other water is a lake. Substations take the
zone of a power line of their highest voltage (Decree 160, annex). Planned objects have no zone in
law yet: their zones are listed as soft. Rules of housing restrict plants, not land, and are left to
`housing_distance_m`. Slopes come from the DEM (see `slope`).
Streets have no roadside strip (257-FZ article 26: outside settlements only).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from siting.land.slope import STEEP, steep_areas
from siting.units import M2_PER_KM2, M_PER_KM

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series

    from siting.region import LandParams
    from siting.tables import Elevation, Layers


class Rule(NamedTuple):
    """A row of PROTECTION_ZONES, in the order of `_RULE_COLUMNS`."""

    feature: str
    name: str
    width_m: float
    is_hard: bool
    status: str
    source: str


class Lookup(NamedTuple):
    """What of an infrastructure row is restricted and by which measure its class is known."""

    utility: str
    kind: str
    feature: str
    measure: str


LOOKUPS: Final = (
    Lookup("electricity", "line", "power line", "voltage_kv"),
    Lookup("electricity", "substation", "power line", "voltage_kv"),
    Lookup("electricity", "cable", "underground cable", ""),
    Lookup("gas", "trunk_main", "gas trunk pipeline", "diameter_mm"),
    Lookup("gas", "distribution_main", "gas distribution pipe", ""),
    Lookup("road", "federal", "road", "road_category"),
    Lookup("road", "regional", "road", "road_category"),
    Lookup("road", "local", "road", "road_category"),
    Lookup("rail", "track", "railway", ""),
)
"""Kinds of infrastructure that have zones of their own; other kinds restrict nothing."""

HOUSING: Final = "housing"
_PER_CENT: Final = 100.0
_ROMAN: Final = {"I": 1.0, "II": 2.0, "III": 3.0, "IV": 4.0, "V": 5.0}
_AREA_UNIT: Final = r"[kк]?[mм][23]"
"""The 2 of km2 is no number."""
_LESS: Final = ("below", "up to", "less", "shorter", "under", "до ", "менее")
_MORE: Final = ("over", "above", "more", "longer", "свыше", "более", "от ")
_RULE_COLUMNS: Final = ("feature", "class", "half_width_m", "is_hard", "status", "source")


@dataclass(frozen=True, kw_only=True)
class Zones:
    """Objects with the rules that hold for them, and objects without a rule."""

    rows: DataFrame
    """One row an object and rule; `geometry` is the object, not yet widened by half_width_m."""
    unruled: DataFrame
    """Table REPAIRS: objects that restrict nothing because too little is known."""


def find_zones(layers: Layers, params: LandParams) -> Zones:
    """Return every object with every rule that holds for it."""
    objects = pd.concat(
        [_infrastructure(layers), _terrain(layers, params), _constraints(layers, params)],
        ignore_index=True,
    )
    rules = layers.protection_zones
    rules = rules[rules["feature"] != HOUSING]
    # one table per rule; there are tens of rules, not thousands
    told = rules[list(_RULE_COLUMNS)].itertuples(index=False, name=None)
    held = [_hold(objects, Rule(*row)) for row in told]
    steep = _steep(layers.elevation, rules[rules["feature"] == STEEP])
    rows = pd.concat([_covers(layers, params), *(rows for rows in (steep, *held) if len(rows))])
    # a point or line under a rule without a width covers nothing
    is_area = shapely.get_dimensions(rows["geometry"].to_numpy()) == 2
    has_zone = is_area | (rows["half_width_m"] > 0)
    flat = set(zip(rows["layer"][~has_zone], rows["object_id"][~has_zone], strict=True))
    unruled = _unruled(objects, rows, flat, set(rules["feature"]))
    if layers.elevation is None and STEEP in set(rules["feature"]):
        unruled = pd.concat([unruled, _no_heights()], ignore_index=True)
    return Zones(rows=rows[has_zone].reset_index(drop=True), unruled=unruled)


def span(text: str) -> tuple[float, float] | None:
    """Return the range (above, up to) that a class means; None if it names no number."""
    low = text.casefold()
    roman = [_ROMAN[part] for part in re.split(r"\s*-\s*", text.strip()) if part in _ROMAN]
    if roman and re.fullmatch(r"[IV]+(\s*-\s*[IV]+)?", text.strip()):
        return roman[0] - 1, roman[-1]
    stated = re.findall(r"\d+(?:[.,]\d+)?", re.sub(_AREA_UNIT, "", low))
    numbers = [float(found.replace(",", ".")) for found in stated]
    if len(numbers) == 2:
        return numbers[0], numbers[1]
    if len(numbers) != 1:
        return None
    if any(word in low for word in _LESS):
        return -np.inf, numbers[0]
    if any(word in low for word in _MORE):
        return numbers[0], np.inf
    return np.nextafter(numbers[0], -np.inf), numbers[0]


def _hold(objects: DataFrame, rule: Rule) -> DataFrame:
    """Return the objects for which the rule holds, with what it says of them."""
    fits = objects["feature"] == rule.feature
    # an empty class means every object of the feature
    if isinstance(rule.name, str) and rule.name.strip():
        named = objects["class"].str.strip().str.casefold() == rule.name.strip().casefold()
        fits &= named.fillna(value=False).astype(bool) | _within(objects["measure"], rule.name)
    hit = objects[fits]
    known = hit["width_m"].notna()
    return hit.assign(
        **{"class": rule.name},
        half_width_m=hit["width_m"].where(known, rule.width_m),
        is_hard=~hit["is_planned"] & rule.is_hard,
        status=pd.Series(rule.status, index=hit.index, dtype="str").where(~known, "DERIVED"),
        source=rule.source,
    )[["layer", "object_id", "object_name", *_RULE_COLUMNS, "geometry"]]


def _within(measure: Series, name: str) -> Series:
    limits = span(name)
    if limits is None:
        return pd.Series(data=False, index=measure.index)
    return (measure > limits[0]) & (measure <= limits[1])


def _infrastructure(layers: Layers) -> DataFrame:
    frame = layers.infrastructure
    parts = [_objects("infrastructure", frame.iloc[:0])]
    for lookup in LOOKUPS:
        rows = frame[(frame["utility"] == lookup.utility) & (frame["kind"] == lookup.kind)]
        if rows.empty:
            continue
        measure = rows[lookup.measure] if lookup.measure else pd.Series(np.nan, index=rows.index)
        if lookup.measure == "road_category":
            measure = measure.map(_ROMAN)
        parts.append(
            _objects("infrastructure", rows, lookup.feature).assign(
                measure=measure.astype("float64").to_numpy(),
                width_m=rows["width_m"].astype("float64").to_numpy(),
                is_planned=(rows["status"] == "planned").to_numpy(),
            )
        )
    return pd.concat(parts)


def _terrain(layers: Layers, params: LandParams) -> DataFrame:
    rows = layers.terrain[layers.terrain["cover"] == "water"]
    shape = _shape_of_water(rows, params)
    objects = _objects("terrain", rows)
    return objects.assign(feature=shape["feature"].to_numpy(), measure=shape["measure"].to_numpy())


def _constraints(layers: Layers, params: LandParams) -> DataFrame:
    rows = layers.constraints[layers.constraints["kind"] != HOUSING]
    told = rows["class"].astype("str")
    stated = told.str.extract(r"(\d+(?:[.,]\d+)?)", expand=False).str.replace(",", ".")
    measure = stated.astype("float64").fillna(told.map(_ROMAN))
    # only water has a shape that tells its class
    is_water = rows["kind"].isin(["river", "lake"]) & told.isna()
    shape = _shape_of_water(rows[is_water], params)
    measure = measure.where(~is_water, _measure_as(rows["kind"], shape))
    objects = _objects("constraints", rows)
    return objects.assign(
        **{"class": told.to_numpy()},
        feature=rows["kind"].to_numpy(),
        measure=measure.astype("float64").to_numpy(),
    )


def _measure_as(kind: Series, shape: DataFrame) -> Series:
    # the owner of the data says river or lake; the shape only measures it
    measured = shape["length_km"].where(kind.loc[shape.index] == "river", shape["area_km2"])
    return measured.reindex(kind.index)


def _objects(layer: str, rows: GeoDataFrame, feature: str = "") -> DataFrame:
    """Return the rows as objects of one feature whose class and width are not known."""
    count = len(rows)
    # plain columns: a GeoDataFrame for each kind of object would cost more than the exclusion
    return pd.DataFrame(
        {
            "layer": pd.Series([layer] * count, dtype="str"),
            "object_id": rows.index.astype("str"),
            "object_name": rows["name"].astype("str").to_numpy(),
            "feature": pd.Series([feature] * count, dtype="str"),
            "class": pd.Series([np.nan] * count, dtype="str"),
            "measure": np.full(count, np.nan),
            "width_m": np.full(count, np.nan),
            "is_planned": np.zeros(count, dtype=bool),
            "geometry": rows.geometry.to_numpy(),
        }
    ).astype({"object_id": "str", "object_name": "str", "geometry": "object"})


def _shape_of_water(rows: GeoDataFrame, params: LandParams) -> DataFrame:
    """Return feature, measure, length_km and area_km2 of water, by row."""
    named = rows["name"].astype("str")
    # water without a name is judged alone; no name begins with a zero character
    key = named.where(named.notna(), "\0" + rows.index.astype("str").to_series(index=rows.index))
    bounds = rows.geometry.bounds
    facts = bounds.assign(area=rows.area, edge=rows.length)
    by_water = facts.groupby(key)
    box = by_water[["minx", "miny"]].transform("min"), by_water[["maxx", "maxy"]].transform("max")
    diagonal_m = np.hypot(box[1]["maxx"] - box[0]["minx"], box[1]["maxy"] - box[0]["miny"])
    # mean width of a band is twice its area by its edge; sums make a repeated row harmless
    sums = by_water[["area", "edge"]].transform("sum")
    width_m = 2 * sums["area"] / sums["edge"]
    is_river = width_m < params.river_slimness_share * diagonal_m
    area_km2 = facts["area"] / M2_PER_KM2
    shape = pd.DataFrame({"length_km": diagonal_m / M_PER_KM, "area_km2": area_km2})
    shape["feature"] = pd.Series("lake", index=rows.index, dtype="str").where(~is_river, "river")
    shape["measure"] = shape["length_km"].where(is_river, shape["area_km2"])
    return shape


def _covers(layers: Layers, params: LandParams) -> DataFrame:
    rows = layers.terrain[layers.terrain["cover"].isin(params.forbidden_covers)]
    cover = rows["cover"].to_numpy()
    return _objects("terrain", rows).assign(
        feature=pd.Series(cover, dtype="str").to_numpy(),
        half_width_m=0.0,
        is_hard=True,
        status="ASSUMED",
        source="region.toml land.forbidden_covers",
    )[["layer", "object_id", "object_name", *_RULE_COLUMNS, "geometry"]]


def _steep(elevation: Elevation | None, rules: DataFrame) -> DataFrame:
    """Return the steep areas under each rule of slopes; none where no heights are given."""
    parts = []
    for row in rules[list(_RULE_COLUMNS)].itertuples(index=False, name=None):
        rule = Rule(*row)
        limits = span(str(rule.name))
        if elevation is None or limits is None:
            continue
        areas = steep_areas(elevation, *(limit / _PER_CENT for limit in limits))
        names = [f"slope-{number:06d}" for number in range(1, len(areas) + 1)]
        found = gpd.GeoDataFrame({"name": np.nan}, index=names, geometry=list(areas))
        parts.append(
            _objects("elevation", found, STEEP).assign(
                **{"class": rule.name},
                half_width_m=rule.width_m,
                is_hard=rule.is_hard,
                status=rule.status,
                source=rule.source,
            )
        )
    columns = ["layer", "object_id", "object_name", *_RULE_COLUMNS, "geometry"]
    return pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)


def _no_heights() -> DataFrame:
    """Return table REPAIRS: no slope is known, so none restricts."""
    told = {
        "layer": "elevation",
        "row_id": "*",
        "action": "not_restricting",
        "reason": "elevation_missing",
        "effect": STEEP,
    }
    return pd.DataFrame([told]).astype("str")


def _unruled(
    objects: DataFrame, rows: DataFrame, flat: set[tuple[str, str]], ruled_features: set[str]
) -> DataFrame:
    """Return table REPAIRS: objects that no rule reached, and why."""
    ruled = set(zip(rows["layer"], rows["object_id"], strict=True)) - flat
    keys = list(zip(objects["layer"], objects["object_id"], strict=True))
    is_flat = np.array([key in flat for key in keys], dtype=bool)
    # of a feature without any rule no class would help
    is_known = (
        objects["measure"].notna()
        | objects["class"].notna()
        | ~objects["feature"].isin(ruled_features)
    )
    listed = pd.DataFrame(
        {
            "layer": objects["layer"],
            "row_id": objects["object_id"],
            "action": "not_restricting",
            "reason": np.select([is_flat, is_known], ["no_outline", "no_rule"], "class_unknown"),
            "effect": objects["feature"],
        }
    ).astype("str")
    listed = listed[np.array([key not in ruled for key in keys], dtype=bool)]
    return listed.sort_values(["layer", "row_id"], kind="stable").reset_index(drop=True)
