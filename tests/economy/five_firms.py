"""An economy small enough to do in the head, and the machinery to build others like it.

km   0       10      20          200
10   F       D
 5           a                          a, b  sites
 0   R       P       K            b     R..F  enterprises

R makes propylene 100          P makes polypropylene 200, half of it propylene
K makes packaging 100, 0.4 of it polypropylene
D makes milk 500, half of it raw milk, 0.06 of it packaging        F makes raw milk 150
people, all at D, buy milk 600 and packaging 20

             makers  needs                   supply  demand   gap
propylene    R       P 100                      100     100     0
polypropyl.  P       K  40                      200      40     0
packaging    K       D  30, people 20           100      50     0
raw milk     F       D 250                      150     250   100
milk         D       people 600                 500     600   100
"""

import geopandas as gpd
import pandas as pd
from shapely import Point, box

from siting.region import EconomyParams
from siting.tables import Layers
from siting.tables.inputs import ENTERPRISES, PRODUCTS_IN, PROSPECTS, SETTLEMENTS

CRS = "EPSG:32643"
WEST, SOUTH = 400_000, 6_000_000
ORIGIN = {"source": "drawn by hand", "as_of": "2026", "confidence": "high"}
KM = 1000

PROPYLENE, POLYPROPYLENE, PACKAGING = "20.14.11", "20.16.51", "22.22.14"
RAW_MILK, MILK = "01.41.2", "10.51.11"

FIRMS = [
    # id, x km, y km, okved, products, revenue
    ("R", 0, 0, "20.14", PROPYLENE, 100.0),
    ("P", 10, 0, "20.16", POLYPROPYLENE, 200.0),
    ("K", 20, 0, "22.22", PACKAGING, 100.0),
    ("D", 10, 10, "10.51", MILK, 500.0),
    ("F", 0, 10, "01.41", RAW_MILK, 150.0),
]
GOODS = [
    (PROPYLENE, "Пропилен", "Propylene", None),
    (POLYPROPYLENE, "Полипропилен", "Polypropylene", None),
    (PACKAGING, "Упаковка, плёнка", "Packaging", 20.0),
    (RAW_MILK, "Молоко сырое", "Raw milk", None),
    (MILK, "Молоко", "Milk", 600.0),
]
RECIPES = [
    (POLYPROPYLENE, PROPYLENE, 0.5),
    (PACKAGING, POLYPROPYLENE, 0.4),
    (MILK, RAW_MILK, 0.5),
    (MILK, PACKAGING, 0.06),
]
SITES = [("a", 10, 5, 20.0), ("b", 200, 0, 10.0)]
MEASURES = (
    "participants_count",
    "participants_unlinked_count",
    "cooperation_share",
    "cooperation_share_priority",
    "final_producers_count",
    "newcomers_count",
)

PARAMS = EconomyParams(freight_mrub_per_mrub_km=0.0002, cluster_resolution=0.01)
"""At a resolution this low one chain is one cluster."""


def filled(rows, table, *, crs=None):
    """Return a table with every optional column, as the reader gives it."""
    frame = pd.DataFrame(rows)
    for column in table.columns:
        if column.name not in frame:
            missing = {"text": "str", "flag": bool}.get(column.kind, float)
            value = False if column.kind == "flag" else None
            frame[column.name] = pd.Series(value, index=frame.index, dtype=missing)
        elif column.kind == "number":
            frame[column.name] = frame[column.name].astype(float)
        elif column.kind == "text":
            frame[column.name] = frame[column.name].astype("str")
    frame = frame.astype({table.index: "str"}).set_index(table.index)
    return gpd.GeoDataFrame(frame, crs=crs) if crs else frame


def at(x_km, y_km):
    return Point(WEST + x_km * KM, SOUTH + y_km * KM)


def enterprises(firms=FIRMS):
    return filled(
        [
            {
                "enterprise_id": i, "name": f"Завод {i}", "okved": okved, "products": made,
                "revenue_mrub": revenue, "size_status": "VERIFIED", "geometry": at(x, y), **ORIGIN,
            }
            for i, x, y, okved, made, revenue in firms
        ],
        ENTERPRISES,
        crs=CRS,
    )  # fmt: skip


def products(goods=GOODS, **more):
    rows = [
        {"product": code, "name": ru, "name_en": en, "demand_mrub": final, **ORIGIN, **more}
        for code, ru, en, final in goods
    ]
    return filled(rows, PRODUCTS_IN)


def recipes(rows=RECIPES):
    return pd.DataFrame(rows, columns=["product", "input", "share"]).assign(
        source="by hand", confidence="high"
    )


def settlements():
    rows = [
        {"settlement_id": "town", "name": "Городок", "rank": "town", "population": 1000.0,
         "geometry": at(10, 10), **ORIGIN}
    ]  # fmt: skip
    return filled(rows, SETTLEMENTS, crs=CRS)


def prospects():
    rows = [
        {"prospect_id": "OWN", "name": "Свой проект", "okved": "25.1", "area_ha": 2.0,
         "geometry": None, **ORIGIN}
    ]  # fmt: skip
    return filled(rows, PROSPECTS, crs=CRS)


def profiles():
    """Fifty workers a hectare: with 6 million a worker a plant makes 300 million a hectare."""
    codes = pd.Index(["10", "20", "22"], name="okved")
    ranges = {"workers_ha": 50.0, "kw_per_ha": 200.0, "water_m3_day_ha": 10.0,
              "gas_m3_h_ha": 0.0, "heat_mw_ha": 0.1}  # fmt: skip
    ends = {f"{stem}_low": 0.8 * middle for stem, middle in ranges.items()}
    ends |= {f"{stem}_high": 1.2 * middle for stem, middle in ranges.items()}
    rest = {"sewage_share": 0.5, "sanitary_zone_m": 100.0, "needs_rail": False,
            "investment_mrub_ha": 150.0}  # fmt: skip
    return pd.DataFrame(ends | rest, index=codes)


def sites(rows=SITES, *, buildable_ha=100.0):
    """Sites of 1 km; the cost is per hectare and is all connection."""
    middles = [at(x, y) for _, x, y, _ in rows]
    shapes = [box(p.x - 500, p.y - 500, p.x + 500, p.y + 500) for p in middles]
    return gpd.GeoDataFrame(
        {
            "is_eligible": True,
            "buildable_ha": buildable_ha,
            "connection_cost_mrub": [cost * buildable_ha for *_, cost in rows],
            "onsite_cost_mrub": 0.0,
        },
        geometry=shapes,
        index=pd.Index([i for i, *_ in rows], name="site_id", dtype="str"),
        crs=CRS,
    )


def layers(**changed):
    """Return the layers of the five firms, some changed; what trade never reads is empty."""
    asked = pd.DataFrame({"subject": "cluster", "requirement": list(MEASURES)})
    told = {
        "enterprises": enterprises(),
        "settlements": settlements(),
        "prospects": prospects(),
        "products": products(),
        "recipes": recipes(),
        "demand_profiles": profiles(),
        "requirements": asked,
    } | changed
    nothing = gpd.GeoDataFrame(geometry=[], crs=CRS)
    unread = ("infrastructure", "plots", "constraints", "terrain", "districts", "parks")
    rules = ("connection_options", "protection_zones", "repairs")
    return Layers(
        **told,
        **dict.fromkeys(unread, nothing),
        **dict.fromkeys(rules, pd.DataFrame()),
        sha256={},
    )
