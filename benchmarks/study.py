"""The whole study of Omsk oblast, each run in a process of its own: seconds, memory, gap.

There is no peer that does this work; the file records that the promise (60 s and 2 GB at 200 m,
180 s and 5 GB at 100 m on 2 cores) is kept, and where the time goes.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from record import QUICK_RUNS, RUNS, arguments, case, save

ROOT = Path(__file__).parents[1]
CELLS_M = (200, 100)


def run(cell_m: int) -> tuple[float, dict]:
    """Return the seconds of one run and its summary."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "omsk"
        command = [
            "plan",
            ROOT / "layers/omsk/region.toml",
            "--out",
            out,
            "--cell-m",
            cell_m,
            "--quiet",
        ]
        started = time.perf_counter()
        subprocess.run([Path(sys.executable).with_name("siting"), *map(str, command)], check=True)
        return time.perf_counter() - started, json.loads((out / "summary.json").read_text("utf-8"))


def main() -> None:
    quick = arguments(__doc__).quick
    runs = QUICK_RUNS if quick else RUNS
    rows = []
    for cell_m in CELLS_M[: 1 if quick else None]:
        seen = [run(cell_m) for _ in range(runs)]
        summaries = [summary for _, summary in seen]
        stages = summaries[0]["run"]["seconds"]
        row = case(
            f"siting plan, {cell_m} m cells",
            ours_s=statistics.median(seconds for seconds, _ in seen),
            ours_mb=max(summary["run"]["peak_memory_mb"] for summary in summaries),
            gap=summaries[0]["portfolio"]["gap_share"],
        )
        row["stages_s"] = {
            stage: statistics.median(summary["run"]["seconds"][stage] for summary in summaries)
            for stage in stages
        }
        rows.append(row)
    save("study", rows, runs=runs, packages=("geopandas", "highspy"))


if __name__ == "__main__":
    main()
