"""What the page needs to price sites again by itself: ways, demands, who settles where, limits.

The page holds the same formula as `siting.pricing` (templates/price.js); a test compares both on
random settings. Sites beyond the best `SITES_KEPT` are left out: the page says how many it ranks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.maps.encode import Packed, pack_flags, pack_indexes
from siting.maps.ways import exact_numbers, pack_ways
from siting.portfolio import Chosen
from siting.portfolio.stakes import build_stakes
from siting.units import UTILITIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.portfolio.stakes import Stakes
    from siting.study import Plan

    Floats = NDArray[np.float64]

SITES_KEPT: Final = 2000
"""Sites the page can price again, those that save most first."""

_SHARED_UTILITIES: Final = ("road", "rail", "telecom")
"""One access serves whatever load: the slider of demand leaves these alone."""


def whatif(plan: Plan) -> Packed | None:
    """Return all that the sliders need; None for a plan that cannot be priced again."""
    if plan.served is None:
        return None
    stakes = build_stakes(
        Chosen(
            sites=plan.sites,
            ledger=plan.ledger,
            portfolio=plan.portfolio,
            served=plan.served,
            params=plan.region.choose,
        )
    )
    kept = np.sort(np.union1d(stakes.ranked[:SITES_KEPT], np.flatnonzero(stakes.plan.any(axis=1))))
    case = stakes.case
    return {
        "tables": {
            "priced": _sites(stakes, kept, plan),
            "priced_ways": pack_ways(case.ways.reordered(case.ways.places[kept])),
            "alone_ways": pack_ways(stakes.alone),
            "firms": _firms(stakes, plan),
        },
        "matrices": {
            "fits": _flags(case.fits[kept]),
            "residents": _flags(stakes.residents[kept]),
        },
        "rivals": [[i, *row] for i, row in enumerate(_rivals(stakes, kept)) if row],
        "rules": {
            "coincidence": case.coincidence.tolist(),
            "public": case.public.tolist(),
            "public_onsite": case.public_onsite,
            "public_opening": case.public_opening,
            "opening": case.params.opening_mrub,
            "budget": case.params.budget_mrub,
            "parks": case.params.max_parks,
            "residents": case.params.min_residents,
            "per_district": case.params.max_parks_per_district,
            "fixed_load": [utility in _SHARED_UTILITIES for utility in UTILITIES],
        },
    }


def _sites(stakes: Stakes, kept: NDArray[np.int64], plan: Plan) -> Packed:
    case = stakes.case
    ids = case.sites[kept]
    lone = 1.0 - _onsite_alone_share(plan)
    columns = {
        "site": pack_indexes(pd.Series(ids), plan.sites.index),
        "limit_ha": exact_numbers(case.limits_ha[kept]),
        "rate": exact_numbers(case.rates_mrub_ha[kept]),
        "district": exact_numbers(case.districts[kept].astype(float)),
        "locked": pack_flags(pd.Series(np.isin(kept, case.locked_in))),
        "lone_share": exact_numbers(np.full(len(kept), lone)),
    }
    return {"n": len(kept), "columns": columns}


def _onsite_alone_share(plan: Plan) -> float:
    return plan.region.serve.onsite_alone_share


def _firms(stakes: Stakes, plan: Plan) -> Packed:
    case = stakes.case
    jobs = plan.prospects["jobs_count"].reindex(case.prospects)
    settled = plan.portfolio.residents["site_id"].reindex(case.prospects)
    columns = {
        **{
            f"demand_{utility}": exact_numbers(case.demands[:, u])
            for u, utility in enumerate(UTILITIES)
        },
        "area_ha": exact_numbers(case.areas_ha),
        "onsite": exact_numbers(stakes.alone_onsite),
        # no figure of jobs means that none are promised
        "jobs": exact_numbers(jobs.fillna(0.0).to_numpy(float)),
        "plan_site": pack_indexes(settled, plan.sites.index),
    }
    return {"n": len(case.prospects), "columns": columns}


def _rivals(stakes: Stakes, kept: NDArray[np.int64]) -> list[list[int]]:
    """Return, for each kept site, the kept sites it excludes."""
    place = {site: at for at, site in enumerate(kept.tolist())}
    rivals = stakes.case.rivals
    return [
        sorted(place[other] for other in rivals.get(site, frozenset()) if other in place)
        for site in kept.tolist()
    ]


def _flags(values: NDArray[np.bool_]) -> Packed:
    return pack_flags(pd.Series(values.ravel()))
