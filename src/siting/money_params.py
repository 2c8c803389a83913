"""Money over time: the part `money` of region.toml."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from siting.fields import Frozen, Share

_ROUNDING = 1e-9


class MoneyParams(Frozen):
    """How costs of different years are compared, and when they fall due."""

    horizon_years: Annotated[int, Field(ge=1, le=100)] = 15
    """Years counted, the year of the first payment is 0 (ASSUMED M: common in park programmes)."""
    discount_share: Share = 0.10
    """A rouble a year later is worth 1 / (1 + this), real, inflation taken out (ASSUMED L)."""
    come_shares: Annotated[tuple[Share, ...], Field(min_length=1)] = (0.25, 0.5, 0.75, 1.0)
    """Share of residents that have come in years 0, 1, ...; then the last (ASSUMED L)."""
    built_shares: Annotated[tuple[Share, ...], Field(min_length=1)] = (0.6, 1.0)
    """Share of a park's capital paid by years 0, 1, ...; ends in 1 (ASSUMED L): two stages."""
    payer_yearly: dict[str, dict[str, float]] = Field(default_factory=dict)
    """payer_yearly[item][payer]: share of the yearly cost; the resident pays the rest."""

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for name in ("come_shares", "built_shares"):
            told = getattr(self, name)
            if any(b < a for a, b in pairwise(told)):
                raise ValueError(f"{name} falls / убывает: {list(told)}")
        if abs(self.built_shares[-1] - 1) > _ROUNDING:
            raise ValueError("built_shares must end in 1 / должны кончаться на 1")
        return self
