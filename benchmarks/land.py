"""Exclusion of land beside `geopandas.overlay` with dissolve, and a million plots at once.

The country is drawn: plots of a few hectares turned at random, long bent power lines and rivers,
lakes, protected areas, cemeteries and landfills. Both programs get the same zones; the peer gets
them widened already, so its time is that of dissolve and overlay alone. `difference` is the
greatest difference of the buildable area of a plot, m2. The large case runs in a process of its
own, because peak memory is that of a process.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from record import QUICK_RUNS, RUNS, arguments, case, interleave, save

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "land"))

from drawn import CRS, PARAMS, area, lake, layers, line, objects, rule, rules, town

from siting.land import exclude
from siting.land.assembly import grow_all, read_land
from siting.land.housing import allows_production

ROWS = (
    rule("power line", 20, kind="110 kV"),
    rule("power line", 25, kind="220 kV"),
    rule("protected area", 0),
    rule("cemetery", 50),
    rule("landfill", 100),
    rule("river", 200, is_hard=False),
    rule("lake", 50, is_hard=False),
)
SMALL, LARGE = (100_000, 2_200), (1_000_000, 20_000)
SEED = 4
KM2_PER_PLOT = 0.14
"""A million plots on the area of Omsk oblast, 141,000 km2."""


def country(plots_count: int, objects_count: int):
    """Return plots and layers, the same for the same counts."""
    draw = np.random.default_rng(SEED)
    side_m = 1000 * np.sqrt(plots_count * KM2_PER_PLOT)
    land = _plots(draw, plots_count, side_m)
    lines_count, small_count = int(0.4 * objects_count), int(0.25 * objects_count)
    wires = [
        line(f"l{i}", shape, voltage_kv=(110, 220)[i % 2])
        for i, shape in enumerate(_bent(draw, lines_count, side_m))
    ]
    spots = draw.uniform(0, side_m, (small_count, 2))
    points = [
        area(f"p{i}", ("cemetery", "landfill")[i % 2], shapely.Point(*xy))
        for i, xy in enumerate(spots)
    ]
    left = objects_count - lines_count - small_count
    blobs = _blobs(draw, left, side_m)
    areas = [area(f"a{i}", "protected area", s) for i, s in enumerate(blobs[: left // 4])]
    lakes = [lake(f"w{i}", s) for i, s in enumerate(blobs[left // 4 :])]
    towns = [
        town(f"t{i}", shapely.Point(*xy), population=3000)
        for i, xy in enumerate(draw.uniform(0, side_m, (max(30, plots_count // 2000), 2)))
    ]
    bundle = layers(
        land,
        infrastructure=objects("infrastructure", *wires),
        constraints=objects("constraints", *points, *areas),
        terrain=objects("terrain", *lakes),
        settlements=objects("settlements", *towns),
        protection_zones=rules(*ROWS),
    )
    return land, bundle


def _plots(draw, count: int, side_m: float) -> gpd.GeoDataFrame:
    half = draw.uniform(60, 160, count)[:, None] * np.ones(5)
    turn = draw.uniform(0, np.pi / 2, count)[:, None] + np.arange(5) * np.pi / 2
    centre = draw.uniform(0, side_m, (count, 2))
    rings = np.stack(
        [centre[:, :1] + half * np.cos(turn), centre[:, 1:] + half * np.sin(turn)], axis=-1
    )
    rings[:, 4] = rings[:, 0]
    index = pd.Index(np.char.mod("p%07d", np.arange(count)), dtype="str", name="plot_id")
    told = {
        "category": "industry",
        "permitted_use": "6.0",
        "ownership": "municipal",
        "status": "greenfield",
        "building_m2": np.nan,
        "price_mrub": np.nan,
        "is_synthetic": True,
        "source": "drawn",
        "as_of": "2026",
        "confidence": "low",
    }
    return gpd.GeoDataFrame(told, geometry=shapely.polygons(rings), index=index, crs=CRS)


def _bent(draw, count: int, side_m: float) -> list[shapely.LineString]:
    """Lines of 12 bends and some 10 km."""
    start = draw.uniform(0, side_m, (count, 1, 2))
    heading = draw.uniform(0, 2 * np.pi, (count, 1)) + draw.normal(0, 0.3, (count, 12)).cumsum(1)
    steps = 850 * np.stack([np.cos(heading), np.sin(heading)], axis=-1)
    return list(shapely.linestrings(np.concatenate([start, start + steps.cumsum(axis=1)], axis=1)))


def _blobs(draw, count: int, side_m: float) -> list[shapely.Polygon]:
    """Stars of 60 corners, some 300 m to 3 km wide."""
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    size = 150 * np.exp(draw.uniform(0, 2.3, (count, 1)))
    reach = size * (1 + 0.3 * draw.normal(0, 1, (count, 60)).clip(-2, 2) / 2)
    centre = draw.uniform(0, side_m, (count, 2))
    rings = centre[:, None] + np.stack([reach * np.cos(turn), reach * np.sin(turn)], axis=-1)
    return list(shapely.polygons(rings))


def peer(land: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> pd.Series:
    """Return what dissolve and overlay leave of each plot, m2."""
    drawn = land[["geometry"]].reset_index()
    left = gpd.overlay(drawn, zones.dissolve(), how="difference", keep_geom_type=True)
    return left.set_index("plot_id").area.groupby(level=0).sum().reindex(land.index, fill_value=0.0)


def hard_zones(bundle) -> gpd.GeoDataFrame:
    """Return the same hard zones as polygons, widened by the peer's own buffer."""
    wires, spots = bundle.infrastructure, bundle.constraints
    width = wires["voltage_kv"].map({110.0: 20.0, 220.0: 25.0})
    kept = spots["kind"].map({"cemetery": 50.0, "landfill": 100.0, "protected area": 0.0})
    shapes = [wires.buffer(width, quad_segs=16), spots.buffer(kept, quad_segs=16)]
    water = bundle.terrain.geometry
    return gpd.GeoDataFrame(geometry=pd.concat([*shapes, water], ignore_index=True), crs=CRS)


def beside_overlay(size: tuple[int, int], runs: int) -> dict[str, object]:
    land, bundle = country(*size)
    zones = hard_zones(bundle)
    params = PARAMS.model_copy(update={"sliver_m2": 0.0})
    spent = interleave(
        {
            "ours": lambda: exclude(land, layers=bundle, params=params),
            "peer": lambda: peer(land, zones),
        },
        runs,
    )
    ours = exclude(land, layers=bundle, params=params).plots["buildable_ha"] * 1e4
    return case(
        f"exclude, {size[0]:,} plots, {size[1]:,} objects",
        ours_s=spent["ours"],
        peer="geopandas.overlay with dissolve",
        peer_s=spent["peer"],
        difference=float((ours - peer(land, zones)).abs().max()),
    )


def alone(size: tuple[int, int]) -> dict[str, float]:
    """Return seconds of exclude and of growing sites, and the peak memory, MB."""
    land, bundle = country(*size)
    started = time.perf_counter()
    found = exclude(land, layers=bundle, params=PARAMS)
    excluded = time.perf_counter()
    fits = allows_production(found.plots, PARAMS).to_numpy()
    grow_all(read_land(found.plots, fits, PARAMS), PARAMS)
    grown = time.perf_counter()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"exclude_s": excluded - started, "grow_s": grown - excluded, "mb": peak_mb}


def large(size: tuple[int, int], runs: int) -> list[dict[str, object]]:
    command = [sys.executable, __file__, "--alone", *map(str, size)]
    seen = [
        json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for _ in range(runs)
    ]
    middle = pd.DataFrame(seen).median()
    name = f"{size[0]:,} plots, {size[1]:,} objects"
    return [
        case(f"exclude, {name}", ours_s=middle["exclude_s"], ours_mb=middle["mb"]),
        case(f"grow sites, {name}", ours_s=middle["grow_s"], ours_mb=middle["mb"]),
    ]


def main() -> None:
    quick = arguments(__doc__).quick
    runs = QUICK_RUNS if quick else RUNS
    rows = [beside_overlay(SMALL, runs), *large(LARGE, 1 if quick else QUICK_RUNS)]
    save("land", rows, runs=runs, packages=("geopandas", "shapely", "pandas"))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--alone"]:
        print(json.dumps(alone((int(sys.argv[2]), int(sys.argv[3])))))
    else:
        main()
