"""The whole study on real open data: substations, lines, gas mains, railways, streets, rivers."""

import numpy as np
import pytest

import siting
from places import OMSK
from real_region import build
from siting.tables import check
from siting.tables.results import CONNECTIONS, DOUBTED


@pytest.fixture(scope="module")
def plan(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("omsk-open")
    return siting.plan(siting.read_region(build(folder, shared=shared, omsk=OMSK)))


def test_the_tables_keep_their_contracts(plan):
    check(plan.sites, DOUBTED)
    check(plan.connections, CONNECTIONS)
    assert len(plan.sites) > 100


def test_every_site_gets_an_electricity_cost_and_a_route(plan):
    buildable = plan.sites[plan.sites["buildable_ha"] > 0]
    assert np.isfinite(buildable["electricity_cost_mrub"]).all()
    eligible = plan.sites.index[plan.sites["is_eligible"]]
    routes = plan.connections[plan.connections["utility"] == "electricity"].set_index("site_id")
    assert len(eligible) > 100
    assert set(eligible) == set(routes.index)
    sources = plan.layers.infrastructure.geometry.loc[routes["source_id"]].set_axis(routes.index)
    places = plan.sites.geometry.representative_point().loc[routes.index]
    beyond_one_cell = places.distance(sources) > plan.region.cell_m * np.sqrt(2)
    assert beyond_one_cell.sum() > 100
    assert (routes.loc[beyond_one_cell, "length_km"] > 0).all()
    assert routes.is_valid.all()


def test_routes_are_no_shorter_than_the_crow_flies_and_end_at_their_source(plan):
    sources = plan.layers.infrastructure.geometry
    routes = plan.connections[plan.connections["source_id"].notna()]
    away = routes.geometry.distance(sources.loc[routes["source_id"]].set_axis(routes.index))
    assert (away <= plan.region.cell_m * np.sqrt(2)).all()


def test_unknown_spare_capacity_is_said_to_be_unknown(plan):
    routes = plan.connections[plan.connections["utility"] == "electricity"]
    assert not routes["is_spare_known"].any()


def test_parks_are_chosen_with_a_proven_gap(plan):
    assert 1 <= plan.sites["is_chosen"].sum() <= plan.region.choose.max_parks
    assert plan.portfolio.bound_mrub >= plan.portfolio.objective_mrub
    assert plan.ledger["saving_mrub"].sum() == pytest.approx(plan.sites["plan_saving_mrub"].sum())
