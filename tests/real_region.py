"""A region made of real open data (../shared/data/omsk_open) with generated plots and prospects."""

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import box
from shapely.affinity import rotate

CRS = "EPSG:32643"
SEED = 7
NEAR_OMSK_M = 50_000
ORIGIN = {"source": "shared/data/omsk_open", "as_of": "2022", "confidence": "medium"}
RULES = ("connection_options", "demand_profiles", "protection_zones", "requirements")
ECONOMY = ("enterprises", "products", "recipes")

TOML = """
code = "omsk-open"
name = "Омская область, открытые данные"
name_en = "Omsk oblast, open data"
crs = "{crs}"
cell_m = {cell_m}
notice = "Проверка на открытых данных"
notice_en = "A check on open data"
licence = "ODbL 1.0"

[layers]
infrastructure = "real.gpkg"
plots = {{ path = "plots.gpkg" }}
terrain = "terrain.gpkg"
settlements = "settlements.gpkg"
districts = "districts.gpkg"
prospects = "prospects.csv"
{rules}

{network}

[choose]
budget_mrub = 30000
max_parks = 5
time_limit_s = 10

[doubt]
draws = 100
"""


def build(folder, *, shared, omsk, cell_m=500):
    """Write the region into `folder` and return the path of its region.toml."""
    source = shared / "omsk_open"
    infrastructure(source).to_file(folder / "real.gpkg")
    terrain(source).to_file(folder / "terrain.gpkg")
    settlements(source).to_file(folder / "settlements.gpkg")
    districts(source).to_file(folder / "districts.gpkg")
    plots(source).to_file(folder / "plots.gpkg")
    prospects().to_csv(folder / "prospects.csv", index=False)
    rules = "\n".join(f'{name} = "{omsk / name}.csv"' for name in RULES + ECONOMY)
    text = TOML.format(crs=CRS, cell_m=cell_m, rules=rules, network=network_section(omsk))
    (folder / "region.toml").write_text(text, encoding="utf-8")
    return folder / "region.toml"


def network_section(omsk):
    """The assumptions about friction, crossings and demands are those of layers/omsk."""
    text = (omsk / "region.toml").read_text("utf-8")
    tables = [part for part in text.split("\n[") if part.startswith("network.")]
    return "".join(f"\n[{part}" for part in tables)


def infrastructure(source):
    lines = gpd.read_file(source / "power_lines_straight.geojson")
    nodes = gpd.read_file(source / "power_substations.geojson")
    ends = pd.concat(
        [
            lines[["v_id_1", "kv"]].set_axis(["vid", "kv"], axis=1),
            lines[["v_id_2", "kv"]].set_axis(["vid", "kv"], axis=1),
        ]
    )
    seen = nodes["vid"].map(ends.groupby("vid")["kv"].max())
    # 350 kV is a slip of the pen for 35 in the open data
    voltage = seen.fillna(nodes["kv"]).replace(350.0, 35.0).fillna(35.0)
    parts = [
        row(
            nodes,
            "electricity",
            "substation",
            name=nodes["name"].fillna("ПС " + nodes["vid"]),
            voltage_kv=voltage,
        ),
        row(lines, "electricity", "line", name="ВЛ " + lines["l_id"], voltage_kv=lines["kv"]),
    ]
    gas = gpd.read_file(source / "gas_pipelines_gem.geojson")
    gas = gas[gas["Status"] == "Operating"].explode(ignore_index=True)
    parts.append(row(gas, "gas", "trunk_main", name=gas["PipelineName"], pressure_mpa=5.4))
    rails = gpd.read_file(source / "railways_schematic.geojson")
    parts.append(
        row(
            rails,
            "rail",
            "track",
            name=rails["from_name"].fillna("") + " - " + rails["to_name"].fillna(""),
        )
    )
    stations = gpd.read_file(source / "rail_stations.geojson")
    stations = stations[stations["station_type_en"] != "halt"]
    parts.append(row(stations, "rail", "station", name=stations["name"]))
    places = gpd.read_file(source / "places_geonames.geojson")
    # the open data has no telephone exchanges; every town is given one
    parts.append(row(places, "telecom", "exchange", name="АТС " + places["name"]))
    streets = gpd.read_file(source / "roads_omsk_city.geojson")
    parts.append(row(streets, "road", "street", name="улица"))
    whole = pd.concat(parts, ignore_index=True)
    whole["source_id"] = [f"R{i:05d}" for i in range(len(whole))]
    return whole[~whole.geometry.is_empty & whole.geometry.is_valid]


def row(frame, utility, kind, **columns):
    return gpd.GeoDataFrame(
        {"utility": utility, "kind": kind, "status": "operating", **columns, **ORIGIN},
        geometry=frame.geometry,
        index=frame.index,
        crs=4326,
    )


def terrain(source):
    rivers = gpd.read_file(source / "water_rivers_ne10m.geojson").to_crs(CRS)
    lakes = gpd.read_file(source / "water_lakes_ne10m.geojson").to_crs(CRS)
    rivers = rivers.set_geometry(rivers.buffer(250))
    both = pd.concat([rivers, lakes], ignore_index=True)
    return gpd.GeoDataFrame(
        {
            "terrain_id": [f"W{i}" for i in both.index],
            "cover": "water",
            "name": both["name"],
            **ORIGIN,
        },
        geometry=both.geometry,
        crs=CRS,
    )


def settlements(source):
    places = gpd.read_file(source / "places_geonames.geojson")
    return gpd.GeoDataFrame(
        {
            "settlement_id": places["geonameid"].astype(str),
            "name": places["name"],
            "rank": "town",
            "population": places["population"],
            **ORIGIN,
        },
        geometry=places.geometry,
        crs=4326,
    )


def districts(source):
    units = gpd.read_file(source / "admin_units.geojson")
    return gpd.GeoDataFrame(
        {"district_id": [f"D{i}" for i in units.index], "name": units["name"], **ORIGIN},
        geometry=units.geometry,
        crs=4326,
    )


def plots(source):
    """Rectangles of 10 to 90 ha, turned at random, around the towns within reach of the streets."""
    rng = np.random.default_rng(SEED)
    places = gpd.read_file(source / "places_geonames.geojson").to_crs(CRS)
    omsk = places.geometry[places["name"] == "Omsk"].iloc[0]
    places = places[places.distance(omsk) < NEAR_OMSK_M]
    shapes = []
    for place in places.geometry:
        angle, distance = rng.uniform(0, 2 * np.pi, 12), rng.uniform(3000, 12000, 12)
        for x, y in zip(
            place.x + distance * np.cos(angle), place.y + distance * np.sin(angle), strict=True
        ):
            wide, high = rng.uniform(320, 950, 2)
            shapes.append(rotate(box(x, y, x + wide, y + high), rng.uniform(0, 90)))
    frame = gpd.GeoDataFrame(geometry=shapes, crs=CRS)
    return gpd.GeoDataFrame(
        {
            "plot_id": [f"P{i:04d}" for i in frame.index],
            "category": "industry",
            "permitted_use": "6.0",
            "ownership": "municipal",
            "status": "greenfield",
            "is_synthetic": True,
            **ORIGIN,
        },
        geometry=shapes,
        crs=CRS,
    )


def prospects():
    rng = np.random.default_rng(SEED)
    codes = rng.choice(["10", "16", "22", "25", "28"], 40)
    return pd.DataFrame(
        {
            "prospect_id": [f"I{i:02d}" for i in range(40)],
            "name": [f"Завод {i}" for i in range(40)],
            "okved": codes,
            "area_ha": rng.uniform(1, 8, 40).round(1),
            "is_synthetic": True,
            **ORIGIN,
        }
    )
