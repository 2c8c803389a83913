"""How places are connected: the part `network` of region.toml."""

from __future__ import annotations

from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field

from siting.fields import Frozen, NotNegative, Positive, Share
from siting.units import M2_PER_HA, M_PER_KM


class SlopeStep(NamedTuple):
    """Ground steeper than `over_percent` multiplies the price of a route."""

    over_percent: Annotated[int, Field(ge=0, lt=255)]
    """Whole per cent, rise by run."""
    multiplier: Annotated[float, Field(ge=1, le=100)]
    """Times the price on level ground, no unit."""


SLOPE_FRICTION: Final = {
    "underground": (SlopeStep(10, 1.2), SlopeStep(20, 1.6)),
    "overhead": (SlopeStep(10, 1.1), SlopeStep(20, 1.3)),
    "road": (SlopeStep(5, 1.3), SlopeStep(10, 1.8), SlopeStep(20, 3.0)),
    "rail": (SlopeStep(2, 1.5), SlopeStep(5, 3.0), SlopeStep(10, 6.0)),
}
"""Benches, anchors, cuttings and longer curves (ASSUMED L, general knowledge)."""


class ReinforcementStep(Frozen):
    """What a source is enlarged by: a larger transformer, one more unit of works."""

    name: str
    """As it is told: `2x25 -> 2x40 MVA`."""
    capacity: Positive
    """Capacity added, in the unit of the utility."""
    mrub: NotNegative
    """Price of the whole step."""


class RiverClass(Frozen):
    """Rivers and other waters of some width, and what crossing one costs."""

    name: str
    """As it is told; `stream`, `river` and `large_river` have words in both languages."""
    to_m: Positive | None = None
    """Greatest width, m; none for the widest class."""
    mrub: NotNegative
    """Money added per crossing."""


class ParkLayout(Frozen):
    """A grid of plots: two rows back to back between streets, a cross street every few plots."""

    plot_ha: Positive
    """Area of a plot, ha."""
    depth_m: Positive
    """Depth of a plot from its street, m."""
    street_m: NotNegative
    """Width of a street with its verges, m."""
    plots_between: Positive
    """Plots along a street between two cross streets."""

    @property
    def street_m_ha(self) -> float:
        """Return metres of street on a hectare of the park: 10,000 / spacing, both ways."""
        along = self.plots_between * self.plot_ha * M2_PER_HA / self.depth_m
        return M2_PER_HA / (2 * self.depth_m + self.street_m) + M2_PER_HA / (along + self.street_m)


class NetworkParams(Frozen):
    """How a route runs over the ground and what a park must be connected to."""

    neighbours: Literal[8, 16, 32] = 16
    """Moves of the sweep; the length error is at most 8.24, 2.75 or 1.31 per cent."""
    labels: Annotated[int, Field(ge=1, le=16)] = 6
    """Best sources kept per cell and class."""
    park_utilities: tuple[str, ...] = (
        "electricity",
        "gas",
        "water",
        "sewage",
        "heat",
        "road",
        "telecom",
    )
    """Utilities every park is connected to; rail only where residents need it."""
    unknown_spare_share: Share = 0.3
    """Share of an unknown spare capacity's stated capacity that is taken as free (ASSUMED L)."""
    year: int = 2026
    """Planned sources count from their year on."""
    friction: dict[str, dict[str, float]] = Field(default_factory=dict)
    """friction[family][cover] multiplies the price of a km; `inf` is written as -1: a barrier."""
    slope_friction: dict[str, tuple[SlopeStep, ...]] = Field(
        default_factory=lambda: dict(SLOPE_FRICTION)
    )
    """slope_friction[family]: steps of (over so many per cent, times the price), the steepest that
    holds counts. Only where a DEM is given (ASSUMED L)."""
    corridor_share: dict[str, Annotated[float, Field(gt=0, le=1)]] = Field(default_factory=dict)
    """Share of the price of new build along an operating line of the same family of friction, on
    every cell it touches; 1 where absent (ASSUMED L)."""
    max_route_km: Positive = 150.0
    """Friction-weighted length beyond which no connection is looked for (ASSUMED M)."""
    snap_m: NotNegative = 1000.0
    """A site or source on a barrier is connected from the nearest free cell within this, m."""
    margin_km: NotNegative = 10.0
    """Room around sites and sources in which routes may go round things (ASSUMED)."""
    crossing_water_min_ha: NotNegative = 25.0
    """Water without a name that is smaller is no crossing; friction prices it (ASSUMED M)."""
    crossing_mrub: dict[str, float] = Field(default_factory=dict)
    """Money added per crossing of river, railway or trunk road (ASSUMED L)."""
    rivers: Annotated[tuple[RiverClass, ...], Field(max_length=5)] = ()
    """Classes of water by width, narrowest first; none: every water costs `crossing_mrub.river`."""
    unknown_river_width_m: Positive = 30.0
    """Width of a river drawn as a line of no stated width, m (ASSUMED L)."""
    crossing_share: dict[str, float] = Field(default_factory=dict)
    """Share of `crossing_mrub` that a utility pays, 1 where absent: a fibre is not a main."""
    reinforcement_mrub: dict[str, float] = Field(default_factory=dict)
    """Price of a unit of capacity beyond the spare one, by utility (ASSUMED L)."""
    reinforcement_steps: dict[str, tuple[ReinforcementStep, ...]] = Field(default_factory=dict)
    """Steps in which sources are enlarged, by utility, smallest first. The smallest that holds what
    is missing is told with its whole price; a park pays `reinforcement_mrub` for what it takes of
    it, and the rest is there for others (ASSUMED L; decision 0030)."""
    feeders: dict[str, Literal[1, 2]] = Field(default_factory=dict)
    """Independent feeders by utility, 1 where absent; 2 is reliability category II of electricity:
    each circuit is a pair, by `second_fixed_mrub` and `second_per_km_mrub` of its option (PUE
    1.2.19 and 1.2.20, ASSUMED H: from memory)."""
    park_demand_ha: dict[str, float] = Field(default_factory=dict)
    """Demand per buildable ha of a park before its residents are known, by utility."""
    surface_ha: tuple[Positive, ...] = (40.0,)
    """Sizes of the parks whose connection costs the surfaces tell, buildable ha."""
    surface_cell_m: Positive = 1000.0
    """Cell of these surfaces, m, rounded to whole cells of the raster."""
    onsite_mrub_ha: dict[str, float] = Field(default_factory=dict)
    """Networks inside the site per buildable ha, by utility: what does not lie along a street, and
    all of it where no layout is told."""
    onsite_mrub_km: dict[str, float] = Field(default_factory=dict)
    """Networks along a km of the streets of `layout`, by utility."""
    layout: ParkLayout | None = None
    """How plots and streets lie in a park; none: only `onsite_mrub_ha` counts."""
    trunk_reach_km: NotNegative = 15.0
    """Straight distance within which parks of the plan may share a trunk; 0: none (ASSUMED M)."""
    joint_trench_discount_share: Share = 0.3
    """Share of a line saved where it lies in the trench of a dearer one: digging and restoring the
    ground are done once (ASSUMED L, general knowledge)."""

    @property
    def waters(self) -> tuple[RiverClass, ...]:
        """Return the classes of water; one of any width where none are told."""
        one = RiverClass(name="river", mrub=self.crossing_mrub.get("river", 0.0))
        return self.rivers or (one,)

    @property
    def onsite_rates(self) -> dict[str, float]:
        """Return what networks inside a park cost per buildable ha, by utility, mln roubles."""
        km_ha = self.layout.street_m_ha / M_PER_KM if self.layout else 0.0
        told = {**self.onsite_mrub_ha, **self.onsite_mrub_km}
        return {
            utility: self.onsite_mrub_ha.get(utility, 0.0)
            + km_ha * self.onsite_mrub_km.get(utility, 0.0)
            for utility in told
        }
