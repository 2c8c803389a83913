"""What prospects inherit from their kin, by hand."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from portfolio.town import CRS
from siting.location.kinship import counted_links, find_kin, inherit_links
from siting.location.locate import _volumes
from siting.region import LocationParams

PARAMS = LocationParams(kin_confidence=0.5, pairs_kept=1)


def firms(rows, **more):
    frame = pd.DataFrame(rows, columns=["id", "okved", "employees"]).set_index("id")
    return gpd.GeoDataFrame(frame.assign(**more), geometry=[None] * len(rows), crs=CRS)


ENTERPRISES = firms(
    [("MILL", "10.61", 100.0), ("BAKERY", "10.71", 300.0), ("SHOP", "10.71", 100.0)]
)
LINKS = pd.DataFrame(
    [
        ("MILL", "BAKERY", "10.61.2", 90.0, 50.0, 0.6, True),
        ("MILL", "SHOP", "10.61.2", 30.0, 10.0, 0.2, False),
    ],
    columns=[
        "supplier_id", "buyer_id", "product", "volume_mrub", "distance_km", "confidence",
        "is_known",
    ],
)  # fmt: skip


def prospects(rows, **more):
    return firms(rows, **more).rename(columns={"employees": "jobs_count"})


def inherit(told):
    found = inherit_links(told, links=LINKS, enterprises=ENTERPRISES, params=PARAMS)
    return found.set_index(["supplier_id", "buyer_id"])


def test_a_prospect_sells_and_buys_as_its_kin_by_the_worker():
    """A mill of 25 jobs is a quarter of MILL: it sells 22.5 to the bakery and 7.5 to the shop."""
    found = inherit(prospects([("NEW", "10.61.9", 25.0)]))
    assert found["volume_mrub"].to_dict() == pytest.approx(
        {("NEW", "BAKERY"): 22.5, ("NEW", "SHOP"): 7.5}
    )
    assert found["confidence"].tolist() == pytest.approx([0.3, 0.1])
    assert not found["is_known"].any()


def test_two_prospects_trade_what_the_buyer_needs_shared_among_the_mills():
    """Bakers of 40 jobs need 120 x 40 / 400 = 12; of 125 jobs of mills the new one has 25."""
    found = inherit(prospects([("MILL2", "10.61", 25.0), ("BAKER2", "10.71", 40.0)]))
    row = found.loc["MILL2", "BAKER2"]
    assert row["volume_mrub"] == pytest.approx(12 * 25 / 125)
    # the way is that of the goods of the kin, by volume
    assert row["distance_km"] == pytest.approx((90 * 50 + 30 * 10) / 120)


def test_an_enterprise_that_moves_takes_its_links_with_it():
    told = prospects([("MOVE", "99", 1.0), ("BAKER2", "10.71", 40.0)], enterprise_id=["MILL", None])
    found = inherit(told)
    assert found.loc[("MOVE", "BAKERY"), "volume_mrub"] == pytest.approx(90)
    assert found.loc[("MOVE", "BAKER2"), "volume_mrub"] == pytest.approx(12)


def test_no_kin_no_links_and_nobody_trades_with_himself():
    assert inherit(prospects([("NEW", "62.01", 25.0)])).empty
    told = prospects([("A", "10.71", 25.0), ("B", "10.71", 25.0)])
    found = inherit(told)
    assert not [key for key in found.index if key[0] == key[1]]


def test_kin_are_those_of_the_longest_common_prefix():
    kin = find_kin(prospects([("X", "10.71.1", 4.0), ("Y", "10.8", 5.0)]), ENTERPRISES)
    by_id = kin.groupby("prospect_id")["enterprise_id"].agg(list).to_dict()
    assert by_id == {"X": ["BAKERY", "SHOP"], "Y": ["BAKERY", "MILL", "SHOP"]}


def test_the_choice_counts_the_dearest_pairs_only_and_all_that_is_known():
    told = prospects([("M", "10.61", 25.0), ("B1", "10.71", 40.0), ("B2", "10.71", 80.0)])
    kin = inherit_links(told, links=LINKS, enterprises=ENTERPRISES, params=PARAMS)
    counted = counted_links(LINKS, kin, told, PARAMS)
    added = counted.iloc[len(LINKS) :]
    assert added[["supplier_id", "buyer_id"]].to_numpy().tolist() == [["M", "B2"]]
    none = counted_links(LINKS, kin, told, PARAMS.model_copy(update={"pairs_kept": 0}))
    pd.testing.assert_frame_equal(none, LINKS)


def test_freight_is_counted_both_ways_with_enterprises_only():
    told = prospects([("M", "10.61", 25.0), ("B", "10.71", 40.0)])
    kin = inherit_links(told, links=LINKS, enterprises=ENTERPRISES, params=PARAMS)
    volumes = _volumes(kin, told.index, ENTERPRISES.index)
    # the mill sells to bakery and shop, the baker buys 120 x 40 / 400 from MILL
    np.testing.assert_allclose(volumes, [[0, 22.5, 7.5], [12, 0, 0]])
