"""The fake plan with every table that may stand beside a plan: a believable row or two of each.

Amounts are round, so that a test can look for them by hand.
"""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
from shapely import MultiLineString

from maps.fake import fake_plan, renamed

KEYS = {
    "site_id",
    "product",
    "enterprise_id",
    "cluster_id",
    "giver_id",
    "taker_id",
    "subject_id",
    "subject_kind",
    "park_ids",
    "split",
    "utility",
    "prospect_id",
    "input",
    "verdict",
    "result",
    "valid_from",
    "valid_to",
}
"""What joins tables, or is of a closed list: everything else a region may word as it likes."""


def full_plan():
    """The fake plan, its sites and all tables beside it filled in."""
    plan = fake_plan()
    sites = plan.sites.assign(
        land_status="mixed",
        parts_count=2.0,
        parcel_gap_km=0.7,
        expands=plan.layers.parks.index[0],
        park_free_ha=11.0,
        owners_count=3.0,
        workers_45min_count=41_000.0,
        workers_left_count=12_000.0,
        consumers_km=63.0,
        verdict="build",
        verdict_reason="pays",
        saving_yearly_mrub=5.0,
        saving_pv_mrub=200.0,
        plan_saving_yearly_mrub=5.0,
        plan_saving_pv_mrub=200.0,
    )
    plan = replace(plan, sites=sites)
    return replace(plan, books=_books(plan), platform=_platform(plan), trunks=_trunks(plan))


def chosen(plan):
    return plan.sites[plan.sites["is_chosen"]].sort_values("rank").index


def _books(plan):
    first = chosen(plan)[0]
    return {
        "ranks": pd.DataFrame(
            {"site_id": first, "rank": [1.0, 2.0, 30.0], "share": [0.25, 0.6, 0.15]}
        ),
        "tornado": pd.DataFrame(
            [
                ("occupancy", "all", 1000.0, 4000.0, 4000.0, 3000.0),
                ("price", "gas", 3500.0, 4000.0, 4600.0, 1100.0),
            ],
            columns=["kind", "subject", "low_mrub", "central_mrub", "high_mrub", "swing_mrub"],
        ),
        "tariffs": pd.DataFrame(
            {
                "subject_id": [first, first, "A-1"],
                "subject_kind": ["park", "park", "resident"],
                "utility": ["water", "electricity", "water"],
                "item": ["connected_load", "individual_rate", "connected_load"],
                "basis": "demand",
                "quantity": 3.0,
                "price_year": 2024.0,
                "price_mrub": [2.0, None, 2.0],
                "tariff_mrub": [6.0, None, 6.0],
                "construction_mrub": [47.0, 200.0, 9.0],
                "rule": "Up to 250 mm by the rate",
                "rule_ru": "До 250 мм по ставке",
                "status": "VERIFIED",
                "source": "an order",
            }
        ),
        "years": pd.DataFrame(
            {
                "site_id": first,
                "year": [0.0, 1.0],
                "come_share": [0.5, 1.0],
                "built_share": 1.0,
                "standalone_mrub": [100.0, 100.0],
                "park_mrub": [120.0, 10.0],
                "saving_pv_mrub": [-20.0, 85.0],
                "cumulative_pv_mrub": [-20.0, 65.0],
            }
        ),
        "support": pd.DataFrame(
            {
                "site_id": [first],
                "measure": "m1",
                "title": "Refund of networks",
                "title_ru": "Возмещение сетей",
                "payer": "budget",
                "base_mrub": 100.0,
                "share": 0.5,
                "most_mrub": 50.0,
                "result": "unknown",
                "conditions_met": "two_residents",
                "conditions_failed": None,
                "conditions_unknown": "park_registered",
                "status": "ASSUMED",
                "source": "an act",
            }
        ),
        "land_prices": pd.DataFrame(
            {
                "site_id": [first],
                "alone_land_mrub": 30.0,
                "park_land_mrub": 20.0,
                "saving_land_mrub": 10.0,
            }
        ),
    }


def _platform(plan):
    firms, clusters = plan.layers.enterprises.index, plan.clusters.index
    names = plan.layers.enterprises["name"]
    product = plan.products.index[0]
    first = plan.clusters["members"].iloc[0].split(";")[0]
    return {
        "exchanges": pd.DataFrame(
            {
                "by_product": ["whey", "warm_water"],
                "title": ["Whey", "Warm water"],
                "title_ru": ["Сыворотка", "Тёплая вода"],
                "kind": ["material", "heat"],
                "giver_id": firms[[0, 1]],
                "giver_name": names.iloc[[0, 1]].to_numpy(),
                "taker_id": firms[[2, 3]],
                "taker_name": names.iloc[[2, 3]].to_numpy(),
                "cluster_id": [clusters[0], None],
                "volume": [1200.0, 4.0],
                "unit": ["t", "MW"],
                "distance_km": [7.0, 3.0],
                "value_mrub_year": [8.0, 21.0],
                "confidence": 0.4,
                "status": "ASSUMED",
            }
        ),
        "memberships": pd.DataFrame(
            {
                "enterprise_id": [first, first],
                "cluster_id": clusters[[0, 1]],
                "share": [0.7, 0.3],
                "is_own": [True, False],
            }
        ),
        "product_sites": pd.DataFrame(
            {
                "product": [product],
                "rank": 1.0,
                "site_id": chosen(plan)[0],
                "connection_cost_mrub": 90.0,
                "onsite_cost_mrub": 10.0,
                "freight_mrub_year": 3.0,
                "total_mrub": 130.0,
            }
        ),
        "suppliers": pd.DataFrame(
            {
                "product": [product, product],
                "input": plan.products.index[[1, 2]],
                "needed_mrub": [5.0, 6.0],
                "enterprise_id": [firms[0], None],
                "name": [names.iloc[0], None],
                "output_mrub": [50.0, None],
                "distance_km": [4.0, None],
            }
        ),
        "additions": pd.DataFrame(
            {
                "enterprise_id": [firms[0]],
                "rank": 1.0,
                "product": product,
                "likeness": 0.6,
                "gap_mrub": 10.0,
            }
        ),
        "cluster_gaps": pd.DataFrame(
            {
                "cluster_id": clusters[[0, 0]],
                "product": plan.products.index[[0, 1]],
                "needed_mrub": [4.0, 3.0],
                "enterprise_id": [firms[1], None],
                "name": [names.iloc[1], None],
                "likeness": [0.5, None],
                "distance_km": [9.0, None],
            }
        ),
    }


def _trunks(plan):
    """Water for the first two parks: 160 in one trunk, 200 by connections of their own."""
    one, two = chosen(plan)[:2]
    ends = [plan.sites.geometry[i].representative_point().coords[0] for i in (one, two)]
    middle = tuple(sum(pair) / 2 for pair in zip(*ends, strict=True))
    frame = pd.DataFrame(
        [
            {
                "trunk_id": "T-1",
                "utility": "water",
                "utilities": "water",
                "park_ids": f"{one};{two}",
                "options": "pe200",
                "source_id": "N-000",
                "source_name": "Насосная",
                "length_km": 12.0,
                "line_mrub": 160.0,
                "crossings_mrub": 0.0,
                "reinforcement_mrub": 0.0,
                "cost_mrub": 160.0,
                "separate_mrub": 200.0,
                "saving_mrub": 40.0,
                "trench_saving_mrub": 3.0,
                "split": f"{one}=90.0;{two}=70.0",
            }
        ]
    )
    shape = MultiLineString([[end, middle] for end in ends])
    return gpd.GeoDataFrame(frame, geometry=[shape], crs=plan.sites.crs)


def worded(frame, text):
    """The frame with every text that is no key set to `text`; missing stays missing."""
    open_ = [
        name
        for name in frame.columns
        if name not in KEYS
        and (pd.api.types.is_string_dtype(frame[name]) or frame[name].dtype == object)
    ]
    return frame.assign(**{name: frame[name].where(frame[name].isna(), text) for name in open_})


def with_id(plan, old, new):
    """The plan in which the site `old` is called `new` in every table."""

    def swapped(frame):
        own = frame.rename(index={old: new}) if frame.index.name == "site_id" else frame
        ids = [c for c in ("site_id", "subject_id", "best_site_id") if c in own]
        own = own.assign(**{c: own[c].replace({old: new}) for c in ids})
        # joined ids: one holds no sign that joins
        lists = [c for c in ("park_ids", "split") if c in own]
        return own.assign(**{c: own[c].str.replace(old, new, regex=False) for c in lists})

    names = ("sites", "connections", "ledger", "products", "checks", "passports", "cures", "trunks")
    return replace(
        plan,
        **{name: swapped(getattr(plan, name)) for name in names},
        books={name: swapped(frame) for name, frame in plan.books.items()},
        platform={name: swapped(frame) for name, frame in plan.platform.items()},
    )


def hostile_plan(text):
    """The full plan in which every word of every table that a region can choose is `text`.

    So is the id of the second park; the first keeps its own, by which the tests find it.
    """
    named = full_plan()
    plan = renamed(with_id(named, chosen(named)[1], text), text)
    requirements = worded(plan.layers.requirements, text)
    return replace(
        plan,
        layers=replace(plan.layers, requirements=requirements),
        books={name: worded(frame, text) for name, frame in plan.books.items()},
        platform={name: worded(frame, text) for name, frame in plan.platform.items()},
        trunks=gpd.GeoDataFrame(
            worded(pd.DataFrame(plan.trunks.drop(columns="geometry")), text),
            geometry=plan.trunks.geometry,
            crs=plan.trunks.crs,
        ),
        passports=worded(plan.passports, text),
        cures=worded(plan.cures, text),
        exclusions=worded(plan.exclusions, text).assign(plot_id=plan.exclusions["plot_id"]),
    )
