"""How clusters overlap and who could fill their gaps, on economies done by hand."""

import pandas as pd
import pytest

from economy.five_firms import (
    PACKAGING,
    PARAMS,
    POLYPROPYLENE,
    PROPYLENE,
    RAW_MILK,
    enterprises,
    layers,
    sites,
)
from siting.economy import trade


def test_every_member_of_a_lone_cluster_has_all_its_ties_in_it():
    found = trade(sites(), layers=layers(), params=PARAMS).memberships
    assert found["enterprise_id"].tolist() == ["D", "F", "K", "P", "R"]
    assert found["share"].tolist() == pytest.approx([1.0] * 5)
    assert found["is_own"].all()


def test_a_firm_tied_to_two_clusters_is_told_in_both():
    """Two chains of three, 50 km apart, joined by one customer of both chains.

    km 0  R1 P1 K1 (0, 5, 10)          R2 P2 K2 (60, 65, 70)         D at 35, buys from K1 and K2
    """
    chain = [
        ("20.14", PROPYLENE, 100.0),
        ("20.16", POLYPROPYLENE, 200.0),
        ("22.22", PACKAGING, 100.0),
    ]
    firms = [
        (f"{letter}{n}", 60 * (n - 1) + 5 * place, 0, *told)
        for n in (1, 2)
        for place, (letter, told) in enumerate(zip("RPK", chain, strict=True))
    ]
    firms.append(("D", 35, 0, "10.51", "10.51.11", 2000.0))
    params = PARAMS.model_copy(update={"cluster_resolution": 1.0, "gravity_km": 10.0})
    found = trade(sites(), layers=layers(enterprises=enterprises(firms)), params=params)
    assert len(found.clusters) == 2
    customer = found.memberships[found.memberships["enterprise_id"] == "D"]
    assert len(customer) == 2
    assert customer["is_own"].sum() == 1
    assert customer["share"].sum() == pytest.approx(1)


def test_the_gap_of_a_cluster_names_who_makes_what_is_most_like_it():
    """F, who made raw milk, now makes calves (01.42.1): the same division, so half alike."""
    firms = enterprises()
    firms.loc["F", "products"] = "01.42.1"
    goods = layers().products
    calf = goods.loc[[RAW_MILK]].rename(index={RAW_MILK: "01.42.1"})
    told = layers(enterprises=firms, products=pd.concat([goods, calf]))
    params = PARAMS.model_copy(update={"chain_min_likeness": 0.2})
    gaps = trade(sites(), layers=told, params=params).cluster_gaps
    gap = gaps[gaps["product"] == RAW_MILK].iloc[0]
    assert gap["needed_mrub"] == pytest.approx(250)
    assert gap["enterprise_id"] == "F"
    assert gap["likeness"] == pytest.approx(0.25)


def test_a_gap_nobody_could_fill_is_a_row_without_a_name():
    firms = enterprises().drop(index="F")
    gaps = trade(sites(), layers=layers(enterprises=firms), params=PARAMS).cluster_gaps
    assert gaps["product"].tolist() == [RAW_MILK]
    assert gaps["enterprise_id"].isna().all()
