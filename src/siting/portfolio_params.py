"""Serving, choosing and doubting: the parts `serve`, `choose`, `doubt` of region.toml."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from siting.fields import Frozen, NotNegative, Positive, Share


class ServeParams(Frozen):
    """What a prospect pays alone and in a park."""

    rail_min_area_ha: NotNegative = 10.0
    """A smaller plant sends its goods by lorry and builds no siding of its own, ha (ASSUMED M)."""
    standalone_quantile: Share = 0.1
    """A firm with no place goes where connecting costs this quantile of eligible plots."""
    coincidence: dict[str, float] = Field(default_factory=dict)
    """Simultaneity of loads in a park by utility; 1 where absent. facts.md 4.3 (ASSUMED M).

    A park is never built for less than its largest resident. Road, rail and telecom are 0 where
    absent: one access, that of the most demanding resident, serves all (ASSUMED M).
    """
    sanitary_zone_m: dict[str, float] = Field(
        default_factory=lambda: {"I": 1000.0, "II": 500.0, "III": 300.0, "IV": 100.0, "V": 50.0}
    )
    """Sanitary zone by class, m. SanPiN 2.2.1/2.1.1.1200-03, section 7.1 (VERIFIED)."""
    payer_alone: dict[str, dict[str, float]] = Field(default_factory=dict)
    """payer_alone[utility][payer]: share of a connection made alone; the resident pays the rest."""
    payer_park: dict[str, dict[str, float]] = Field(default_factory=dict)
    """The same for the shared connections of a park."""
    onsite_alone_share: Share = 0.6
    """On-site networks of a lone plant per those of a park, by hectare (ASSUMED L)."""
    plausible_occupancy_share: Share = 0.7
    """A park that breaks even only above this occupancy should not be built (ASSUMED M)."""


class ChooseParams(Frozen):
    """The limits of the portfolio and the patience of the solver."""

    budget_mrub: NotNegative = 20_000.0
    """Public money for connections and on-site networks of all parks."""
    max_parks: Annotated[int, Field(ge=1)] = 10
    min_parks: Annotated[int, Field(ge=0)] = 0
    min_residents: Annotated[int, Field(ge=2)] = 2
    """Fewest residents of a park; with one it is a lone plant and saves nothing (ASSUMED H)."""
    max_parks_per_district: Annotated[int, Field(ge=1)] = 3
    opening_mrub: NotNegative = 50.0
    """Cost of opening a park: management company, design, registration (ASSUMED L)."""
    freight_mrub_per_mrub_km: NotNegative = 0.0002
    """Freight per rouble of goods and km; values co-location of linked firms (ASSUMED L)."""
    colocation_years: NotNegative = 5.0
    """Years of freight counted as the value of co-location (ASSUMED)."""
    locked_in: tuple[str, ...] = ()
    """Sites that must open."""
    locked_out: tuple[str, ...] = ()
    """Sites that must not open."""
    seeks_alternatives: bool = True
    """Whether near-best portfolios, irreplaceability, regrets and the front are looked for."""
    favourites: tuple[str, ...] = ()
    """Sites whose regret is told besides those that save most alone."""
    favourites_told: Annotated[int, Field(ge=0)] = 15
    """Sites that save most alone whose regret is told."""
    near_best_share: Share = 0.01
    """Portfolios that save this much less than the plan at most are told as alternatives."""
    alternatives_told: Annotated[int, Field(ge=1)] = 50
    """Alternatives written at most, the plan among them."""
    min_spacing_km: NotNegative = 0.0
    gap_share: Share = 0.005
    """The solver stops at this proven gap."""
    time_limit_s: Positive = 20.0
    """The solver stops after this; the gap reached is reported."""
    max_nodes: Annotated[int, Field(ge=1)] = 2000
    """The solver stops after this many branches: unlike time, the same on every machine."""


class DoubtParams(Frozen):
    """How much is drawn, and how widely."""

    draws: Annotated[int, Field(ge=1)] = 1000
    demand_spread_share: Share = 0.3
    """Demand of each prospect, plus or minus (ASSUMED L)."""
    spare_spread_share: Share = 0.5
    """Spare capacity of each source, plus or minus (ASSUMED L)."""
    occupancy_low_share: Share = 0.5
    occupancy_high_share: Share = 1.0
    """Share of the residents that come (ASSUMED M)."""
    price_correlation_share: Share = 0.5
    """Correlation of the prices of two options of one utility (ASSUMED L): the same contractors."""
    demand_correlation_share: Share = 0.3
    """Correlation of the demands of two plants of one industry (ASSUMED L): the same norms."""
    year: Annotated[int, Field(ge=1990, le=2100)] = 2026
    """Year of the study, from which the age of data counts."""
    age_spread_share: Share = 0.05
    """How much wider a range is for each year of age of its data (ASSUMED L)."""
    unknown_age_years: NotNegative = 5.0
    """Age of a row that does not say its date, years (ASSUMED L)."""
    ranks_told: Annotated[int, Field(ge=1)] = 10
    """Best ranks whose share of draws is told for each site."""
    rivals_told: Annotated[int, Field(ge=1)] = 8
    """Other plans the value of knowing a fact is judged by, most often chosen first (ASSUMED)."""
