"""One full surface in a process of its own: prints seconds and peak memory, keeps the lengths.

Called by routing.py: `python surfaces_child.py ours|skimage MAP.npy ROW COL FILE`, FILE being `-`
where the lengths are not wanted. The map is made elsewhere: its making is no part of the peak.
"""

# ruff: noqa: PLC0415  # a process that measures its memory loads one peer only

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

ROUGH_SEED, MAZE_SEED = 1, 2
KEPT_ROWS = 1000
_BLOB = 20
_COVERS = ((0.75, 8.0), (0.6, 2.5), (0.5, 1.5))


def terrain(size: int) -> np.ndarray:
    """Return blobs of covers on open ground, as a region has them."""
    from scipy.ndimage import zoom

    coarse = np.random.default_rng(0).random((size // _BLOB + 2,) * 2).astype(np.float32)
    height = zoom(coarse, _BLOB, order=1)[:size, :size]
    cost = np.ones((size, size), np.float32)
    for above, price in reversed(_COVERS):
        cost[height > above] = price
    return cost


def rough(size: int) -> np.ndarray:
    """Return another price in every cell, 1 to 10."""
    return np.random.default_rng(ROUGH_SEED).uniform(1, 10, (size, size)).astype(np.float32)


def maze(size: int) -> np.ndarray:
    """Return a maze of passages one cell wide: from every room one goes north or west."""
    walls = np.full((size, size), np.inf, np.float32)
    walls[::2, ::2] = 1
    north = np.random.default_rng(MAZE_SEED).random(((size + 1) // 2,) * 2) < 0.5
    north[0], north[:, 0] = False, True
    rooms = np.argwhere(np.ones_like(north))[1:]
    up = north[tuple(rooms.T)]
    to = 2 * rooms - np.where(up[:, None], (1, 0), (0, 1))
    walls[tuple(to.T)] = 1
    return walls


KINDS = {"terrain": terrain, "rough": rough, "maze": maze}


def ours(load: Callable[[], np.ndarray], start: tuple[int, int]) -> np.ndarray:
    from siting.network.moves import RING, moves_of
    from siting.network.surface import Roots, make_ground, sweep

    ground = make_ground(np.pad(load(), RING, constant_values=np.inf), moves_of(8))
    cell = (start[0] + RING) * ground.cols + start[1] + RING
    roots = Roots(
        cells=np.array([cell]), sources=np.zeros(1, np.int32), start=np.zeros(1)
    )  # fmt: skip
    # the ring is never reached: nothing stops the sweep early
    found = sweep(ground, roots, labels=1, bound=1e300, targets=np.array([0]))
    return found.cost.reshape(-1, ground.cols)[RING:-RING, RING:-RING]


def skimage(load: Callable[[], np.ndarray], start: tuple[int, int]) -> np.ndarray:
    from skimage.graph import MCP_Geometric

    # without double prices its lengths would be single, too
    prices = load().astype(np.float64)
    prices[np.isinf(prices)] = -1
    return MCP_Geometric(prices, fully_connected=True).find_costs([start])[0]


def peak_mb() -> float:
    """Return the peak of this process; that of getrusage would be its parent's where larger."""
    status = Path("/proc/self/status").read_text("ascii")
    return float(next(s for s in status.splitlines() if s.startswith("VmHWM")).split()[1]) / 1000


def main() -> None:
    name, map_file, row, col, file = sys.argv[1:]
    run = {"ours": ours, "skimage": skimage}[name]
    # compiled code is loaded first
    run(lambda: np.ones((9, 9), np.float32), (4, 4))
    started = time.perf_counter()
    # each loads the map itself and need not keep it
    found = run(lambda: np.load(map_file), (int(row), int(col)))
    seconds = time.perf_counter() - started
    print(f"{seconds} {peak_mb()}")
    if file != "-":
        np.save(file, found[:: max(1, len(found) // KEPT_ROWS)])


if __name__ == "__main__":
    main()
