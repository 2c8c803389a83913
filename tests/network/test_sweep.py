"""The sweep against slow, plain searches: its result must be theirs to the last millimetre."""

import heapq
from fractions import Fraction
from math import hypot

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.graph import MCP_Geometric

from siting.network import surface as kernel
from siting.network.kernel import CODE_BITS
from siting.network.moves import LENGTH_ERROR_SHARE, RING, crossed, moves_of
from siting.network.surface import Roots, make_ground, sweep

EXACT = 1e-9
NOTHING = np.array([], np.int64)
kinds = st.sampled_from([1.0, 1.0, 1.0, 1.5, 4.0, np.inf])


def ringed(friction):
    return np.pad(np.asarray(friction, np.float32), RING, constant_values=np.inf)


def roots_at(shape, spots, start=None):
    """Return roots at (row, col) of the raster without its ring; source i at spot i."""
    cells = [(r + RING) * (shape[1] + 2 * RING) + c + RING for r, c in spots]
    return Roots(
        cells=np.array(cells, np.int64),
        sources=np.arange(len(spots), dtype=np.int32),
        start=np.zeros(len(spots)) if start is None else np.asarray(start, float),
    )


def lengths(friction, spots, *, labels, neighbours, bound=1e9, start=None):
    """Return the k best lengths and their sources, without the ring, shape (rows, cols, k)."""
    padded = ringed(friction)
    found = sweep(
        make_ground(padded, moves_of(neighbours)),
        roots_at(friction.shape, spots, start),
        labels=labels,
        bound=bound,
        targets=np.array([0], np.int64),
    )
    inner = np.s_[RING:-RING, RING:-RING]
    shape = (*padded.shape, labels)
    return found.cost.reshape(shape)[inner], (found.tag >> CODE_BITS).reshape(shape)[inner]


def search(friction, spot, neighbours, start=0.0):
    """Return the least length from one spot to every cell: Dijkstra as in a textbook."""
    moves = moves_of(neighbours)
    best = np.full(friction.shape, np.inf)
    heap = [(start, spot)]
    while heap:
        cost, (r, c) = heapq.heappop(heap)
        if cost >= best[r, c]:
            continue
        best[r, c] = cost
        for dr, dc in zip(moves.rows.tolist(), moves.cols.tolist(), strict=True):
            to = (r + dr, c + dc)
            if not (0 <= to[0] < friction.shape[0] and 0 <= to[1] < friction.shape[1]):
                continue
            price = sum(
                float(share) * friction[r + pr, c + pc]
                for (pr, pc), share in crossed(dr, dc).items()
            )
            if np.isfinite(price):
                heapq.heappush(heap, (cost + hypot(dr, dc) * price, to))
    return best


@st.composite
def country(draw):
    """Return friction and sources, blocks of even ground among them, no source on a barrier."""
    rows, cols = draw(st.integers(1, 14)), draw(st.integers(1, 14))
    cells = draw(st.lists(kinds, min_size=rows * cols, max_size=rows * cols))
    friction = np.array(cells).reshape(rows, cols)
    if draw(st.booleans()):
        friction = np.kron(friction, np.ones((3, 3)))
    free = np.argwhere(np.isfinite(friction)).tolist()
    if not free:
        friction[0, 0], free = 1.0, [[0, 0]]
    spots = draw(st.lists(st.sampled_from(free), min_size=1, max_size=5))
    return friction.astype(np.float32), [tuple(spot) for spot in spots]


@pytest.mark.parametrize("neighbours", [8, 16, 32])
@settings(max_examples=10, deadline=None)
@given(told=country(), labels=st.integers(1, 4))
def test_the_sweep_equals_a_search_from_every_source(neighbours, told, labels):
    friction, spots = told
    wide = friction.astype(float)
    slow = np.sort(np.stack([search(wide, s, neighbours) for s in spots], axis=-1), axis=-1)
    fast, _ = lengths(friction, spots, labels=labels, neighbours=neighbours)
    kept = min(labels, len(spots))
    np.testing.assert_allclose(fast[..., :kept], slow[..., :kept], rtol=EXACT, atol=EXACT)
    assert np.isinf(fast[..., kept:]).all()


@settings(max_examples=20, deadline=None)
@given(told=country(), labels=st.integers(1, 3), dear=st.sampled_from([4, 50, 300]))
def test_heap_and_buckets_give_the_same_labels_and_routes(told, labels, dear):
    """Dear ground puts equal routes into lists of several windows ahead."""
    friction, spots = told
    friction[friction == 4] = dear
    ground, roots = make_ground(ringed(friction), moves_of(16)), roots_at(friction.shape, spots)
    args = {"labels": labels, "bound": 1e9, "targets": np.array([0], np.int64)}
    first = sweep(ground, roots, **args)
    before, kernel.MAX_LISTS = kernel.MAX_LISTS, 0
    try:
        second = sweep(ground, roots, **args)
    finally:
        kernel.MAX_LISTS = before
    np.testing.assert_array_equal(first.cost, second.cost)
    np.testing.assert_array_equal(first.tag, second.tag)


@settings(max_examples=10, deadline=None)
@given(told=country())
def test_eight_neighbours_equal_scikit_image(told):
    friction, spots = told
    theirs, _ = MCP_Geometric(
        np.where(np.isfinite(friction), friction, -1).astype(float), fully_connected=True
    ).find_costs(spots)
    ours, _ = lengths(friction, spots, labels=1, neighbours=8)
    np.testing.assert_allclose(ours[..., 0], theirs, rtol=EXACT, atol=EXACT)


def test_a_wide_span_of_prices_falls_back_to_the_heap_and_stays_exact():
    friction = np.array([[1, 1, 1e7, 1], [1, 1e7, 1e7, 1], [1, 1, 1, 1e7]], np.float32)
    fast, _ = lengths(friction, [(0, 0)], labels=1, neighbours=8)
    slow = search(friction.astype(float), (0, 0), 8)
    np.testing.assert_allclose(fast[..., 0], slow, rtol=EXACT)


@pytest.mark.parametrize("neighbours", [8, 16, 32])
def test_a_move_pays_for_every_cell_by_the_length_it_runs_through_it(neighbours):
    """The oracle cuts the straight line with squares drawn by shapely."""
    moves = moves_of(neighbours)
    assert len(moves.rows) == neighbours
    for row, col in zip(moves.rows.tolist(), moves.cols.tolist(), strict=True):
        line = shapely.LineString([(0, 0), (row, col)])
        shares = crossed(row, col)
        assert sum(shares.values()) == Fraction(1)
        for (r, c), share in shares.items():
            square = shapely.box(r - 0.5, c - 0.5, r + 0.5, c + 0.5)
            assert float(share) == pytest.approx(line.intersection(square).length / line.length)


@pytest.mark.parametrize("neighbours", [8, 16, 32])
def test_a_route_over_even_ground_is_no_longer_than_the_stated_error(neighbours):
    size = 101
    fast, _ = lengths(np.ones((size, size), np.float32), [(0, 0)], labels=1, neighbours=neighbours)
    rows, cols = np.indices((size, size))
    straight = np.maximum(np.hypot(rows, cols), 1e-12)
    excess = fast[..., 0] / straight - 1
    excess[0, 0] = 0
    assert excess.min() > -EXACT
    assert excess.max() <= LENGTH_ERROR_SHARE[neighbours]
    assert excess.max() > LENGTH_ERROR_SHARE[neighbours] * 0.9


def test_a_long_move_is_stopped_by_a_wall_one_cell_wide():
    """``#`` is barrier; a knight could jump it: s . # . ."""
    friction = np.ones((3, 5), np.float32)
    friction[:, 2] = np.inf
    fast, _ = lengths(friction, [(1, 0)], labels=1, neighbours=32)
    assert np.isinf(fast[:, 3:, 0]).all()


def test_equal_sources_are_ordered_by_their_number():
    fast, source = lengths(np.ones((1, 5), np.float32), [(0, 4), (0, 0)], labels=2, neighbours=8)
    assert source[0, 2].tolist() == [0, 1]
    assert fast[0, 2].tolist() == [2, 2]


def test_nothing_is_followed_beyond_the_bound():
    fast, _ = lengths(np.ones((1, 9), np.float32), [(0, 0)], labels=1, neighbours=8, bound=4.0)
    assert np.isfinite(fast[0, :, 0]).tolist() == [True] * 5 + [False] * 4


def test_a_source_that_starts_with_a_gap_pays_it():
    fast, source = lengths(
        np.ones((1, 5), np.float32), [(0, 0), (0, 4)], labels=1, neighbours=8, start=[2.5, 0]
    )
    assert source[0, :, 0].tolist() == [0, 1, 1, 1, 1]
    assert fast[0, 0, 0] == 2.5


def test_stopping_at_the_targets_changes_nothing_there():
    rng = np.random.default_rng(1)
    friction = rng.choice([1, 2, 3], (60, 60)).astype(np.float32)
    spots = [(5, 5), (50, 10), (30, 55), (58, 58)]
    ground, roots = make_ground(ringed(friction), moves_of(16)), roots_at(friction.shape, spots)
    cells = np.array([20 * 66 + 20, 40 * 66 + 41], np.int64)
    early = sweep(ground, roots, labels=2, bound=1e9, targets=cells)
    late = sweep(ground, roots, labels=2, bound=1e9, targets=np.array([0], np.int64))
    at = (cells[:, None] * 2 + np.arange(2)).ravel()
    np.testing.assert_array_equal(early.cost[at], late.cost[at])
    np.testing.assert_array_equal(early.tag[at], late.tag[at])
    assert np.isfinite(late.cost).sum() > np.isfinite(early.cost).sum()
