"""Maps small enough to price by hand. Cells are 100 m; a unit of the drawings is a kilometre."""

import numpy as np
import pytest
from shapely import LineString, box

from network.little import CELL_M, layers, option, params, site_at, sites, source, spot
from siting.errors import RegionError, TableError
from siting.network import connect


def run(places, told, **more):
    empty = sites(*places).iloc[:0]
    return connect(sites(*places), plots=empty, layers=told, params=params(**more), cell_m=CELL_M)


def test_the_price_is_fixed_part_and_length():
    """``A....S``: 5 km straight, 1 MW, one circuit: 1 + 5 mln."""
    told = layers(sources=[source("S", spot(5.05, 0.05))], options=[option("line")])
    found = run([site_at(0.05, 0.05)], told)
    row = found.connections.iloc[0]
    assert row["cost_mrub"] == pytest.approx(1 + 5)
    assert row["length_km"] == pytest.approx(5)
    assert found.sites.loc["A", "electricity_source"] == "S"
    assert found.sites.loc["A", "connection_cost_mrub"] == pytest.approx(6)
    assert row.geometry.coords[0] == (50, 50)
    assert row.geometry.coords[-1] == (5050, 50)


def test_a_river_on_the_way_is_dearer_ground_and_a_crossing():
    """``A . | . S``: 5 km, of which 0.2 km is water at 3; banks crossed twice are one river."""
    river = ("R", box(2, -5, 2.2, 5), {"cover": "water", "name": "Om"})
    told = layers(
        sources=[source("S", spot(5.05, 0.05))], options=[option("line")], terrain=[river]
    )
    row = run([site_at(0.05, 0.05)], told, friction={"overhead": {"water": 3.0}}).connections.iloc[
        0
    ]
    assert row["length_km"] == pytest.approx(5)
    assert row["effective_km"] == pytest.approx(5 + 0.2 * 2)
    assert row["line_mrub"] == pytest.approx(5.4)
    assert row["crossings_mrub"] == pytest.approx(50)


def test_an_intake_in_the_river_is_not_charged_for_crossing_it():
    """``A . |S|``: the route ends in the water, so only one bank is crossed."""
    river = ("R", box(5, -5, 5.2, 5), {"cover": "water", "name": "Om"})
    told = layers(
        sources=[source("S", spot(5.05, 0.05))], options=[option("line")], terrain=[river]
    )
    assert run([site_at(0.05, 0.05)], told).connections["crossings_mrub"].item() == 0


def test_railways_and_trunk_roads_are_crossed_for_money_and_small_roads_are_not():
    """``A . = : . S``: one railway (20), one federal road (7), one local road (0)."""

    def line(x):
        return LineString([(x, -6), (x, 0.05), (x, 6)])

    told = layers(
        sources=[
            source("S", spot(5.05, 0.05)),
            source("T", line(2), utility="rail", kind="track"),
            source("F", line(3), utility="road", kind="federal", road_category="I"),
            source("L", line(4), utility="road", kind="local", road_category="V"),
        ],
        options=[option("line")],
    )  # fmt: skip
    assert run([site_at(0.05, 0.05)], told).connections["crossings_mrub"].item() == 27


def test_waters_are_crossed_at_the_price_of_their_width_and_itemised():
    """``A s r R = S``: a line of 8 m, an area 200 m wide, one said to be 600 m wide, a railway."""
    rivers = (
        {"name": "stream", "to_m": 20.0, "mrub": 3.0},
        {"name": "river", "to_m": 300.0, "mrub": 40.0},
        {"name": "large_river", "mrub": 200.0},
    )
    om = {"cover": "water", "name": "Om"}
    wide = {"cover": "water", "name": "Irtysh", "water_width_m": 600.0}
    brook = {"kind": "river", "name": "Kan", "water_width_m": 8.0}
    told = layers(
        sources=[
            source("S", spot(9.05, 0.05)),
            source("T", LineString([(8, -6), (8.03, 6)]), utility="rail", kind="track"),
        ],
        options=[option("line")],
        terrain=[("r", box(3, -30, 3.2, 30), om), ("R", box(5, -30, 5.2, 30), wide)],
        constraints=[("s", LineString([(2, -30), (2.03, 30)]), brook)],
    )
    row = run(
        [site_at(0.05, 0.05)], told, rivers=rivers, crossing_share={"electricity": 0.5}
    ).connections.iloc[0]
    assert row["crossings"] == "stream=1;river=1;large_river=1;railway=1"
    assert row["rivers_mrub"] == pytest.approx(0.5 * (3 + 40 + 200))
    assert row["railways_mrub"] == pytest.approx(0.5 * 20)
    assert row["roads_mrub"] == 0
    parts = row[["rivers_mrub", "railways_mrub", "roads_mrub"]].sum()
    assert row["crossings_mrub"] == pytest.approx(parts)


def test_a_drawn_river_of_no_stated_width_is_taken_to_be_of_the_width_the_region_says():
    river = ("s", LineString([(2, -6), (2.03, 6)]), {"kind": "river", "name": "Kan"})
    rivers = ({"name": "stream", "to_m": 20.0, "mrub": 3.0}, {"name": "river", "mrub": 40.0})
    told = layers(
        sources=[source("S", spot(5.05, 0.05))], options=[option("line")], constraints=[river]
    )
    for width, money in ((15.0, 3.0), (25.0, 40.0)):
        more = {"rivers": rivers, "unknown_river_width_m": width}
        assert (
            run([site_at(0.05, 0.05)], told, **more).connections["crossings_mrub"].item() == money
        )


def test_two_feeders_cost_what_the_second_adds_and_a_whole_circuit_where_nothing_is_said():
    """5 km, 1 + 1 mln a km: a pair of 2 x 6 mln, or 6 + 0.5 + 5 x 0.4 where the option says so."""
    plain = option("line")
    told = option("line", second_fixed_mrub=0.5, second_per_km_mrub=0.4)
    for way, cost in ((plain, 12.0), (told, 6 + 0.5 + 2.0)):
        land = layers(sources=[source("S", spot(5.05, 0.05))], options=[way])
        row = run([site_at(0.05, 0.05)], land, feeders={"electricity": 2}).connections.iloc[0]
        assert (row["feeders"], row["circuits"], row["cost_mrub"]) == (2, 1, pytest.approx(cost))
        assert row["cost_mrub"] == pytest.approx(row["fixed_mrub"] + row["line_mrub"])
        row = run([site_at(0.05, 0.05)], land).connections.iloc[0]
        assert (row["feeders"], row["cost_mrub"]) == (1, pytest.approx(6))


def test_what_stands_alone_is_not_doubled_by_a_second_feeder():
    told = layers(
        sources=[source("S", spot(5.05, 0.05))],
        options=[option("line"), option("diesel", kinds=None, fixed_mrub=8.0)],
    )
    row = run([site_at(0.05, 0.05)], told, feeders={"electricity": 2}).connections.iloc[0]
    assert (row["option"], row["cost_mrub"], row["feeders"]) == ("diesel", pytest.approx(8), 1)


STEPS = {"electricity": ({"name": "16", "capacity": 4.0, "mrub": 60.0},
                         {"name": "25", "capacity": 9.0, "mrub": 100.0})}  # fmt: skip


@pytest.mark.parametrize(
    ("ha", "step", "whole"),
    [(20.0, None, None), (60.0, "16", 60.0), (61.0, "25", 100.0), (210.0, "3 x (25)", 300.0)],
)
def test_the_smallest_step_that_holds_what_a_source_lacks_is_told(ha, step, whole):
    """2 MW to spare: 6 MW lack 4, 6.1 lack 4.1, 21 lack 19; the park pays 10 mln a missing MW."""
    told = layers(
        sources=[source("S", spot(5.05, 0.05), spare_capacity=2.0)],
        options=[option("line", capacity=100.0)],
    )
    row = run([site_at(0.05, 0.05, ha=ha)], told, reinforcement_steps=STEPS).connections.iloc[0]
    assert row["reinforcement_mrub"] == pytest.approx(10 * (ha / 10 - 2))
    if step is None:
        assert row[["reinforcement_step", "reinforcement_step_mrub"]].isna().all()
    else:
        assert (row["reinforcement_step"], row["reinforcement_step_mrub"]) == (step, whole)


def test_steps_that_do_not_grow_are_refused():
    told = layers(sources=[source("S", spot(1, 1))], options=[option("line")])
    wrong = {"electricity": STEPS["electricity"][::-1]}
    with pytest.raises(RegionError, match=r"reinforcement_steps\.electricity"):
        run([site_at(0.05, 0.05)], told, reinforcement_steps=wrong)


def test_a_river_drawn_as_a_line_is_a_crossing_too():
    river = ("R", LineString([(2, -6), (2.03, 6)]), {"kind": "river", "name": "Om"})
    told = layers(
        sources=[source("S", spot(5.05, 0.05))], options=[option("line")], constraints=[river]
    )
    assert run([site_at(0.05, 0.05)], told).connections["crossings_mrub"].item() == 50


def test_a_full_substation_next_door_loses_to_a_free_one_farther_away():
    """``A f . . . g``: f at 1 km has nothing to spare (1 MW at 10 mln), g at 5 km has."""
    told = layers(
        sources=[
            source("full", spot(1.05, 0.05), spare_capacity=0.0),
            source("good", spot(5.05, 0.05)),
        ],
        options=[option("line")],
    )
    row = run([site_at(0.05, 0.05)], told).connections.iloc[0]
    assert (row["source_id"], row["cost_mrub"]) == ("good", pytest.approx(6))
    cheap = run([site_at(0.05, 0.05)], told, reinforcement_mrub={"electricity": 2.0})
    row = cheap.connections.iloc[0]
    assert (row["source_id"], row["reinforcement_mrub"]) == ("full", pytest.approx(2))


def test_a_site_beyond_the_reach_of_10_kv_takes_the_dearer_line():
    """5 km and 1 MW are within 21 MW km, 5 km and 10 MW are not."""
    told = layers(
        sources=[source("S", spot(5.05, 0.05))],
        options=[
            option("cable_10kv", reach_rule="mw_km", reach_value=21.0, capacity=20.0),
            option("line_110kv", fixed_mrub=700.0, capacity=35.0),
        ],
    )
    small, large = site_at(0.05, 0.05), site_at(0.05, 1.05, key="B", ha=100.0)
    found = run([small, large], told).sites["electricity_option"]
    assert found.to_dict() == {"A": "cable_10kv", "B": "line_110kv"}


def test_nothing_in_reach_is_a_reason_and_not_a_number():
    told = layers(
        sources=[source("S", spot(5.05, 0.05))],
        options=[option("line", reach_rule="km", reach_value=4.9)],
    )
    found = run([site_at(0.05, 0.05, why_not="too_small")], told)
    site = found.sites.loc["A"]
    assert np.isnan(site["electricity_cost_mrub"])
    assert np.isnan(site["connection_cost_mrub"])
    assert not site["is_eligible"]
    assert site["why_not"] == "too_small;no_electricity"
    assert found.connections.empty


def test_a_line_is_tapped_where_it_is_nearest():
    """A main runs along y = 3 km; the site at 0.05 goes straight up to it, 2.9 or 3 km."""
    main = source("M", LineString([(-10, 3.05), (10, 3.05)]), kind="line")
    told = layers(sources=[main], options=[option("tap", kinds="line")])
    row = run([site_at(0.05, 0.05)], told).connections.iloc[0]
    assert row["length_km"] == pytest.approx(3)
    assert row.geometry.coords[-1] == pytest.approx((50, 3050))


def test_of_two_options_the_cheaper_wins_and_wells_need_no_route():
    told = layers(
        sources=[source("S", spot(5.05, 0.05))],
        options=[option("line"), option("diesel", kinds=None, fixed_mrub=5.5)],
    )
    found = run([site_at(0.05, 0.05)], told)
    row = found.connections.iloc[0]
    assert (row["option"], row["cost_mrub"], row["length_km"]) == ("diesel", 5.5, 0)
    assert row.geometry is None
    assert row["is_spare_known"]
    assert found.sites["electricity_source"].isna().all()


def test_parallel_circuits_are_counted():
    """25 MW on circuits of 10 MW: three of everything."""
    told = layers(sources=[source("S", spot(5.05, 0.05))], options=[option("line")])
    row = run([site_at(0.05, 0.05, ha=250.0)], told).connections.iloc[0]
    assert (row["circuits"], row["cost_mrub"]) == (3, pytest.approx(3 * 6))


def test_a_class_that_does_not_fit_is_not_connected_to():
    """The option wants 110 to 220 kV; a substation of unknown voltage fits no limits."""
    told = layers(
        sources=[
            source("low", spot(1.05, 0.05), voltage_kv=35.0),
            source("mute", spot(2.05, 0.05), voltage_kv=float("nan")),
            source("fits", spot(5.05, 0.05), voltage_kv=110.0),
            source("high", spot(3.05, 0.05), voltage_kv=500.0),
        ],
        options=[option("line", source_class_min=110.0, source_class_max=220.0)],
    )
    assert run([site_at(0.05, 0.05)], told).sites["electricity_source"].item() == "fits"


def test_a_planned_source_counts_from_its_year():
    told = layers(
        sources=[
            source("now", spot(5.05, 0.05)),
            source("soon", spot(1.05, 0.05), status="planned", year=2028.0),
            source("dream", spot(0.55, 0.05), status="planned"),
        ],
        options=[option("line")],
    )
    place = [site_at(0.05, 0.05)]
    assert run(place, told, year=2027).sites["electricity_source"].item() == "now"
    assert run(place, told, year=2028).sites["electricity_source"].item() == "soon"


def test_unknown_spare_capacity_is_a_share_of_capacity_and_said_to_be_unknown():
    """30 % of 20 MW is 6 MW; 10 MW demanded pay for 4 MW at 10 mln."""
    told = layers(
        sources=[source("S", spot(5.05, 0.05), spare_capacity=float("nan"), capacity=20.0)],
        options=[option("line")],
    )
    row = run([site_at(0.05, 0.05, ha=100.0)], told).connections.iloc[0]
    assert row["reinforcement_mrub"] == pytest.approx(40)
    assert not row["is_spare_known"]


def test_a_road_without_capacity_is_endless_and_known():
    road = source("R", LineString([(-9, 1.05), (9, 1.05)]), utility="road", kind="local")
    told = layers(
        sources=[road],
        options=[
            option(
                "lane", utility="road", kinds="local", friction="road",
                capacity=1.0, capacity_unit="carriageway",
            )
        ],
    )  # fmt: skip
    row = run([site_at(0.05, 0.05)], told, park_utilities=("road",)).connections.iloc[0]
    assert (row["demand"], row["reinforcement_mrub"], row["is_spare_known"]) == (1, 0, True)


def test_a_barrier_is_gone_round():
    """A wall of protected land with a gap at its end: the route takes the gap."""
    wall = ("P", box(2, -1, 2.3, 8), {"kind": "protected area", "name": "Park"})
    told = layers(
        sources=[source("S", spot(5.05, 0.05))], options=[option("line")], constraints=[wall]
    )
    row = run([site_at(0.05, 0.05)], told, friction={"overhead": {"protected": -1.0}})
    row = row.connections.iloc[0]
    assert row["length_km"] > 5.3
    assert not row.geometry.buffer(-1e-6).intersects(box(2050, -950, 2250, 7950))


def test_beside_a_line_of_its_family_a_route_costs_the_share_of_new_build():
    """A power line runs along the 5 km to S: 0.6 of the price; a gas main there does not help."""
    way = LineString([(-3, 0.05), (8, 0.05)])
    for utility, kind, km in (("electricity", "line", 3.0), ("gas", "trunk_main", 5.0)):
        told = layers(
            sources=[source("S", spot(5.05, 0.05)), source("W", way, utility=utility, kind=kind)],
            options=[option("line")],
        )
        row = run([site_at(0.05, 0.05)], told, corridor_share={"overhead": 0.6}).connections.iloc[0]
        assert row["effective_km"] == pytest.approx(km)
        assert row["length_km"] == pytest.approx(5)
        assert row["cost_mrub"] == pytest.approx(1 + km)


def test_a_route_goes_round_by_a_corridor_where_that_is_cheaper():
    """The line runs 1 km north of both: up, 5 km at 0.1 and down beat 5 km straight."""
    wire = source("W", LineString([(-3, 1.05), (8, 1.05)]), kind="line")
    told = layers(sources=[source("S", spot(5.05, 0.05)), wire], options=[option("line")])
    row = run([site_at(0.05, 0.05)], told, corridor_share={"overhead": 0.1}).connections.iloc[0]
    assert row["length_km"] > 5.5
    assert row["effective_km"] < 3


def test_a_planned_line_makes_no_corridor_and_a_barrier_stays_one():
    way = LineString([(-3, 0.05), (8, 0.05)])
    wall = ("P", box(2, -1, 2.3, 8), {"kind": "protected area", "name": "Park"})
    share = {"corridor_share": {"overhead": 0.5}}
    wire = source("W", way, kind="line", status="planned", year=2026.0)
    told = layers(sources=[source("S", spot(5.05, 0.05)), wire], options=[option("line")])
    assert run([site_at(0.05, 0.05)], told, **share).connections["cost_mrub"].item() == 6
    told = layers(
        sources=[source("S", spot(5.05, 0.05)), source("W", way, kind="line")],
        options=[option("line")], constraints=[wall],
    )  # fmt: skip
    row = run([site_at(0.05, 0.05)], told, friction={"overhead": {"protected": -1.0}}, **share)
    assert row.connections["length_km"].item() > 5.3


def test_a_site_on_a_barrier_is_connected_from_the_nearest_free_cell():
    """The lake ends 0.25 km east of the site; the gap is paid as open ground."""
    lake = ("L", box(-3, -3, 0.3, 3), {"cover": "water", "name": "Ik"})
    told = layers(sources=[source("S", spot(5.05, 0.05))], options=[option("line")], terrain=[lake])
    friction = {"overhead": {"water": -1.0}}
    row = run([site_at(0.05, 0.05)], told, friction=friction).connections.iloc[0]
    assert row["length_km"] == pytest.approx(5)
    far = run([site_at(0.05, 0.05)], told, friction=friction, snap_m=200.0).sites.iloc[0]
    assert (far["is_eligible"], far["why_not"]) == (False, "no_electricity_on_barrier")
    assert np.isnan(far["electricity_cost_mrub"])


def test_a_source_far_outside_the_raster_is_out_of_reach_and_listed():
    told = layers(
        sources=[source("S", spot(5.05, 0.05)), source("abroad", spot(3000, 0))],
        options=[option("line")],
    )
    found = run([site_at(0.05, 0.05)], told)
    assert found.sites["electricity_source"].item() == "S"
    assert found.unused.to_dict("records") == [
        {
            "layer": "infrastructure", "row_id": "abroad", "action": "not_connecting",
            "reason": "outside_raster", "effect": "electricity",
        }
    ]  # fmt: skip
    alone = layers(sources=[source("abroad", spot(3000, 0))], options=[option("line")])
    assert run([site_at(0.05, 0.05)], alone).sites["why_not"].item() == "no_electricity"


def test_a_source_deep_in_a_barrier_is_listed_and_one_near_its_edge_is_tapped_from_there():
    """``A . [e d]``: the lake begins at 4.5 km; e stands 0.25 km inside it, d 1.55 km."""
    lake = ("L", box(4.5, -3, 9, 3), {"cover": "water", "name": "Ik"})
    told = layers(
        sources=[source("deep", spot(6.05, 0.05)), source("edge", spot(4.75, 0.05))],
        options=[option("line")],
        terrain=[lake],
    )
    found = run([site_at(0.05, 0.05)], told, friction={"overhead": {"water": -1.0}})
    row = found.connections.iloc[0]
    assert (row["source_id"], row["length_km"]) == ("edge", pytest.approx(4.7))
    assert found.unused[["row_id", "reason"]].to_numpy().tolist() == [["deep", "source_on_barrier"]]


def test_a_utility_of_which_no_source_fits_is_a_reason_of_its_own():
    """The only substation is of 35 kV, the option wants 110; of gas there is no station at all."""
    told = layers(
        sources=[source("low", spot(1.05, 0.05), voltage_kv=35.0)],
        options=[
            option("line", source_class_min=110.0),
            option("pipe", utility="gas", kinds="gas_station", capacity_unit="m3/h"),
        ],
    )
    found = run(
        [site_at(0.05, 0.05)], told, park_utilities=("electricity", "gas"),
        park_demand_ha={"electricity": 0.1, "gas": 10.0},
    )  # fmt: skip
    site = found.sites.loc["A"]
    assert site["why_not"] == "no_electricity_no_source;no_gas_no_source"
    assert np.isnan(site[["electricity_cost_mrub", "connection_cost_mrub"]].astype(float)).all()


def test_a_line_of_110_kv_is_not_tapped_where_the_options_know_only_nodes():
    """The line passes at 1 km, its substation stands at 5: a tap is built where one is priced."""
    wire = source("W", LineString([(-10, 1.05), (10, 1.05)]), kind="line", voltage_kv=110.0)
    told = [wire, source("S", spot(5.05, 0.05), voltage_kv=110.0)]
    plain = option("line_110kv", source_class_min=110.0)
    by_node = run([site_at(0.05, 0.05)], layers(sources=told, options=[plain])).connections.iloc[0]
    assert (by_node["source_id"], by_node["cost_mrub"]) == ("S", pytest.approx(1 + 5))
    for fixed, expected in ((3.0, "W"), (6.0, "S")):
        tap = option("tap_110kv", kinds="line", source_class_min=110.0, fixed_mrub=fixed)
        row = run([site_at(0.05, 0.05)], layers(sources=told, options=[plain, tap])).connections
        assert row["source_id"].item() == expected


@pytest.mark.parametrize(
    ("utility", "kind", "family"),
    [("road", "regional", "road"), ("water", "water_main", "underground"),
     ("electricity", "line", "underground")],
)  # fmt: skip
def test_roads_pipes_and_cables_are_met_between_their_ends(utility, kind, family):
    unit = {"road": "carriageway", "water": "m3/day", "electricity": "MW"}[utility]
    way = source("M", LineString([(-9, 2.05), (9, 2.05)]), utility=utility, kind=kind)
    tap = option("tap", utility=utility, kinds=kind, friction=family, capacity_unit=unit)
    row = run(
        [site_at(0.05, 0.05)], layers(sources=[way], options=[tap]),
        park_utilities=(utility,), park_demand_ha={utility: 0.1}, reinforcement_mrub={},
    ).connections.iloc[0]  # fmt: skip
    assert row.geometry.coords[-1] == pytest.approx((50, 2050))
    assert row["length_km"] == pytest.approx(2)


def test_where_the_last_source_kept_binds_the_connection_says_it_was_searched_again():
    """One label a cell: the near source is full, so the farther one is seen only by widening."""
    told = layers(
        sources=[
            source("full", spot(1.05, 0.05), spare_capacity=0.0),
            source("good", spot(5.05, 0.05)),
        ],
        options=[option("line")],
    )
    row = run([site_at(0.05, 0.05)], told, labels=1).connections.iloc[0]
    assert (row["source_id"], row["is_widened"]) == ("good", True)
    row = run([site_at(0.05, 0.05)], told, labels=2).connections.iloc[0]
    assert (row["source_id"], row["is_widened"]) == ("good", False)


def test_a_site_on_its_source_pays_the_fixed_part():
    told = layers(sources=[source("S", spot(0.05, 0.05))], options=[option("line")])
    row = run([site_at(0.05, 0.05)], told).connections.iloc[0]
    assert (row["length_km"], row["cost_mrub"]) == (0, 1)
    assert row.geometry is None


def test_every_problem_of_options_and_prices_is_named():
    told = layers(
        sources=[source("S", spot(5.05, 0.05), capacity_unit="m3/h")],
        options=[option("line"), option("line", friction="none"), option("x", fixed_mrub=-1.0)],
    )
    with pytest.raises(TableError) as error:
        run([site_at(0.05, 0.05)], told)
    assert {problem.code for problem in error.value.problems} == {"column_range"}
    told = layers(
        sources=[source("S", spot(5.05, 0.05), capacity_unit="m3/h")],
        options=[option("line"), option("line", friction="none")],
    )
    with pytest.raises(TableError) as error:
        run([site_at(0.05, 0.05)], told, park_utilities=("electricity", "gas"))
    codes = [problem.code for problem in error.value.problems]
    assert codes == [
        "utility_without_options", "option_repeated", "option_without_friction", "unit_differs",
    ]  # fmt: skip


@pytest.mark.parametrize("capacity", [0.0, -1.0, float("nan"), float("inf")])
def test_an_option_without_capacity_is_refused(capacity):
    told = layers(sources=[source("S", spot(1, 1))], options=[option("line", capacity=capacity)])
    with pytest.raises(TableError, match="capacity"):
        run([site_at(0.05, 0.05)], told)


def test_keys_that_nothing_would_read_are_refused_together():
    told = layers(sources=[source("S", spot(1, 1))], options=[option("line")])
    wrong = {
        "friction": {"over_head": {"water": 2.0}, "road": {"watr": 2.0}},
        "crossing_mrub": {"rivers": 5.0},
        "reinforcement_mrub": {"power": -1.0},
    }
    with pytest.raises(RegionError) as error:
        run([site_at(0.05, 0.05)], told, **wrong)
    keys = [(problem.code, problem.values["key"]) for problem in error.value.problems]
    assert keys == [
        ("network_value", "network.reinforcement_mrub.power"),
        ("network_key", "network.friction.over_head"),
        ("network_key", "network.friction.road.watr"),
        ("network_key", "network.crossing_mrub.rivers"),
        ("network_key", "network.reinforcement_mrub.power"),
    ]


def test_prices_of_the_region_that_cannot_be_are_refused_together():
    told = layers(sources=[source("S", spot(1, 1))], options=[option("line")])
    wrong = {
        "friction": {"overhead": {"water": -2.0, "forest": 0.0}},
        "crossing_mrub": {"river": -5.0},
    }
    with pytest.raises(RegionError) as error:
        run([site_at(0.05, 0.05)], told, **wrong)
    keys = [problem.values["key"] for problem in error.value.problems]
    assert keys == [
        "network.friction.overhead.water", "network.friction.overhead.forest",
        "network.crossing_mrub.river",
    ]  # fmt: skip
    with pytest.raises(RegionError, match="park_demand_ha"):
        run([site_at(0.05, 0.05)], told, park_demand_ha={})


def test_networks_inside_a_park_follow_from_its_layout():
    """Plots of 100 x 100 m, streets of 50 m: one every 250 m, a cross street every 450 m."""
    layout = {"plot_ha": 1.0, "depth_m": 100.0, "street_m": 50.0, "plots_between": 4.0}
    told = layers(sources=[source("S", spot(5.05, 0.05))], options=[option("line")])
    more = {"onsite_mrub_km": {"road": 9.0}, "onsite_mrub_ha": {"road": 0.5, "water": 1.0}}
    km_ha = 0.040 + 1 / 45
    found = run([site_at(0.05, 0.05)], told, layout=layout, **more).sites
    assert found["onsite_cost_mrub"].item() == pytest.approx(10 * (1.5 + 9 * km_ha))
    found = run([site_at(0.05, 0.05)], told, **more).sites
    assert found["onsite_cost_mrub"].item() == pytest.approx(10 * 1.5)
