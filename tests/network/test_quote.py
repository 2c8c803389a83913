"""`siting.price`: the same prices as the study, at any point; every refusal has a reason."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point, box

import siting
import tiny
from network.little import CELL_M, CRS, layer, layers, option, params, site_at, sites, source, spot
from siting.cli import run
from siting.network import connect, price_points
from siting.network import quote as asking
from siting.network.connect import unheard
from siting.network.screen import Asked, make_grounds, screen
from siting.quote import QuestionError, check_demand, check_points, park_demand
from siting.tables import check, inputs
from siting.tables.quotes import QUOTES

PLOTS = layer(
    inputs.PLOTS,
    [(str(i), box(x, y, x + 0.1, y + 0.1), {}) for i, (x, y) in enumerate([(0, 0), (9, 6)])],
)
STEEP = {"overhead": {"water": 4.0, "rock": -1.0}}
FREE = {"crossing_mrub": {}}
"""Of two routes of one weighted length either may be found, and they may cross more or less."""


def ask(places, told, demand, **more):
    """Return QUOTES at places in km; the raster is that of two plots in opposite corners."""
    points = gpd.GeoSeries([Point(x * 1000, y * 1000) for x, y in places], crs=CRS)
    found = price_points(
        points, {u: np.full(len(points), float(d)) for u, d in demand.items()},
        layers=replace(told, plots=PLOTS), params=params(**more), cell_m=CELL_M, progress=unheard,
    )  # fmt: skip
    return check(found.astype({c.name: "str" for c in QUOTES.columns if c.kind == "text"}), QUOTES)


def country():
    """A lake between six sources, three of them full, two options of two classes."""
    rng = np.random.default_rng(3)
    spots = rng.uniform(0, 1, (6, 2)) * (9, 6)
    sources = [
        source(f"S{i}", spot(x, y), spare_capacity=0.0 if i < 3 else 4.0, voltage_kv=kv)
        for i, ((x, y), kv) in enumerate(zip(spots, [35.0, 70.0] * 3, strict=True))
    ]
    options = [
        option("cable", capacity=2.0, fixed_mrub=1.0),
        option("line", capacity=20.0, fixed_mrub=9.0, source_class_min=70.0),
        option("own", kinds=None, capacity=100.0, fixed_mrub=30.0, per_km_mrub=0.0),
    ]
    lake = ("L", box(4, 1, 5, 5), {"cover": "water", "name": "Ik"})
    return layers(sources=sources, options=options, terrain=[lake])


def points(count, seed=1):
    return np.random.default_rng(seed).uniform(0, 1, (count, 2)) * (9, 6)


def test_a_point_costs_what_a_site_there_costs():
    """The site stands where the point is, and asks for as much."""
    told = country()
    spots = [(1.05, 1.05), (6.25, 3.35), (8.05, 5.05)]
    places = sites(*[site_at(x, y, key=str(n), ha=50.0) for n, (x, y) in enumerate(spots)])
    study = connect(
        places, plots=PLOTS, layers=told, params=params(friction=STEEP, **FREE), cell_m=CELL_M
    ).connections
    asked = ask(spots, told, {"electricity": 5.0}, friction=STEEP, **FREE)
    for name in ("cost_mrub", "length_km", "crossings_mrub", "reinforcement_mrub", "line_mrub"):
        np.testing.assert_allclose(asked[name], study[name], rtol=1e-9)
    assert asked["option"].tolist() == study["option"].tolist()
    assert asked["source_id"].tolist() == study["source_id"].tolist()


@pytest.mark.parametrize("labels", [1, 2, 6])
def test_looked_up_in_the_sweeps_and_searched_from_the_point_the_price_is_the_same(
    monkeypatch, labels
):
    """With one label kept, only searching again makes the full sources near no trap."""
    told, places = country(), points(40)
    looked_up = ask(places, told, {"electricity": 3.0}, friction=STEEP, labels=labels, **FREE)
    monkeypatch.setattr(asking, "FEW", len(places))
    searched = ask(places, told, {"electricity": 3.0}, friction=STEEP, labels=labels, **FREE)
    np.testing.assert_allclose(looked_up["cost_mrub"], searched["cost_mrub"], rtol=1e-9)
    assert looked_up["source_id"].tolist() == searched["source_id"].tolist()
    assert looked_up["is_proven"].all()


def test_where_a_source_that_was_not_kept_could_be_cheaper_the_point_says_so(monkeypatch):
    told, places = country(), points(40)
    monkeypatch.setattr(asking, "WIDEN_MOST", 0)
    rough = ask(places, told, {"electricity": 3.0}, labels=1, **FREE)
    monkeypatch.setattr(asking, "FEW", len(places))
    exact = ask(places, told, {"electricity": 3.0}, labels=1, **FREE)
    dearer = rough["cost_mrub"].to_numpy() > exact["cost_mrub"].to_numpy() * (1 + 1e-9)
    assert dearer.any()
    assert not rough["is_proven"][dearer].any()
    assert rough["is_proven"].any()


def test_every_refusal_has_a_reason():
    """Far east, on rock wider than the snap, no gas anywhere, and a line too short."""
    rock = ("R", box(3, 2, 7, 5), {"cover": "rock", "name": None})
    told = layers(
        sources=[source("S", spot(0.05, 0.05))],
        options=[
            option("line", reach_rule="km", reach_value=2.0),
            option("pipe", utility="gas", kinds="gas_station", capacity_unit="m3/h"),
        ],
        terrain=[rock],
    )
    places = [(90, 3), (5, 3.5), (8, 1), (0.55, 0.05)]
    found = ask(places, told, {"electricity": 1.0, "gas": 1.0}, friction=STEEP)
    assert found["why_not"].fillna("-").tolist() == [
        "outside_raster", "on_barrier", "out_of_reach", "-",
        "outside_raster", "no_fitting_source", "no_fitting_source", "no_fitting_source",
    ]  # fmt: skip
    assert found["cost_mrub"].isna().tolist() == [True, True, True, False] + [True] * 4
    assert found["cost_mrub"][3] == pytest.approx(1.5)


def test_what_is_not_demanded_costs_nothing():
    found = ask([(1, 1)], country(), {"electricity": 0.0})
    assert found["cost_mrub"].item() == 0
    assert found["option"].isna().all()


def test_the_sweep_measures_what_a_walk_along_each_route_measures():
    """`measure` goes over every label once, `trace` along every route: nothing may differ."""
    from siting.network.offers import make_scene  # noqa: PLC0415
    from siting.network.options import classes_of  # noqa: PLC0415
    from siting.network.routes import measure, trace  # noqa: PLC0415

    told, rules = country(), params(friction=STEEP)
    scene = make_scene(np.array([(0.0, 0.0), (9e3, 6e3)]), told, rules, cell_m=CELL_M)
    classes = classes_of(told.connection_options, scene.sources, rules)
    seen = []

    class Reader:
        cells = scene.grid.cells(points(200) * 1000)

        def see(self, group, ground, surface):
            walked = trace(ground, surface, scene.crossings, self.cells)
            once = measure(ground, surface, scene.crossings, self.cells)
            at = self.cells[:, None] * surface.labels + np.arange(surface.labels)
            kept = walked.source >= 0
            np.testing.assert_allclose(once.length[at][kept], walked.length[kept], rtol=1e-12)
            np.testing.assert_array_equal(once.crossed[at][kept], walked.crossed[kept])
            seen.append(kept.sum())

    asked = Asked(xy=np.empty((0, 2)), drawn=np.zeros(0, bool), watcher=Reader())
    screen(scene, classes, make_grounds(scene, classes), asked, progress=unheard)
    assert len(seen) == 2
    assert min(seen) > 0


@pytest.mark.parametrize(
    ("places", "code"),
    [
        ([1.0, 2.0], "quote_shape"),
        ([[200.0, 54.0]], "quote_degrees"),
        ([[73.0, float("nan")]], "quote_degrees"),
        (gpd.GeoSeries([Point(1, 1)]), "quote_no_crs"),
        (gpd.GeoSeries([Point()], crs=CRS), "quote_no_place"),
    ],
)
def test_points_that_are_no_points_are_refused(places, code):
    with pytest.raises(QuestionError) as caught:
        check_points(places)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_all_wrong_demands_are_told_at_once():
    wrong = {"steam": 1.0, "gas": [1.0, 2.0, 3.0], "electricity": -1.0, "heat": float("nan")}
    with pytest.raises(QuestionError) as caught:
        check_demand(wrong, 2)
    codes = sorted(problem.code for problem in caught.value.problems)
    assert codes == ["quote_demand_count", *["quote_demand_value"] * 2, "quote_utility"]
    with pytest.raises(QuestionError):
        check_demand({}, 2)


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    return tiny.write(tmp_path_factory.mktemp("price"))


def test_the_public_door_takes_degrees_and_metres_alike(region):
    told = siting.read_region(region)
    metres = gpd.GeoSeries([Point(tiny.WEST + 4050, tiny.SOUTH + 16050)], crs=tiny.CRS)
    degrees = metres.to_crs("EPSG:4326")
    demand = park_demand(told, 30.0)
    first = siting.price(told, metres, demand)
    second = siting.price(told, [(degrees.x.item(), degrees.y.item())], demand)
    assert first["utility"].tolist() == list(demand)
    np.testing.assert_allclose(first["cost_mrub"], second["cost_mrub"], rtol=1e-6)


@pytest.mark.parametrize(("lang", "total"), [("ru", "Всего:"), ("en", "In all:")])
def test_the_door_tells_source_parts_and_total_in_one_language(region, capsys, lang, total):
    asked = ["price", str(region), "--lon", "73.49", "--lat", "54.25", "--mw", "4", "--road", "1"]
    assert run([*asked, "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert "S110" in said
    assert total in said
    assert any("а" <= letter.lower() <= "я" for letter in said) == (lang == "ru")


def test_the_door_without_a_demand_is_bad_input(region, capsys):
    assert run(["price", str(region), "--lon", "73.49", "--lat", "54.25", "--lang", "en"]) == 1
    assert "no demand" in capsys.readouterr().err
