"""What it takes to free land: prices and months of cures, all to be replaced by local tenders."""

from __future__ import annotations

from pydantic import Field

from siting.fields import Frozen, NotNegative


class CureParams(Frozen):
    """Prices and months of what frees a plot, each ASSUMED L unless it says otherwise."""

    move_mrub_km: dict[str, NotNegative] = Field(
        default_factory=lambda: {
            "power line below 1 kV": 2.5,
            "power line 1-20 kV": 4.0,
            "power line 35 kV": 11.0,
            "power line 110 kV": 20.0,
            "power line 220 kV": 40.0,
            "underground cable": 7.0,
            "gas distribution pipe": 8.0,
        }
    )
    """Building a km of a line anew, mln roubles, by feature and class of protection_zones, or by
    feature alone; what is not named is never moved. facts.md 3.2, 3.3; 220 kV general knowledge."""
    move_detour_share: NotNegative = 0.6
    """A moved line is longer than the stretch it leaves by this share."""
    move_fixed_mrub: NotNegative = 5.0
    """Design, consent and outage of each line moved, mln roubles."""
    move_months: NotNegative = 18.0
    category_months: dict[str, NotNegative] = Field(
        default_factory=lambda: {"agricultural": 9.0, "settlements": 4.0, "reserve": 9.0}
    )
    """Months of a change of category or, in settlements, of permitted use. A category that is not
    named cannot be changed for a park: forest, water and protected land. 172-FZ of 21.12.2004."""
    category_mrub_ha: dict[str, NotNegative] = Field(
        default_factory=lambda: {"agricultural": 0.3, "settlements": 0.5, "reserve": 0.1}
    )
    """Survey, planning documents and payments of that change, mln roubles per ha."""
    land_mrub_ha: NotNegative = 1.5
    """Price of land where no plot of its category has one, mln roubles per ha."""
    deal_mrub: NotNegative = 0.3
    """Survey and registration of each plot bought or divided, mln roubles."""
    deal_months: NotNegative = 4.0
    worst_class: str = "IV"
    """Land too near housing for this sanitary class is told to be limited by it; parks prepare for
    classes III to V. facts.md 1.1 (VERIFIED, secondary)."""
