"""What a new plant needs and what connecting exactly that plant costs at every place.

    need of u = area * middle of the industry's range by the hectare
    connection(x, p) = sum over u of price(offers of u at x, need of u)

The plant stands alone: nobody shares its connections. A place where some need cannot be met, or
with housing inside the plant's sanitary zone, costs infinity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.pricing import price
from siting.units import DEMAND_COLUMN, KW_PER_MW

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from siting.economy.freight import Floats
    from siting.pricing import Offers, UtilityOffers

_DIVISION_DIGITS: Final = len("20")


def profile_of(okved: Series[str], profiles: DataFrame) -> Series[str]:
    """Return the profile whose code is the longest beginning of each activity; else missing."""
    known = set(profiles.index.astype(str))
    found = {
        code: next(
            (code[:n] for n in range(len(code), _DIVISION_DIGITS - 1, -1) if code[:n] in known),
            None,
        )
        for code in okved.unique()
    }
    return okved.map(found).astype("str")


def needs(
    okved: Series[str], area_ha: Series[float], profiles: DataFrame, *, rail_min_area_ha: float
) -> DataFrame:
    """Return the demand for every utility, investment and sanitary zone of plants, by plant.

    Every plant needs a road and a line of communication; a siding only where its industry does
    and it is large enough.
    All is missing for an industry without a profile.
    """
    own = profiles.reindex(profile_of(okved, profiles).to_numpy()).set_axis(okved.index)
    area = area_ha.astype(float)

    def middle(stem: str) -> Series[float]:
        return (own[f"{stem}_low"] + own[f"{stem}_high"]) / 2

    water = area * middle("water_m3_day_ha")
    one = pd.Series(1.0, index=area.index).where(area.notna())
    return pd.DataFrame(
        {
            "electricity_mw": area * middle("kw_per_ha") / KW_PER_MW,
            "gas_m3_h": area * middle("gas_m3_h_ha"),
            "water_m3_day": water,
            "sewage_m3_day": water * own["sewage_share"],
            "heat_mw": area * middle("heat_mw_ha"),
            "road_carriageways": one,
            "rail_tracks": own["needs_rail"].astype(float)
            * (area >= rail_min_area_ha).astype(float),
            "telecom_lines": one,
            "investment_mrub": area * own["investment_mrub_ha"],
            "sanitary_zone_m": own["sanitary_zone_m"].astype(float),
        }
    )


def connection_mrub(offers: Offers, plants: DataFrame) -> Floats:
    """Return the cost of connecting each plant alone at each place, mln roubles, shape (n, p).

    Infinite where a need cannot be met, and for plants that are not for parks.
    """
    cost = np.full((len(offers.places), len(plants)), np.inf)
    for column in np.flatnonzero(plants["is_park_product"].to_numpy(bool)):
        plant = plants.iloc[column]
        cost[:, column] = sum(
            _everywhere_mrub(of_utility, float(plant[DEMAND_COLUMN[name]]))
            for name, of_utility in offers.by_utility.items()
        )
    return cost


def _everywhere_mrub(offers: UtilityOffers, demand: float) -> Floats:
    return price(offers, np.full(len(offers.source), demand)).cost_mrub
