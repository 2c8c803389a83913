"""One network of a few parks: which of them should share a trunk, to which source, and who pays.

A branch is laid in the option cheapest for the load it carries, among options that tap the same
kinds of sources over the same ground: pipes of several widths make one tree, 10 and 110 kV do not.
Each park pays the fixed part of the option that ends at it. A tree that an option does not reach
along is dropped. Ignored: that parks peak at different hours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from siting.network.costs import ONE_PER_PARK
from siting.network.options import fits, is_standalone
from siting.network.steiner import ROOT, LoadPrices, grow_trees, shapley
from siting.network.webs import lay_nodes, reach_sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pandas import DataFrame, Index, Series
    from shapely import MultiLineString

    from siting.network.screen import Scene
    from siting.network.steiner import Branch, Floats
    from siting.network.webs import Nodes, Reached

_SLACK: Final = 1e-9
"""Relative slack of ceilings and limits, as in `siting.pricing`."""

TRENCH_FAMILY: Final = "underground"
"""Family of friction whose lines lie in a trench."""


@dataclass(frozen=True, kw_only=True)
class Sharers:
    """Some parks, places for forks, and the ground under them."""

    scene: Scene
    xy: Floats
    forks: Floats
    _laid: dict[str, Nodes | None] = field(default_factory=dict)

    def nodes(self, family: str) -> Nodes | None:
        """Return parks and forks on the ground of a family; None where a park has no free cell."""
        if family not in self._laid:
            nodes, stand = lay_nodes(self.scene, family, np.vstack((self.xy, self.forks)))
            every = (stand[: len(self.xy)] == np.arange(len(self.xy))).all()
            self._laid[family] = nodes if every and len(stand) >= len(self.xy) else None
        return self._laid[family]


@dataclass(frozen=True, kw_only=True)
class Trunk:
    """A tree of one network that several parks share."""

    utility: str
    park_ids: tuple[str, ...]
    options: tuple[str, ...]
    source_id: str
    length_km: float
    line_mrub: float
    """Branches and fixed parts."""
    crossings_mrub: float
    reinforcement_mrub: float
    separate_mrub: float
    split_mrub: tuple[float, ...]
    """What each park pays, by Shapley."""
    line: MultiLineString | None
    shared_lines: tuple[tuple[tuple[tuple[float, ...], ...], float], ...]
    """Branches under the ground with the load of several parks: both ends and money."""

    @property
    def cost_mrub(self) -> float:
        """Return the whole cost, mln roubles."""
        return self.line_mrub + self.crossings_mrub + self.reinforcement_mrub


@dataclass(frozen=True, kw_only=True)
class _Laying:
    """A tree of a set of parks and everything that was decided about it."""

    reached: Reached
    source: int
    branches: tuple[Branch, ...]
    options: tuple[str, ...]
    """Option of each branch."""
    lines_mrub: tuple[float, ...]
    """Of each branch, fixed part included."""
    lengths_km: tuple[float, ...]
    crossings_mrub: float
    reinforcement_mrub: float

    @property
    def cost_mrub(self) -> float:
        return sum(self.lines_mrub) + self.crossings_mrub + self.reinforcement_mrub


@dataclass(frozen=True, kw_only=True)
class _Case:
    utility: str
    options: DataFrame
    loads: Floats
    """Load of every set of parks, shape (2 ** n,)."""
    spare: Series
    extra_mrub: float

    @cached_property
    def reach(self) -> dict[str, tuple[str, float]]:
        """Return rule and value of the reach of each option."""
        told = zip(self.options["reach_rule"], self.options["reach_value"], strict=True)
        return dict(zip(self.options.index, ((str(r), float(v)) for r, v in told), strict=True))


def best_trunks(sharers: Sharers, own: DataFrame, options: DataFrame) -> list[Trunk]:
    """Return the trunks of one network that together save most; none where none saves.

    Parameters
    ----------
    sharers
        The n parks, in the order of `own`.
    own
        Rows of CONNECTIONS of the parks for one utility, index site_id.
    options
        Rows of CONNECTION_OPTIONS of the utility.
    """
    utility = str(own["utility"].dropna().iloc[0])
    params, sources = sharers.scene.params, sharers.scene.sources
    case = _Case(
        utility=utility,
        options=options[~is_standalone(options)].set_index("option").sort_index(),
        loads=_loads(own["demand"].to_numpy(float), largest=utility in ONE_PER_PARK),
        spare=sources["spare"],
        extra_mrub=params.reinforcement_mrub.get(utility, 0.0),
    )
    apart = _apart(case, own)
    laid: dict[int, _Laying] = {}
    ids = pd.Index(sorted(own["source_id"].dropna().unique()), dtype="str")
    for tree in _layings(sharers, case, ids):
        parks = max(branch.parks for branch in tree.branches)
        if parks not in laid or tree.cost_mrub < laid[parks].cost_mrub:
            laid[parks] = tree
    together = apart.copy()
    for parks, tree in laid.items():
        together[parks] = min(apart[parks], tree.cost_mrub)
    return [
        _trunk(case, own, parks, laid[parks], (apart, together))
        for parks in _parting(apart - together)
    ]


def _loads(demand: Floats, *, largest: bool) -> Floats:
    """Return the load of every set: the sum, or the largest where one line serves any number."""
    loads = np.zeros(1 << len(demand))
    for parks in range(1, len(loads)):
        lowest = (parks & -parks).bit_length() - 1
        before = loads[parks & (parks - 1)]
        loads[parks] = max(before, demand[lowest]) if largest else before + demand[lowest]
    return loads


def _apart(case: _Case, own: DataFrame) -> Floats:
    """Return what every set pays for its own connections, a shared source reinforced once."""
    n = len(own)
    alone = (own["cost_mrub"] - own["reinforcement_mrub"]).to_numpy(float)
    cost = np.zeros(1 << n)
    for parks in range(1, 1 << n):
        among = np.flatnonzero([parks >> p & 1 for p in range(n)])
        some = own.iloc[among]
        taken = some.groupby("source_id")["demand"].sum()
        beyond = (taken - case.spare.reindex(taken.index)).clip(lower=0.0)
        cost[parks] = alone[among].sum() + case.extra_mrub * float(beyond.sum())
    return cost


def _layings(sharers: Sharers, case: _Case, ids: Index) -> Iterator[_Laying]:
    """Yield the trees of every set of two parks and more that can be built."""
    keys = ["friction", "source_kinds", "source_class_max"]
    sources = sharers.scene.sources.loc[ids]
    for (family, _, _), group in case.options.groupby(keys, dropna=False, sort=True):
        fit = np.array([fits(sources, case.utility, row) for _, row in group.iterrows()])
        nodes = sharers.nodes(str(family)) if fit.any() else None
        if nodes is None:
            continue
        reached = reach_sources(nodes, case.utility, ids)
        for source in np.flatnonzero(fit.any(axis=0)).tolist():
            for table in _tiers(group[fit[:, source]]):
                yield from _trees(reached, source, case, table, len(sharers.xy))


def _tiers(options: DataFrame) -> Iterator[DataFrame]:
    """Yield the options that reach at least as far as each of them: far trees need all of those."""
    reach = options["reach_value"].astype(float).where(options["reach_rule"] != "none", np.inf)
    for least in sorted(reach.unique()):
        yield options[reach >= least]


def _trees(
    reached: Reached, source: int, case: _Case, options: DataFrame, parks_count: int
) -> Iterator[_Laying]:
    web, length, to_length = reached.web(source)
    capacity, per_km = (options[name].to_numpy(float) for name in ("capacity", "per_km_mrub"))
    circuits = np.ceil(case.loads[:, None] / capacity * (1.0 - _SLACK))
    each = case.loads[[1 << park for park in range(parks_count)]]
    own_circuits = circuits[[1 << park for park in range(parks_count)]]
    fixed = own_circuits * options["fixed_mrub"].to_numpy(float)
    prices = LoadPrices(
        per_km=(circuits * per_km).min(axis=1),
        own_fixed=fixed + each[:, None] * options["per_unit_mrub"].to_numpy(float),
        own_per_km=own_circuits * per_km,
    )
    trees = grow_trees(web, prices)
    spare = case.spare.reindex(reached.source_ids).to_numpy(float)[source]
    for parks in range(1, 1 << parks_count):
        branches = tuple(trees.branches(parks)) if parks.bit_count() > 1 else ()
        if not branches:
            continue
        km = [_over(branch, web.km, web.root_km) for branch in branches]
        lengths = tuple(_over(branch, length, to_length) for branch in branches)
        told = [_option(prices, circuits * per_km, b, d) for b, d in zip(branches, km, strict=True)]
        tree = _Laying(
            reached=reached,
            source=source,
            branches=branches,
            options=tuple(str(options.index[t]) for t, _ in told),
            lines_mrub=tuple(money for _, money in told),
            lengths_km=lengths,
            crossings_mrub=sum(
                _over(b, web.crossings_mrub, web.root_crossings_mrub) for b in branches
            ),
            reinforcement_mrub=case.extra_mrub * max(0.0, float(case.loads[parks]) - spare),
        )
        if _is_shared(tree) and _reaches(tree, case, parks):
            yield tree


def _over(branch: Branch, between: Floats, to_root: Floats) -> float:
    """Return what an array says of a branch."""
    if branch.end == ROOT:
        return float(to_root[branch.start])
    return float(between[branch.start, branch.end])


def _option(prices: LoadPrices, lines: Floats, branch: Branch, km: float) -> tuple[int, float]:
    """Return the cheapest option of a branch and its money."""
    told = lines[branch.parks] * km
    if branch.parks.bit_count() == 1:
        park = branch.parks.bit_length() - 1
        told = prices.own_fixed[park] + prices.own_per_km[park] * km
    best = int(np.argmin(told))
    return best, float(told[best])


def _is_shared(tree: _Laying) -> bool:
    """Return whether several parks share any length at all."""
    return any(
        branch.parks.bit_count() > 1 and km > 0
        for branch, km in zip(tree.branches, tree.lengths_km, strict=True)
    )


def _reaches(tree: _Laying, case: _Case, parks: int) -> bool:
    """Return whether every option on the way of every park reaches as far as the whole way.

    The moment of a way in MW x km is the sum over its branches, each with the load it carries.
    """
    for park in range(parks.bit_length()):
        if not parks >> park & 1:
            continue
        way = [at for at, branch in enumerate(tree.branches) if branch.parks >> park & 1]
        km = sum(tree.lengths_km[at] for at in way)
        moment = sum(tree.lengths_km[at] * float(case.loads[tree.branches[at].parks]) for at in way)
        for at in way:
            rule, reach = case.reach[tree.options[at]]
            load = {"none": 0.0, "km": km, "mw_km": moment}[rule]
            if load > reach * (1.0 + _SLACK):
                return False
    return True


def _parting(saving: Floats) -> list[int]:
    """Return the disjoint sets of parks that together save most, lone parks left out."""
    best = np.zeros(len(saving))
    taken = np.zeros(len(saving), int)
    for parks in range(1, len(saving)):
        lowest = parks & -parks
        rest = parks ^ lowest
        best[parks], part = best[rest], rest
        while True:
            block = part | lowest
            told = saving[block] + best[parks ^ block]
            # below a rouble nothing is saved
            if told > best[parks] + 1e-6:
                best[parks], taken[parks] = told, block
            if not part:
                break
            part = (part - 1) & rest
    found, parks = [], len(saving) - 1
    while parks:
        block = int(taken[parks])
        if block:
            found.append(block)
        parks ^= block or parks & -parks
    return found


def _trunk(
    case: _Case, own: DataFrame, parks: int, tree: _Laying, told: tuple[Floats, Floats]
) -> Trunk:
    apart, together = told
    among = [p for p in range(len(own)) if parks >> p & 1]
    sets = [sum(1 << p for i, p in enumerate(among) if s >> i & 1) for s in range(1 << len(among))]
    nodes = tree.reached.nodes
    drawn = [line for b in tree.branches if (line := tree.reached.draw(b, tree.source)) is not None]
    shared = [
        (tuple(sorted(tuple(nodes.xy[end].tolist()) for end in (b.start, b.end))), money)
        for b, money in zip(tree.branches, tree.lines_mrub, strict=True)
        if b.parks.bit_count() > 1 and b.end != ROOT and nodes.family == TRENCH_FAMILY
    ]
    return Trunk(
        utility=case.utility,
        park_ids=tuple(map(str, own.index[among])),
        options=tuple(sorted(set(tree.options))),
        source_id=str(tree.reached.source_ids[tree.source]),
        length_km=sum(tree.lengths_km),
        line_mrub=sum(tree.lines_mrub),
        crossings_mrub=tree.crossings_mrub,
        reinforcement_mrub=tree.reinforcement_mrub,
        separate_mrub=float(apart[parks]),
        split_mrub=tuple(shapley(together[sets]).tolist()),
        line=shapely.MultiLineString(drawn) if drawn else None,
        shared_lines=tuple(shared),
    )
