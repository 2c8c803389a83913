"""The geography and the networks of Omsk oblast: enough of each, in the right place, with a source.

The counts are those the first version promised; the rest is what a slip of a digit would break.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from places import OMSK
from siting.region import read_region
from siting.tables import check
from siting.tables.inputs import CONSTRAINTS, DISTRICTS, INFRASTRUCTURE, PARKS, SETTLEMENTS, TERRAIN
from siting.tables.rules import CONNECTION_OPTIONS, DEMAND_PROFILES, PROTECTION_ZONES, REQUIREMENTS

REGION = read_region(OMSK)
NETWORKS = ("power", "gas", "water_sewage_heat", "roads", "rail", "telecom")
LAYERS = {
    **dict.fromkeys(NETWORKS, INFRASTRUCTURE),
    "districts": DISTRICTS,
    "settlements": SETTLEMENTS,
    "terrain_known": TERRAIN,
    "constraints": CONSTRAINTS,
    "parks": PARKS,
}
RULES = {
    "connection_options": CONNECTION_OPTIONS,
    "demand_profiles": DEMAND_PROFILES,
    "protection_zones": PROTECTION_ZONES,
    "requirements": REQUIREMENTS,
}
ROAD_REACH_KM = 3.0
TOUCH_M = 1.0
OMSK_OBLAST_KM2 = 141_000


def rows_of(name, table):
    """The rows of a CSV with columns of the declared kinds, index the table's id."""
    text = pd.read_csv(REGION.root / f"{name}.csv", dtype="str", keep_default_na=True)
    kinds = {column.name: column.kind for column in table.columns}
    for column in text.columns:
        if kinds.get(column) in ("number", "whole"):
            text[column] = text[column].astype(float)
        elif kinds.get(column) == "flag":
            text[column] = text[column] == "true"
    return text.set_index(table.index) if table.index else text


def layer(name):
    """A layer in the CRS of the region."""
    rows = rows_of(name, LAYERS[name])
    drawn = shapely.from_wkt(rows["wkt"].fillna("").mask(lambda wkt: wkt == "", "POINT EMPTY"))
    if "lon" in rows:
        points = shapely.points(rows["lon"].astype(float), rows["lat"].astype(float))
        drawn = np.where(rows["wkt"].isna(), points, drawn)
    plain = rows.drop(columns=["wkt", "lon", "lat"], errors="ignore")
    return gpd.GeoDataFrame(plain, geometry=drawn, crs=4326).to_crs(REGION.crs)


@pytest.fixture(scope="module")
def layers():
    return {name: layer(name) for name in LAYERS}


@pytest.fixture(scope="module")
def networks(layers):
    return pd.concat([layers[name] for name in NETWORKS])


def count(frame, **conditions):
    """Rows that meet every condition."""
    met = pd.Series(True, index=frame.index)
    for column, value in conditions.items():
        met &= frame[column].isin(value if isinstance(value, list) else [value])
    return int(met.sum())


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_keeps_its_contract_in_the_crs_of_the_region(layers, name):
    check(layers[name], LAYERS[name])


@pytest.mark.parametrize("name", RULES)
def test_a_table_of_rules_keeps_its_contract(name):
    check(rows_of(name, RULES[name]), RULES[name])


@pytest.mark.parametrize("name", LAYERS)
def test_every_row_says_where_it_comes_from_and_how_far_it_is_trusted(layers, name):
    told = layers[name][["source", "as_of", "confidence"]]
    assert told.notna().all(axis=None)
    assert (told.map(lambda cell: len(cell.strip())) > 0).all(axis=None)


def test_ids_are_unique_across_all_networks(networks):
    assert networks.index.is_unique


@pytest.mark.parametrize("name", [name for name in LAYERS if name != "districts"])
def test_everything_lies_in_the_region(layers, name):
    """Lines may leave the simplified districts by two kilometres at the border, not more."""
    region = layers["districts"].union_all().buffer(2000)
    placed = layers[name]
    assert placed.index[~placed.within(region)].tolist() == []


def test_the_districts_cover_the_region_without_gap_or_overlap(layers):
    districts = layers["districts"]
    assert len(districts) == 33
    assert shapely.coverage_is_valid(districts.geometry.to_numpy())
    whole = districts.union_all()
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert whole.area / 1e6 == pytest.approx(OMSK_OBLAST_KM2, rel=0.02)
    assert (REGION.root / "districts.csv").stat().st_size < 60_000


def test_every_district_holds_its_own_centre(layers):
    """Each of the 33 districts holds exactly one of the 33 centres."""
    centres = layers["settlements"].query("rank != 'village'").copy()
    centres.geometry = centres.representative_point()
    held = gpd.sjoin(centres, layers["districts"], predicate="within")
    assert len(centres) == 33
    assert held["district_id"].nunique() == 33
    known = {"tara": "tarsky", "isilkul": "isilkulsky", "rostovka": "omsky", "omsk": "omsk"}
    assert held["district_id"].loc[list(known)].to_dict() == known


def test_there_are_45_named_substations_of_each_voltage_and_their_lines(networks):
    power = networks[networks["utility"] == "electricity"]
    substations = power[power["kind"] == "substation"]
    assert len(substations) >= 45
    assert substations["name"].is_unique
    assert set(substations["voltage_kv"]) == {500, 220, 110, 35}
    assert count(power, kind="line") >= 45


def test_a_power_line_joins_things_of_its_voltage(networks):
    """At least one end of every line is a substation or plant of that voltage or higher."""
    power = networks[networks["utility"] == "electricity"]
    nodes = power[power["kind"] != "line"]
    for line in power[power["kind"] == "line"].itertuples():
        ends = [shapely.Point(line.geometry.coords[end]) for end in (0, -1)]
        near = pd.concat([nodes[nodes.geometry.dwithin(end, TOUCH_M)] for end in ends])
        assert near["voltage_kv"].max() >= line.voltage_kv, line.Index


def test_the_power_plants_are_where_the_open_database_says(networks):
    told = networks.loc[["CHP-3", "CHP-4", "CHP-5"]]
    assert told["capacity"].tolist() == [400, 435, 735]
    assert count(networks, utility="heat", kind=["chp", "boiler_house"]) >= 5
    assert {"HS-CHP-2", "HS-CHP-3", "HS-CHP-4", "HS-CHP-5", "HS-KRK"} <= set(networks.index)


def test_gas_water_and_sewage_have_mains_and_nodes(networks):
    assert count(networks, utility="gas", kind="trunk_main") >= 2
    assert count(networks, kind="gas_station", status="operating") >= 8
    assert count(networks, kind=["waterworks", "sewage_works"]) >= 6
    planned = networks[(networks["utility"] == "gas") & (networks["status"] == "planned")]
    assert planned["year"].between(2026, 2035).all()
    assert {"GDS-TARA", "GDS-MUROM", "GDS-SEDEL"} <= set(planned.index)


def test_an_operating_gas_station_stands_at_a_main_that_operates(networks):
    gas = networks[(networks["utility"] == "gas") & (networks["status"] == "operating")]
    stations, mains = gas[gas["kind"] == "gas_station"], gas[gas["kind"] == "trunk_main"]
    away_km = stations.distance(mains.union_all()) / 1000
    assert away_km[away_km > 5].index.tolist() == []


def test_the_federal_roads_and_15_regional_ones_are_there(networks):
    roads = networks[networks["utility"] == "road"]
    for number in ("R-254", "R-402", "A-320"):
        assert roads.index.str.startswith(number).any()
    assert count(roads, kind="regional") >= 15
    assert roads["road_category"].notna().all()


def test_a_road_reaches_every_centre(layers):
    """Operating roads only; a centre is its point, or the middle of its outline."""
    roads = layers["roads"].query("status == 'operating'").union_all()
    centres = layers["settlements"].query("rank != 'village'")
    away_km = centres.centroid.distance(roads) / 1000
    assert away_km[away_km > ROAD_REACH_KM].to_dict() == {}


def test_the_operating_roads_are_one_network(layers):
    roads = layers["roads"].query("status == 'operating'").geometry
    joined = roads.buffer(TOUCH_M).union_all()
    assert joined.geom_type == "Polygon"


def test_there_are_30_stations_and_each_is_on_a_track(layers):
    rail = layers["rail"]
    stations = rail[rail["kind"] == "station"]
    assert len(stations) >= 30
    assert stations["name"].is_unique
    tracks = rail[rail["kind"] == "track"].union_all()
    assert stations.distance(tracks).max() < TOUCH_M


def test_every_centre_has_an_exchange(layers):
    centres = layers["settlements"].query("rank != 'village'")
    assert set(layers["telecom"].index) >= set("ATS-" + centres.index.str.upper())


def test_the_rivers_and_lakes_are_there_and_the_irtysh_runs_through_its_towns(layers):
    water = layers["terrain_known"].query("cover == 'water'")
    rivers = {"irtysh-upper", "irtysh-lower", "om", "tara", "ishim", "osha"}
    lakes = {"tenis", "saltaim", "ik", "ebeyty", "ulzhay"}
    ids = {f"river-{name}" for name in rivers} | {f"lake-{name}" for name in lakes}
    assert ids <= set(water.index)
    irtysh = water.loc[["river-irtysh-upper", "river-irtysh-lower"]].union_all()
    towns = layers["settlements"].centroid
    for town in ("cherlak", "omsk", "bolsherechye", "tara", "znamenskoe", "tevriz", "ust-ishim"):
        assert towns[town].distance(irtysh) < 8000, town
    # its length within the region is told as about 1100 km; schematic bends lose some of it
    assert 700 < irtysh.length / 2 / 1000 < 1200


def test_the_banks_of_the_irtysh_are_right(layers):
    """Looking west from the place, the river is met only where the place is on its right bank."""
    water = layers["terrain_known"]
    irtysh = water.loc[["river-irtysh-upper", "river-irtysh-lower"]].union_all()
    places = layers["settlements"].representative_point()
    for place, is_west in (("novovarshavka", True), ("beregovoy", False), ("irtyshsky", False)):
        here = places[place]
        across = shapely.LineString([(here.x - 100_000, here.y), (here.x, here.y)]).intersection(
            irtysh
        )
        assert across.is_empty == is_west, place


def test_the_places_and_their_people_are_there(layers):
    places = layers["settlements"]
    assert count(places, rank=["town", "rayon_centre"]) == 32
    assert count(places, rank="village") >= 20
    assert places["population"]["omsk"] == 1_104_400
    assert (places["population"] > 0).all()
    share = places["workforce"] / places["population"]
    assert share.between(0.45, 0.55).all()


def test_the_housing_of_omsk_leaves_out_its_industrial_nodes(layers, networks):
    housing = layers["settlements"].geometry["omsk"]
    for plant in ("CHP-3", "CHP-4", "CHP-5"):
        assert not housing.contains(networks.geometry[plant])
    assert layers["terrain_known"].geometry["town-omsk"].contains(networks.geometry["CHP-3"])


def test_the_parks_are_the_known_ones(layers):
    parks = layers["parks"]
    assert len(parks) >= 6
    assert parks["area_ha"]["SEZ-AVANGARD"] == 488


def test_the_rivers_built_up_areas_and_constraints_are_not_drawn_twice(layers):
    kinds = set(layers["constraints"]["kind"])
    assert kinds.isdisjoint(
        {"power line", "gas trunk pipeline", "railway", "road", "river", "lake"}
    )
    ruled = set(rows_of("protection_zones", PROTECTION_ZONES)["feature"])
    assert kinds <= ruled


def test_every_option_finds_a_source_of_its_kind_and_class(networks):
    """An option whose kinds or class limits no source meets would be priced nowhere, in silence."""
    measure = {"electricity": "voltage_kv", "gas": "pressure_mpa"}
    options = rows_of("connection_options", CONNECTION_OPTIONS)
    for option in options[options["source_kinds"].notna()].itertuples():
        fits = networks[networks["utility"] == option.utility]
        fits = fits[fits["kind"].isin(option.source_kinds.split(";"))]
        column = measure.get(option.utility, "diameter_mm")
        if not np.isnan(option.source_class_min):
            fits = fits[fits[column] >= option.source_class_min]
        if not np.isnan(option.source_class_max):
            fits = fits[fits[column] <= option.source_class_max]
        assert len(fits) > 0, option.option


def test_every_utility_but_road_rail_and_telecom_has_a_way_without_a_source():
    """Or a site far from everything would have no cost at all; electricity reaches far by line."""
    options = rows_of("connection_options", CONNECTION_OPTIONS)
    alone = set(options[options["source_kinds"].isna()]["utility"])
    assert alone == {"gas", "water", "sewage", "heat"}


def test_a_central_price_lies_between_its_low_and_high():
    options = rows_of("connection_options", CONNECTION_OPTIONS)
    for stem in ("fixed_mrub", "per_km_mrub", "per_unit_mrub"):
        assert (options[f"{stem}_low"] <= options[stem]).all()
        assert (options[stem] <= options[f"{stem}_high"]).all()
    profiles = rows_of("demand_profiles", DEMAND_PROFILES)
    for stem in ("kw_per_ha", "water_m3_day_ha", "gas_m3_h_ha", "heat_mw_ha", "workers_ha"):
        assert (profiles[f"{stem}_low"] <= profiles[f"{stem}_high"]).all()


def test_the_map_will_say_what_is_schematic_and_what_is_invented():
    assert "схематично" in REGION.notice
    assert "Придуманы программой" in REGION.notice
    assert "schematic" in REGION.notice_en
    assert "Made by a program" in REGION.notice_en
    assert "ODbL" in REGION.licence
