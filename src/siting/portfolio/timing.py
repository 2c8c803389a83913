"""When money falls due, and what it is worth in the first year.

Capital of year t is paid at its start, upkeep at its end:

    d = 1 / (1 + discount_share)
    alone, capital     sum over t of (come_t - come_(t-1)) d^t         a firm builds when it comes
    park, capital      sum over t of (built_t - built_(t-1)) d^t       built in stages, come who may
    upkeep of what is built by stages                 sum over t of built_t d^(t+1)
    upkeep and use of those who have come             sum over t of come_t d^(t+1)

Years run from 0 to horizon_years - 1; what stands after them is worth nothing here, alone or in a
park. Residents are an average: nobody knows who comes first. Source: net present value with
payments at the ends of periods (general knowledge).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from siting.region import MoneyParams

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Shares and present values by year, each of shape (horizon,)."""

    come: Floats
    """Share of residents that have come."""
    built: Floats
    """Share of the capital of a park that is paid."""
    at_start: Floats
    """What a rouble at the start of each year is worth now."""
    at_end: Floats

    @property
    def coming(self) -> Floats:
        """Return the share of residents that come in each year."""
        return np.diff(self.come, prepend=0.0)

    @property
    def building(self) -> Floats:
        """Return the share of the capital of a park that is paid in each year."""
        return np.diff(self.built, prepend=0.0)

    @property
    def capital_alone(self) -> float:
        """Return the present value of a rouble of capital alone."""
        return float(self.coming @ self.at_start)

    @property
    def capital_park(self) -> float:
        """Return the present value of a rouble of capital of a park."""
        return float(self.building @ self.at_start)

    @property
    def upkeep_come(self) -> float:
        """Return the present value of a rouble a year for those who have come."""
        return float(self.come @ self.at_end)

    @property
    def upkeep_built(self) -> float:
        """Return the present value of a rouble a year for what is built of a park."""
        return float(self.built @ self.at_end)


def find_timing(params: MoneyParams) -> Timing:
    """Return the shares and present values of every year of the horizon."""
    years = np.arange(params.horizon_years, dtype=float)
    worth = 1 / (1 + params.discount_share)
    return Timing(
        come=_reached(params.come_shares, params.horizon_years),
        built=_reached(params.built_shares, params.horizon_years),
        at_start=np.power(worth, years),
        at_end=np.power(worth, years + 1),
    )


def _reached(shares: Sequence[float], years: int) -> Floats:
    """Return a share for every year: the last one told goes on."""
    told = np.array(shares, float)
    return told[np.minimum(np.arange(years), len(told) - 1)]
