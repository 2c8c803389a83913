"""Seconds and peak memory of every stage. The clock is read here and nowhere else."""

from __future__ import annotations

import resource
import sys
import time
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from siting.progress import Progress

P = ParamSpec("P")
T = TypeVar("T")


class Stopwatch:
    """Runs stages one by one, times them, and passes their progress on under their names."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._stage = ""
        self.seconds: dict[str, float] = {}

    def __call__(self, stage: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `stage(*args, **kwargs)`; its seconds are kept under its name."""
        self._stage = stage.__name__
        self.tick(0.0)
        started = time.perf_counter()
        result = stage(*args, **kwargs)
        self.seconds[self._stage] = time.perf_counter() - started
        self.tick(1.0)
        return result

    def tick(self, done_share: float) -> None:
        """Report the share of the running stage that is done."""
        self._progress(self._stage, done_share)


def peak_memory_mb() -> float:
    """Return the peak resident memory of this process, MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes, Linux kibibytes
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
