"""What is built costs something every year: upkeep by item and option, mln roubles a year.

Upkeep is a share of the capital (reinforcement of the source included) and, where the region says
so, a price by the unit of demand. Decides nothing: options are chosen by capital.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from siting.tables.price_books import ITEMS
from siting.units import UTILITIES

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.portfolio.ways import Ways

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

ONSITE: Final = ITEMS.index("onsite")
OPENING: Final = ITEMS.index("opening")


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Upkeep a year of every option, by its position in `Ways.options`, and of whole items."""

    share: Floats
    """Per capital, shape (options,)."""
    per_unit_mrub: Floats
    """Per unit of demand, shape (options,)."""
    onsite_share: float
    opening_share: float


@dataclass(frozen=True, kw_only=True)
class Upkeep:
    """Upkeep of n places a year by item, mln roubles, each of shape (n, 10)."""

    fixed: Floats
    """Due for what is built, whoever uses it."""
    used: Floats
    """Due for what is used."""
    is_own: Flags
    """Whoever uses it owns it: no source is tapped, so no network company keeps it up."""


def read_rates(options: DataFrame, yearly: DataFrame) -> Rates:
    """Return the rates of every option: its own row, else that of its utility."""
    general = yearly[yearly["option"].isna()].set_index("item")
    whole = general["operation_share"].astype(float)
    own = yearly[yearly["option"].notna()].set_index(["item", "option"])
    found = np.zeros((2, len(options)))
    for at, key in enumerate(zip(options["utility"], options["id"], strict=True)):
        row = own.loc[key] if key in own.index else general.loc[key[0]]
        found[:, at] = row["operation_share"], row["per_unit_mrub"]
    return Rates(
        share=found[0],
        per_unit_mrub=found[1],
        onsite_share=float(whole["onsite"]),
        opening_share=float(whole["opening"]),
    )


def keep_up(rates: Rates, ways: Ways, chosen: Ints, capital: Floats, needs: Floats) -> Upkeep:
    """Return the upkeep of n places.

    Parameters
    ----------
    chosen
        Position in `ways` by place and utility, -1 where nothing is needed, shape (n, 8).
    capital
        By item, mln roubles, shape (n, 10).
    needs
        By utility, shape (n, 8).
    """
    built = chosen >= 0
    option = ways.option[np.where(built, chosen, 0)]
    source = ways.source[np.where(built, chosen, 0)]
    fixed, used = np.zeros(capital.shape), np.zeros(capital.shape)
    own = np.zeros(capital.shape, bool)
    u = len(UTILITIES)
    fixed[:, :u] = np.where(built, rates.share[option] * capital[:, :u], 0.0)
    used[:, :u] = np.where(built, rates.per_unit_mrub[option] * needs, 0.0)
    own[:, :u] = built & (source < 0)
    fixed[:, ONSITE] = rates.onsite_share * capital[:, ONSITE]
    fixed[:, OPENING] = rates.opening_share * capital[:, OPENING]
    return Upkeep(fixed=fixed, used=used, is_own=own)
