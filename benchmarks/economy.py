# ruff: noqa: PLC0415  # each measured process loads only what it measures
"""The economy: recovery of a known economy, scale, and relatedness beside ecomplexity 0.5.3.

Recovery and scale have no peer: nothing else infers named links. The peer is used by its own
functions, without the reshaping around them, which is to its advantage.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from record import QUICK_RUNS, RUNS, arguments, case, save

# the generator lives in tests/economy, a name this file would hide
sys.path = [str(Path(__file__).parents[1] / "tests"), *sys.path[1:]]

RECALL = 0.6
SEEDS = range(1, 7)
REGIONS, PRODUCTS = 200, 5000


def main() -> None:
    quick = arguments(__doc__).quick
    runs = QUICK_RUNS if quick else RUNS
    rows = [recovery(), *measured("scale", "5,000 enterprises x 1,000 products", runs)]
    rows += measured("relatedness", f"density of {REGIONS} regions x {PRODUCTS} products", runs)
    save("economy", rows, runs=runs, packages=("scikit-network", "ecomplexity"))


def recovery() -> dict[str, object]:
    from economy.five_firms import sites
    from economy.generated import adjusted_rand, found_labels, generate, precision_at_recall
    from siting.economy import trade
    from siting.region import EconomyParams

    precision, rand, seconds = [], [], []
    for seed in SEEDS:
        economy = generate(seed)
        started = time.perf_counter()
        found = trade(sites(), layers=economy.layers, params=EconomyParams())
        seconds.append(time.perf_counter() - started)
        precision.append(precision_at_recall(found.links, economy.links, RECALL))
        rand.append(
            adjusted_rand(economy.cluster, found_labels(found.clusters, economy.cluster.index))
        )
    row = case(f"recovery of {len(SEEDS)} generated economies", ours_s=statistics.median(seconds))
    return row | {
        "precision_at_recall_0.6": [round(value, 3) for value in precision],
        "adjusted_rand": [round(value, 3) for value in rand],
    }


def measured(name: str, title: str, runs: int) -> list[dict[str, object]]:
    """Return the case run in processes of its own, so that its peak memory is its own."""
    told = [alone(name) for _ in range(runs)]
    row = case(
        title,
        ours_s=statistics.median(run["seconds"] for run in told),
        ours_mb=max(run["peak_mb"] for run in told),
    )
    if name == "relatedness":
        try:
            peer = alone("peer")
        except subprocess.CalledProcessError:
            return [row]
        row |= {"peer": "ecomplexity", "peer_s": peer["seconds"], "peer_mb": peer["peak_mb"]}
        row |= {"ratio": peer["seconds"] / row["ours_s"], "difference": peer["difference"]}
    return [row]


def alone(name: str) -> dict[str, float]:
    told = subprocess.run(
        [sys.executable, __file__, "--alone", name], check=True, capture_output=True, text=True
    )
    return json.loads(told.stdout.splitlines()[-1])


def scale() -> dict[str, float]:
    from economy.five_firms import sites
    from economy.generated import Recipe, generate
    from siting.economy import trade
    from siting.region import EconomyParams

    economy = generate(1, Recipe(clusters=250, firms=20, chains=200, steps=5))
    started = time.perf_counter()
    trade(sites(), layers=economy.layers, params=EconomyParams())
    return {"seconds": time.perf_counter() - started}


def world() -> np.ndarray:
    """Return exports of a made-up world: log-normal, a third of the cells empty."""
    rng = np.random.default_rng(1)
    value = rng.lognormal(0, 2, (REGIONS, PRODUCTS))
    return np.where(rng.random(value.shape) < 1 / 3, 0.0, value)


def relatedness() -> dict[str, float]:
    from siting.economy.exports import density, revealed_advantage

    value = world()
    started = time.perf_counter()
    density(revealed_advantage(value) >= 1)
    return {"seconds": time.perf_counter() - started}


def peer() -> dict[str, float]:
    from ecomplexity.calc_density import calc_density
    from ecomplexity.calc_proximity import calc_discrete_proximity

    from siting.economy.exports import density, revealed_advantage

    value = world()
    started = time.perf_counter()
    advantage = value / value.sum(axis=1)[:, None] / (value.sum(axis=0) / value.sum())
    made = np.where(advantage >= 1, 1, 0)
    theirs = calc_density(made, calc_discrete_proximity(made, made.sum(axis=0)))
    seconds = time.perf_counter() - started
    ours = density(revealed_advantage(value) >= 1)
    return {"seconds": seconds, "difference": float(np.nanmax(np.abs(ours - theirs)))}


if __name__ == "__main__":
    if "--alone" in sys.argv:
        told = {"scale": scale, "relatedness": relatedness, "peer": peer}[sys.argv[-1]]()
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
        sys.stdout.write(json.dumps(told | {"peak_mb": peak_mb}) + "\n")
    else:
        main()
