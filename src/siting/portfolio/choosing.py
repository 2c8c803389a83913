"""Which parks to open: the plan, its proven bound, and who saves what in it.

    a first plan (start, improve) -> a bound over all sites (bound) -> parks closed by twos and
    reopened (mend) -> HiGHS, where few sites could be in a better plan (master) -> what the plan
    really costs (settle) -> the ledger

A plan with a site left out of the master cannot beat that site's Lagrangian bound, a plan without
one cannot beat HiGHS's bound, so the larger of the two holds for all sites. The objective is not
the solver's: it is added up again from the tables.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.portfolio.alternatives import Alternatives, find_alternatives
from siting.portfolio.bound import Bound, find_bound
from siting.portfolio.case import Case, build_case
from siting.portfolio.improve import improve_plan
from siting.portfolio.ledger import KOPECKS_PER_MRUB, sum_kopecks, write_ledger
from siting.portfolio.limits import check_limits, check_names, explain, openable
from siting.portfolio.master import NOWHERE, Patience, Solved, least_budget_mrub, solve_master
from siting.portfolio.mend import mend_plan
from siting.portfolio.settle import Settled, settle
from siting.portfolio.start import greedy_plan
from siting.portfolio.worth import colocation_mrub, objective_mrub, worth_mrub
from siting.tables import check
from siting.tables.results import CHOSEN, LEDGER, LINKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.portfolio.savings import Served
    from siting.region import ChooseParams

    Ints = NDArray[np.int64]

SOLVER_SHARE: Final = 0.5
"""Share of the time limit given to HiGHS; first plans and the bound need the rest."""
TIME_OUT: Final = "Time limit reached"
"""HiGHS's word for running out of time."""
NOT_ASKED: Final = "Not asked"
"""Status where so many sites could be in a better plan that HiGHS is not asked."""
MOST_ASKED: Final = 60
"""Sites left by the bound up to which HiGHS is asked."""
MOST_MENDED: Final = 40
"""Sites the bound passed by, the last first, on which closed parks may reopen."""
NEAR_LIMIT_SHARE: Final = 0.001
"""A budget within this share of its end is named among the limits that bind."""


@dataclass(frozen=True, kw_only=True)
class Portfolio:
    """The plan as a whole."""

    objective_mrub: float
    """Saving of all parks after opening them, and the worth of linked firms in one park."""
    bound_mrub: float
    """No plan that keeps the limits saves more."""
    gap_share: float
    """(bound - objective) / bound; 0 when both are zero."""
    status: str
    """HiGHS's own model status text for the last programme it was given."""
    is_proven: bool
    """The gap is within `gap_share` of the parameters."""
    residents: DataFrame
    """Index prospect_id; site_id, saving_mrub (opening included), jobs_count."""
    colocation_mrub: float
    """Freight linked firms save in one park; part of the objective, not of the ledger."""
    budget_mrub: float
    spent_mrub: float
    """What the ledger lists with the payer `budget`."""
    binding: tuple[str, ...]
    """Names of the limits the plan exhausts."""
    headroom: DataFrame
    """Index source_id; utility, name, spare, used, beyond, for sources the plan taps."""
    alternatives: Alternatives | None = None
    """What else could be done; None where it was not looked for."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Sites with the plan, its ledger and portfolio, and what doubting needs."""

    sites: GeoDataFrame
    """Table CHOSEN."""
    ledger: DataFrame
    """Table LEDGER."""
    portfolio: Portfolio
    served: Served
    params: ChooseParams


def _silent(done_share: float) -> None:
    """Report nothing."""


def choose(
    sites: GeoDataFrame,
    *,
    served: Served,
    links: DataFrame,
    params: ChooseParams,
    progress: Callable[[float], None] = _silent,
) -> Chosen:
    """Return the best plan found within the limits, with its bound and its ledger.

    Raises
    ------
    RegionError
        If a locked site does not exist.
    InfeasibleError
        Naming the limit under which no plan exists.
    """
    check(links, LINKS)
    check_names(sites, params)
    case = build_case(sites, served, links, params)
    check_limits(case)
    plan, bound, status = _best_plan(case, progress)
    alternatives = None
    if params.seeks_alternatives:
        jobs = served.prospects["jobs_count"].reindex(case.prospects).to_numpy(float)
        # a better plan met on the way is taken; the bound holds for any plan
        plan, alternatives = find_alternatives(case, plan, jobs, bound.sites)
    settled = settle(case, plan)
    ledger = check(write_ledger(case, settled, served), LEDGER)
    found = _portfolio(case, settled, ledger, served, (bound.total_mrub, status))
    portfolio = replace(found, alternatives=alternatives)
    table = sites.assign(**_site_columns(sites, ledger, portfolio, served))
    return Chosen(
        sites=check(table, CHOSEN),
        ledger=ledger,
        portfolio=portfolio,
        served=served,
        params=params,
    )


def _best_plan(case: Case, progress: Callable[[float], None]) -> tuple[Ints, Bound, str]:
    """Return the site of each prospect, the bound and HiGHS's status.

    Where HiGHS runs out of time its plan and bound depend on the machine, so they are left aside:
    the plan is that of the local search, the bound that of all sites, and the status says so.
    """
    usable = openable(case)
    first = _improved(case, greedy_plan(case, usable.tolist()), usable)
    progress(0.1)
    nothing = np.full(len(case.prospects), NOWHERE, np.int64)
    least = max(worth_mrub(case, first), worth_mrub(case, nothing))
    bound = find_bound(case, usable, least=least)
    progress(0.5)
    known = _best_start(case, [first, nothing], bound, usable)
    progress(0.8)
    if known is not None:
        bound = bound.lifted(worth_mrub(case, known))
        if len(bound.alive) > MOST_ASKED:
            return known, bound, NOT_ASKED
    solved, kept = _solve(case, bound, usable, known)
    progress(0.9)
    if known is not None and (solved.status == TIME_OUT or solved.assignment is None):
        return known, bound, solved.status
    if solved.assignment is None:
        raise explain(case, solved.status, least_budget_mrub(case, kept, _patience(case)))
    best = max(
        (plan for plan in (solved.assignment, known) if plan is not None),
        key=lambda plan: objective_mrub(case, settle(case, plan)),
    )
    proven = max(solved.bound_mrub, bound.without(kept))
    # the two bounds are true to the solver's tolerance; a found plan is always possible
    return best, bound.lowered(proven).lifted(worth_mrub(case, best)), solved.status


def _solve(case: Case, bound: Bound, usable: Ints, known: Ints | None) -> tuple[Solved, Ints]:
    """Return what HiGHS makes of the sites worth a closer look, and those sites."""
    opened = np.empty(0, np.int64) if known is None else np.unique(known[known >= 0])
    kept = bound.promising(np.union1d(opened, case.locked_in))
    solved = solve_master(case, kept, patience=_patience(case), known=known)
    if known is None and solved.assignment is None and len(kept) < len(usable):
        kept = usable
        solved = solve_master(case, kept, patience=_patience(case), known=known)
    return solved, kept


def _patience(case: Case) -> Patience:
    return Patience(
        gap_share=case.params.gap_share,
        time_limit_s=SOLVER_SHARE * case.params.time_limit_s,
        max_nodes=case.params.max_nodes,
    )


def _best_start(case: Case, plans: list[Ints], bound: Bound, usable: Ints) -> Ints | None:
    """Return the best of `plans`, one grown on the sites the bound passed by, and what they become.

    None if none keeps the limits.
    """
    seen = list(dict.fromkeys(site for site, _ in bound.sets))[:MOST_MENDED]
    grown = _improved(case, greedy_plan(case, seen), usable)
    best = max([*plans, grown], key=lambda plan: worth_mrub(case, plan))
    best = mend_plan(case, best, np.array(sorted(seen), np.int64))
    return best if np.isfinite(worth_mrub(case, best)) else None


def _improved(case: Case, plan: Ints, usable: Ints) -> Ints:
    """Return the better of a plan and what local search makes of it, sources shared."""
    return max((plan, improve_plan(case, plan, usable)), key=lambda each: worth_mrub(case, each))


def _portfolio(
    case: Case, settled: Settled, ledger: DataFrame, served: Served, found: tuple[float, str]
) -> Portfolio:
    together = colocation_mrub(case, settled)
    objective = sum_kopecks(ledger["saving_mrub"]) / KOPECKS_PER_MRUB + together
    public = ledger.loc[ledger["payer"] == "budget", "park_mrub"]
    spent = sum_kopecks(public) / KOPECKS_PER_MRUB
    # rounding to kopecks may lift the objective above the bound by less than a kopeck a park
    bound = max(found[0], objective)
    gap = (bound - objective) / bound if bound > 0 else 0.0
    return Portfolio(
        objective_mrub=objective,
        bound_mrub=bound,
        gap_share=gap,
        status=found[1],
        is_proven=gap <= case.params.gap_share + 1e-9,
        residents=_residents(ledger, served),
        colocation_mrub=together,
        budget_mrub=case.params.budget_mrub,
        spent_mrub=spent,
        binding=_binding(case, settled, spent),
        headroom=_headroom(case, settled),
    )


def _residents(ledger: DataFrame, served: Served) -> DataFrame:
    kopecks = np.rint(ledger["saving_mrub"] * KOPECKS_PER_MRUB).astype("int64")
    keys = [ledger["prospect_id"], ledger["site_id"]]
    table = kopecks.groupby(keys, sort=True).sum().reset_index(level="site_id")
    jobs = served.prospects["jobs_count"].reindex(table.index)
    return pd.DataFrame(
        {
            "site_id": table["site_id"],
            "saving_mrub": table["saving_mrub"] / KOPECKS_PER_MRUB,
            "jobs_count": jobs,
        }
    )


def _binding(case: Case, settled: Settled, spent_mrub: float) -> tuple[str, ...]:
    params, found = case.params, []
    if spent_mrub >= params.budget_mrub * (1 - NEAR_LIMIT_SHARE) and case.public.any():
        found.append("budget")
    if len(settled.parks) >= params.max_parks:
        found.append("max_parks")
    if params.min_parks and len(settled.parks) <= params.min_parks:
        found.append("min_parks")
    districts = pd.Series(case.districts[settled.parks])
    full = districts[districts >= 0].value_counts() >= params.max_parks_per_district
    if full.any():
        found.append("max_parks_per_district")
    return tuple(found)


def _headroom(case: Case, settled: Settled) -> DataFrame:
    sources = case.ways.sources.assign(used=settled.used)
    tapped = sources[sources["used"] > 0]
    return pd.DataFrame(
        {
            "utility": tapped["utility"].to_numpy(str),
            "name": tapped["name"].to_numpy(),
            "spare": tapped["spare"].to_numpy(float),
            "used": tapped["used"].to_numpy(float),
            "beyond": (tapped["used"] - tapped["spare"]).clip(lower=0).to_numpy(float),
        },
        index=pd.Index(tapped["id"].to_numpy(str), name="source_id"),
    )


def _site_columns(
    sites: GeoDataFrame, ledger: DataFrame, portfolio: Portfolio, served: Served
) -> dict[str, pd.Series]:
    kopecks = np.rint(ledger["saving_mrub"] * KOPECKS_PER_MRUB).astype("int64")
    by_site = kopecks.groupby(ledger["site_id"]).sum() / KOPECKS_PER_MRUB
    saving = by_site.reindex(sites.index)
    residents = portfolio.residents
    count = residents.groupby("site_id").size().reindex(sites.index)
    jobs = residents.groupby("site_id")["jobs_count"].sum().reindex(sites.index)
    return {
        "is_chosen": saving.notna(),
        "rank": _ranks(sites, saving),
        # a site that is not opened has no residents, no jobs and saves nothing in the plan
        "residents_count": count.fillna(0).astype("int64"),
        "jobs_count": jobs.fillna(0.0),
        "plan_saving_mrub": saving.fillna(0.0),
    }


def _ranks(sites: GeoDataFrame, plan_saving: pd.Series) -> pd.Series:
    """Return ranks from 1: chosen sites by saving in the plan, then the others by saving alone."""
    frame = pd.DataFrame(
        {
            "is_left": plan_saving.isna(),
            "plan": -plan_saving,
            "alone": -sites["saving_mrub"],
            "id": sites.index,
        },
        index=sites.index,
    )
    known = frame[plan_saving.notna() | sites["saving_mrub"].notna()]
    order = known.sort_values(["is_left", "plan", "alone", "id"], kind="stable").index
    ranks = pd.Series(np.arange(1.0, len(order) + 1), index=order)
    return ranks.reindex(sites.index)
