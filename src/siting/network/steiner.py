"""The cheapest tree that brings the load of several parks to one source.

Dreyfus and Wagner's recursion over the sets of parks (Networks 1, 1971), with one change: a pipe
or line that carries more is dearer, so the price of a kilometre depends on the set whose load
runs through it. Over the given nodes the tree is exact where prices of joint loads do not exceed
the sum of those of their parts, as those of whole circuits do not; the tests hold it to trying
every tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ROOT: Final = -1
"""The source as the end of a branch."""


@dataclass(frozen=True, kw_only=True)
class Web:
    """Nodes between which branches may run: the parks first, then places for forks."""

    km: Floats
    """Friction-weighted length between nodes, km, shape (v, v)."""
    crossings_mrub: Floats
    """Money for crossings between nodes, shape (v, v)."""
    root_km: Floats
    """The same to the source, shape (v,)."""
    root_crossings_mrub: Floats


@dataclass(frozen=True, kw_only=True)
class LoadPrices:
    """What branches cost, by the set of parks whose load they carry (bit p for park p)."""

    per_km: Floats
    """Mln roubles per km, shape (2 ** n,); entry 0 is not used."""
    own_fixed: Floats
    """Of each option, what a park pays to be connected by it, shape (n, t)."""
    own_per_km: Floats
    """Of each option, mln roubles per km for the load of one park, shape (n, t)."""


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A piece of a tree, from a node towards the source."""

    start: int
    end: int
    """Node, or ROOT."""
    parks: int
    """The set of parks whose load it carries."""


@dataclass(frozen=True, kw_only=True)
class Trees:
    """The cheapest tree of every set of parks."""

    cost_mrub: Floats
    """Shape (2 ** n,), without reinforcement; 0 for no parks, inf where there is no way."""
    _carried: Floats
    _merged: Floats
    _web: Web
    _prices: LoadPrices

    def branches(self, parks: int) -> list[Branch]:
        """Return the branches of the tree of a set; each park has one of its own."""
        if not np.isfinite(self.cost_mrub[parks]):
            return []
        if parks.bit_count() == 1:
            return [Branch(start=parks.bit_length() - 1, end=ROOT, parks=parks)]
        fork = int(np.argmin(self._merged[parks] + _to_root(self._web, self._prices, parks)))
        found = [Branch(start=fork, end=ROOT, parks=parks)]
        todo = [(part, fork) for part in self._parts(parks, fork)]
        while todo:
            part, end = todo.pop()
            if part.bit_count() == 1:
                start = part.bit_length() - 1
            else:
                steps = self._merged[part] + _between(self._web, self._prices, part)[:, end]
                start = int(np.argmin(steps))
                todo += [(smaller, start) for smaller in self._parts(part, start)]
            # a park at a fork has no way to go, and still pays its fixed part
            if start != end or part.bit_count() == 1:
                found.append(Branch(start=start, end=end, parks=part))
        return found

    def _parts(self, parks: int, fork: int) -> tuple[int, int]:
        """Return the two sets that meet at a fork."""
        return min(
            splits(parks),
            key=lambda pair: self._carried[pair[0], fork] + self._carried[pair[1], fork],
        )


def splits(parks: int) -> list[tuple[int, int]]:
    """Return every way to part a set in two, the part with its lowest park first."""
    lowest = parks & -parks
    rest = parks ^ lowest
    found, part = [], rest
    while part:
        part = (part - 1) & rest
        found.append((part | lowest, rest ^ part))
    return found


def grow_trees(web: Web, prices: LoadPrices) -> Trees:
    """Return the cheapest tree of every set of the n parks of `prices` over the nodes of `web`.

    The whole load of a set leaves its last fork together: a set whose parks reach the source
    apart is two trees, which the caller may have by themselves.
    """
    n, nodes = len(prices.own_fixed), len(web.root_km)
    shape = (1 << n, nodes)
    carried, merged = np.full(shape, np.inf), np.full(shape, np.inf)
    total = np.full(1 << n, np.inf)
    total[0] = 0.0
    for parks in range(1, 1 << n):
        if parks.bit_count() == 1:
            park = parks.bit_length() - 1
            carried[parks] = _own(prices, park, web.km[park]) + web.crossings_mrub[park]
            total[parks] = (
                _own(prices, park, web.root_km[[park]])[0] + web.root_crossings_mrub[park]
            )
            continue
        for part, rest in splits(parks):
            np.minimum(merged[parks], carried[part] + carried[rest], out=merged[parks])
        carried[parks] = (merged[parks][:, None] + _between(web, prices, parks)).min(axis=0)
        total[parks] = (merged[parks] + _to_root(web, prices, parks)).min()
    return Trees(cost_mrub=total, _carried=carried, _merged=merged, _web=web, _prices=prices)


def shapley(cost: Floats) -> Floats:
    """Return the share of each of n players in cost[all], by Shapley; cost by set, (2 ** n,)."""
    n = len(cost).bit_length() - 1
    weight = [1.0 / n]
    for size in range(1, n):
        weight.append(weight[-1] * size / (n - size))
    shares = np.zeros(n)
    for others in range(1 << n):
        for player in range(n):
            if not others >> player & 1:
                added = cost[others | 1 << player] - cost[others]
                shares[player] += weight[others.bit_count()] * added
    return shares


def _own(prices: LoadPrices, park: int, km: Floats) -> Floats:
    """Return what one park pays by its cheapest option over each length."""
    lines = [_line(float(per_km), km) for per_km in prices.own_per_km[park]]
    cheapest: Floats = (prices.own_fixed[park][:, None] + np.array(lines)).min(axis=0)
    return cheapest


def _between(web: Web, prices: LoadPrices, parks: int) -> Floats:
    return _line(float(prices.per_km[parks]), web.km) + web.crossings_mrub


def _to_root(web: Web, prices: LoadPrices, parks: int) -> Floats:
    return _line(float(prices.per_km[parks]), web.root_km) + web.root_crossings_mrub


def _line(per_km: float, km: Floats) -> Floats:
    # what cannot be reached stays so, even by a line that costs nothing
    line: Floats = np.where(np.isfinite(km), per_km * np.where(np.isfinite(km), km, 0.0), np.inf)
    return line
