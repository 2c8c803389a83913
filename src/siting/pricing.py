"""The cost of a connection: the formula of the design, section 4, in one place.

    cost(x, u, D) = min over options t, sources s of
                    n * (F_t + k_t * l(x, s)) + v_t * D + crossings + R_u * max(0, D - spare_s)
    n = ceil(D / capacity_t),  subject to the reach of t

`Offers` is what the network stage knows about a set of places: for every option the nearest
sources, with friction-weighted and real length. Whoever knows a demand prices it here by
look-up, so a study, a million plots and a thousand draws use the same kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from pandas import DataFrame, Index

    Floats = NDArray[np.float64]

REACH_CODE: Final = {"none": 0, "km": 1, "mw_km": 2}
_SLACK: Final = 1e-9
"""Relative slack of ceilings and limits, so that 2 x 6.3 MW fill two circuits and not three."""


@dataclass(frozen=True, kw_only=True)
class UtilityOffers:
    """What is on offer at n places for one utility: t options, each with up to k sources."""

    utility: str
    options: DataFrame
    """Rows of CONNECTION_OPTIONS of this utility, index `option`, t rows."""
    sources: DataFrame
    """Index source_id; name, name_en, spare (never missing), is_spare_known; s rows."""
    source: NDArray[np.int32]
    """Position in `sources`, -1 where the option needs none or has no more, shape (n, t, k)."""
    effective_km: Floats
    """Friction-weighted length, km; inf where there is no offer, 0 stand-alone, shape (n, t, k)."""
    length_km: Floats
    """Real length of the route, km, shape (n, t, k)."""
    crossings_mrub: Floats
    """Money for crossings of rivers, railways and trunk roads, shape (n, t, k)."""
    reinforcement_mrub: float
    """Price of a unit of demand beyond the spare capacity of the source."""

    def take(self, positions: NDArray[np.intp]) -> UtilityOffers:
        """Return the offers of some places, in the order of `positions`."""
        return UtilityOffers(
            utility=self.utility,
            options=self.options,
            sources=self.sources,
            source=self.source[positions],
            effective_km=self.effective_km[positions],
            length_km=self.length_km[positions],
            crossings_mrub=self.crossings_mrub[positions],
            reinforcement_mrub=self.reinforcement_mrub,
        )


@dataclass(frozen=True, kw_only=True)
class Offers:
    """Offers of every utility at the same n places."""

    places: Index
    by_utility: Mapping[str, UtilityOffers]

    def take(self, places: Index) -> Offers:
        """Return the offers of `places`, in that order; KeyError for an unknown place."""
        positions = self.places.get_indexer(places)
        if (positions < 0).any():
            raise KeyError(f"no offers at {places[positions < 0].tolist()[:5]}")
        chosen = {name: offers.take(positions) for name, offers in self.by_utility.items()}
        return Offers(places=places, by_utility=chosen)


@dataclass(frozen=True, kw_only=True)
class OffersEverywhere:
    """What the network stage hands on: offers at sites, at plots and at prospects' own places."""

    sites: Offers
    plots: Offers
    own: Offers
    """Places are the prospect_ids of prospects with a place of their own."""


@dataclass(frozen=True, kw_only=True)
class OptionPrices:
    """Prices of the t options of one utility, mln roubles; central ones unless drawn."""

    fixed: Floats
    per_km: Floats
    per_unit: Floats

    @classmethod
    def central(cls, options: DataFrame) -> OptionPrices:
        """Return the central prices of the table CONNECTION_OPTIONS."""
        columns = ("fixed_mrub", "per_km_mrub", "per_unit_mrub")
        return cls(
            **{
                name: options[column].to_numpy(float)
                for name, column in zip(("fixed", "per_km", "per_unit"), columns, strict=True)
            }
        )


@dataclass(frozen=True, kw_only=True)
class Price:
    """The cheapest offer of n places for their demands; inf and -1 where nothing fits."""

    cost_mrub: Floats
    option: NDArray[np.int32]
    """Position in `options`, -1 where nothing fits or nothing is demanded, shape (n,)."""
    slot: NDArray[np.int32]
    """Position among the k sources of the option, shape (n,)."""
    circuits: NDArray[np.int32]
    fixed_mrub: Floats
    line_mrub: Floats
    crossings_mrub: Floats
    reinforcement_mrub: Floats

    def pick(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return values[i, option_i, slot_i] of an array (n, t, k); where none fits, [i, 0, 0]."""
        rows = np.arange(len(self.option))
        return values[rows, np.maximum(self.option, 0), np.maximum(self.slot, 0)]


def price(
    offers: UtilityOffers,
    demand: Floats,
    *,
    prices: OptionPrices | None = None,
    spare: Floats | None = None,
) -> Price:
    """Return the cheapest connection of n places to one utility for `demand`, shape (n,).

    Parameters
    ----------
    offers
        Offers at n places.
    demand
        Demand of each place, in the unit of the utility, shape (n,).
    prices
        Prices of the t options where they differ from the central ones.
    spare
        Spare capacity of the s sources where it differs from `offers.sources`.

    Notes
    -----
    No demand costs nothing. A place with no fitting offer costs inf: the caller must say so.
    The real length, not the friction-weighted one, is held to the reach of an option.
    """
    told = prices or OptionPrices.central(offers.options)
    free = offers.sources["spare"].to_numpy(float) if spare is None else spare
    rules = offers.options["reach_rule"].map(REACH_CODE).to_numpy(np.int64)
    n = len(demand)
    ints = [np.full(n, -1, np.int32) for _ in range(2)] + [np.zeros(n, np.int32)]
    parts = np.zeros((5, n))
    _cheapest(
        offers.source,
        offers.effective_km,
        offers.length_km,
        offers.crossings_mrub,
        np.ascontiguousarray(demand, dtype=np.float64),
        (told.fixed, told.per_km, told.per_unit),
        offers.options["capacity"].to_numpy(float),
        rules,
        offers.options["reach_value"].to_numpy(float),
        free,
        float(offers.reinforcement_mrub),
        (ints[0], ints[1], ints[2]),
        parts,
    )
    return Price(
        cost_mrub=parts[0],
        option=ints[0],
        slot=ints[1],
        circuits=ints[2],
        fixed_mrub=parts[1],
        line_mrub=parts[2],
        crossings_mrub=parts[3],
        reinforcement_mrub=parts[4],
    )


@njit(cache=True, nogil=True)
def _cheapest(  # type: ignore[no-untyped-def]  # noqa: PLR0913, PLR0917  # a compiled kernel takes arrays, not objects
    source, effective, length, crossings, demand, prices, capacity, rule, reach, spare, extra,
    chosen, parts,
):  # fmt: skip
    fixed, per_km, per_unit = prices
    option, slot, circuits = chosen
    n, options, slots = source.shape
    for i in range(n):
        need = demand[i]
        if need <= 0.0:
            continue
        parts[0, i] = np.inf
        for t in range(options):
            count = np.ceil(need / capacity[t] * (1.0 - _SLACK))
            for j in range(slots):
                km = effective[i, t, j]
                if not np.isfinite(km):
                    continue
                load = length[i, t, j] * (need if rule[t] == 2 else 1.0)
                if rule[t] != 0 and load > reach[t] * (1.0 + _SLACK):
                    continue
                beyond = 0.0
                if source[i, t, j] >= 0:
                    beyond = extra * max(0.0, need - spare[source[i, t, j]])
                base = count * fixed[t] + per_unit[t] * need
                line = count * per_km[t] * km
                cost = base + line + crossings[i, t, j] + beyond
                if cost < parts[0, i]:
                    parts[0, i] = cost
                    parts[1, i] = base
                    parts[2, i] = line
                    parts[3, i] = crossings[i, t, j]
                    parts[4, i] = beyond
                    option[i] = t
                    slot[i] = j
                    circuits[i] = int(count)
