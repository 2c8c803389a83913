"""A tiny region made by hand: sites, plots, prospects and offers, without the network room."""

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point, box

from siting.portfolio import serve
from siting.pricing import Offers, OffersEverywhere, UtilityOffers
from siting.region import ChooseParams, DoubtParams, ServeParams
from siting.units import UTILITIES

CRS = "EPSG:32643"
SERVE = ServeParams(
    onsite_alone_share=0.6,
    coincidence={"electricity": 0.8},
    payer_park={u: {"budget": 0.5, "network_company": 0.2} for u in UTILITIES}
    | {"onsite": {"budget": 1.0}, "opening": {"budget": 1.0}},
    payer_alone={"electricity": {"network_company": 0.3}},
)
CHOOSE = ChooseParams(budget_mrub=1e5, max_parks=2, opening_mrub=5.0, gap_share=0.0)
DOUBT = DoubtParams(draws=50)

OPTIONS = pd.DataFrame(
    [
        # utility, option, capacity, rule, reach, fixed, per_km, per_unit
        ("electricity", "cable", 6.0, "mw_km", 60.0, 5.0, 6.0, 1.0),
        ("electricity", "substation", 25.0, "mw_km", 2000.0, 90.0, 12.0, 0.0),
        ("gas", "pipe", 1000.0, "km", 30.0, 4.0, 3.0, 0.0),
        ("water", "main", 1500.0, "km", 30.0, 4.0, 8.0, 0.0),
        ("water", "wells", 400.0, "none", 0.0, 30.0, 0.0, 0.0),
        ("road", "street", 1.0, "km", 60.0, 5.0, 40.0, 0.0),
        ("rail", "siding", 1.0, "km", 30.0, 100.0, 80.0, 0.0),
    ],
    columns=[
        "utility", "option", "capacity", "reach_rule", "reach_value",
        "fixed_mrub", "per_km_mrub", "per_unit_mrub",
    ],
)  # fmt: skip
for _column in ("fixed_mrub", "per_km_mrub", "per_unit_mrub"):
    OPTIONS[f"{_column}_low"] = OPTIONS[_column] * 0.6
    OPTIONS[f"{_column}_high"] = OPTIONS[_column] * 1.8
OPTIONS = OPTIONS.assign(status="ASSUMED", source="a test").set_index("option", drop=False)

SOURCES = {
    # id: x km, y km, spare
    "electricity": {"PS-1": (0.0, 0.0, 10.0), "PS-2": (20.0, 0.0, 40.0)},
    "gas": {"GRS-1": (5.0, 5.0, 3000.0)},
    "water": {"W-1": (0.0, 8.0, 1000.0)},
    "road": {"R-1": (10.0, 1.0, 1e9)},
    "rail": {"ST-1": (12.0, 3.0, 1e9)},
}
REINFORCEMENT = {"electricity": 12.0, "gas": 0.02, "water": 0.03}


def offers_at(places, xy_km, *, sources=SOURCES):
    """Offers of every utility at `places` with crow-fly lengths; every source is in a slot."""
    xy = np.asarray(xy_km, float).reshape(-1, 2)
    return Offers(
        places=pd.Index(places, dtype="str"),
        by_utility={u: _utility(u, xy, sources[u]) for u in sources},
    )


def _utility(utility, xy, sources):
    options = OPTIONS[OPTIONS["utility"] == utility]
    at = np.array([[x, y] for x, y, _ in sources.values()])
    km = np.linalg.norm(xy[:, None, :] - at[None], axis=2)
    n, t, k = len(xy), len(options), len(sources)
    length = np.repeat(km[:, None, :], t, axis=1)
    source = np.tile(np.arange(k, dtype=np.int32), (n, t, 1))
    for row, rule in enumerate(options["reach_rule"]):
        if rule == "none":
            source[:, row] = -1
            length[:, row, :1] = 0.0
            length[:, row, 1:] = np.inf
    table = pd.DataFrame(
        {
            "name": list(sources),
            "name_en": list(sources),
            "spare": [spare for *_, spare in sources.values()],
            "is_spare_known": True,
        },
        index=pd.Index(list(sources), name="source_id"),
    )
    return UtilityOffers(
        utility=utility,
        options=options,
        sources=table,
        source=source,
        effective_km=length,
        length_km=length.copy(),
        crossings_mrub=np.where(np.isfinite(length), 0.5, 0.0),
        reinforcement_mrub=REINFORCEMENT.get(utility, 0.0),
    )


def sites_at(xy_km, *, area_ha=40.0, district="D", plots=None):
    n = len(xy_km)
    ids = [f"S{i:03d}" for i in range(n)]
    boxes = [box(x * 1e3, y * 1e3, x * 1e3 + 500, y * 1e3 + 500) for x, y in xy_km]
    area = np.broadcast_to(np.asarray(area_ha, float), n)
    columns = {
        "name": ids,
        "name_en": ids,
        "district_id": district,
        "kind": "industrial_park",
        "plot_ids": plots if plots is not None else [f"P{i}" for i in range(n)],
        "area_ha": area,
        "buildable_ha": area,
        "building_m2": 0.0,
        "land_price_mrub": np.nan,
        "housing_distance_m": 2000.0,
        "is_eligible": True,
        "why_not": pd.Series([np.nan] * n, dtype="str").to_numpy(),
        "onsite_cost_mrub": area * 2.0,
        "connection_cost_mrub": 100.0,
    }
    frame = gpd.GeoDataFrame(columns, geometry=boxes, index=pd.Index(ids, name="site_id"), crs=CRS)
    for utility in UTILITIES:
        frame = frame.assign(
            **{
                f"{utility}_cost_mrub": 1.0,
                f"{utility}_option": "x",
                f"{utility}_source": "x",
                f"{utility}_route_km": 1.0,
            }
        )
    return frame


def plots_at(xy_km, *, area_ha=100.0):
    n = len(xy_km)
    boxes = [box(x * 1e3, y * 1e3, x * 1e3 + 500, y * 1e3 + 500) for x, y in xy_km]
    return gpd.GeoDataFrame(
        {
            "buildable_ha": area_ha,
            "is_eligible": True,
            "housing_distance_m": 2000.0,
        },
        geometry=boxes,
        index=pd.Index([f"P{i:03d}" for i in range(n)], name="plot_id"),
        crs=CRS,
    )


def firms(rows):
    """Prospects from rows (id, area_ha, mw, gas, water, needs rail, own place km or None)."""
    ids = [row[0] for row in rows]
    data = {
        "name": ids,
        "okved": ["10.1" if not row[5] else "20.1" for row in rows],
        "area_ha": [float(row[1]) for row in rows],
        "electricity_mw": [float(row[2]) for row in rows],
        "gas_m3_h": [float(row[3]) for row in rows],
        "water_m3_day": [float(row[4]) for row in rows],
        "sewage_m3_day": 0.0,
        "heat_mw": 0.0,
        "telecom_lines": 0.0,
    }
    places = [None if row[6] is None else Point(row[6][0] * 1e3, row[6][1] * 1e3) for row in rows]
    index = pd.Index(ids, name="prospect_id", dtype="str")
    return gpd.GeoDataFrame(data, geometry=places, index=index, crs=CRS)


def profiles():
    ranges = {
        f"{stem}_{end}": value
        for stem, low, high in (
            ("kw_per_ha", 100.0, 300.0),
            ("water_m3_day_ha", 10.0, 30.0),
            ("gas_m3_h_ha", 20.0, 60.0),
            ("heat_mw_ha", 0.1, 0.3),
            ("workers_ha", 20.0, 40.0),
        )
        for end, value in (("low", low), ("high", high))
    }
    rows = [
        {"okved": code, "industry": code, "industry_ru": code, **ranges, "sewage_share": 0.5,
         "sanitary_zone_m": zone, "needs_rail": rail, "investment_mrub_ha": 50.0,
         "status": "ASSUMED", "source": "a test"}
        for code, zone, rail in (
            ("10", 100.0, False), ("20", 1000.0, True), ("20.14", 500.0, False),
        )
    ]  # fmt: skip
    return pd.DataFrame(rows).set_index("okved")


def everywhere(sites, plots, prospects, *, sources=SOURCES):
    def middle(frame):
        return [(p.x / 1e3, p.y / 1e3) for p in frame.geometry.centroid]

    own = prospects[prospects.geometry.notna()]
    return OffersEverywhere(
        sites=offers_at(sites.index, middle(sites), sources=sources),
        plots=offers_at(plots.index, middle(plots), sources=sources),
        own=offers_at(own.index, middle(own) if len(own) else np.zeros((0, 2)), sources=sources),
    )


def town(seed, *, n_sites=4, n_firms=5, area_ha=40.0, sources=SOURCES):
    """A random small region: sites, prospects, plots, offers."""
    rng = np.random.default_rng(seed)
    sites = sites_at(rng.uniform(0, 20, (n_sites, 2)).round(2), area_ha=area_ha)
    plots = plots_at(rng.uniform(0, 30, (12, 2)).round(2))
    rows = [
        (
            f"F{j:03d}",
            round(rng.uniform(2, 15), 1),
            round(rng.uniform(0.5, 6), 2),
            round(rng.uniform(50, 900), 0) * (rng.random() < 0.7),
            round(rng.uniform(20, 500), 0),
            bool(rng.random() < 0.2),
            tuple(rng.uniform(0, 30, 2)) if rng.random() < 0.3 else None,
        )
        for j in range(n_firms)
    ]
    prospects = firms(rows)
    return sites, prospects, plots, everywhere(sites, plots, prospects, sources=sources)


def served_town(seed, **kwargs):
    sites, prospects, plots, offers = town(seed, **kwargs)
    return serve(
        sites, prospects=prospects, plots=plots, offers=offers, profiles=profiles(), params=SERVE
    )
