# ruff: noqa: E501  # tables are read as tables
"""Geometry as real cadastres break it, from the file through the whole of exclude.

A plot or a protected area X is drawn in squares of 0.005 degrees, `S`, with its south-west corner
at 73.11, 55.14; its area is told in such squares. What is repaired is listed, and nothing is lost.
"""

import re

import pytest

import village
from siting.land import exclude
from siting.layers import read
from siting.region import read_region
from village import TABLES, spoilt

STEP_DEG = 0.005
SQUARE = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
ROW = "X,industry,6.0,municipal,greenfield,5,"
ORIGIN = "drawn,2026,high"


def ring(*corners):
    places = (f"{73.11 + x * STEP_DEG:.8f} {55.14 + y * STEP_DEG:.8f}" for x, y in corners)
    return f"({', '.join(places)})"


def polygon(*rings):
    return f"POLYGON ({', '.join(ring(*corners) for corners in rings)})"


def several(*polygons):
    return f"MULTIPOLYGON ({', '.join(f'({ring(*corners)})' for corners in polygons)})"


BOW = ((0, 0), (1, 1), (1, 0), (0, 1), (0, 0))
ARC = "CIRCULARSTRING (73.11 55.14, 73.115 55.145, 73.12 55.14, 73.115 55.135, 73.11 55.14)"
BOX = "73.11 55.14, 73.12 55.14, {} 73.12 55.15, 73.11 55.15, 73.11 55.14"
DISC = 3.14
"""A circle of radius S: its squares."""

# what is broken -> as written, its area in squares, the actions listed
CASES = {
    "a bow-tie": (polygon(BOW), 0.5, ["geometry_fixed"]),
    "corners twice": (polygon([c for c in SQUARE for _ in range(2)]), 1, []),
    "a ring twice": (polygon(SQUARE, SQUARE), 1, ["ring_dropped"]),
    "a part twice": (several(SQUARE, SQUARE), 1, ["geometry_fixed"]),
    "a ring walked twice": (polygon(SQUARE[:-1] + SQUARE), 1, ["geometry_fixed"]),
    "parts that overlap": (several(SQUARE, [(x + 0.5, y) for x, y in SQUARE]), 1.5, ["geometry_fixed"]),
    "a part within a part": (several([(2 * x, 2 * y) for x, y in SQUARE], SQUARE), 4, ["geometry_fixed"]),
    "a ring that touches itself": (polygon([(0, 0), (1, 0), (1, 1), (0.5, 0), (0, 1), (0, 0)]), 0.5, ["geometry_fixed"]),
    "a hole over the edge": (polygon(SQUARE, [(x + 0.5, y + 0.5) for x, y in SQUARE]), 0.75, ["geometry_fixed"]),
    "a spike": (polygon([(0, 0), (1, 0), (3, 0), (1, 0), (1, 1), (0, 1), (0, 0)]), 1, ["geometry_fixed"]),
    "an open ring": (polygon(SQUARE[:-1]), 1, ["ring_closed"]),
    "an open ring of a part": (several(SQUARE[:-1]), 1, ["ring_closed"]),
    "a corner that is no number": (f"POLYGON (({BOX.format('nan 55.145,')}))", 4, ["corners_dropped"]),
    "an endless corner": (f"POLYGON (({BOX.format('inf 55.145,')}))", 4, ["corners_dropped"]),
    "a height that is none": ("POLYGON Z ((73.11 55.14 nan, 73.12 55.14 5, 73.12 55.15 5, 73.11 55.14 5))", 2, []),
    "an arc": (f"CURVEPOLYGON ({ARC})", DISC, []),
    "an arc and a chord": ("CURVEPOLYGON (COMPOUNDCURVE (CIRCULARSTRING (73.11 55.14, 73.115 55.145, 73.12 55.14), (73.12 55.14, 73.11 55.14)))", DISC / 2, []),
    "a surface of arcs": (f"MULTISURFACE (CURVEPOLYGON ({ARC}))", DISC, []),
    "a mixed collection": (f"GEOMETRYCOLLECTION ({polygon(SQUARE)}, POINT (73.11 55.14), LINESTRING (73.11 55.14, 73.12 55.15))", 1, ["parts_dropped"]),
    "a collection in a collection": (f"GEOMETRYCOLLECTION (GEOMETRYCOLLECTION ({polygon(SQUARE)}, POINT (73.11 55.14)))", 1, ["parts_dropped"]),
    "a broken polygon in a collection": (f"GEOMETRYCOLLECTION ({polygon(BOW)}, POINT (73.11 55.14))", 0.5, ["geometry_fixed", "parts_dropped"]),
    "exchanged axes": ("POLYGON ((55.14 73.11, 55.14 73.12, 55.15 73.12, 55.15 73.11, 55.14 73.11))", 4, ["axes_exchanged"]),
}  # fmt: skip


def told(layers, row="X"):
    return layers.repairs.loc[layers.repairs["row_id"] == row, "action"].tolist()


def area_squares(area_m2):
    """0.005 degrees are 319.3 m by 556.6 m here, within some parts in a thousand."""
    return area_m2 / 177_400


IDS = {case: f"X{number:02d}" for number, case in enumerate(CASES)}


@pytest.fixture(scope="module")
def broken_plots(tmp_path_factory):
    """All cases as plots of one file: what was read, and what exclude made of it."""
    rows = [f'{IDS[case]}{ROW[1:]}"{CASES[case][0]}",{ORIGIN}\n' for case in CASES]
    folder = tmp_path_factory.mktemp("plots")
    region = read_region(village.build(folder, plots=TABLES["plots"] + "".join(rows)))
    layers = read(region)
    return layers, exclude(layers.plots, layers=layers, params=region.land).plots


@pytest.fixture(scope="module")
def broken_objects(tmp_path_factory):
    """All cases as protected areas of one file, within a plot around all that is drawn."""
    rows = [f'{IDS[case]},protected area,wood,"{CASES[case][0]}",{ORIGIN}\n' for case in CASES]
    objects = "constraint_id,kind,name,wkt,source,as_of,confidence\n" + "".join(rows)
    rules = TABLES["protection_zones"] + "protected area,,0,no building,нельзя,true,ASSUMED,33-FZ\n"
    around = polygon([(-1, -3), (4, -3), (4, 4), (-1, 4), (-1, -3)])
    text = spoilt("plots", TABLES["plots"].split('"')[1], around)
    folder = tmp_path_factory.mktemp("objects")
    village.build(folder, plots=text, constraints=objects, protection_zones=rules)
    region = read_region(folder)
    layers = read(region)
    return layers, exclude(layers.plots, layers=layers, params=region.land).exclusions


@pytest.mark.parametrize("case", CASES, ids=lambda name: name.replace(" ", "_"))
def test_a_broken_plot_is_repaired_listed_and_excluded_like_any_other(broken_plots, case):
    _, squares, actions = CASES[case]
    layers, found = broken_plots
    row = IDS[case]
    assert told(layers, row) == actions
    area_m2 = found.geometry[row].area
    assert area_squares(area_m2) == pytest.approx(squares, rel=0.005)
    assert found.loc[row, "buildable_ha"] == pytest.approx(area_m2 / 1e4)


def test_no_row_is_lost_and_no_good_row_is_repaired(broken_plots):
    layers, found = broken_plots
    assert found.index.tolist() == ["P1", "P2", *IDS.values()]
    assert not layers.repairs["row_id"].isin(["P1", "P2"]).any()


@pytest.mark.parametrize("case", CASES, ids=lambda name: name.replace(" ", "_"))
def test_a_broken_object_restricts_what_its_repaired_shape_covers(broken_objects, case):
    _, squares, actions = CASES[case]
    layers, lost = broken_objects
    assert told(layers, IDS[case]) == actions
    own = lost[(lost["object_id"] == IDS[case]) & (lost["plot_id"] == "P1")]
    assert area_squares(own["area_ha"].sum() * 1e4) == pytest.approx(squares, rel=0.005)
    assert own["source"].tolist() == ["33-FZ"]


@pytest.mark.parametrize("flat", [[(0, 0), (1, 1), (0, 0)], [(0, 0)] * 4], ids=["line", "point"])
def test_a_plot_without_area_is_left_out_and_an_object_becomes_its_line(tmp_path, flat):
    (tmp_path / "plots").mkdir()
    text = f'{TABLES["plots"]}{ROW}"{polygon(flat)}",{ORIGIN}\n'
    layers = read(read_region(village.build(tmp_path / "plots", plots=text)))
    assert layers.plots.index.tolist() == ["P1", "P2"]
    assert told(layers)[-1] == "row_left_out"
    (tmp_path / "objects").mkdir()
    objects = f'constraint_id,kind,name,wkt,source,as_of,confidence\nX,cemetery,yard,"{polygon(flat)}",{ORIGIN}\n'
    layers = read(read_region(village.build(tmp_path / "objects", constraints=objects)))
    assert layers.constraints.geom_type["X"] in {"LineString", "Point"}
    assert told(layers) == ["line_made"]


def test_a_strip_of_a_centimetre_stays_a_plot_without_land(tmp_path):
    """320 m by 6 mm: below a sliver nothing is built, and the loss is listed."""
    strip = polygon([(0, 0), (1, 0), (1, 1e-5), (0, 1e-5), (0, 0)])
    text = f'{TABLES["plots"]}{ROW}"{strip}",{ORIGIN}\n'
    region = read_region(village.build(tmp_path, plots=text))
    layers = read(region)
    found = exclude(layers.plots, layers=layers, params=region.land)
    assert (found.plots.loc["X", "buildable_ha"], found.plots.loc["X", "why_not"]) == (
        0,
        "all_excluded",
    )
    assert found.exclusions.loc[found.exclusions["plot_id"] == "X", "feature"].tolist() == [
        "sliver"
    ]


EXCHANGED = re.compile(r"(73[.\d]*) (55[.\d]*)")


@pytest.mark.parametrize("name", ["plots", "districts", "terrain"])
def test_a_layer_with_exchanged_axes_is_put_right_row_by_row(tmp_path, name):
    (tmp_path / "right").mkdir()
    (tmp_path / "wrong").mkdir()
    right = read(read_region(village.build(tmp_path / "right")))
    text = EXCHANGED.sub(r"\2 \1", TABLES[name])
    wrong = read(read_region(village.build(tmp_path / "wrong", **{name: text})))
    rows = getattr(right, name)
    assert getattr(wrong, name).geometry.geom_equals(rows.geometry).all()
    assert set(wrong.repairs["action"]) == {"axes_exchanged"}
    assert wrong.repairs["row_id"].tolist() == rows.index.tolist()


def test_points_with_exchanged_axes_are_put_right(tmp_path):
    text = spoilt("enterprises", "73.13,55.1", "55.1,73.13")
    layers = read(read_region(village.build(tmp_path, enterprises=text)))
    place = layers.enterprises.to_crs(4326).geometry["E1"]
    assert (place.x, place.y) == pytest.approx((73.13, 55.1))
    assert layers.repairs["action"].tolist() == ["axes_exchanged"]
