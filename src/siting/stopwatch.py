"""Seconds and peak memory of every stage. The clock is read here and nowhere else."""

from __future__ import annotations

import resource
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from siting.progress import Progress


class Stopwatch:
    """Times named stages and passes their progress on."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[Callable[[float], None]]:
        """Time `stage`; the yielded function reports the share of it that is done."""
        self._progress(stage, 0.0)
        started = time.perf_counter()
        yield lambda done_share: self._progress(stage, done_share)
        self.seconds[stage] = time.perf_counter() - started
        self._progress(stage, 1.0)


def peak_memory_mb() -> float:
    """Return the peak resident memory of this process, MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes, Linux kibibytes
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
