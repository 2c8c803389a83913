"""The laws of connecting, on random little countries of 1.4 x 1.4 km with cells of 100 m."""

import heapq
from math import ceil, hypot

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely import LineString, box

from network.little import CELL_M, layers, option, params, site_at, sites, source, spot
from siting.network import connect
from siting.network.moves import crossed, moves_of

few = settings(max_examples=5, deadline=None)
SIDE = 14
MARGIN_CELLS = 5
FRICTION = {"overhead": {"forest": 2.0, "wetland": 3.5, "rock": -1.0}}
OPTIONS = (
    option("short", reach_rule="km", reach_value=1.5, fixed_mrub=0.5),
    option("cable", reach_rule="mw_km", reach_value=3.0, fixed_mrub=1.0, per_km_mrub=0.8),
    option("line", fixed_mrub=3.0, capacity=4.0, per_unit_mrub=0.1),
)
MONEY = st.sampled_from(["fixed_mrub", "per_km_mrub"])
cell = st.integers(0, SIDE - 1)
cells = st.tuples(cell, cell)


def middle(at):
    return ((at[0] + 0.5) * CELL_M / 1000, (at[1] + 0.5) * CELL_M / 1000)


def patch(at, size, cover, key):
    x, y = (part * CELL_M / 1000 for part in at)
    side = size * CELL_M / 1000
    return key, box(x, y, x + side, y + side), {"cover": cover, "name": None}


@st.composite
def country(draw):
    """Return what is drawn: places, sources (cell, spare), patches, all by cell."""
    taken = draw(st.lists(cells, min_size=4, max_size=8, unique=True))
    split = draw(st.integers(1, 3))
    patches = [
        (at, draw(st.integers(1, 4)), draw(st.sampled_from(["forest", "wetland", "rock"])))
        for at in draw(st.lists(cells, max_size=6))
    ]
    # nothing stands on a barrier: snapping has its own tests
    rock = {
        (x + i, y + j)
        for (x, y), size, cover in patches
        for i in range(-1, size + 1)
        for j in range(-1, size + 1)
        if cover == "rock"
    }
    spares = draw(st.lists(st.sampled_from([0.0, 0.5, 10.0]), min_size=8, max_size=8))
    return {
        "places": [at for at in taken[:split] if at not in rock] or [(-2, -2)],
        "sources": [
            (at, spare) for at, spare in zip(taken[split:], spares, strict=False) if at not in rock
        ] or [((-3, -3), 1.0)],
        "patches": patches,
    }  # fmt: skip


def frames(told, *, move=(0, 0), options=OPTIONS):
    def moved(at):
        return at[0] + move[0], at[1] + move[1]

    places = [
        site_at(*middle(moved(at)), key=f"P{n}", ha=20.0 * (n + 1))
        for n, at in enumerate(told["places"])
    ]
    sources = [
        source(f"S{n}", spot(*middle(moved(at))), spare_capacity=spare)
        for n, (at, spare) in enumerate(told["sources"])
    ]
    terrain = [
        patch(moved(at), size, cover, f"T{n}")
        for n, (at, size, cover) in enumerate(told["patches"])
    ]
    return sites(*places), layers(sources=sources, options=options, terrain=terrain)


def run(frame, told, **more):
    chosen = {"friction": FRICTION, "margin_km": MARGIN_CELLS * CELL_M / 1000, "labels": 2, **more}
    return connect(frame, plots=frame.iloc[:0], layers=told, params=params(**chosen), cell_m=CELL_M)


def costs(told, **more):
    options = more.pop("options", OPTIONS)
    found = run(*frames(told, options=options), **more).sites["electricity_cost_mrub"]
    return found.fillna(np.inf).to_numpy()


def ground(told):
    """Return friction by (column, row), drawn independently of the raster library."""
    low = min([at for spot_at in told["places"] for at in spot_at] + [0]) - 40
    friction = np.ones((SIDE + 80, SIDE + 80))
    price = {"forest": 2.0, "wetland": 3.5, "rock": np.inf}
    for (x, y), size, cover in told["patches"]:
        part = friction[x - low : x - low + size, y - low : y - low + size]
        part[:] = np.maximum(part, price[cover])
    return friction, low


def clipped(friction, low, told, more=()):
    """Return friction with everything outside the raster of the study as barrier."""
    spots = np.array([*told["places"], *(at for at, _ in told["sources"]), *more])
    left, bottom = spots.min(axis=0) - MARGIN_CELLS - low
    right, top = spots.max(axis=0) + MARGIN_CELLS - low
    inside = np.full(friction.shape, np.inf)
    inside[left : right + 1, bottom : top + 1] = friction[left : right + 1, bottom : top + 1]
    return inside


def search(friction, start, neighbours):
    """Return weighted and real length from one cell to all, real ones for the best route."""
    moves = moves_of(neighbours)
    best = {}
    heap = [(0.0, 0.0, start)]
    while heap:
        cost, length, at = heapq.heappop(heap)
        if at in best:
            continue
        best[at] = (cost, length)
        for dr, dc in zip(moves.rows.tolist(), moves.cols.tolist(), strict=True):
            price = sum(
                float(share) * friction[at[0] + r, at[1] + c]
                for (r, c), share in crossed(dr, dc).items()
            )
            if np.isfinite(price):
                step = hypot(dr, dc)
                to = (at[0] + dr, at[1] + dc)
                heapq.heappush(heap, (cost + step * price, length + step, to))
    return best


def brute_force(told, neighbours, cheap=()):
    """Return the least cost of every place: every option, every source, one search each."""
    friction, low = ground(told)
    for (x, y), share in cheap:
        friction[x - low, y - low] *= share
    friction = clipped(friction, low, told, [at for at, _ in cheap])
    km = CELL_M / 1000
    found = []
    for n, at in enumerate(told["places"]):
        demand = 20.0 * (n + 1) * 0.1
        reached = search(friction, (at[0] - low, at[1] - low), neighbours)
        least = np.inf
        for (x, y), spare in told["sources"]:
            if (x - low, y - low) not in reached:
                continue
            effective, length = (part * km for part in reached[x - low, y - low])
            for way in OPTIONS:
                load = length * (demand if way["reach_rule"] == "mw_km" else 1)
                if way["reach_rule"] != "none" and load > way["reach_value"] * (1 + 1e-9):
                    continue
                circuits = ceil(demand / way["capacity"] - 1e-9)
                cost = circuits * (way["fixed_mrub"] + way["per_km_mrub"] * effective)
                cost += way["per_unit_mrub"] * demand + 10.0 * max(0.0, demand - spare)
                least = min(least, cost)
        found.append(least)
    return np.array(found)


@pytest.mark.parametrize("neighbours", [8, 16, 32])
@few
@given(told=country())
def test_the_price_equals_a_search_from_every_site_to_every_source(neighbours, told):
    """Two labels are kept, so far and free sources are found only if the sweep is widened."""
    found = costs(told, neighbours=neighbours)
    np.testing.assert_allclose(found, brute_force(told, neighbours), atol=1e-6)


@few
@given(told=country(), column=cell, share=st.sampled_from([0.1, 0.3, 0.7]))
def test_along_a_corridor_too_the_price_equals_that_search(told, column, share):
    """Ground cheaper than open ground, one label: the bound of widening must not overlook it."""
    ends = [middle((column, 0)), middle((column, SIDE - 1))]
    frame, tables = frames(told)
    wire = layers(sources=[source("W", LineString(ends), kind="line")], options=OPTIONS)
    joined = pd.concat([tables.infrastructure, wire.infrastructure])
    found = run(
        frame, layers_with(tables, infrastructure=joined), labels=1,
        corridor_share={"overhead": share},
    ).sites["electricity_cost_mrub"]  # fmt: skip
    cheap = [((column, row), share) for row in range(SIDE)]
    np.testing.assert_allclose(
        found.fillna(np.inf).to_numpy(), brute_force(told, 16, cheap), atol=1e-6
    )


@few
@given(told=country(), at=cells, spare=st.sampled_from([0.0, 10.0]))
def test_one_more_source_never_costs_more(told, at, spare):
    more = {**told, "sources": [*told["sources"], (at, spare)]}
    assert (costs(more) <= costs(told) + 1e-9).all()


@few
@given(
    told=country(), which=st.integers(0, 2), column=st.sampled_from(["fixed_mrub", "per_km_mrub"])
)
def test_a_lower_price_never_costs_more(told, which, column):
    cheaper = [dict(one) for one in OPTIONS]
    for name in (column, f"{column}_low", f"{column}_high"):
        cheaper[which][name] *= 0.5
    assert (costs(told, options=cheaper) <= costs(told) + 1e-9).all()


@few
@given(told=country(), share=st.floats(0.2, 1.0))
def test_a_smaller_demand_never_costs_more(told, share):
    smaller = costs(told, park_demand_ha={"electricity": 0.1 * share})
    assert (smaller <= costs(told) + 1e-9).all()


@few
@given(told=country(), at=cells, size=st.integers(1, 4))
def test_one_more_barrier_never_costs_less(told, at, size):
    spots = {*told["places"], *(where for where, _ in told["sources"])}
    near = {(at[0] + i, at[1] + j) for i in range(-1, size + 1) for j in range(-1, size + 1)}
    if spots & near:
        return
    more = {**told, "patches": [*told["patches"], (at, size, "rock")]}
    assert (costs(more) >= costs(told) - 1e-9).all()


def lengths(told, **more):
    """Return friction-weighted and real km from every place to its cheapest source, one option."""
    frame, tables = frames(told, options=[option("line", capacity=1e6)])
    wires = [
        source(f"W{n}", LineString([middle(a), middle(b)]), kind="line")
        for n, (a, b) in enumerate(more.pop("wires"))
    ]
    extra = layers(sources=wires, options=[]).infrastructure if wires else None
    joined = pd.concat([tables.infrastructure, extra]) if wires else tables.infrastructure
    found = run(frame, layers_with(tables, infrastructure=joined), reinforcement_mrub={}, **more)
    return found.sites["electricity_cost_mrub"].fillna(np.inf).to_numpy() - 1.0


@few
@given(
    told=country(), share=st.floats(0.2, 1.0), neighbours=st.sampled_from([8, 16, 32]),
    wires=st.lists(st.tuples(cells, cells).filter(lambda ends: ends[0] != ends[1]), max_size=3),
)  # fmt: skip
def test_a_corridor_never_makes_a_way_dearer_and_never_cheaper_than_its_share(
    told, share, neighbours, wires
):
    """The price of a way is 1 + its weighted km."""
    plain = lengths(told, wires=wires, neighbours=neighbours, labels=1)
    cheap = lengths(
        told, wires=wires, neighbours=neighbours, labels=1, corridor_share={"overhead": share}
    )
    # friction is kept in single precision
    assert (cheap <= plain + 1e-6).all()
    assert (cheap >= share * np.where(np.isfinite(plain), plain, 0) - 1e-6).all()


@few
@given(told=country(), move=st.tuples(st.integers(-9, 9), st.integers(-9, 9)))
def test_moving_the_map_by_whole_cells_changes_nothing(told, move):
    here, there = run(*frames(told)), run(*frames(told, move=move))
    assert_frame_equal(plain(here.sites), plain(there.sites), rtol=1e-9)
    assert_frame_equal(plain(here.connections), plain(there.connections), rtol=1e-9)


@few
@given(told=country(), random=st.randoms(use_true_random=False))
def test_shuffling_rows_changes_nothing(told, random):
    frame, tables = frames(told)
    order = list(tables.infrastructure.index)
    random.shuffle(order)
    ways = list(range(len(OPTIONS)))
    random.shuffle(ways)
    shuffled = layers_with(
        tables,
        infrastructure=tables.infrastructure.loc[order],
        connection_options=tables.connection_options.iloc[ways],
    )
    first, second = run(frame, tables), run(frame.iloc[::-1], shuffled)
    assert_frame_equal(plain(first.sites), plain(second.sites).iloc[::-1])
    theirs = second.connections.set_index("site_id").sort_index()
    assert_frame_equal(plain(first.connections.set_index("site_id").sort_index()), plain(theirs))


@few
@given(told=country())
def test_running_twice_gives_the_same_bytes(told):
    first, second = run(*frames(told)), run(*frames(told))
    assert first.sites.to_wkb().to_csv() == second.sites.to_wkb().to_csv()
    assert first.connections.to_wkb().to_csv() == second.connections.to_wkb().to_csv()


@few
@given(told=country())
def test_a_source_nobody_can_use_changes_nothing(told):
    frame, tables = frames(told)
    useless = source("A0", spot(*middle((3, 3))), utility="gas", kind="gas_station")
    row = layers(sources=[useless], options=OPTIONS).infrastructure
    joined = layers_with(tables, infrastructure=pd.concat([row, tables.infrastructure]))
    if not inside(told, (3, 3)):
        return
    first, second = run(frame, tables), run(frame, joined)
    assert_frame_equal(plain(first.sites), plain(second.sites))


def inside(told, at):
    spots = np.array(told["places"] + [where for where, _ in told["sources"]])
    return bool(((spots.min(axis=0) <= at) & (spots.max(axis=0) >= at)).all())


def layers_with(tables, **changed):
    return type(tables)(**{**vars(tables), **changed})


def plain(frame):
    return frame.drop(columns="geometry")
