"""Where people and buyers are: the part `location` of region.toml."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from siting.fields import Frozen, NotNegative, Positive, Share


class LocationParams(Frozen):
    """Roads, speeds, and how far people travel to work."""

    speed_kmh: dict[str, Positive] = Field(
        default_factory=lambda: {"I": 90.0, "II": 80.0, "III": 70.0, "IV": 60.0, "V": 45.0}
    )
    """Mean speed by road category, km/h (ASSUMED M: below the design speed by about a quarter)."""
    unknown_speed_kmh: Positive = 55.0
    """Speed of a road whose category nobody told, km/h (ASSUMED M)."""
    local_speed_kmh: Positive = 25.0
    """Speed between a place and the nearest road, and of gaps in drawn roads, km/h (ASSUMED L)."""
    winding: Positive = 1.3
    """Length of a local way per straight line (ASSUMED M: usual 1.2 to 1.4)."""
    local_km: NotNegative = 5.0
    """Places this near reach each other by local ways, whatever roads are drawn, km (ASSUMED L)."""
    join_m: NotNegative = 1500.0
    """A loose end is joined to a road this near, m (ASSUMED M: positions are good to 1 km)."""
    access_km: Positive = 30.0
    """A place farther from every road is measured by straight line, km (ASSUMED L)."""
    commute_minutes: Positive = 45.0
    """Longest way to work counted, minutes (the design asks for 45)."""
    half_commute_minutes: Positive = 25.0
    """At this time from home half of those who would take a job next door still do (ASSUMED L)."""
    workers_ha: Positive = 30.0
    """Jobs on a hectare of a park, for its pull on workers (ASSUMED L, facts 4.3: 10 to 60)."""
    unknown_workforce_share: Share = 0.52
    """Workforce per inhabitant where a settlement states none (ASSUMED L)."""
    kin_confidence: Share = 0.5
    """Trust in a link a prospect inherits, per that of its kin (ASSUMED L)."""
    pairs_kept: Annotated[int, Field(ge=0)] = 20
    """Pairs of linked prospects whose co-location counts in the choice, the dearest freight first;
    the rest are told and not counted, so the choice stays quick (ASSUMED)."""
    freight_mrub_per_mrub_km: NotNegative = 0.0002
    """Freight per rouble of goods and km (ASSUMED L), as in [choose]."""
