"""Build or do not build: every site by itself, with the reason, and its present value.

A site is judged as if it alone were opened, with the residents that suit it best and the cost of
opening. The verdict is not the plan: a site that pays by itself may lose its residents to a better
one. The first reason that holds is told:

    not_eligible, nobody_fits, too_few_residents    there is no park
    saves_nothing     capital alone - in the park - opening <= 0
    needs_too_many    (connections + opening) / (alone - on-site) > plausible_occupancy_share
    loses_over_time   the present value with upkeep, stages and the ramp of residents <= 0
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from siting.portfolio.savings import break_even_share, needs_of, onsite_of
from siting.portfolio.upkeep import ONSITE, OPENING, Rates, keep_up
from siting.portfolio.ways import price_all
from siting.tables.money import VERDICTS
from siting.tables.price_books import ITEMS
from siting.units import UTILITIES

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from siting.portfolio.choosing import Chosen
    from siting.portfolio.timing import Timing

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Texts = NDArray[np.str_]


def judge_sites(
    sites: GeoDataFrame, chosen: Chosen, rates: Rates, timing: Timing
) -> dict[str, Floats | Texts]:
    """Return columns saving_yearly_mrub to verdict_reason of every site, in its order."""
    served = chosen.served
    members = served.residents.loc[sites.index, served.prospects.index].to_numpy(bool)
    filled = members.any(axis=1)
    yearly_alone, alone = _alone(chosen, rates, members)
    capital, yearly_built, yearly_used = _in_park(sites, chosen, rates, members)
    total = capital.sum(axis=1)
    worth = (
        alone * timing.capital_alone
        + yearly_alone * timing.upkeep_come
        - total * timing.capital_park
        - yearly_built * timing.upkeep_built
        - yearly_used * timing.upkeep_come
    )
    even = break_even_share(total - capital[:, ONSITE], alone - capital[:, ONSITE], filled)
    reasons = _reasons(sites, chosen, members, (alone - total, even, worth))
    yearly = yearly_alone - yearly_built - yearly_used
    return {
        "saving_yearly_mrub": np.where(filled, yearly, np.nan),
        "saving_pv_mrub": np.where(filled, worth, np.nan),
        "break_even_opened_share": even,
        "verdict": np.where(reasons == "pays", *VERDICTS),
        "verdict_reason": reasons,
    }


def _alone(chosen: Chosen, rates: Rates, members: Flags) -> tuple[Floats, Floats]:
    """Return upkeep a year and capital of the residents of each site alone, mln roubles."""
    served = chosen.served
    ways = served.ways_alone.reordered(served.prospects.index)
    case_needs = needs_of(
        np.eye(len(served.prospects), dtype=bool), served.prospects, served.params
    )
    _, picked = price_all(ways.kernel, ways.prices, ways.spare, case_needs)
    # nobody without a cost alone is ever a member, so the zero is never counted
    capital = served.standalone.fillna(0.0).assign(opening=0.0)[list(ITEMS)].to_numpy(float)
    kept = keep_up(rates, ways, picked, capital, case_needs)
    upkeep = (kept.fixed + kept.used).sum(axis=1)
    return members @ upkeep, members @ capital.sum(axis=1)


def _in_park(
    sites: GeoDataFrame, chosen: Chosen, rates: Rates, members: Flags
) -> tuple[Floats, Floats, Floats]:
    """Return capital by item, shape (n, 10), upkeep of what is built and of what is used, (n,)."""
    served = chosen.served
    needs = needs_of(members, served.prospects, served.params)
    ways = served.ways.reordered(sites.index)
    costs, picked = price_all(ways.kernel, ways.prices, ways.spare, needs)
    capital = np.zeros((len(sites), len(ITEMS)))
    capital[:, : len(UTILITIES)] = costs
    capital[:, ONSITE] = onsite_of(members, sites, served.prospects, served.params)
    capital[:, OPENING] = np.where(members.any(axis=1), chosen.params.opening_mrub, 0.0)
    kept = keep_up(rates, ways, picked, capital, needs)
    return capital, kept.fixed.sum(axis=1), kept.used.sum(axis=1)


def _reasons(
    sites: GeoDataFrame, chosen: Chosen, members: Flags, found: tuple[Floats, Floats, Floats]
) -> Texts:
    saving, even, worth = found
    count = members.sum(axis=1)
    plausible = chosen.served.params.plausible_occupancy_share
    cases = {
        "not_eligible": ~sites["is_eligible"].to_numpy(bool),
        "nobody_fits": count == 0,
        "too_few_residents": count < chosen.params.min_residents,
        "saves_nothing": saving <= 0,
        "needs_too_many": even > plausible,
        "loses_over_time": worth <= 0,
    }
    return np.select(list(cases.values()), list(cases), default="pays").astype(str)
