"""Least-cost routes and surfaces beside revrt, scikit-image and GRASS.

1. 1,000 sites, 50 sources, a surface of 1000 x 1000: costs and routes of all. `revrt.find_paths`
   searches once a site, on both cores; it takes two minutes, so it runs once (with --quick on 40 of
   the sites, its time then scaled by their number; `peer_sites` says how many it did).
2. The same with 6 labels and 16 neighbours: no peer does that. At most 3 s.
3. A full surface in a process of its own: seconds and peak memory,
   scikit-image beside it; a maze.
4. GRASS r.cost on a smaller surface: its lengths and seconds, reading and writing included in its.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import zarr
from record import QUICK_RUNS, RUNS, arguments, case, save
from revrt import find_paths
from surfaces_child import KINDS, terrain
from surfaces_child import ours as one_surface

from siting.network.moves import RING, moves_of
from siting.network.routes import corners
from siting.network.surface import Roots, make_ground, sweep

SIZE, SITES, SOURCES = 1000, 1000, 50
QUICK_SITES = 40
FULL, QUICK_FULL, GRASS_SIZE = 4000, 2000, 1000
CHILD = Path(__file__).with_name("surfaces_child.py")


def spots() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    return rng.integers(0, SIZE, (SITES, 2)), rng.integers(0, SIZE, (SOURCES, 2))


def ours(cost: np.ndarray, *, labels: int, neighbours: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the length from each site to its nearest source, and the corners of all routes."""
    sites, sources = spots()
    ground = make_ground(np.pad(cost, RING, constant_values=np.inf), moves_of(neighbours))
    cells = [(at + RING) @ (ground.cols, 1) for at in (sites, sources)]
    roots = Roots(
        cells=cells[1], sources=np.arange(SOURCES, dtype=np.int32), start=np.zeros(SOURCES)
    )
    found = sweep(ground, roots, labels=labels, bound=1e300, targets=np.unique(cells[0]))
    slots = cells[0][:, None] * labels + np.arange(labels)
    routes = [
        corners(ground, found, int(cell), int(tag) >> 6)
        for cell, row in zip(cells[0], found.tag[slots], strict=True)
        for tag in row
    ]
    return found.cost[slots[:, 0]], routes


def revrt(cost: np.ndarray, count: int) -> tuple[float, np.ndarray]:
    """Return the seconds of revrt for some sites and their lengths."""
    sites, sources = spots()
    with tempfile.TemporaryDirectory() as folder:
        group = zarr.open_group(folder, mode="w", zarr_format=3)
        layer = group.create_array(
            "cost", shape=cost.shape, chunks=cost.shape, dtype="float32", dimension_names=["y", "x"]
        )
        layer[:] = cost
        layers = json.dumps({"cost_layers": [{"layer_name": "cost"}]})
        starts = [tuple(map(int, at)) for at in sites[:count]]
        ends = [tuple(map(int, at)) for at in sources]
        started = time.perf_counter()
        told = find_paths(folder, layers, starts, ends)
        seconds = time.perf_counter() - started
    # its answers come in the order in which they were found
    by_start = {tuple(route[0]): length for route, length in told}
    return seconds, np.array([by_start.get(at, np.nan) for at in starts])


def routes(runs: int, count: int) -> list[dict[str, object]]:
    cost = terrain(SIZE)
    rows, seen = [], []
    for labels, neighbours in ((1, 8), (6, 16)):
        ours(cost[:, :], labels=labels, neighbours=neighbours)
        spent = []
        for _ in range(runs):
            started = time.perf_counter()
            lengths, drawn = ours(cost, labels=labels, neighbours=neighbours)
            spent.append(time.perf_counter() - started)
        seen.append((statistics.median(spent), lengths, len(drawn)))
    peer_s, theirs = revrt(cost, count)
    known = np.isfinite(theirs) & (seen[0][1][:count] > 0)
    apart = np.abs(theirs - seen[0][1][:count])[known] / theirs[known]
    row = case(
        f"{SITES} sites, {SOURCES} sources, {SIZE} x {SIZE}: costs and routes of all",
        ours_s=seen[0][0],
        peer="revrt.find_paths",
        peer_s=peer_s * SITES / count,
        difference=float(apart.max()),
    )
    rows.append(row | {"peer_sites": count, "peer_runs": 1, "compared": int(known.sum())})
    name = f"the same, 6 labels, 16 neighbours: {seen[1][2]} routes"
    rows.append(case(name, ours_s=seen[1][0]) | {"limit_s": 3.0})
    return rows


def child(name: str, *arguments: object) -> tuple[float, float]:
    """Return the seconds and the peak memory, MB, of one surface in a process of its own."""
    command = [sys.executable, str(CHILD), name, *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, peak_mb = map(float, done.stdout.split())
    return seconds, peak_mb


def surface(kind: str, size: int, runs: int) -> dict[str, object]:
    """Return one full surface beside scikit-image; memory is the peak of the whole process."""
    told: dict[str, list[tuple[float, float]]] = {"ours": [], "skimage": []}
    start = (0, 0) if kind == "maze" else (size // 2, size // 2)
    with tempfile.TemporaryDirectory() as folder:
        files = {name: f"{folder}/{name}.npy" for name in told}
        map_file = f"{folder}/map.npy"
        np.save(map_file, KINDS[kind](size))
        for turn in range(runs):
            for name, each in told.items():
                each.append(child(name, map_file, *start, files[name] if turn == 0 else "-"))
        lengths = [np.load(file) for file in files.values()]
    free = np.isfinite(lengths[1])
    apart = np.abs(lengths[0][free] - lengths[1][free])
    medians = {
        name: [statistics.median(run[i] for run in each) for i in (0, 1)]
        for name, each in told.items()
    }
    row = case(
        f"full surface, {kind}, {size} x {size}",
        ours_s=medians["ours"][0],
        peer="skimage MCP_Geometric",
        peer_s=medians["skimage"][0],
        ours_mb=medians["ours"][1],
        peer_mb=medians["skimage"][1],
    )
    return row | {
        # lengths reach thousands of cells: told as they are, and as a share
        "difference": float(apart.max()),
        "difference_share": float((apart / np.maximum(lengths[1][free], 1)).max()),
        "memory_share": round(medians["ours"][1] / medians["skimage"][1], 3),
        "same_reach": bool((free == np.isfinite(lengths[0])).all()),
    }


GRASS_SCRIPT = """
set -e
g.region n={n} s=0 e={n} w=0 res=1
r.in.bin -f input={folder}/cost.bin output=cost bytes=4 rows={n} cols={n} \\
    north={n} south=0 east={n} west=0 --q
start=$(date +%s.%N)
r.cost input=cost output=found start_coordinates={x},{y} memory=2000 --q
echo "seconds $(echo "$(date +%s.%N) - $start" | bc)"
r.out.bin -f input=found output={folder}/found.bin bytes=8 --q
"""


def grass(size: int) -> list[dict[str, object]]:
    """Return GRASS beside us on one surface; none where it is not installed."""
    program = shutil.which("grass")
    if program is None:
        return []
    cost, middle = terrain(size), size // 2
    with tempfile.TemporaryDirectory() as folder:
        cost.tofile(f"{folder}/cost.bin")
        script = Path(folder) / "run.sh"
        told = {"n": size, "folder": folder, "x": middle + 0.5, "y": size - middle - 0.5}
        script.write_text(GRASS_SCRIPT.format(**told), encoding="utf-8")
        done = subprocess.run(
            [program, "--tmp-location", "XY", "--exec", "bash", str(script)],
            check=True,
            capture_output=True,
            text=True,
        )
        peer_s = float(next(s for s in done.stdout.splitlines() if "seconds" in s).split()[1])
        theirs = np.fromfile(f"{folder}/found.bin").reshape(size, size)
    started = time.perf_counter()
    lengths = one_surface(lambda: cost, (middle, middle))
    ours_s = time.perf_counter() - started
    apart = np.abs(lengths - theirs) / np.maximum(theirs, 1)
    name = f"full surface, terrain, {size} x {size}"
    return [
        case(name, ours_s=ours_s, peer="GRASS r.cost", peer_s=peer_s, difference=float(apart.max()))
        | {"peer_runs": 1}
    ]


def main() -> None:
    quick = arguments(__doc__).quick
    runs = QUICK_RUNS if quick else RUNS
    size = QUICK_FULL if quick else FULL
    rows = routes(runs, QUICK_SITES if quick else SITES)
    rows += [surface(kind, size, runs) for kind in ("terrain", "rough", "maze")]
    rows += grass(GRASS_SIZE)
    packages = ("nrel-revrt", "scikit-image")
    save("routing", rows, runs=runs, packages=packages)


if __name__ == "__main__":
    main()
