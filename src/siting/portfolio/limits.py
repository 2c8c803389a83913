"""Whether any plan can keep the limits, and which limit binds where none can.

Each limit is judged alone where that is enough to know; a clash of several is named together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.errors import InfeasibleError, Problem, RegionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from siting.portfolio.case import Case
    from siting.region import ChooseParams

INFEASIBLE: Final = "Infeasible"
"""HiGHS's word for a programme without a solution."""


def check_names(sites: GeoDataFrame, params: ChooseParams) -> None:
    """Raise unless every locked site exists and none is locked both in and out.

    Raises
    ------
    RegionError
        Naming locked sites that do not exist.
    InfeasibleError
        Naming sites locked both in and out.
    """
    named = {*params.locked_in, *params.locked_out, *params.favourites}
    unknown = sorted(named - set(sites.index))
    if unknown:
        raise RegionError(Problem(code="locked_unknown", values={"sites": ", ".join(unknown)}))
    both = sorted(set(params.locked_in) & set(params.locked_out))
    if both:
        values = {"sites": ", ".join(both)}
        raise InfeasibleError(Problem(code="infeasible_locked_both", values=values))


def openable(case: Case) -> NDArray[np.int64]:
    """Return the positions of sites on which enough residents could settle together."""
    able = [i for i in range(len(case.sites)) if _could_open(case, i)]
    return np.array(able, np.int64)


def check_limits(case: Case) -> None:
    """Raise InfeasibleError naming every limit that alone makes a plan impossible."""
    problems = list(_impossible(case))
    if problems:
        raise InfeasibleError(problems)


def _could_open(case: Case, site: int) -> bool:
    areas = np.sort(case.areas_ha[case.fits[site]])[: case.params.min_residents]
    few = len(areas) < case.params.min_residents
    return not few and areas.sum() <= case.limits_ha[site] * (1 + 1e-9)


def _impossible(case: Case) -> Iterator[Problem]:
    params, locked = case.params, case.locked_in.tolist()
    unfit = [i for i in locked if not _could_open(case, i)]
    if unfit:
        values = {"sites": _names(case, unfit), "residents": params.min_residents}
        yield Problem(code="infeasible_locked_unfit", values=values)
    least = max(len(locked), params.min_parks)
    if least > params.max_parks:
        yield Problem(
            code="infeasible_max_parks", values={"limit": params.max_parks, "least": least}
        )
    most = _most_parks(case)
    if params.min_parks > most:
        yield Problem(code="infeasible_min_parks", values={"limit": params.min_parks, "most": most})
    for district in sorted(set(case.districts[case.locked_in].tolist()) - {-1}):
        mine = [i for i in locked if case.districts[i] == district]
        if len(mine) > params.max_parks_per_district:
            values = {"limit": params.max_parks_per_district, "sites": _names(case, mine)}
            yield Problem(code="infeasible_district", values=values)
    rivals = [i for i in locked if any(case.excludes(i, other) for other in locked)]
    if rivals:
        yield Problem(code="infeasible_conflict", values={"sites": _names(case, rivals)})


def _most_parks(case: Case) -> int:
    """Return how many parks districts and numbers of prospects allow at most."""
    districts = pd.Series(case.districts[openable(case)])
    capped = districts[districts >= 0].value_counts().clip(upper=case.params.max_parks_per_district)
    by_district = int(capped.sum()) + int((districts < 0).sum())
    willing = int(case.fits.any(axis=0).sum())
    return min(by_district, willing // case.params.min_residents)


def _names(case: Case, sites: list[int]) -> str:
    return ", ".join(case.sites[sites])


def explain(case: Case, status: str, least_budget_mrub: float) -> InfeasibleError:
    """Return why the solver found nothing: the budget, limits that clash, or its own status.

    Parameters
    ----------
    least_budget_mrub
        The least the budget can pay within all other limits; inf where they already clash.
    """
    params = case.params
    if np.isfinite(least_budget_mrub) and least_budget_mrub > params.budget_mrub:
        values = {"limit": f"{params.budget_mrub:g}", "least": f"{least_budget_mrub:.1f}"}
        return InfeasibleError(Problem(code="infeasible_budget", values=values))
    if status != INFEASIBLE:
        return InfeasibleError(Problem(code="solver_failed", values={"status": status}))
    limits = {
        "min_parks": params.min_parks,
        "max_parks": params.max_parks,
        "max_parks_per_district": params.max_parks_per_district,
        "min_residents": params.min_residents,
        "min_spacing_km": params.min_spacing_km,
    }
    told = ", ".join(f"{name} = {value:g}" for name, value in limits.items() if value)
    locked = f", locked_in = {_names(case, case.locked_in.tolist())}" if len(case.locked_in) else ""
    return InfeasibleError(Problem(code="infeasible_together", values={"limits": told + locked}))
