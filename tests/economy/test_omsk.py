"""Trade on the demonstration region: what a person from Omsk would expect to see."""

import pytest
from shapely import box

from economy.five_firms import sites
from places import OMSK
from siting.economy import trade
from siting.layers import read
from siting.region import read_region
from siting.tables import check
from siting.tables.inputs import PROSPECTS

CARBON_BLACK = "20.13.21"


@pytest.fixture(scope="module")
def region():
    return read_region(OMSK)


@pytest.fixture(scope="module")
def layers(region):
    return read(region)


@pytest.fixture(scope="module")
def traded(region, layers):
    # one site beside the city is enough: this is about goods, not about land
    city = layers.settlements.geometry.loc["omsk"].centroid
    square = box(city.x + 9000, city.y, city.x + 10_000, city.y + 1000)
    where = sites([("east", 0, 0, 10.0)]).set_geometry([square], crs=region.crs)
    return trade(where, layers=layers, params=region.economy)


def test_the_tyre_plants_buy_the_carbon_black_of_the_city(traded, layers):
    makers = layers.enterprises.index[layers.enterprises["products"].str.contains(CARBON_BLACK)]
    links = traded.links[traded.links["product"] == CARBON_BLACK]
    assert set(links["supplier_id"]) == set(makers)
    tyres = layers.enterprises["okved"].reindex(links["buyer_id"]).str.startswith("22.11")
    assert tyres.sum() >= 2


def test_at_least_ten_clusters_are_found_and_none_shares_a_member(traded, region):
    members = traded.clusters["members"].str.split(";")
    assert len(members) >= 10
    assert (members.str.len() >= region.economy.clusters_min_members).all()
    assert members.explode().is_unique


def test_every_measure_the_decree_asks_is_known(traded, layers):
    asked = layers.requirements.loc[layers.requirements["subject"] == "cluster", "requirement"]
    assert set(traded.measures["requirement"]) == set(asked)
    assert traded.measures["value"].notna().all()


def test_the_best_products_become_prospects_that_can_be_served(traded, layers, region):
    added = traded.prospects.iloc[len(layers.prospects) :]
    assert 0 < len(added) <= region.economy.top_prospects
    assert added["okved"].str[:2].isin(layers.demand_profiles.index).all()
    assert added["is_synthetic"].all()
    assert added["name_en"].notna().all()
    check(traded.prospects.drop(columns="geometry"), PROSPECTS)


def test_volumes_of_consumers_add_up_to_the_demand_of_the_region(traded):
    total = traded.consumers["volume_mrub"].sum()
    assert total == pytest.approx(traded.products["demand_mrub"].sum())
