"""What the stage `trade` assumes: the section [economy] of region.toml."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from siting.fields import Frozen, NotNegative, Positive, Share


class EconomyParams(Frozen):
    """How goods move and what makes a cluster."""

    freight_mrub_per_mrub_km: NotNegative = 0.0002
    """Freight per rouble of goods and km (ASSUMED L)."""
    import_distance_km: Positive = 2500.0
    """Distance from which goods come when the region does not make them (ASSUMED: Moscow)."""
    near_km: Positive = 100.0
    """Inputs made within this distance are local."""
    gravity_km: Positive = 60.0
    """Scale at which a link weakens with distance (ASSUMED L)."""
    top_prospects: Annotated[int, Field(ge=0)] = 10
    """Best products that become prospects of the siting."""
    clusters_min_members: Annotated[int, Field(ge=2)] = 3
    national_output_mrub: dict[str, float] = Field(default_factory=dict)
    """Output of the country by OKVED division; location quotients need it. Empty: unknown."""
    flq_deltas_shown: tuple[Share, ...] = (0.15, 0.25, 0.35)
    """Exponents for which the regional multipliers are shown, so that their doubt is seen."""
    flq_delta: Share = 0.25
    """Exponent of Flegg's location quotient. facts.md section 6 (ASSUMED M)."""
    freight_mrub_per_t_km: NotNegative = 3.5e-6
    """Freight per tonne and km, used where a product's value per tonne is known (ASSUMED L)."""
    freight_years: NotNegative = 5.0
    """Years of freight weighed against the cost of a site when a plant is placed (ASSUMED)."""
    revenue_per_employee_mrub: Positive = 6.0
    """Yearly revenue per employee where an enterprise states no revenue (ASSUMED L)."""
    division_revenue_per_employee_mrub: dict[str, Positive] = Field(default_factory=dict)
    """The same by OKVED division where it differs."""
    assumed_revenue_mrub: Positive = 500.0
    """Yearly revenue of an enterprise of unknown size (ASSUMED L)."""
    size_confidence: dict[str, Share] = Field(
        default_factory=lambda: {"VERIFIED": 0.9, "DERIVED": 0.65, "ASSUMED": 0.4}
    )
    """Trust in the size of an enterprise by size_status. facts.md, rules of reading."""
    guess_factor: Share = 0.65
    """Each guess about an enterprise (size, products) multiplies its confidence (ASSUMED)."""
    tolling_enterprises: tuple[str, ...] = ()
    """Enterprises whose revenue is a fee for processing: what they make is the supply published."""
    link_min_share: Share = 0.02
    """A link below this share of the buyer's need and of the supplier's output is not inferred."""
    cluster_resolution: Positive = 1.0
    """Resolution of the communities; more makes them smaller and more numerous (ASSUMED)."""
    chain_weight: NotNegative = 0.2
    """Weight of likeness of production against trade in the links of clusters (ASSUMED L)."""
    chain_min_likeness: Share = 0.5
    """Enterprises less alike in production than this are not drawn together by it (ASSUMED L)."""
    industry_weight: Share = 0.5
    """Weight of the industry against shared inputs in the proximity of products (ASSUMED L)."""
    special_quotient: Positive = 1.25
    """Location quotient from which an industry is special. facts.md section 6 (ASSUMED)."""
    special_chance: Share = 0.1
    """And the chance of it below which it is (ASSUMED: usual one-sided level)."""
    exports_weight: Share = 0.5
    """Weight of joint exports in the proximity of products, where exports are given (ASSUMED)."""
    park_divisions: tuple[str, ...] = tuple(str(division) for division in range(10, 33))
    """OKVED divisions that parks are built for: section C without 33, repair, a service."""
    default_minimum_scale_mrub: Positive = 300.0
    """Smallest efficient yearly output where a product states none (ASSUMED L)."""
    market_taken_share: Share = 0.3
    """Share of a product's gap one new plant fills, if above its least scale (ASSUMED L)."""
    min_plant_ha: Annotated[float, Field(ge=0.1)] = 0.5
    """Least area of a new plant, ha (ASSUMED L)."""
    top_prospects_per_class: Annotated[int, Field(ge=1)] = 2
    """At most so many prospects made from one OKVED class, so that the list is not one product."""
    rail_min_area_ha: NotNegative = 10.0
    """A new plant smaller than this uses lorries and needs no siding; as in [serve] (ASSUMED M)."""
    sites_told: Annotated[int, Field(ge=1)] = 3
    """Best sites told for each product."""
    additions_told: Annotated[int, Field(ge=1)] = 5
    """Products told to each enterprise that it could add."""
    membership_min_share: Share = 0.15
    """An enterprise with this share of its ties in a foreign cluster overlaps it (ASSUMED L)."""
    exchange_min_mrub: NotNegative = 0.5
    """An exchange of by-products or heat worth less a year to the taker is not told (ASSUMED)."""
    score_weights: dict[str, NotNegative] = Field(
        default_factory=lambda: {
            "feasibility": 0.35,
            "local_inputs": 0.25,
            "named_consumers": 0.25,
            "price_advantage": 0.15,
        }
    )
    """What the score of a product is made of besides its market (ASSUMED); scaled to sum 1."""
