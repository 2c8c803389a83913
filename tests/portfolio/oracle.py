"""Slow and obvious answers to hold the fast ones against, priced by `siting.pricing`."""

import itertools

import numpy as np

from siting.portfolio.case import build_case
from siting.pricing import price
from siting.units import UTILITIES


def connection_costs(served, site_id, needs):
    """Cost of each utility at a site by the one cost formula of the program."""
    offers = served.offers.sites.take(served.sites.index[served.sites.index == site_id])
    return np.array(
        [
            price(offers.by_utility[u], np.array([need])).cost_mrub[0]
            if u in offers.by_utility
            else (0.0 if need == 0 else np.inf)
            for u, need in zip(UTILITIES, needs, strict=True)
        ]
    )


def needs_of_set(case, members):
    demand = case.demands[list(members)]
    return np.maximum(case.coincidence * demand.sum(axis=0), demand.max(axis=0))


def park_saving(served, case, site, members):
    """Saving of a park before opening, as if alone on its sources."""
    members = list(members)
    alone = served.standalone.loc[case.prospects[members]].to_numpy().sum()
    lone = served.params.onsite_alone_share if len(members) == 1 else 1.0
    onsite = case.rates_mrub_ha[site] * case.areas_ha[members].sum() * lone
    costs = connection_costs(served, case.sites[site], needs_of_set(case, members))
    return alone - onsite - costs.sum()


def shared_cost(served, case, parks):
    """Least cost of the connections of all parks together: every combination of ways is tried."""
    total = 0.0
    for u in range(len(UTILITIES)):
        users = [(i, needs_of_set(case, s)[u]) for i, s in parks if needs_of_set(case, s)[u] > 0]
        choices = [_ways(served, case, site, u, need) for site, need in users]
        best = np.inf if users else 0.0
        offers = served.offers.sites.by_utility.get(UTILITIES[u])
        for pick in itertools.product(*choices):
            taken = {}
            for (_, need), (_, source) in zip(users, pick, strict=True):
                if source >= 0:
                    taken[source] = taken.get(source, 0.0) + need
            spare = offers.sources["spare"].to_numpy() if offers is not None else ()
            beyond = sum(max(0.0, flow - spare[s]) for s, flow in taken.items())
            extra = offers.reinforcement_mrub * beyond if offers is not None else 0.0
            best = min(best, sum(cost for cost, _ in pick) + extra)
        total += best
    return total


def _ways(served, case, site, utility, need):
    offers = served.offers.sites.take(case.sites[[site]]).by_utility[UTILITIES[utility]]
    plenty = np.full(len(offers.sources), np.inf)
    found = []
    for t in range(offers.source.shape[1]):
        for k in range(offers.source.shape[2]):
            if not np.isfinite(offers.effective_km[0, t, k]):
                continue
            single = offers.effective_km.copy()
            single[:] = np.inf
            single[0, t, k] = offers.effective_km[0, t, k]
            only = type(offers)(**{**vars(offers), "effective_km": single})
            cost = price(only, np.array([need]), spare=plenty).cost_mrub[0]
            if np.isfinite(cost):
                found.append((cost, int(offers.source[0, t, k])))
    return found


def every_plan(served, links, params):
    """Every assignment that keeps the limits: its sites, its saving and who settles."""
    case = build_case(served.sites, served, links, params)
    n, m = case.fits.shape
    worth = dict(zip(map(tuple, case.pairs.tolist()), case.pair_mrub, strict=True))
    for assignment in itertools.product(range(-1, n), repeat=m):
        parks = [
            (i, [j for j in range(m) if assignment[j] == i]) for i in sorted(set(assignment) - {-1})
        ]
        if not _allowed(case, parks):
            continue
        value = sum(
            case.values[i, j] for i, members in parks for j in members
        ) - params.opening_mrub * len(parks)
        value += sum(w for (a, b), w in worth.items() if assignment[a] == assignment[b] != -1)
        saving = value - shared_cost(served, case, parks)
        yield frozenset(case.sites[i] for i, _ in parks), saving, np.array(assignment)


def best_objective(served, links, params):
    """The best saving after opening, over every set of sites and every assignment."""
    return max(saving for _, saving, _ in every_plan(served, links, params))


def best_by_sites(served, links, params):
    """The best saving of every set of sites that can open."""
    best = {}
    for sites, saving, _ in every_plan(served, links, params):
        best[sites] = max(saving, best.get(sites, -np.inf))
    return best


def _allowed(case, parks):
    opened = {site for site, _ in parks}
    if not case.params.min_parks <= len(parks) <= case.params.max_parks:
        return False
    if not set(case.locked_in.tolist()) <= opened:
        return False
    for site, members in parks:
        if len(members) < case.params.min_residents or not case.fits[site, members].all():
            return False
        if case.areas_ha[members].sum() > case.limits_ha[site] * (1 + 1e-9):
            return False
        if any(case.excludes(site, other) for other, _ in parks):
            return False
    districts = [case.districts[site] for site, _ in parks if case.districts[site] >= 0]
    cap = case.params.max_parks_per_district
    return all(districts.count(d) <= cap for d in districts)
