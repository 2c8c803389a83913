"""A believable plan near Omsk, made by a seeded generator: tables of the right shape, no study.

The real stages are tested in their own rooms; the map only has to show whatever a Plan holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, MultiPoint, Point, Polygon, box, voronoi_polygons
from shapely.affinity import rotate

from siting.region import Region
from siting.tables import Layers
from siting.units import DEMAND_COLUMN, DEMAND_UNIT

CRS = "EPSG:32643"
NASTY = (
    "<script>boom()</script></script><img src=x onerror=boom()> \"'`${1}{{2}} & 🏭 שלום \u202eabc"
)
TOWNS = (
    ("Омск", "Omsk", 73.37, 54.98, 1_104_400, "city"),
    ("Тара", None, 74.36, 56.92, 26_664, "town"),
    ("Исилькуль", "Isilkul", 71.28, 54.91, 25_905, "town"),
    ("Калачинск", "Kalachinsk", 74.57, 55.06, 24_000, "town"),
    ("Называевск", "Nazyvaevsk", 71.35, 55.57, 12_119, "town"),
    ("Тюкалинск", None, 72.20, 55.87, 12_050, "town"),
    ("Любинский", None, 72.69, 55.15, 10_000, "rayon_centre"),
    ("Черлак", None, 74.80, 54.16, 11_000, "rayon_centre"),
    ("Большеречье", None, 74.63, 56.09, 11_200, "rayon_centre"),
    ("Муромцево", None, 75.24, 56.37, 9_500, "rayon_centre"),
    ("Ачаир", None, 73.85, 54.70, 3_000, "village"),
)
OUTLINE = Polygon(
    [
        (70.6, 54.4),
        (72.5, 53.6),
        (75.4, 53.5),
        (76.2, 55.0),
        (75.6, 56.9),
        (73.4, 57.6),
        (71.0, 57.0),
    ]
)
FIRMS = (
    "Омский НПЗ",
    "Омский каучук",
    "Полиом",
    "Техуглерод",
    "Трансмаш",
    "Полёт",
    "Агрегат",
    "Релеро",
    "Бекон",
    "Молоко",
    "Сладонеж",
    "Манрос",
)
GOODS = (
    ("22.21.3", "Плёнки полимерные", "Polymer films"),
    ("20.30.1", "Краски", None),
    ("10.41.5", "Масло рапсовое", "Rapeseed oil"),
    ("25.11.2", "Металлоконструкции", None),
    ("16.21.1", "Фанера", None),
    ("17.21.1", "Картонная тара", "Cardboard boxes"),
)
OPTIONS = (
    ("electricity", "cable_10kv", 6.3),
    ("electricity", "line_110kv_substation", 35),
    ("gas", "pe160", 4900),
    ("water", "pe200", 2714),
    ("water", "wells", 1200),
    ("sewage", "gravity300", 4100),
    ("heat", "own_boiler", 20),
    ("road", "category_iv", 1),
    ("telecom", "fibre_buried", 1),
)
ORIGIN = {"source": "test generator", "as_of": "2026-01-01", "confidence": "low"}
PARK_UTILITIES = ("electricity", "gas", "water", "sewage", "heat", "road", "telecom")


@dataclass(frozen=True, kw_only=True)
class FakePortfolio:
    objective_mrub: float
    bound_mrub: float
    gap_share: float
    status: str
    residents: pd.DataFrame
    budget_mrub: float
    spent_mrub: float
    binding: tuple[str, ...]
    alternatives: None = None


@dataclass(frozen=True, kw_only=True)
class FakePlan:
    region: Region
    layers: Layers
    plots: gpd.GeoDataFrame
    exclusions: pd.DataFrame
    cures: pd.DataFrame
    passports: pd.DataFrame
    sites: gpd.GeoDataFrame
    connections: gpd.GeoDataFrame
    prospects: gpd.GeoDataFrame
    served: None
    offers: None
    portfolio: FakePortfolio
    ledger: pd.DataFrame
    facts: pd.DataFrame
    links: pd.DataFrame
    clusters: pd.DataFrame
    products: pd.DataFrame
    consumers: pd.DataFrame
    checks: pd.DataFrame
    summary: object
    surfaces: None = None
    trunks: None = None
    books: dict = field(default_factory=dict)
    platform: dict = field(default_factory=dict)

    @property
    def repairs(self) -> pd.DataFrame:
        return self.layers.repairs


def metric(frame, geometry):
    """The frame with lon/lat shapes, in metres."""
    return gpd.GeoDataFrame(frame, geometry=list(geometry), crs="EPSG:4326").to_crs(CRS)


def indexed(frame, name, prefix):
    return frame.set_index(
        pd.Index([f"{prefix}-{i:03}" for i in range(len(frame))], name=name, dtype="str")
    )


def districts():
    cells = voronoi_polygons(MultiPoint([(t[2], t[3]) for t in TOWNS[:-1]]), extend_to=OUTLINE)
    rows = []
    for cell in cells.geoms:
        name = next(t[0] for t in TOWNS if cell.contains(Point(t[2], t[3])))
        rows.append((f"{name[:-1]}ский район", None, cell.intersection(OUTLINE)))
    frame = pd.DataFrame([r[:2] for r in rows], columns=["name", "name_en"], dtype="str").assign(
        **ORIGIN
    )
    return indexed(metric(frame, [r[2] for r in rows]), "district_id", "D")


def settlements():
    frame = pd.DataFrame(
        [(t[0], t[1], t[5], t[4]) for t in TOWNS], columns=["name", "name_en", "rank", "population"]
    ).assign(workforce=np.nan, **ORIGIN)
    return indexed(metric(frame, [Point(t[2], t[3]) for t in TOWNS]), "settlement_id", "S")


def terrain():
    irtysh = LineString(
        [
            (75.3, 53.6),
            (74.7, 54.2),
            (73.9, 54.7),
            (73.4, 54.98),
            (73.2, 55.4),
            (73.9, 55.9),
            (74.6, 56.1),
            (74.4, 56.9),
            (73.0, 57.3),
        ]
    ).segmentize(0.05)
    shapes = [
        irtysh.buffer(0.012),
        Point(71.9, 54.9).buffer(0.12),
        Point(73.4, 56.9).buffer(0.5).intersection(OUTLINE),
        Point(71.8, 56.4).buffer(0.3),
        box(73.15, 54.9, 73.55, 55.1),
    ]
    names = ["Иртыш", "Эбейты", None, None, None]
    covers = ["water", "water", "forest", "wetland", "built_up"]
    frame = pd.DataFrame({"name": names, "name_en": None, "cover": covers}).assign(
        is_synthetic=False, **ORIGIN
    )
    return indexed(metric(frame, shapes), "terrain_id", "T")


def infrastructure(rng):
    rows = []
    for town in TOWNS:
        for utility, kind, kv in (
            ("electricity", "substation", 110),
            ("gas", "gas_station", np.nan),
            ("water", "waterworks", np.nan),
            ("sewage", "sewage_works", np.nan),
            ("telecom", "exchange", np.nan),
        ):
            spot = Point(town[2] + rng.normal(0, 0.05), town[3] + rng.normal(0, 0.03))
            rows.append(
                (
                    utility,
                    kind,
                    {"electricity": f"ПС {town[0]}"}.get(utility, f"{town[0]}, {kind}"),
                    kv,
                    None,
                    spot,
                )
            )
    for number, kind, category, ends in (
        ("Р-254 Иртыш", "federal", "I", (2, 0, 3)),
        ("А-320 Омск — Черлак", "federal", "II", (0, 7)),
        ("Омск — Тара", "regional", "III", (0, 8, 1)),
        ("Исилькуль — Называевск", "regional", "IV", (2, 4, 5)),
    ):
        rows.append(
            (
                "road",
                kind,
                number,
                np.nan,
                category,
                LineString([(TOWNS[i][2], TOWNS[i][3]) for i in ends]).segmentize(0.1),
            )
        )
    rows.append(
        (
            "rail",
            "track",
            "Транссиб",
            np.nan,
            None,
            LineString([(70.9, 54.95), (73.37, 55.0), (75.9, 55.1)]).segmentize(0.1),
        )
    )
    rows.append(
        (
            "electricity",
            "line",
            "ВЛ 500 кВ",
            500.0,
            None,
            LineString([(71.2, 55.2), (73.3, 55.1), (75.7, 55.4)]),
        )
    )
    frame = pd.DataFrame(
        [r[:5] for r in rows], columns=["utility", "kind", "name", "voltage_kv", "road_category"]
    )
    unit = (
        frame["utility"]
        .map(DEMAND_UNIT)
        .where(frame["kind"].isin(["substation", "gas_station", "waterworks", "sewage_works"]))
    )
    spare = pd.Series(rng.uniform(0, 40, len(frame))).where(
        unit.notna() & (rng.random(len(frame)) < 0.6)
    )
    frame = frame.assign(
        name_en=None,
        pressure_mpa=np.nan,
        diameter_mm=np.nan,
        capacity=spare * 3,
        spare_capacity=spare,
        spare_is_synthetic=spare.notna(),
        capacity_unit=unit,
        owner=None,
        status="operating",
        year=np.nan,
        width_m=np.nan,
        is_synthetic=False,
        **ORIGIN,
    )
    return indexed(metric(frame, [r[5] for r in rows]), "source_id", "N")


def plots(rng, count):
    shapes = []
    for _ in range(count):
        town = TOWNS[min(int(rng.exponential(3)), len(TOWNS) - 1)]
        x, y = town[2] + rng.normal(0, 0.25), town[3] + rng.normal(0, 0.12)
        half = rng.uniform(0.0015, 0.006)
        shapes.append(
            rotate(box(x - half, y - half * 0.6, x + half, y + half * 0.6), rng.uniform(0, 90))
        )
    eligible = rng.random(count) < 0.7
    frame = pd.DataFrame(
        {
            "category": np.where(eligible, "industry", "forest"),
            "permitted_use": "6.0",
            "ownership": "municipal",
            "status": "greenfield",
            "building_m2": 0.0,
            "price_mrub": 10.0,
            "is_synthetic": True,
            "is_eligible": eligible,
            "buildable_ha": rng.uniform(5, 60, count),
            "why_not": pd.Series(np.where(eligible, None, "category_forbidden"), dtype="str"),
        }
    ).assign(**ORIGIN)
    return indexed(metric(frame, shapes), "plot_id", "P")


def sites(rng, plots_, districts_, count):
    own = plots_.iloc[:count]
    order = rng.permutation(count)
    saving = np.sort(rng.gamma(1.2, 260, count) - 150)[::-1][order]
    fit = own["is_eligible"].to_numpy() & (rng.random(count) < 0.95)
    fit[np.argsort(-saving)[:8]] = True
    rank = pd.Series(np.where(fit, saving, -np.inf)).rank(ascending=False)
    chosen = fit & (rank.to_numpy() <= 7)
    alone = np.abs(saving) * rng.uniform(2, 3, count) + 300
    where = gpd.sjoin(
        gpd.GeoDataFrame(geometry=own.representative_point(), crs=CRS),
        districts_[["geometry"]],
        how="left",
        predicate="within",
    )
    town = [TOWNS[int(i) % len(TOWNS)] for i in range(count)]
    frame = pd.DataFrame(
        {
            "name": [f"{t[0]}-{i}" for i, t in enumerate(town)],
            "name_en": [f"Site-{i}" for i in range(count)],
            "district_id": where["district_id"].to_numpy(),
            "kind": np.where(np.arange(count) % 9 == 0, "technopark", "industrial_park"),
            "plot_ids": own.index + ";" + np.roll(own.index, 1),
            "area_ha": own["buildable_ha"].to_numpy() * 1.1,
            "buildable_ha": own["buildable_ha"].to_numpy(),
            "building_m2": 0.0,
            "land_price_mrub": 20.0,
            "housing_distance_m": rng.uniform(50, 3000, count),
            "is_eligible": fit,
            "why_not": pd.Series(np.where(fit, None, "too_small;no_gas"), dtype="str"),
            "onsite_cost_mrub": 120.0,
            "standalone_cost_mrub": np.where(fit, alone, np.nan),
            "park_cost_mrub": np.where(fit, alone - saving, np.nan),
            "saving_mrub": np.where(fit, saving, np.nan),
            "saving_share": np.where(fit, saving / alone, np.nan),
            "break_even_share": np.where(fit, rng.uniform(0.2, 1.2, count), np.nan),
            "is_chosen": chosen,
            "rank": np.where(fit, rank, np.nan),
            "residents_count": np.where(chosen, 4, 0),
            "jobs_count": np.where(chosen, 850, 0),
            "plan_saving_mrub": np.where(chosen, saving, 0.0),
            "saving_p10_mrub": np.where(fit, saving - 90, np.nan),
            "saving_p50_mrub": np.where(fit, saving, np.nan),
            "saving_p90_mrub": np.where(fit, saving + 140, np.nan),
            "chosen_share": np.where(
                chosen, rng.uniform(0.6, 1, count), np.where(fit, rng.uniform(0, 0.3, count), 0)
            ),
        }
    ).assign(connection_cost_mrub=lambda f: np.where(fit, f["park_cost_mrub"] - 120, np.nan))
    ids = pd.Index([f"IP-{i:03}" for i in range(count)], name="site_id", dtype="str")
    return gpd.GeoDataFrame(frame.set_index(ids), geometry=own.geometry.to_numpy(), crs=CRS)


def connections(rng, sites_, nets):
    rows, routes = [], []
    for site_id, site in sites_[sites_["is_eligible"]].iterrows():
        for utility in PARK_UTILITIES:
            option = next(o for u, o, _ in OPTIONS if u == utility)
            sources = nets[nets["utility"] == utility]
            alone = utility == "heat"
            source_id = None if alone else sources.distance(site.geometry).idxmin()
            start = site.geometry.representative_point()
            end = None if alone else sources.loc[source_id].geometry
            if end is not None and end.geom_type != "Point":
                end = end.interpolate(end.project(start))
            middle = None if alone else Point(end.x, start.y)
            route = None if alone else LineString([start, middle, end])
            cost = float(rng.uniform(5, 120))
            rows.append(
                (
                    site_id,
                    utility,
                    option,
                    source_id,
                    None if alone else sources.loc[source_id, "name"],
                    1,
                    8.0,
                    DEMAND_UNIT[utility],
                    0.0 if alone else route.length / 1000,
                    1.0,
                    cost * 0.3,
                    cost * 0.6,
                    cost * 0.1,
                    0.0,
                    cost,
                    bool(rng.random() < 0.5),
                )
            )
            routes.append(route)
    names = [
        "site_id",
        "utility",
        "option",
        "source_id",
        "source_name",
        "circuits",
        "demand",
        "demand_unit",
        "length_km",
        "effective_km",
        "fixed_mrub",
        "line_mrub",
        "crossings_mrub",
        "reinforcement_mrub",
        "cost_mrub",
        "is_spare_known",
    ]
    told = pd.DataFrame(rows, columns=names).assign(
        feeders=1, reinforcement_step=None, reinforcement_step_mrub=np.nan, is_widened=False,
        crossings=None, rivers_mrub=0.0, railways_mrub=0.0, roads_mrub=0.0,
    )  # fmt: skip
    return gpd.GeoDataFrame(told, geometry=routes, crs=CRS)


def prospects(rng, count):
    frame = pd.DataFrame(
        {
            "name": [f"Завод № {i}" for i in range(count)],
            "name_en": None,
            "okved": rng.choice(["10.5", "20.14", "25.1"], count),
            "area_ha": rng.uniform(1, 9, count),
            "jobs_count": rng.integers(40, 400, count).astype(float),
            "sanitary_class": "IV",
            "is_synthetic": True,
        }
    ).assign(**dict.fromkeys(DEMAND_COLUMN.values(), 1.0), **ORIGIN)
    return indexed(gpd.GeoDataFrame(frame, geometry=[None] * count, crs=CRS), "prospect_id", "Z")


def ledger(sites_, prospects_):
    rows = []
    chosen = sites_[sites_["is_chosen"]]
    for place, (site_id, site) in enumerate(chosen.iterrows()):
        for resident in prospects_.index[4 * place : 4 * place + 4]:
            for utility in (*PARK_UTILITIES, "onsite", "opening"):
                saving, alone = (
                    site["plan_saving_mrub"] / 36,
                    0.0 if utility == "opening" else site["standalone_cost_mrub"] / 32,
                )
                rows.append(
                    (
                        resident,
                        site_id,
                        utility,
                        "budget" if utility == "road" else "resident",
                        alone,
                        alone - saving,
                        saving,
                    )
                )
    frame = pd.DataFrame(
        rows,
        columns=[
            "prospect_id",
            "site_id",
            "utility",
            "payer",
            "standalone_mrub",
            "park_mrub",
            "saving_mrub",
        ],
    )
    return frame.assign(park_mrub=frame["park_mrub"].clip(lower=0))


def rules():
    options = pd.DataFrame(
        [
            (
                u,
                o,
                c,
                DEMAND_UNIT[u],
                "km",
                20.0,
                3.0,
                6.0,
                12.0,
                5.0,
                7.0,
                9.0,
                0.0,
                0.0,
                0.0,
                "ASSUMED",
                "facts.md 3.2",
            )
            for u, o, c in OPTIONS
        ],
        columns=[
            "utility",
            "option",
            "capacity",
            "capacity_unit",
            "reach_rule",
            "reach_value",
            "fixed_mrub_low",
            "fixed_mrub",
            "fixed_mrub_high",
            "per_km_mrub_low",
            "per_km_mrub",
            "per_km_mrub_high",
            "per_unit_mrub_low",
            "per_unit_mrub",
            "per_unit_mrub_high",
            "status",
            "source",
        ],
    )
    profiles = pd.DataFrame(
        {
            "industry": ["food", "chemicals", "metal"],
            "industry_ru": ["пищевые продукты", "химия", "металлообработка"],
            "status": "ASSUMED",
            "source": "facts.md",
        },
        index=pd.Index(["10", "20", "25"], name="okved"),
    )
    zones = pd.DataFrame(
        {"feature": ["river", "power line"], "status": "VERIFIED", "source": "Decree 160"}
    )
    needs = pd.DataFrame(
        [
            ("industrial_park", "area_ha", "area of land plots", "площадь земельных участков"),
            ("industrial_park", "electricity_mw", "electric power", "электрическая мощность"),
            ("technopark", "area_ha", "area", "площадь"),
            ("cluster", "participants_count", "participants", "число участников"),
        ],
        columns=["subject", "requirement", "title", "title_ru"],
    ).assign(status="ASSUMED", source="Decree 794", edition="01.04.2024")
    return options, profiles, zones, needs


def checks(sites_, clusters_):
    rows = []
    for site_id, site in sites_[sites_["is_eligible"]].iterrows():
        rows.append(
            (
                site_id,
                site["kind"],
                "area_ha",
                site["area_ha"],
                "ha",
                ">=",
                8.0,
                "pass" if site["area_ha"] >= 8 else "fail",
            )
        )
        if site["kind"] == "industrial_park":
            rows.append(
                (site_id, site["kind"], "electricity_mw", np.nan, "MW", ">=", 2.0, "unknown")
            )
    rows += [
        (c, "cluster", "participants_count", 6.0, "count", ">=", 10.0, "warn")
        for c in clusters_.index
    ]
    return pd.DataFrame(
        rows,
        columns=[
            "subject_id",
            "subject_kind",
            "requirement",
            "value",
            "unit",
            "operator",
            "limit",
            "result",
        ],
    ).assign(edition="01.04.2024", status="ASSUMED", source="Decree 794")


def market(rng, sites_, firms):
    best = sites_.index[sites_["is_chosen"]]
    gap = np.sort(rng.gamma(2, 400, len(GOODS)))[::-1]
    products = pd.DataFrame(
        {
            "hs": "3920",
            "name": [g[1] for g in GOODS],
            "name_en": [g[2] or f"Good {i}" for i, g in enumerate(GOODS)],
            "demand_mrub": gap * 1.4,
            "supply_mrub": gap * 0.4,
            "import_mrub": np.nan,
            "gap_mrub": gap,
            "consumers_count": 4,
            "local_inputs_share": 0.6,
            "feasibility": 0.5,
            "score": np.linspace(0.9, 0.3, len(GOODS)),
            "best_site_id": np.resize(best.to_numpy(), len(GOODS)),
            "confidence": 0.5,
        },
        index=pd.Index([g[0] for g in GOODS], name="product"),
    )
    rows = [
        (g, firm, firms.loc[firm, "name"], volume, rng.uniform(5, 200), 1.02, 1.3, 0.5)
        for g, total in zip(products.index, gap, strict=True)
        for firm, volume in zip(
            rng.choice(firms.index, 4, replace=False),
            total * np.array([0.4, 0.2, 0.1, 0.1]),
            strict=True,
        )
    ]
    rows += [
        (g, None, "final demand", total * 0.2, np.nan, np.nan, np.nan, 0.4)
        for g, total in zip(products.index, gap, strict=True)
    ]
    consumers = pd.DataFrame(
        rows,
        columns=[
            "product",
            "enterprise_id",
            "name",
            "volume_mrub",
            "distance_km",
            "delivered_price_index",
            "import_price_index",
            "confidence",
        ],
    )
    links = pd.DataFrame(
        [
            (a, b, GOODS[0][0], 10.0 * (i + 1), 12.0, 0.5, False)
            for i, (a, b) in enumerate(zip(firms.index, np.roll(firms.index, 1), strict=True))
        ],
        columns=[
            "supplier_id",
            "buyer_id",
            "product",
            "volume_mrub",
            "distance_km",
            "confidence",
            "is_known",
        ],
    )
    groups = [firms.index[:6], firms.index[6:]]
    clusters = indexed(
        pd.DataFrame(
            {
                "name": ["Нефтехимия", "Продукты питания"],
                "name_en": ["Petrochemicals", "Food"],
                "members": [";".join(g) for g in groups],
                "core_products": [GOODS[0][0], GOODS[2][0]],
                "missing_products": [GOODS[1][0], None],
                "cooperation_share": [0.23, 0.11],
            }
        ),
        "cluster_id",
        "K",
    )
    return products, consumers, links, clusters


def enterprises(rng):
    frame = pd.DataFrame(
        {
            "name": FIRMS,
            "name_en": None,
            "okved": "20.14",
            "revenue_mrub": np.nan,
            "employees": 1000.0,
            "products": None,
            "sanitary_class": None,
            "size_status": "ASSUMED",
        }
    ).assign(**ORIGIN)
    return indexed(
        metric(
            frame, [Point(73.3 + rng.normal(0, 0.3), 55.0 + rng.normal(0, 0.15)) for _ in FIRMS]
        ),
        "enterprise_id",
        "E",
    )


def parks():
    frame = pd.DataFrame(
        {
            "name": ["ОЭЗ Авангард", "ТехноОмск"],
            "name_en": ["SEZ Avangard", None],
            "kind": ["economic_zone", "technopark"],
            "area_ha": [488.0, np.nan],
            "free_ha": np.nan,
            "occupancy_share": np.nan,
        }
    ).assign(**ORIGIN)
    return indexed(metric(frame, [Point(73.2, 55.1), Point(73.38, 54.93)]), "park_id", "Q")


def constraints():
    frame = pd.DataFrame(
        {
            "kind": ["protected area", "river"],
            "class": None,
            "name": ["Заказник", "Омь"],
            "name_en": None,
            "is_synthetic": False,
        }
    ).assign(**ORIGIN)
    shapes = [
        Point(72.6, 56.6).buffer(0.2),
        LineString([(76.0, 55.3), (74.6, 55.1), (73.4, 54.99)]).segmentize(0.05),
    ]
    return indexed(metric(frame, shapes), "constraint_id", "C")


def region():
    return Region.model_validate(
        {
            "root": Path(),
            "code": "fake",
            "name": "Омская область",
            "name_en": "Omsk oblast",
            "crs": CRS,
            "licence": "ODbL 1.0 · © OpenStreetMap contributors",
            "licence_en": "ODbL 1.0 · © OpenStreetMap contributors",
            "notice": "Участки, запасы мощности и проекты придуманы программой; "
            "положение объектов известно примерно до 1 км, дороги и линии схематичны.",
            "notice_en": "Plots, spare capacities and projects are made up by a script; "
            "positions are good to about 1 km, roads and lines are schematic.",
            "layers": {
                name: f"{name}.csv"
                for name in (
                    "infrastructure",
                    "plots",
                    "enterprises",
                    "settlements",
                    "districts",
                    "connection_options",
                    "demand_profiles",
                    "protection_zones",
                    "requirements",
                )
            },
        }
    )


def cures(site):
    """One way out for one site."""
    return pd.DataFrame(
        {
            "subject_id": site.index[:1].astype("str"),
            "subject_kind": site["kind"].iloc[:1].to_numpy(),
            "cause": "too_small",
            "is_blocking": True,
            "cure": "buy_neighbour",
            "object_id": "P-001",
            "left_ha": 9.0,
            "is_enough": True,
            "months": 4.0,
            "price_mrub": 3.5,
            "is_cheapest": True,
            "status": "ASSUMED",
            "source": "region.toml land.cures",
        }
    )


def passports(site):
    """One site under one edition."""
    told = {
        "act": "Decree 794",
        "edition": "Decree 794, edition of 01.04.2024",
        "valid_from": "2024-04-01",
        "valid_to": None,
        "is_in_force": True,
        "verdict": "warn",
        "met": "area_ha",
        "warned": "electricity_mw",
        "failed": None,
        "not_known": None,
        "documents_missing": "document_planning",
    }
    frame = pd.DataFrame([{"site_id": str(site.index[0]), **told}])
    return frame.astype({name: "str" for name in frame.columns if name != "is_in_force"})


def fake_plan(seed=1, sites_count=40, plots_count=300):
    """A plan of `sites_count` sites among `plots_count` plots."""
    rng = np.random.default_rng(seed)
    district, nets, firms, plot = (
        districts(),
        infrastructure(rng),
        enterprises(rng),
        plots(rng, plots_count),
    )
    site = sites(rng, plot, district, sites_count)
    prospect = prospects(rng, 40)
    book = ledger(site, prospect)
    product, consumer, link, cluster = market(rng, site, firms)
    options, profiles, zones, needs = rules()
    goods = pd.DataFrame({"name": product["name"], "name_en": product["name_en"], **ORIGIN})
    repairs = pd.DataFrame(
        {
            "layer": ["plots"],
            "row_id": ["P-001"],
            "action": ["geometry_fixed"],
            "reason": ["ring_self_intersection"],
            "effect": ["1 -> 1 ha"],
        }
    )
    layers = Layers(
        infrastructure=nets,
        plots=plot,
        enterprises=firms,
        constraints=constraints(),
        terrain=terrain(),
        settlements=settlements(),
        districts=district,
        parks=parks(),
        prospects=prospect,
        products=goods,
        recipes=pd.DataFrame(),
        connection_options=options,
        demand_profiles=profiles,
        protection_zones=zones,
        requirements=needs,
        repairs=repairs,
        sha256=MappingProxyType({"plots.csv": "0" * 64}),
    )
    exclusions = pd.DataFrame(
        {
            "plot_id": site["plot_ids"].str.split(";").str[0].to_numpy(),
            "feature": "river",
            "class": None,
            "object_id": "T-000",
            "object_name": "Иртыш",
            "is_hard": True,
            "area_ha": 1.5,
            "status": "VERIFIED",
            "source": "Water Code",
        }
    )
    facts = pd.DataFrame(
        {
            "kind": ["price", "spare_capacity", "occupancy"],
            "subject": ["electricity:cable_10kv", "N-000", "all"],
            "low": [0.5, 0.5, 0.5],
            "high": [1.64, 1.5, 1.0],
            "swing_mrub": [420.0, 310.0, 200.0],
            "value_mrub": [0.0, 12.0, 5.0],
            "status": "ASSUMED",
            "source": "facts.md",
        }
    )
    return FakePlan(
        region=region(),
        layers=layers,
        plots=plot,
        exclusions=exclusions,
        cures=cures(site),
        passports=passports(site),
        sites=site,
        connections=connections(rng, site, nets),
        prospects=prospect,
        served=None,
        offers=None,
        portfolio=portfolio(book),
        ledger=book,
        facts=facts,
        links=link,
        clusters=cluster,
        products=product,
        consumers=consumer,
        checks=checks(site, cluster),
        summary=summary(site, book),
    )


def portfolio(book):
    residents = book.groupby("prospect_id").agg(
        site_id=("site_id", "first"), saving_mrub=("saving_mrub", "sum")
    )
    saving = float(book["saving_mrub"].sum())
    return FakePortfolio(
        objective_mrub=saving,
        bound_mrub=saving * 1.003,
        gap_share=0.003,
        status="Optimal",
        residents=residents,
        budget_mrub=20_000.0,
        spent_mrub=8_400.0,
        binding=("max_parks",),
    )


def summary(site, book):
    chosen = site[site["is_chosen"]]
    saving, alone = float(book["saving_mrub"].sum()), float(book["standalone_mrub"].sum())
    return {
        "totals": {
            "sites_count": len(site),
            "eligible_count": int(site["is_eligible"].sum()),
            "parks_count": len(chosen),
            "residents_count": int(chosen["residents_count"].sum()),
            "jobs_count": int(chosen["jobs_count"].sum()),
            "standalone_cost_mrub": alone,
            "park_cost_mrub": alone - saving,
            "saving_mrub": saving,
            "saving_share": saving / alone,
            "saving_p10_mrub": float(chosen["saving_p10_mrub"].sum()),
            "saving_p90_mrub": float(chosen["saving_p90_mrub"].sum()),
            "plan_saving_p10_mrub": saving * 0.8,
            "plan_saving_p90_mrub": saving * 1.3,
        },
        "portfolio": {
            "objective_mrub": saving,
            "bound_mrub": saving * 1.003,
            "gap_share": 0.003,
            "solver_status": "Optimal",
            "budget_mrub": 20_000.0,
            "spent_mrub": 8_400.0,
            "binding": ["max_parks"],
        },
        "method": {
            "crs": CRS,
            "cell_m": 200.0,
            "neighbours": 16,
            "length_error_share_max": 0.0276,
            "price_year": 2024,
            "standalone_quantile": 0.1,
            "draws": 1000,
        },
        "seed": 1,
        "version": "0.1.0",
        "inputs_sha256": {"plots.csv": "0" * 64},
        "run": {"seconds": {"read": 0.1}},
    }


def renamed(plan, text):
    """The same plan in which every name that data can hold is `text`."""

    def named(frame):
        columns = [
            c
            for c in (
                "name",
                "name_en",
                "source_name",
                "source",
                "industry",
                "industry_ru",
                "title",
                "title_ru",
                "effect",
                "okved",
            )
            if c in frame
        ]
        return frame.assign(**dict.fromkeys(columns, text))

    layers = replace(
        plan.layers,
        **{
            name: named(getattr(plan.layers, name))
            for name in (
                "infrastructure",
                "enterprises",
                "constraints",
                "terrain",
                "settlements",
                "districts",
                "parks",
                "prospects",
                "products",
                "demand_profiles",
                "requirements",
                "connection_options",
            )
        },
    )
    tables = {
        name: named(getattr(plan, name))
        for name in (
            "sites",
            "connections",
            "prospects",
            "products",
            "consumers",
            "clusters",
            "checks",
            "facts",
        )
    }
    told = plan.region.model_copy(
        update={
            "name": text,
            "name_en": text,
            "notice": text,
            "notice_en": text,
            "licence": text,
            "licence_en": text,
        }
    )
    return replace(plan, region=told, layers=layers, **tables)
