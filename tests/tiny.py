"""A whole region small enough to look at, as files: for laws that hold for the whole study.

    0    4    8    12   16   20 km
20  +----+----+----+----+----+
    |  t           |         |     t  town (500 people)         A..H  plots of 25 ha
16  +    A    B    |         +     S  substation 110 kV, 10 MW spare
    |              |  G      |     s  substation 35 kV, spare capacity unknown
12  +==============|=========+     == road, with the railway and the fibre beside it
    |  S    C    D |  H      |     |  river
 8  +              |         +     g  gas station        w  waterworks, sewage works
    |  g    E    F |   s     |
 4  +  w           |         +
 0  +----+----+----+----+----+
"""

import geopandas as gpd
import pandas as pd
from shapely import LineString, Point, affinity, box

from places import OMSK

CRS = "EPSG:32643"
CELL_M = 200
ORIGIN = {"source": "drawn by hand", "as_of": "2026", "confidence": "high"}
RULES = ("connection_options", "demand_profiles", "protection_zones", "requirements")
WEST, SOUTH = 400_000, 6_000_000

PLOTS = {
    "A": (4, 16), "B": (8, 16), "C": (6, 10), "D": (9, 10),
    "E": (6, 6), "F": (9, 6), "G": (15, 14), "H": (15, 10),
}  # fmt: skip

SECTIONS = """
[land]
min_park_ha = 8.0

[choose]
budget_mrub = 5000
max_parks = 3
time_limit_s = 10

[doubt]
draws = 50
"""


def tables():
    """Return every layer of the tiny region by name, coordinates in metres."""
    return {
        "infrastructure": infrastructure(),
        "plots": plots(),
        "terrain": layer(
            "terrain_id", [("R1", box(12.9, 0, 13.1, 20), {"cover": "water", "name": "Река"})]
        ),
        "settlements": layer(
            "settlement_id",
            [("T1", Point(2, 18), {"name": "Городок", "rank": "town", "population": 500.0})],
        ),
        "districts": layer(
            "district_id",
            [
                ("west", box(0, 0, 10, 20), {"name": "Запад"}),
                ("east", box(10, 0, 20, 20), {"name": "Восток"}),
            ],
        ),
        "enterprises": enterprises(),
        "prospects": prospects(),
        "products": products(),
        "recipes": recipes(),
    }


def layer(key, rows):
    """Return a layer from (id, geometry in km, columns)."""
    scaled = [affinity.scale(shape, 1000, 1000, origin=(0, 0)) for _, shape, _ in rows]
    moved = [affinity.translate(shape, WEST, SOUTH) for shape in scaled]
    return gpd.GeoDataFrame(
        [{key: i, **told, **ORIGIN} for i, _, told in rows], geometry=moved, crs=CRS
    )


def infrastructure():
    def at(key, x, y, utility, kind, **more):
        return (
            key,
            Point(x, y),
            {"utility": utility, "kind": kind, "name": key, "status": "operating", **more},
        )

    def along(key, utility, kind, y, **more):
        return (
            key,
            LineString([(0, y), (20, y)]),
            {"utility": utility, "kind": kind, "name": key, "status": "operating", **more},
        )

    return layer(
        "source_id",
        [
            at("S110", 2, 10, "electricity", "substation", voltage_kv=110.0, capacity=40.0, spare_capacity=10.0, capacity_unit="MW"),
            at("S35", 17, 7, "electricity", "substation", voltage_kv=35.0, capacity=10.0, capacity_unit="MW"),
            at("G1", 2, 7, "gas", "gas_station", pressure_mpa=0.6, capacity=20000.0, spare_capacity=9000.0, capacity_unit="m3/h"),
            at("W1", 2, 4, "water", "waterworks", diameter_mm=400.0, capacity=9000.0, spare_capacity=3000.0, capacity_unit="m3/day"),
            at("K1", 2, 4.4, "sewage", "sewage_works", capacity=9000.0, spare_capacity=3000.0, capacity_unit="m3/day"),
            along("ROAD", "road", "regional", 12.0, road_category="III"),
            along("RAIL", "rail", "track", 12.4),
            along("FIBRE", "telecom", "fibre", 11.8),
        ],
    )  # fmt: skip


def plots():
    half = 0.25
    rows = [
        (
            key,
            box(x - half, y - half, x + half, y + half),
            {"category": "industry", "permitted_use": "6.0", "ownership": "municipal", "status": "greenfield", "price_mrub": 5.0},
        )
        for key, (x, y) in PLOTS.items()
    ]  # fmt: skip
    return layer("plot_id", rows)


def enterprises():
    rows = [
        ("MILL", Point(3, 17), {"name": "Мельница", "okved": "10.61", "products": "10.61.21", "revenue_mrub": 800.0, "employees": 90.0}),
        ("BAKERY", Point(4, 14), {"name": "Хлебозавод", "okved": "10.71", "products": "10.71.11", "revenue_mrub": 500.0, "employees": 120.0}),
        ("PASTA", Point(8, 13), {"name": "Макароны", "okved": "10.73", "products": "10.73.11", "revenue_mrub": 300.0, "employees": 60.0}),
    ]  # fmt: skip
    return layer(
        "enterprise_id", [(i, p, {**told, "size_status": "ASSUMED"}) for i, p, told in rows]
    )


def prospects():
    rows = [
        (f"I{n}", code, 1.5 + n)
        for n, code in enumerate(["10.7", "25.1", "22.2", "16.2", "28.9", "10.8"])
    ]
    return pd.DataFrame(
        [
            {"prospect_id": i, "name": f"Завод {i}", "okved": code, "area_ha": area, **ORIGIN}
            for i, code, area in rows
        ]
    )


def products():
    rows = [
        ("01.11.1", "Пшеница", "01.11"),
        ("10.61.21", "Мука", "10.61"),
        ("10.71.11", "Хлеб", "10.71"),
        ("10.73.11", "Макароны", "10.73"),
        ("17.21.1", "Упаковка", "17.21"),
    ]
    return pd.DataFrame(
        [
            {
                "product": p,
                "hs": "1101",
                "name": n,
                "name_en": f"Product {p}",
                "okved": o,
                "demand_mrub": 100.0,
                **ORIGIN,
            }
            for p, n, o in rows
        ]
    )


def recipes():
    rows = [
        ("10.61.21", "01.11.1", 0.6),
        ("10.71.11", "10.61.21", 0.4),
        ("10.73.11", "10.61.21", 0.5),
        ("10.71.11", "17.21.1", 0.05),
        ("10.73.11", "17.21.1", 0.1),
    ]
    return pd.DataFrame(rows, columns=["product", "input", "share"]).assign(
        source="by hand", confidence="medium"
    )


def write(folder, layers=None, *, move_cells=(0, 0), order=None):
    """Write the region into `folder`, moved by whole cells and shuffled if asked; return region.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, frame in (layers or tables()).items():
        told = frame if order is None else frame.sample(frac=1, random_state=order)
        if isinstance(told, gpd.GeoDataFrame):
            dx, dy = (step * CELL_M for step in move_cells)
            told.set_geometry(told.translate(dx, dy)).to_file(folder / f"{name}.gpkg")
            files.append(f'{name} = "{name}.gpkg"')
        else:
            told.to_csv(folder / f"{name}.csv", index=False)
            files.append(f'{name} = "{name}.csv"')
    files += [f'{name} = "{OMSK / name}.csv"' for name in RULES if name != "requirements"]
    packs = [*sorted((OMSK / "requirements").glob("*.toml")), OMSK / "requirements.csv"]
    files.append(f"requirements = {[str(pack) for pack in packs]}")
    text = (OMSK / "region.toml").read_text("utf-8")
    kept = [f"[{part}" for part in text.split("\n[")[1:] if part.startswith(("network", "serve"))]
    head = (
        f'code = "tiny"\nname = "Пример"\nname_en = "Example"\ncrs = "{CRS}"\ncell_m = {CELL_M}\n'
    )
    body = "\n".join([head, "[layers]", *files, *kept, SECTIONS])
    (folder / "region.toml").write_text(body, encoding="utf-8")
    return folder / "region.toml"
