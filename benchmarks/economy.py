# ruff: noqa: PLC0415  # each measured process loads only what it measures
"""The economy: recovery of a known economy, scale, relatedness and regional input-output tables.

Recovery and scale have no peer: nothing else infers named links. Relatedness stands beside
ecomplexity 0.5.3, used by its own functions without the reshaping around them, which is to its
advantage; where it fails the row says how. The Leontief inverse of Russia 2011 (WIOD) stands
beside that of pymrio.
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
SMALL = 1000
"""Products of the world in which the peer answers with little memory."""
WIOD = Path(__file__).parents[1].parent / "shared" / "data" / "io"
DELTAS = (0.15, 0.25, 0.35)
PEER_SECONDS = 200
"""Longer than the peer took at its worst: 151 s."""


def main() -> None:
    quick = arguments(__doc__).quick
    runs = QUICK_RUNS if quick else RUNS
    rows = [recovery(), *measured("scale", "5,000 enterprises x 1,000 products", runs)]
    rows += measured("relatedness", f"density of {REGIONS} regions x {PRODUCTS} products", runs)
    rows += against_peer(f"density of {REGIONS} regions x {SMALL} products", SMALL)
    if not quick:
        rows += against_peer(f"density of {REGIONS} regions x {PRODUCTS} products", PRODUCTS)
    rows += input_output()
    save("economy", rows, runs=runs, packages=("scikit-network", "ecomplexity", "pymrio"))


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
    return [row]


def against_peer(title: str, products: int) -> list[dict[str, object]]:
    """Return the case in one process for both, where the peer answers; else how it failed."""
    try:
        told = alone("peer", str(products), seconds=PEER_SECONDS)
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines()
        how = lines[-1] if lines else f"ended by signal {-error.returncode}"
    except subprocess.TimeoutExpired:
        how = f"no answer within {PEER_SECONDS} s"
    else:
        row = case(
            title,
            ours_s=told["ours_s"],
            peer="ecomplexity",
            peer_s=told["seconds"],
            peer_mb=told["peak_mb"],
        )
        # as it is: what is promised is far below what a row rounds to
        return [row | {name: told[name] for name in ("difference", "unanswered")}]
    return [case(title, peer="ecomplexity") | {"peer_failure": how}]


def input_output() -> list[dict[str, object]]:
    """Return how far regional tables of Russia 2011 miss their totals, and the inverse pymrio's."""
    if not WIOD.is_dir():
        return [case("Russia 2011 (WIOD)") | {"left_out": f"{WIOD} is absent"}]
    import pandas as pd
    import pymrio

    from siting.economy.input_output import leontief, regional_table

    home, abroad = (
        pd.read_csv(WIOD / f"rus_2011_{kind}_use_musd.csv", index_col=0)
        for kind in ("domestic", "imported")
    )
    totals = pd.read_csv(WIOD / "rus_2011_totals_musd.csv", index_col=0)
    output = totals["output_musd"].reindex(home.index).to_numpy(float)
    used = np.where(output > 0, output, 1.0)
    regional = output * np.resize([0.005, 0.01, 0.015], len(output))
    worst = 0.0
    for delta in DELTAS:
        found = regional_table(((home + abroad) / used).to_numpy(), regional, output, delta=delta)
        columns = found.local.sum(axis=0) + found.brought_in.sum(axis=0) + found.value_added
        rows = found.local.sum(axis=1) + found.final
        worst = max(worst, float(np.abs(np.stack([columns, rows]) - regional).max()))
    made = output > 0
    table = pymrio.calc_A(home.loc[made, made], pd.Series(output[made], home.index[made]))
    started = time.perf_counter()
    ours = leontief(table.to_numpy())
    seconds = time.perf_counter() - started
    started = time.perf_counter()
    theirs = pymrio.calc_L(table).to_numpy()
    peer_s = time.perf_counter() - started
    return [
        case("regional tables of Russia 2011, imbalance in mln USD") | {"difference": worst},
        case(
            "Leontief inverse of Russia 2011",
            ours_s=seconds,
            peer="pymrio",
            peer_s=peer_s,
        )
        | {"difference": float(np.abs(ours - theirs).max())},
    ]


def alone(*name: str, seconds: float | None = None) -> dict[str, float]:
    command = [sys.executable, __file__, "--alone", *name]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds)
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


def world(products: int = PRODUCTS) -> np.ndarray:
    """Return exports of a made-up world: log-normal, a third of the cells empty."""
    rng = np.random.default_rng(1)
    value = rng.lognormal(0, 2, (REGIONS, products))
    return np.where(rng.random(value.shape) < 1 / 3, 0.0, value)


def relatedness() -> dict[str, float]:
    from siting.economy.exports import density, revealed_advantage

    value = world()
    started = time.perf_counter()
    density(revealed_advantage(value) >= 1)
    return {"seconds": time.perf_counter() - started}


def peer(products: str) -> dict[str, float]:
    from ecomplexity.calc_density import calc_density
    from ecomplexity.calc_proximity import calc_discrete_proximity

    from siting.economy.exports import density, revealed_advantage

    value = world(int(products))
    started = time.perf_counter()
    advantage = value / value.sum(axis=1)[:, None] / (value.sum(axis=0) / value.sum())
    made = np.where(advantage >= 1, 1, 0)
    theirs = calc_density(made, calc_discrete_proximity(made, made.sum(axis=0)))
    seconds = time.perf_counter() - started
    started = time.perf_counter()
    ours = density(revealed_advantage(value) >= 1)
    ours_s = time.perf_counter() - started
    known = np.isfinite(theirs)
    return {
        "seconds": seconds,
        "ours_s": ours_s,
        "difference": float(np.abs(ours - theirs)[known].max()),
        "unanswered": int((~known).sum()),
    }


if __name__ == "__main__":
    if "--alone" in sys.argv:
        name, *rest = sys.argv[sys.argv.index("--alone") + 1 :]
        told = {"scale": scale, "relatedness": relatedness, "peer": peer}[name](*rest)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
        sys.stdout.write(json.dumps(told | {"peak_mb": peak_mb}) + "\n")
    else:
        main()
