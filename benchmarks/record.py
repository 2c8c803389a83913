"""What every benchmark shares: interleaved runs, medians, and the file of results."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

RESULTS = Path(__file__).parent / "results"
RUNS, QUICK_RUNS = 5, 3
KEYS = ("case", "ours_s", "peer", "peer_s", "ratio", "ours_mb", "peer_mb", "difference", "gap")


def arguments(description: str) -> argparse.Namespace:
    """Return the command line: --quick runs three times instead of five."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="three runs, smaller cases")
    return parser.parse_args()


def interleave(calls: Mapping[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Return the median seconds of each call; they take turns, so a busy spell hits all."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(runs):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(spent) for name, spent in seconds.items()}


def case(name: str, **told: object) -> dict[str, object]:
    """Return one row of results; what does not apply is None."""
    row: dict[str, object] = dict.fromkeys(KEYS) | {"case": name} | told
    if row["ours_s"] and row["peer_s"]:
        row["ratio"] = row["peer_s"] / row["ours_s"]  # type: ignore[operator]
    return {
        key: round(value, 6) if isinstance(value, float) else value for key, value in row.items()
    }


def save(
    name: str, cases: list[dict[str, object]], *, runs: int, packages: tuple[str, ...] = ()
) -> None:
    """Write benchmarks/results/NAME.json and say it."""
    told = {
        "benchmark": name,
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {
            "system": f"{platform.system()} {platform.machine()}",
            "cores": os.cpu_count(),
            "python": platform.python_version(),
        },
        "versions": {
            package: _version(package) for package in ("siting", "numpy", "numba", *packages)
        },
        "runs": runs,
        "cases": cases,
    }
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{name}.json"
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{file}\n")
    for row in cases:
        sys.stdout.write(
            "  " + ", ".join(f"{k} {v}" for k, v in row.items() if v is not None) + "\n"
        )


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
