"""The whole study on a region small enough to look at (drawn in tiny.py): laws and sums."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from shapely import Point

import laws
import siting
import tiny
from siting.tables import check
from siting.tables.doubt import FACTS
from siting.tables.land import CURES, EXCLUSIONS, PASSPORTS
from siting.tables.results import (
    CHECKS,
    CLUSTERS,
    CONNECTIONS,
    CONSUMERS,
    DOUBTED,
    LEDGER,
    LINKS,
    PRODUCTS,
)
from siting.tables.trunks import TRUNKS
from siting.units import UTILITIES

TABLES = {
    "sites": DOUBTED,
    "connections": CONNECTIONS,
    "ledger": LEDGER,
    "links": LINKS,
    "clusters": CLUSTERS,
    "products": PRODUCTS,
    "consumers": CONSUMERS,
    "checks": CHECKS,
    "exclusions": EXCLUSIONS,
    "cures": CURES,
    "passports": PASSPORTS,
    "facts": FACTS,
    "trunks": TRUNKS,
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return a runner of the study: the tables of the plan after a change of its input."""

    @cache
    def plan(**change):
        layers = tiny.tables()
        for name, rows in dict(change.pop("useless", ())).items():
            layers[name] = pd.concat(
                [layers[name], useless_rows(layers[name], rows)], ignore_index=True
            )
        folder = tmp_path_factory.mktemp("tiny")
        return siting.plan(siting.read_region(tiny.write(folder, layers, **change)))

    def tables(**change):
        found = plan(**change)
        return {name: getattr(found, name) for name in TABLES}

    tables.plan = plan
    return tables


def useless_rows(frame, key):
    """A second substation that is only planned for 2099, far from everything."""
    row = frame[frame["utility"] == "electricity"].iloc[[0]].copy()
    row["source_id"], row["status"], row["year"] = key, "planned", 2099.0
    return row.set_geometry([Point(tiny.WEST + 19_000, tiny.SOUTH + 19_000)])


def test_every_table_keeps_its_contract(run):
    for name, frame in run().items():
        check(frame, TABLES[name])


def test_running_twice_changes_nothing(tmp_path):
    def fresh(**_):
        found = siting.plan(siting.read_region(tiny.write(tmp_path)))
        return {name: getattr(found, name) for name in TABLES}

    laws.running_twice_changes_nothing(fresh)


@pytest.mark.parametrize("seed", [1, 2])
def test_shuffling_rows_changes_nothing(run, seed):
    laws.shuffling_rows_changes_nothing(run, seed)


def test_moving_the_whole_map_changes_nothing(run):
    laws.moving_the_map_changes_nothing(run, (15, -40))


def test_a_useless_row_changes_nothing(run):
    laws.a_useless_row_changes_nothing(run, (("infrastructure", "S2099"),))


def test_the_parts_of_a_connection_add_up(run):
    routes = run()["connections"]
    parts = routes[["fixed_mrub", "line_mrub", "crossings_mrub", "reinforcement_mrub"]].sum(axis=1)
    np.testing.assert_allclose(parts, routes["cost_mrub"], atol=1e-6)


def test_the_site_table_and_the_connections_tell_the_same_cost(run):
    found = run()
    routes = found["connections"].pivot_table(
        index="site_id", columns="utility", values="cost_mrub"
    )
    for utility in UTILITIES:
        if utility in routes:
            told = found["sites"].loc[routes.index, f"{utility}_cost_mrub"]
            np.testing.assert_allclose(routes[utility].dropna(), told[routes[utility].notna()])


def test_the_ledger_adds_up_to_the_plan(run):
    found = run()
    by_site = found["ledger"].groupby("site_id")["saving_mrub"].sum()
    chosen = found["sites"].query("is_chosen")
    assert len(chosen) >= 1
    np.testing.assert_allclose(by_site.reindex(chosen.index), chosen["plan_saving_mrub"], atol=1e-6)
    np.testing.assert_allclose(
        found["ledger"]["standalone_mrub"] - found["ledger"]["park_mrub"],
        found["ledger"]["saving_mrub"],
        atol=1e-9,
    )


def test_the_summary_is_the_sum_of_the_tables(run):
    plan, found = run.plan(), run()
    totals = plan.summary["totals"]
    assert totals["saving_mrub"] == pytest.approx(found["ledger"]["saving_mrub"].sum(), abs=1e-5)
    assert totals["parks_count"] == found["sites"]["is_chosen"].sum()
    assert totals["residents_count"] == found["sites"]["residents_count"].sum()
    assert plan.portfolio.bound_mrub >= plan.portfolio.objective_mrub - 1e-6


def test_a_site_across_the_river_pays_for_the_crossing(run):
    """G and H lie east of the river; the only gas station lies west of it."""
    gas = run()["connections"].query("utility == 'gas'").set_index("site_id")
    plots = run()["sites"]["plot_ids"]
    east = [site for site in gas.index if plots[site] in {"G", "H"}]
    west = [site for site in gas.index if plots[site] in {"C", "D"}]
    piped = gas.loc[east, "source_id"].notna()
    assert (gas.loc[east].loc[piped, "crossings_mrub"] > 0).all()
    assert (gas.loc[west, "crossings_mrub"] == 0).all()
