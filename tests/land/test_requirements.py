"""What the acts require, against what a site has."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from land.drawn import CONTRACTS, CRS, PARAMS, layers, plots, square, table
from siting.land import assemble, exclude, judge
from siting.tables import check
from siting.tables.results import CHECKS

NO_CLUSTERS = pd.DataFrame({"subject_id": [], "requirement": [], "value": []})


def demand(requirement, operator, limit, *, status="VERIFIED", on_failure="fail", **more):
    return {
        "subject": "industrial_park",
        "requirement": requirement,
        "title": "t",
        "title_ru": "т",
        "operator": operator,
        "limit": limit,
        "unit": "u",
        "on_failure": on_failure,
        "edition": "2024",
        "status": status,
        "source": "an act",
        **more,
    }


def acts(*rows):
    return table(CONTRACTS["requirements"], list(rows))


@pytest.fixture
def sites():
    """Parks of 100 ha (a field) and 9 ha (brownfield), and a technopark of 1 ha."""
    land = plots(
        {"a": square(0, 0), "b": square(5000, 0, 300), "c": square(9000, 0, 100)},
        building_m2={"b": 2000.0, "c": 7000.0},
        category={"a": "agricultural", "b": "industry", "c": "industry"},
    )
    bundle = layers(land)
    return assemble(exclude(land, layers=bundle, params=PARAMS).plots, layers=bundle, params=PARAMS)


def results(checks):
    return dict(zip(checks["subject_id"], checks["result"], strict=True))


@pytest.mark.parametrize(
    ("operator", "limit", "large", "small"),
    [
        (">=", 8, "pass", "pass"),
        (">=", 9, "pass", "pass"),
        (">=", 10, "pass", "fail"),
        ("<=", 9, "fail", "pass"),
        ("=", 9, "fail", "pass"),
        ("=", 100, "pass", "fail"),
    ],
)
def test_a_limit_is_met_or_not(sites, operator, limit, large, small):
    rows = acts(demand("area_ha", operator, limit))
    checks = judge(sites, clusters=NO_CLUSTERS, requirements=rows)
    assert results(checks) == {"IP-a": large, "IP-b": small}


def test_an_assumed_threshold_can_warn_and_never_fail(sites):
    rows = acts(demand("area_ha", ">=", 500, status="ASSUMED"))
    checks = judge(sites, clusters=NO_CLUSTERS, requirements=rows)
    assert set(checks["result"]) == {"warn"}
    assert set(checks["status"]) == {"ASSUMED"}


def test_a_requirement_that_warns_does_not_fail(sites):
    rows = acts(demand("area_ha", ">=", 500, on_failure="warn"))
    assert set(judge(sites, clusters=NO_CLUSTERS, requirements=rows)["result"]) == {"warn"}


def test_what_nobody_knows_is_unknown(sites):
    names = ("electricity_mw", "electricity_mw_per_ha", "road_access", "colour_of_the_roof")
    rows = acts(*(demand(name, ">=", 1) for name in names))
    checks = judge(sites, clusters=NO_CLUSTERS, requirements=rows)
    assert set(checks["result"]) == {"unknown"}
    assert checks["value"].isna().all()
    assert checks["requirement"].tolist()[:4] == list(names)


def test_power_and_roads_are_judged_once_known(sites):
    connected = sites.assign(electricity_mw=20.0, road_cost_mrub=[5.0, np.nan, 1.0])
    rows = acts(
        demand("electricity_mw", ">=", 2),
        demand("electricity_mw_per_ha", ">=", 0.5),
        demand("road_access", "=", 1),
    )
    checks = judge(connected, clusters=NO_CLUSTERS, requirements=rows).set_index(
        ["subject_id", "requirement"]
    )["result"]
    assert checks["IP-a"].to_dict() == {
        "electricity_mw": "pass", "electricity_mw_per_ha": "fail", "road_access": "pass",
    }  # fmt: skip
    assert checks["IP-b", "electricity_mw_per_ha"] == "pass"
    assert checks["IP-b", "road_access"] == "fail"


def test_buildings_are_asked_of_brownfields_and_technoparks_only(sites):
    rows = acts(
        demand("building_m2", ">=", 15_000),
        demand("building_m2", ">=", 5000, subject="technopark"),
    )
    checks = judge(sites, clusters=NO_CLUSTERS, requirements=rows)
    assert results(checks) == {"IP-b": "fail", "TP-c": "pass"}


def test_land_of_another_category_is_told(sites):
    rows = acts(demand("land_category_fits", "=", 1))
    assert results(judge(sites, clusters=NO_CLUSTERS, requirements=rows)) == {
        "IP-a": "fail",
        "IP-b": "pass",
    }


def test_refused_sites_are_not_judged(sites):
    refused = sites.assign(is_eligible=False)
    rows = acts(demand("area_ha", ">=", 8))
    checks = judge(refused, clusters=NO_CLUSTERS, requirements=rows)
    assert checks.empty
    check(checks, CHECKS)


def test_clusters_are_judged_by_their_measures(sites):
    measures = pd.DataFrame(
        {
            "subject_id": ["k2", "k1", "k1"],
            "requirement": ["participants_count", "participants_count", "cooperation_share"],
            "value": [4.0, 12.0, 0.1],
        }
    )
    rows = acts(
        demand("participants_count", ">=", 10, subject="cluster"),
        demand("cooperation_share", ">=", 0.2, subject="cluster"),
    )
    checks = judge(sites, clusters=measures, requirements=rows)
    told = checks[["subject_id", "subject_kind", "requirement", "result"]].values.tolist()
    assert told == [
        ["k1", "cluster", "participants_count", "pass"],
        ["k1", "cluster", "cooperation_share", "fail"],
        ["k2", "cluster", "participants_count", "fail"],
        ["k2", "cluster", "cooperation_share", "unknown"],
    ]


def test_a_sum_that_is_eight_hectares_in_truth_passes(sites):
    almost = sites.assign(area_ha=8 * (1 - 1e-12))
    rows = acts(demand("area_ha", ">=", 8))
    assert set(judge(almost, clusters=NO_CLUSTERS, requirements=rows)["result"]) == {"pass"}


def test_the_order_of_sites_is_irrelevant(sites):
    rows = acts(demand("area_ha", ">=", 8), demand("residents_share", ">=", 0.5))
    straight = judge(sites, clusters=NO_CLUSTERS, requirements=rows)
    turned = judge(sites.iloc[::-1], clusters=NO_CLUSTERS, requirements=rows)
    pd.testing.assert_frame_equal(straight, turned)
    assert isinstance(sites, gpd.GeoDataFrame)
    assert sites.crs == CRS
