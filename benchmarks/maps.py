"""The page against folium's own GeoJson: size, writing, loading, frames while panning, memory.

Panning is measured over the whole region and close by (zoom 10), where plots are drawn one by one.

Both are one file with Leaflet inlined, opened from disk in headless Chromium with the network off.
Sites and plots are those of the generator of the tests: shapes, names and figures of the right
kind, no study. What-if needs a study and is not measured here.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from playwright.sync_api import Error, sync_playwright
from record import QUICK_RUNS, RUNS, arguments, case, save
from shapely import box

from siting.maps import draw
from siting.maps.frame import _leaflet, leaflet_css

CHROMIUM = "/usr/bin/chromium"
PATIENCE_S = 30
CLOSE = """async () => { MAP.setView([55, 73.4], 10, {animate: false});
await new Promise(done => setTimeout(done, 1500)); }"""
PAN = """async () => { const times = []; let last = performance.now();
for (let i = 0; i < 60; i += 1) { MAP.panBy([i % 20 < 10 ? 12 : -12, 5], {animate: false});
  await new Promise(requestAnimationFrame); const now = performance.now();
  times.push(now - last); last = now; }
times.sort((a, b) => a - b); return times[Math.floor(0.95 * times.length)]; }"""


def generator():
    """Return the plan generator of the tests; by file, because this script is called maps too."""
    file = Path(__file__).parents[1] / "tests/maps/fake.py"
    spec = importlib.util.spec_from_file_location("fake", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules["fake"] = module
    spec.loader.exec_module(module)
    return module


def grown(plan, sites_count, plots_count):
    """The same plan with as many sites and plots, spread over the region by a seeded draw."""
    rng = np.random.default_rng(5)
    plots = spread(plan.plots, plots_count, rng, "P")
    sites = spread(plan.sites, sites_count, rng, "S")
    eligible = sites["is_eligible"].to_numpy()
    chosen = np.zeros(len(sites), bool)
    chosen[np.flatnonzero(eligible)[:8]] = True
    sites = sites.assign(
        is_chosen=chosen,
        rank=np.where(chosen, np.cumsum(chosen), np.nan),
        saving_mrub=rng.normal(300, 200, len(sites)).round(3),
        plot_ids="",
    )
    layers = replace(plan.layers, plots=plots)
    return replace(plan, sites=sites, plots=plots, layers=layers)


def spread(frame, count, rng, prefix):
    """`count` rows like those of `frame`, each a rectangle of its own somewhere in the region."""
    west, south, east, north = frame.total_bounds
    x, y = rng.uniform(west, east, count), rng.uniform(south, north, count)
    wide, high = rng.uniform(150, 700, (2, count))
    rows = frame.iloc[np.resize(np.arange(len(frame)), count)].drop(columns="geometry")
    index = pd.Index([f"{prefix}-{i:06d}" for i in range(count)], name=frame.index.name)
    shapes = [box(a, b, a + w, b + h) for a, b, w, h in zip(x, y, wide, high, strict=True)]
    return gpd.GeoDataFrame(rows.set_axis(index), geometry=shapes, crs=frame.crs)


def folium_page(frame, columns, file):
    """Write folium's GeoJson of `frame` with a tooltip, Leaflet inlined, and return the file."""
    map_ = folium.Map(location=(55, 73.4), tiles=None, zoom_start=7, prefer_canvas=True)
    told = pd.DataFrame(frame.drop(columns="geometry"))[columns]
    flat = gpd.GeoDataFrame(told, geometry=frame.geometry, crs=frame.crs).to_crs("EPSG:4326")
    folium.GeoJson(flat, tooltip=folium.GeoJsonTooltip(columns)).add_to(map_)
    map_.default_js, map_.default_css = [], []
    map_._id = "peer"  # folium offers no public way to a stable name

    started = f"<style>{leaflet_css()}</style><script>{_leaflet('leaflet.js').read_text()}</script>"
    file.write_text(map_.get_root().render().replace("</head>", started + "</head>", 1))
    return file


def opened(browser, file, ready, map_name):
    """Return seconds to ready, 95th percentile frames (far, close) in ms, MB; None: not loaded."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    try:
        started = time.perf_counter()
        page.goto(file.as_uri(), wait_until="load")
        page.wait_for_selector(ready)
        seconds = time.perf_counter() - started
        frame_ms = page.evaluate(PAN.replace("MAP", map_name))
        page.evaluate(CLOSE.replace("MAP", map_name))
        close_ms = page.evaluate(PAN.replace("MAP", map_name))
        session = context.new_cdp_session(page)
        session.send("HeapProfiler.collectGarbage")
        heap = session.send("Runtime.getHeapUsage")
        used = heap["usedSize"] + heap.get("backingStorageSize", 0)
    except Error:
        return None
    finally:
        context.close()
    return seconds, frame_ms, close_ms, used / 1e6


def measured(browser, name, plan, peer, runs):
    """Return one row: ours and folium's, taking turns."""
    with tempfile.TemporaryDirectory() as folder:
        times, ours, theirs = [], [], []
        for _ in range(runs):
            started = time.perf_counter()
            file = draw(plan, folder)
            times.append(time.perf_counter() - started)
            ours.append(opened(browser, file, "body.ready", "map_siting"))
            theirs.append(opened(browser, peer, ".leaflet-overlay-pane *", "map_peer"))
            if theirs[-1] is None:
                break
        left = range(runs - len(ours))
        ours += [opened(browser, file, "body.ready", "map_siting") for _ in left]
        median = [statistics.median(one[i] for one in ours) for i in range(4)]
        told = [one for one in theirs if one]
        peers = [statistics.median(one[i] for one in told) for i in range(4)] if told else None
        row = case(
            name,
            ours_s=median[0],
            peer="folium GeoJson",
            peer_s=peers and peers[0],
            ours_mb=file.stat().st_size / 1e6,
            peer_mb=peer.stat().st_size / 1e6,
        )
    return row | {
        "write_s": round(statistics.median(times), 3),
        "frame_p95_ms": round(median[1], 1),
        "close_frame_p95_ms": round(median[2], 1),
        "heap_mb": round(median[3], 1),
        "peer_frame_p95_ms": peers and round(peers[1], 1),
        "peer_close_frame_p95_ms": peers and round(peers[2], 1),
        "peer_heap_mb": peers and round(peers[3], 1),
        "peer_loaded": peers is not None,
        "patience_s": PATIENCE_S,
    }


def main() -> None:
    quick = arguments(__doc__).quick
    runs = QUICK_RUNS if quick else RUNS
    base, rows = generator().fake_plan(), []
    sizes = [("20,000 sites with cards", 20_000, 300), ("200,000 plots", 40, 200_000)]
    with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, sites_count, plots_count in sizes:
            plan = grown(base, sites_count, plots_count)
            many = plan.sites if sites_count > plots_count else plan.plots
            shown = ["name", "saving_mrub"] if many is plan.sites else ["category", "status"]
            peer = folium_page(many, shown, Path(folder) / "peer.html")
            rows.append(measured(browser, name, plan, peer, runs))
            # a case takes minutes: what is measured is kept even if the next is cut short
            save("maps", rows, runs=runs, packages=("folium", "playwright"))
        browser.close()


if __name__ == "__main__":
    main()
