"""1,000 draws over 1,000 sites and 8 utilities: option and source chosen anew in each.

    python benchmarks/doubt.py [--quick]

The region is made by a seeded script. The first case is everything `doubt` does: savings of sites, the
choice repeated, the plan and its rivals, ranks, tornado, the value of facts. The second is the
savings of sites only, beside NumPy over all ways at once: what a careful analyst would write.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from record import QUICK_RUNS, RUNS, arguments, case, interleave, save
from shapely import box

from siting.portfolio import doubting
from siting.portfolio.alone import cost_alone
from siting.portfolio.choosing import Chosen, Portfolio
from siting.portfolio.prospects import complete
from siting.portfolio.savings import Served, ways_of_sites
from siting.portfolio.stakes import build_stakes
from siting.portfolio.worlds import draw_worlds
from siting.pricing import Offers, OffersEverywhere, UtilityOffers
from siting.region import ChooseParams, DoubtParams, ServeParams
from siting.units import DEMAND_COLUMN, UTILITIES

SEED = 20261
SITES, FIRMS, PARKS = 1000, 300, 10
SPAN_KM = 200.0
SLOTS = 4
SOURCES = 40
OPTIONS = {
    # utility: (capacity, reach rule, reach, fixed, per km, per unit), ...; a last None reach: own
    "electricity": [(6.3, "mw_km", 400, 6, 7, 0), (20, "mw_km", 2000, 350, 11, 0), (35, "mw_km", 9000, 900, 20, 0)],
    "gas": [(700, "km", 90, 5, 5, 0), (2500, "km", 90, 6, 7, 0), (9000, "km", 120, 8, 12, 0), (1e6, "none", 0, 20, 0, 0.3)],
    "water": [(1500, "km", 60, 5, 9, 0), (4000, "km", 60, 6, 15, 0), (900, "none", 0, 15, 0, 0.02)],
    "sewage": [(1500, "km", 60, 8, 12, 0), (5000, "none", 0, 20, 0, 0.13)],
    "heat": [(25, "km", 12, 10, 35, 0), (100, "none", 0, 5, 0, 11)],
    "road": [(1, "km", 60, 5, 60, 0)],
    "rail": [(1, "km", 60, 150, 90, 0)],
    "telecom": [(1, "km", 90, 1, 1, 0)],
}  # fmt: skip
DEMAND = {"electricity": 3, "gas": 600, "water": 200, "sewage": 140, "heat": 3}


def main() -> None:
    quick = arguments(__doc__ or "").quick
    runs = QUICK_RUNS if quick else RUNS
    draws = 100 if quick else 1000
    params = DoubtParams(draws=draws)
    chosen = made_plan()
    # the first run compiles
    doubting.doubt(chosen.sites, chosen=chosen, params=DoubtParams(draws=2), seed=SEED)
    stakes = build_stakes(chosen, params)
    worlds = draw_worlds(stakes, params, np.random.default_rng(SEED))
    calls = {
        "all": lambda: doubting.doubt(chosen.sites, chosen=chosen, params=params, seed=SEED),
        "ours": lambda: [ours(stakes, worlds, draw) for draw in range(draws)],
        "numpy": lambda: [numpy_savings(stakes, worlds, draw) for draw in range(draws)],
    }
    spent = interleave(calls, runs)
    apart = [
        np.abs(ours(stakes, worlds, d) - numpy_savings(stakes, worlds, d)).max() for d in range(5)
    ]
    size = f"{draws} draws, {SITES} sites, {FIRMS} prospects, 8 utilities"
    cases = [
        case(f"{size}: everything doubt does", ours_s=spent["all"]),
        case(
            f"{size}: savings of sites only, one thread",
            ours_s=spent["ours"],
            peer="NumPy",
            peer_s=spent["numpy"],
            difference=float(max(apart)),
        ),
    ]
    save("doubt", cases, runs=runs, packages=("pandas", "scipy"))


def ours(stakes, worlds, draw):
    world = worlds.world(draw)
    return stakes.savings_in(world, stakes.values_in(world))


def numpy_savings(stakes, worlds, draw):
    """The same savings: every way of every site priced at once, the least by segments."""
    world, case = worlds.world(draw), stakes.case
    alone = least(stakes.alone, world, world.demands).sum(axis=1) + stakes.alone_onsite
    start, residents = stakes.groups
    flat = world.demands[residents]
    total = np.add.reduceat(flat, start[:-1], axis=0)
    largest = np.maximum.reduceat(flat, start[:-1], axis=0)
    cost = least(case.ways, world, np.maximum(case.coincidence * total, largest)).sum(axis=1)
    brought = world.come[residents] * (alone[residents] - stakes.site_onsite)
    return np.add.reduceat(brought, start[:-1]) - cost


def least(ways, world, needs):
    """Least cost of each place and utility, shape (n, 8); a need that nothing meets is inf."""
    _, option, source, effective, length, crossings, capacity, rule, reach, extra = ways.kernel
    need = np.repeat(needs.ravel(), np.diff(ways.start))
    utility = np.repeat(np.tile(np.arange(8), len(needs)), np.diff(ways.start))
    fixed, per_km, per_unit = world.prices[:, option]
    count = np.ceil(need / capacity[option] * (1 - 1e-9))
    beyond = np.maximum(0, need - np.append(world.spare, np.inf)[source]) * extra[utility]
    cost = count * (fixed + per_km * effective) + per_unit * need + crossings + beyond
    load = length * np.where(rule[option] == 2, need, 1.0)
    cost[(rule[option] != 0) & (load > reach[option] * (1 + 1e-9))] = np.inf
    return np.where(needs > 0, np.minimum.reduceat(cost, ways.start[:-1]).reshape(-1, 8), 0.0)


def made_plan() -> Chosen:
    """A region whose sites are filled by chance and a plan of ten of them, without a solver."""
    rng = np.random.default_rng(SEED)
    sites, prospects, plots = places(rng)
    offers = everywhere(rng, sites, plots, prospects)
    params = ServeParams(coincidence={"electricity": 0.6, "gas": 0.7, "water": 0.8})
    filled = complete(prospects, profiles(), params)
    alone = cost_alone(filled, plots=plots, sites=sites, offers=offers, params=params)
    residents = fill(rng, sites, filled)
    served = Served(
        sites=sites.assign(saving_mrub=rng.uniform(-100, 5000, SITES)),
        prospects=filled,
        standalone=alone.costs,
        residents=residents,
        offers=offers,
        ways=ways_of_sites(sites, offers),
        ways_alone=alone.ways,
        profiles=profiles(),
        params=params,
    )
    parts = np.array_split(rng.permutation(FIRMS), PARKS * 3)[:PARKS]
    homes = {filled.index[j]: f"S{i:04d}" for i, part in enumerate(parts) for j in part}
    homes = pd.DataFrame({"site_id": pd.Series(homes).sort_index()}).rename_axis("prospect_id")
    portfolio = Portfolio(
        objective_mrub=0,
        bound_mrub=0,
        gap_share=0,
        status="",
        is_proven=False,
        residents=homes,
        colocation_mrub=0,
        budget_mrub=1e5,
        spent_mrub=0,
        binding=(),
        headroom=pd.DataFrame(index=served.ways.sources["id"].iloc[:50]),
    )
    table = served.sites.assign(
        **dict.fromkeys(
            ("standalone_cost_mrub", "park_cost_mrub", "saving_share", "break_even_share"), 1.0
        ),
        is_chosen=served.sites.index.isin(homes["site_id"]),
        rank=1.0,
        residents_count=0,
        jobs_count=0.0,
        plan_saving_mrub=0.0,
    )
    return Chosen(
        sites=table,
        ledger=pd.DataFrame(),
        portfolio=portfolio,
        served=served,
        params=ChooseParams(budget_mrub=1e5, max_parks=PARKS),
    )


def fill(rng, sites, prospects):
    """Residents by chance, as many as the land holds, at most 40 to a site."""
    area = prospects["area_ha"].to_numpy()
    members = np.zeros((len(sites), len(prospects)), bool)
    for i, limit in enumerate(sites["buildable_ha"]):
        order = rng.permutation(len(area))[:40]
        members[i, order[np.cumsum(area[order]) <= limit]] = True
    return pd.DataFrame(members, index=sites.index, columns=prospects.index)


def places(rng):
    xy = rng.uniform(0, SPAN_KM, (SITES, 2))
    ids = [f"S{i:04d}" for i in range(SITES)]
    area = rng.uniform(20, 150, SITES).round(1)
    sites = gpd.GeoDataFrame(
        {
            "name": ids, "name_en": ids, "district_id": [f"D{int(x // 40)}" for x in xy[:, 0]],
            "kind": "industrial_park", "plot_ids": ids, "area_ha": area, "buildable_ha": area,
            "building_m2": 0.0, "land_price_mrub": np.nan, "housing_distance_m": 2000.0,
            "is_eligible": True, "why_not": pd.Series([np.nan] * SITES, dtype="str").to_numpy(),
            "onsite_cost_mrub": area * 13.7, "connection_cost_mrub": 100.0,
            **{f"{u}_{c}": v for u in UTILITIES for c, v in (("cost_mrub", 1.0), ("option", "x"), ("source", "x"), ("route_km", 1.0))},
        },
        geometry=[box(x, y, x + 500, y + 500) for x, y in xy * 1e3],
        index=pd.Index(ids, name="site_id"), crs="EPSG:32643",
    )  # fmt: skip
    plots = gpd.GeoDataFrame(
        {"buildable_ha": 200.0, "is_eligible": True, "housing_distance_m": 2000.0},
        geometry=[box(x, y, x + 500, y + 500) for x, y in rng.uniform(0, SPAN_KM, (300, 2)) * 1e3],
        index=pd.Index([f"P{i:03d}" for i in range(300)], name="plot_id"), crs="EPSG:32643",
    )  # fmt: skip
    firms = [f"F{j:04d}" for j in range(FIRMS)]
    loads = {DEMAND_COLUMN[u]: rng.lognormal(0, 0.8, FIRMS) * d * 0.5 for u, d in DEMAND.items()}
    prospects = gpd.GeoDataFrame(
        {"name": firms, "okved": rng.choice(["10.1", "20.1", "25.1", "28.1"], FIRMS),
         "area_ha": rng.lognormal(1.4, 0.6, FIRMS).round(1), **loads},
        geometry=[None] * FIRMS, index=pd.Index(firms, name="prospect_id"), crs="EPSG:32643",
    )  # fmt: skip
    return sites, prospects, plots


def everywhere(rng, sites, plots, prospects):
    taps = {
        u: (rng.uniform(0, SPAN_KM, (SOURCES, 2)), rng.lognormal(0, 1, SOURCES) * 5 * DEMAND.get(u, 1e6))
        for u in OPTIONS
    }  # fmt: skip

    def at(frame):
        xy = np.array([(p.x / 1e3, p.y / 1e3) for p in frame.geometry.centroid]).reshape(-1, 2)
        told = {u: utility_offers(u, xy, *taps[u]) for u in OPTIONS}
        return Offers(places=frame.index, by_utility=told)

    return OffersEverywhere(sites=at(sites), plots=at(plots), own=at(prospects.iloc[:0]))


def utility_offers(utility, xy, at, spare):
    rows = OPTIONS[utility]
    columns = ["capacity", "reach_rule", "reach_value", "fixed_mrub", "per_km_mrub", "per_unit_mrub"]  # fmt: skip
    options = pd.DataFrame(rows, columns=columns).assign(
        utility=utility, option=[f"o{t}" for t in range(len(rows))], status="ASSUMED", source="made"
    )
    for stem in columns[3:]:
        options = options.assign(
            **{f"{stem}_low": options[stem] * 0.7, f"{stem}_high": options[stem] * 1.6}
        )
    km = np.linalg.norm(xy[:, None, :] - at[None], axis=2) if len(xy) else np.zeros((0, len(at)))
    near = np.argsort(km, axis=1)[:, :SLOTS]
    length = np.repeat(np.take_along_axis(km, near, 1)[:, None, :], len(rows), 1)
    source = np.repeat(near[:, None, :], len(rows), 1).astype(np.int32)
    own = (options["reach_rule"] == "none").to_numpy()
    source[:, own], length[:, own, :1], length[:, own, 1:] = -1, 0.0, np.inf
    ids = [f"{utility}-{i:03d}" for i in range(len(at))]
    table = pd.DataFrame(
        {"name": ids, "name_en": ids, "spare": spare, "is_spare_known": True},
        index=pd.Index(ids, name="source_id"),
    )
    return UtilityOffers(
        utility=utility, options=options.set_index("option", drop=False), sources=table,
        source=source, effective_km=length * 1.2, length_km=length,
        crossings_mrub=np.where(np.isfinite(length), 5.0, 0.0),
        reinforcement_mrub={"electricity": 20.0, "gas": 0.03, "water": 0.06, "sewage": 0.13, "heat": 11.0}.get(utility, 0.0),
    )  # fmt: skip


def profiles():
    stems = ("kw_per_ha", "water_m3_day_ha", "gas_m3_h_ha", "heat_mw_ha", "workers_ha")
    ranges = {f"{s}_{e}": 1.0 for s in stems for e in ("low", "high")}
    rows = [
        {"okved": code, "industry": code, "industry_ru": code, **ranges, "sewage_share": 0.7,
         "sanitary_zone_m": 100.0, "needs_rail": code == "20", "investment_mrub_ha": 50.0,
         "status": "ASSUMED", "source": "made"}
        for code in ("10", "20", "25", "28")
    ]  # fmt: skip
    return pd.DataFrame(rows).set_index("okved")


if __name__ == "__main__":
    main()
