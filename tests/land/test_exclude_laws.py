"""Laws of exclusion on random maps, and geopandas.overlay with dissolve as the oracle."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely import LineString, box

from land.drawn import CRS, PARAMS, area, layers, line, objects, plots, rule, rules
from siting.land import exclude

ROWS = [
    rule("power line", 20, kind="110 kV"),
    rule("power line", 30, kind="500 kV"),
    rule("protected area", 0),
    rule("cemetery", 50),
    rule("flood zone", 0, is_hard=False),
]
modest = settings(max_examples=6, deadline=None)
metres = st.integers(0, 40).map(lambda step: 50 * step)
sides = st.integers(1, 12).map(lambda step: 50 * step)
boxes = st.tuples(metres, metres, sides, sides).map(
    lambda b: box(b[0], b[1], b[0] + b[2], b[1] + b[3])
)
bent = st.lists(st.tuples(metres, metres), min_size=2, max_size=4, unique=True).map(LineString)
lands = st.lists(boxes, min_size=1, max_size=5)
wires = st.lists(st.tuples(bent, st.sampled_from([110, 500])), max_size=4)
areas = st.lists(
    st.tuples(boxes, st.sampled_from(["protected area", "cemetery", "flood zone"])), max_size=4
)


def bundle(land, lines, zones, *, rows=ROWS, dx=0, dy=0):
    def moved(shape):
        return shapely.transform(shape, lambda xy: np.add(xy, [dx, dy]))

    drawn = plots({f"p{i}": moved(shape) for i, shape in enumerate(land)})
    given_lines = [line(f"l{i}", moved(s), voltage_kv=kv) for i, (s, kv) in enumerate(lines)]
    given_areas = [area(f"a{i}", kind, moved(s)) for i, (s, kind) in enumerate(zones)]
    tables = {"protection_zones": rules(*rows)}
    if given_lines:
        tables["infrastructure"] = objects("infrastructure", *given_lines)
    if given_areas:
        tables["constraints"] = objects("constraints", *given_areas)
    return layers(drawn, **tables)


def run(tables, params=PARAMS):
    return exclude(tables.plots, layers=tables, params=params)


def plain(found):
    return pd.DataFrame(found.plots.drop(columns=["geometry", "buildable"]))


@modest
@given(lands, wires, areas)
def test_buildable_and_excluded_are_the_plot_within_a_square_metre(land, lines, zones):
    tables = bundle(land, lines, zones)
    found = run(tables)
    hard = found.exclusions[found.exclusions["is_hard"] & (found.exclusions["feature"] != "sliver")]
    sliver = found.exclusions[found.exclusions["feature"] == "sliver"].set_index("plot_id")[
        "area_ha"
    ]
    widths = {"power line": {"110 kV": 20, "500 kV": 30}, "cemetery": 50, "protected area": 0}
    for plot, shape in found.plots.geometry.items():
        parts = []
        for row in hard[hard["plot_id"] == plot].itertuples():
            width = widths[row.feature]
            source = tables.infrastructure if row.feature == "power line" else tables.constraints
            width = width[row[3]] if isinstance(width, dict) else width
            parts.append(source.geometry[row.object_id].buffer(width, quad_segs=16))
        lost = shapely.union_all(parts).intersection(shape).area if parts else 0.0
        left = found.plots["buildable"][plot]
        kept = left.area if left is not None else 0.0
        total = kept + lost + 1e4 * sliver.get(plot, 0.0)
        assert abs(total - shape.area) < 1


@modest
@given(lands, wires, areas, boxes)
def test_one_more_constraint_never_adds_land(land, lines, zones, extra):
    before = run(bundle(land, lines, zones)).plots["buildable_ha"]
    after = run(bundle(land, lines, [*zones, (extra, "cemetery")])).plots["buildable_ha"]
    assert np.all(after <= before + 1e-6)


@modest
@given(lands, wires, areas, st.randoms(use_true_random=False))
def test_the_order_of_rules_objects_and_plots_is_irrelevant(land, lines, zones, random):
    tables = bundle(land, lines, zones)
    straight = run(tables)

    def shuffled(frame):
        order = list(range(len(frame)))
        random.shuffle(order)
        return frame.iloc[order]

    names = ("plots", "infrastructure", "constraints", "protection_zones")
    other = layers(shuffled(tables.plots), **{n: shuffled(getattr(tables, n)) for n in names[1:]})
    found = run(other)
    assert_frame_equal(plain(found).sort_index(), plain(straight).sort_index(), rtol=1e-9)
    assert_frame_equal(found.exclusions, straight.exclusions, rtol=1e-9)
    assert_frame_equal(found.unruled, straight.unruled)


@modest
@given(lands, wires, areas)
def test_running_twice_gives_the_same_bytes(land, lines, zones):
    tables = bundle(land, lines, zones)
    first, second = run(tables), run(tables)
    assert_frame_equal(first.exclusions, second.exclusions, check_exact=True)
    assert first.plots["buildable"].to_wkb().tolist() == second.plots["buildable"].to_wkb().tolist()


@modest
@given(lands, wires, areas, st.integers(-500, 500), st.integers(-500, 500))
def test_moving_the_whole_map_changes_nothing(land, lines, zones, east_km, north_km):
    here = run(bundle(land, lines, zones))
    there = run(bundle(land, lines, zones, dx=1000 * east_km, dy=1000 * north_km))
    assert_frame_equal(plain(there), plain(here), atol=1e-6)
    assert_frame_equal(there.exclusions, here.exclusions, atol=1e-6)


@modest
@given(lands, wires, areas)
def test_useless_rows_change_nothing(land, lines, zones):
    """A constraint far away, a copy of every constraint, a rule no object has, a plot elsewhere."""
    before = run(bundle(land, lines, zones))
    far = box(90_000, 90_000, 90_100, 90_100)
    tables = bundle(
        land, lines, [*zones, (far, "cemetery"), *zones], rows=[*ROWS, rule("volcano", 900)]
    )
    after = run(tables)
    assert_frame_equal(plain(after), plain(before), atol=1e-9)


@modest
@given(lands, wires, areas)
def test_it_equals_overlay_with_dissolve(land, lines, zones):
    tables = bundle(land, lines, zones)
    everything = PARAMS.model_copy(update={"sliver_m2": 0.0})
    found = run(tables, everything).plots["buildable_ha"]
    width = {"110": 20, "500": 30}
    hard = [
        *(s.buffer(width[str(kv)], quad_segs=16) for s, kv in lines),
        *(s for s, kind in zones if kind == "protected area"),
        *(s.buffer(50, quad_segs=16) for s, kind in zones if kind == "cemetery"),
    ]
    drawn = tables.plots[["geometry"]].reset_index()
    left = drawn.set_index("plot_id").area
    if hard:
        zone = gpd.GeoDataFrame(geometry=hard, crs=CRS).dissolve()
        # plots of a random map may overlap, so each is laid over the zones by itself
        cut = [
            gpd.overlay(drawn.iloc[[i]], zone, how="difference").area.sum()
            for i in range(len(drawn))
        ]
        left = pd.Series(cut, index=drawn["plot_id"])
    assert np.allclose(1e4 * found, left.reindex(found.index), atol=1)


@modest
@given(lands, wires, areas)
def test_a_coarser_duplicate_of_a_constraint_changes_nothing(land, lines, zones):
    """The same shapes drawn with a corner every 40 m, and once more with few corners."""
    fine_lines = [(shapely.segmentize(shape, 40), kv) for shape, kv in lines]
    fine_zones = [(shapely.segmentize(shape, 40), kind) for shape, kind in zones]
    before = run(bundle(land, fine_lines, fine_zones))
    after = run(bundle(land, [*fine_lines, *lines], [*fine_zones, *zones]))
    assert_frame_equal(plain(after), plain(before), atol=1e-6)
