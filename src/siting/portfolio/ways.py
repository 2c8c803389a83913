"""Every way to connect a set of places, laid flat: what the kernels of this room price.

Decides nothing. `Offers` holds rectangular arrays by utility with names of their own; here all
utilities stand in one list of ways, option and source are positions in two common lists, and
prices, spare capacities and demands may differ from the central ones, as in a draw.

The formula is that of `siting.pricing`; the tests hold the two together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd
from numba import njit

from siting.pricing import REACH_CODE
from siting.units import UTILITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandas import DataFrame, Index

    from siting.pricing import Offers, OffersEverywhere, UtilityOffers

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_Kind = TypeVar("_Kind", bound=np.generic)

SLACK = 1e-9
"""Relative slack of ceilings and limits, as in `siting.pricing`."""


def plain(values: NDArray[_Kind]) -> NDArray[_Kind]:
    """Return a writable copy in row order: a kernel is compiled once per layout it meets."""
    return np.array(values, order="C")


_PRICE_COLUMNS = ("fixed_mrub", "per_km_mrub", "per_unit_mrub")


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Ways to connect n places; the ways of place i and utility u are start[8i+u]:start[8i+u+1]."""

    places: Index
    start: Ints
    option: Ints
    """Position in `options`, one per way."""
    source: Ints
    """Position in `sources`, -1 where the option needs none."""
    effective_km: Floats
    length_km: Floats
    crossings_mrub: Floats
    options: DataFrame
    """CONNECTION_OPTIONS of every utility, index `utility:option`."""
    sources: DataFrame
    """Sources of every utility, index `utility:source_id`; utility, source_id, spare, ..."""
    extra_mrub: Floats
    """Price of a unit of capacity beyond the spare one, by utility, shape (8,)."""

    @cached_property
    def kernel(self) -> tuple[NDArray[np.generic], ...]:
        """Return what the compiled functions of this module take as `ways`."""
        rule = self.options["reach_rule"].map(REACH_CODE).to_numpy(np.int64, copy=True)
        return (
            plain(self.start),
            plain(self.option),
            plain(self.source),
            plain(self.effective_km),
            plain(self.length_km),
            plain(self.crossings_mrub),
            plain(self.options["capacity"].to_numpy(float)),
            rule,
            plain(self.options["reach_value"].to_numpy(float)),
            plain(self.extra_mrub),
        )

    @cached_property
    def prices(self) -> Floats:
        """Return the central prices, mln roubles: fixed, per km, per unit; shape (3, options)."""
        return np.array([self.options[column].to_numpy(float) for column in _PRICE_COLUMNS])

    @cached_property
    def spare(self) -> Floats:
        """Return the spare capacity of every source, in the unit of its utility, shape (s,)."""
        return np.array(self.sources["spare"].to_numpy(float))

    @cached_property
    def thinned(self) -> Ways:
        """Return the ways that could be cheapest at the spare capacities of the sources."""
        kept = undominated(self.kernel, self.spare)
        return replace(
            self,
            start=np.concatenate([[0], np.cumsum(kept)])[self.start].astype(np.int64),
            option=self.option[kept],
            source=self.source[kept],
            effective_km=self.effective_km[kept],
            length_km=self.length_km[kept],
            crossings_mrub=self.crossings_mrub[kept],
        )

    def reordered(self, wanted: Index) -> Ways:
        """Return the ways of the places `wanted`, in that order; an unknown place has none."""
        u = len(UTILITIES)
        at = self.places.get_indexer(wanted)
        rows = np.where(at[:, None] >= 0, at[:, None] * u + np.arange(u), -1).ravel()
        # row -1 reads the zero put at the end: no ways
        counts = np.append(np.diff(self.start), 0)[rows]
        begin = np.append(self.start[:-1], 0)[rows]
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        picks = np.repeat(begin - start[:-1], counts) + np.arange(start[-1])
        return replace(
            self,
            places=wanted,
            start=start,
            option=self.option[picks],
            source=self.source[picks],
            effective_km=self.effective_km[picks],
            length_km=self.length_km[picks],
            crossings_mrub=self.crossings_mrub[picks],
        )


@dataclass(frozen=True, kw_only=True)
class Lists:
    """Options and sources of every utility at every place, each named once."""

    options: DataFrame
    sources: DataFrame
    extra_mrub: Floats


def list_all(everywhere: OffersEverywhere) -> Lists:
    """Return the common lists of all offers.

    Options and sources are named by utility and id, so offers whose own lists differ still mean
    the same source where its id is the same, and one draw of prices serves sites and lone plants.
    """
    among = (everywhere.sites, everywhere.plots, everywhere.own)
    given = [one for offers in among for one in _utilities(offers)]
    extra = np.zeros(len(UTILITIES))
    for one in given:
        extra[UTILITIES.index(one.utility)] = one.reinforcement_mrub
    utilities = [one.utility for one in given]
    return Lists(
        options=_stacked([one.options for one in given], utilities),
        sources=_stacked([one.sources for one in given], utilities),
        extra_mrub=extra,
    )


def lay_flat(offers: Sequence[Offers], lists: Lists) -> Ways:
    """Return the ways of all places of `offers`, in that order."""
    parts = [_ways_of(one, lists.options.index, lists.sources.index) for one in offers]
    rows = np.concatenate(
        [part[0] + base for part, base in zip(parts, _bases(offers), strict=True)]
    )
    total = sum(len(one.places) for one in offers) * len(UTILITIES)
    order = np.argsort(rows, kind="stable")
    columns = [np.concatenate([part[c] for part in parts])[order] for c in range(1, 6)]
    return Ways(
        places=pd.Index(np.concatenate([np.asarray(one.places, object) for one in offers])),
        start=np.searchsorted(rows[order], np.arange(total + 1)).astype(np.int64),
        option=columns[0].astype(np.int64),
        source=columns[1].astype(np.int64),
        effective_km=columns[2],
        length_km=columns[3],
        crossings_mrub=columns[4],
        options=lists.options,
        sources=lists.sources,
        extra_mrub=lists.extra_mrub,
    )


def _utilities(offers: Offers) -> list[UtilityOffers]:
    return [offers.by_utility[name] for name in UTILITIES if name in offers.by_utility]


def _bases(offers: Sequence[Offers]) -> Ints:
    counts = [len(one.places) * len(UTILITIES) for one in offers]
    return np.cumsum([0, *counts[:-1]]).astype(np.int64)


def _stacked(tables: Sequence[DataFrame], utilities: Sequence[str]) -> DataFrame:
    """Return the tables one below another, index `utility:id`, each id once."""
    parts: dict[str, list[DataFrame]] = {}
    for table, utility in zip(tables, utilities, strict=True):
        parts.setdefault(utility, []).append(table)
    named = []
    for utility, same in parts.items():
        both = pd.concat(same) if len({id(table) for table in same}) > 1 else same[0]
        once = both.loc[~both.index.duplicated()]
        ids = once.index.astype(str)
        keys = _keys(utility, ids).rename("key")
        named.append(once.assign(utility=utility, id=ids.to_numpy()).set_axis(keys))
    return pd.concat(named).sort_index(kind="stable")


def _keys(utility: str, ids: Index) -> Index:
    return pd.Index([f"{utility}:{one}" for one in ids], dtype="str")


def _ways_of(offers: Offers, options: Index, sources: Index) -> tuple[Floats, ...]:
    """Return row (8i+u), option, source, effective km, km, crossings of every usable way."""
    found = []
    for given in _utilities(offers):
        place, option, slot = np.nonzero(np.isfinite(given.effective_km))
        mine = options.get_indexer(_keys(given.utility, given.options.index))
        theirs = sources.get_indexer(_keys(given.utility, given.sources.index))
        position = given.source[place, option, slot]
        # position -1 reads the last of `theirs`; the `where` throws that reading away
        named = np.append(theirs, -1)[position]
        found.append(
            (
                place * len(UTILITIES) + UTILITIES.index(given.utility),
                mine[option],
                np.where(position >= 0, named, -1),
                given.effective_km[place, option, slot],
                given.length_km[place, option, slot],
                given.crossings_mrub[place, option, slot],
            )
        )
    if not found:
        return tuple(np.zeros(0) for _ in range(6))
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))


@njit(cache=True, nogil=True)
def way_cost(ways, prices, spare, at, utility, need):  # type: ignore[no-untyped-def]
    """Return the cost of meeting `need` by way `at`, mln roubles; inf where it does not reach."""
    _, option, source, effective, length, crossings, capacity, rule, reach, extra = ways
    t = option[at]
    load = length[at] * (need if rule[t] == 2 else 1.0)  # mw_km
    if rule[t] != 0 and load > reach[t] * (1.0 + SLACK):
        return np.inf
    count = np.ceil(need / capacity[t] * (1.0 - SLACK))
    beyond = 0.0
    if source[at] >= 0:
        beyond = extra[utility] * max(0.0, need - spare[source[at]])
    built = count * (prices[0, t] + prices[1, t] * effective[at]) + prices[2, t] * need
    return built + crossings[at] + beyond


@njit(cache=True, nogil=True)
def cheapest_way(ways, prices, spare, row, need):  # type: ignore[no-untyped-def]
    """Return the least cost of `need` at row 8i+u and the way; inf and -1 where none fits."""
    best, chosen = np.inf, -1
    if need <= 0.0:
        return 0.0, -1
    utility = row % 8
    for at in range(ways[0][row], ways[0][row + 1]):
        cost = way_cost(ways, prices, spare, at, utility, need)
        if cost < best:
            best, chosen = cost, at
    return best, chosen


@njit(cache=True, nogil=True)
def most_served(ways):  # type: ignore[no-untyped-def]
    """Return the greatest need each row 8i+u can meet, 0 where there is no way."""
    start, option, _, _, length, _, _, rule, reach, _ = ways
    most = np.zeros(len(start) - 1)
    for row in range(len(most)):
        for at in range(start[row], start[row + 1]):
            t = option[at]
            if rule[t] == 2 and length[at] > 0.0:
                most[row] = max(most[row], reach[t] * (1.0 + SLACK) / length[at])
            elif rule[t] != 1 or length[at] <= reach[t] * (1.0 + SLACK):
                most[row] = np.inf
    return most


@njit(cache=True, nogil=True)
def undominated(ways, spare):  # type: ignore[no-untyped-def]
    """Return whether each way could be cheapest at these spare capacities, whatever the demand.

    It could not where another of the same option is no longer, crosses no dearer and has a source
    with no less to spare; of equal ways one stays.
    """
    start, option, source, effective, length, crossings, _, _, _, _ = ways
    kept = np.ones(len(option), np.bool_)
    for row in range(len(start) - 1):
        for a in range(start[row], start[row + 1]):
            for b in range(start[row], start[row + 1]):
                if a == b or option[a] != option[b] or not kept[b]:
                    continue
                rich = source[b] < 0 or (source[a] >= 0 and spare[source[b]] >= spare[source[a]])
                near = effective[b] <= effective[a] and length[b] <= length[a]
                if rich and near and crossings[b] <= crossings[a]:
                    kept[a] = False
                    break
    return kept


@njit(cache=True, nogil=True)
def price_all(ways, prices, spare, needs):  # type: ignore[no-untyped-def]
    """Return the cheapest cost and way of every place and utility; `needs` has shape (n, 8)."""
    n, utilities = needs.shape
    costs = np.zeros((n, utilities))
    chosen = np.full((n, utilities), -1, np.int64)
    for i in range(n):
        for u in range(utilities):
            costs[i, u], chosen[i, u] = cheapest_way(
                ways, prices, spare, i * utilities + u, needs[i, u]
            )
    return costs, chosen


@njit(cache=True, nogil=True)
def totals_at(ways, prices, spare, positions, need):  # type: ignore[no-untyped-def]
    """Return the whole cost of the same `need`, shape (8,), at some places; inf where one fails."""
    totals = np.zeros(len(positions))
    for at in range(len(positions)):
        for u in range(len(need)):
            cost, _ = cheapest_way(ways, prices, spare, positions[at] * len(need) + u, need[u])
            totals[at] += cost
    return totals
