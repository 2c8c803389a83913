"""Which land may become a site: the part `land` of region.toml."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from siting.cure_params import CureParams
from siting.fields import Frozen, NotNegative, Positive, Share


class LandParams(Frozen):
    """Which land may become a site."""

    min_park_ha: Positive = 8.0
    """Least area of an industrial park, ha. GOST R 56301-2014 (VERIFIED, secondary)."""
    target_park_ha: Positive = 40.0
    """Area to which adjacent plots are joined, ha (ASSUMED: typical of the parks of 2024)."""
    max_park_ha: Positive = 300.0
    """Greatest area of an assembled site, ha (ASSUMED)."""
    max_gap_m: NotNegative = 20.0
    """Plots closer than this are adjacent, m (ASSUMED: a farm track)."""
    min_technopark_building_m2: Positive = 5000.0
    """Least building area of a technopark site, m2. Decree 1863 (ASSUMED L)."""
    min_brownfield_building_m2: Positive = 15_000.0
    """Least building area of a brownfield park, m2. GOST R 56301-2014 (ASSUMED L)."""
    brownfield_onsite_share: Share = 0.7
    """On-site networks a brownfield park still builds, of those of bare land: streets, mains and
    cables of old works are kept in part (ASSUMED L)."""
    technopark_onsite_share: Share = 0.4
    """The same for a technopark, whose residents move into standing buildings (ASSUMED L)."""
    forbidden_categories: tuple[str, ...] = ("protected", "forest", "water")
    """Land categories that are never built on. Land Code article 7 (ASSUMED H)."""
    sliver_m2: NotNegative = 100.0
    """Pieces of buildable land smaller than this are dropped, m2 (ASSUMED)."""
    forbidden_covers: tuple[str, ...] = ("water",)
    """Covers of terrain on which nothing is built. Water Code article 5 (ASSUMED H)."""
    buffer_quad_segs: Annotated[int, Field(ge=4, le=256)] = 16
    """Segments of a quarter circle of a zone; 16 keep the radius within 0.12 %, never wider."""
    river_slimness_share: Share = 0.1
    """Water whose mean width per length is less is a river, else a lake (ASSUMED)."""
    housing_people_km2: Positive = 1500.0
    """People per km2 of a settlement given as a point; sizes its disc (ASSUMED M)."""
    production_zone_housing_m: NotNegative = 100.0
    """Distance to housing of a production plot inside a settlement's outline, m: zoning keeps at
    least the sanitary zone of class IV around production land. SanPiN 2.2.1 (ASSUMED L)."""
    production_categories: tuple[str, ...] = ("industry",)
    """Land categories on which production is allowed anyway. Land Code article 7 (ASSUMED H)."""
    production_uses: tuple[str, ...] = (
        "6.",
        "произв",
        "промыш",
        "склад",
        "production",
        "industr",
        "storage",
        "warehouse",
    )
    """Permitted use that allows production: beginning of the code or part of the words.
    Order P/0412 of 10.11.2020, section 6 (ASSUMED H)."""
    min_member_ha: NotNegative = 1.0
    """Plots with less buildable land are not joined to others, ha (ASSUMED)."""
    min_assembly_ha: NotNegative = 20.0
    """Plots that cannot be joined to this buildable area are left single, ha (ASSUMED: half the
    target; below it one more owner is not worth it)."""
    alternative_ha: NotNegative = 30.0
    """A member of an assembly with this much buildable land is offered alone too, ha (ASSUMED)."""
    min_compactness_share: Share = 0.3
    """Least compactness of an assembly; 1 a disc, 0.79 a square, 0.29 a strip of 1:9 (ASSUMED)."""
    beam_width: Annotated[int, Field(ge=1, le=64)] = 6
    """Assemblies of one size followed while a site grows; 1 is greedy. On maps of 12 plots 6 come
    nearer to the best of all sets than greedy does (tests/land/test_assembly.py)."""
    owner_penalty_share: Share = 0.15
    """Compactness given up to avoid one more owner (ASSUMED)."""
    category_penalty_share: Share = 0.15
    """Compactness given up to avoid one more change of category (ASSUMED)."""
    technopark_near_km: NotNegative = 10.0
    """A technopark farther from a city, town or rayon centre is refused where `assumed_may_fail`,
    else only told so, km (ASSUMED). Also the reach within which workforce is counted."""
    max_part_gap_km: NotNegative = 0.0
    """Parts of one park lie at most this far apart, km; 0: a park is one piece of land. The draft
    of 29.04.2025 would allow 10 (facts.md 1.1: VERIFIED as a draft, adoption not known)."""
    max_parts: Annotated[int, Field(ge=2, le=10)] = 3
    """Most parts of one park (ASSUMED)."""
    min_part_ha: Positive = 4.0
    """Least buildable land of a plot that is a part by itself, ha (ASSUMED: half a park)."""
    expands_parks: bool = True
    """Plots beside existing parks are offered as their expansion."""
    frontage_reach_m: NotNegative = 50.0
    """An edge of a site this near a public road fronts it, m (ASSUMED: the roadside strip)."""
    acts_on: date = date(2026, 1, 1)
    """Day whose editions of acts are judged; other editions stand in passports."""
    assumed_may_fail: bool = False
    """An ASSUMED limit of an act may fail a site and not only warn."""
    cures: CureParams = CureParams()
