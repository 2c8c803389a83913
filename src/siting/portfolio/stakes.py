"""Everything doubt prices again and again, in arrays, for the sites and for the plan.

Decides nothing: a `World` is one state of what was assumed, and `Stakes` says what it does to the
savings of sites, to the plan and to the choice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from siting.portfolio.ages import Ages
from siting.portfolio.case import Case, build_case
from siting.portfolio.draws import alone_costs, park_savings, reselect
from siting.portfolio.quick import lay, lay_sure
from siting.portfolio.savings import ACCESS
from siting.region import DoubtParams
from siting.units import UTILITIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from siting.portfolio.choosing import Chosen
    from siting.portfolio.ways import Ways

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Groups = tuple[Ints, Ints]
    Laid = tuple[Ints, Floats]

IS_ACCESS = np.isin(UTILITIES, ACCESS)
"""Which utilities are accesses and not loads, shape (8,)."""

PRICE_COLUMNS = ("fixed_mrub", "per_km_mrub", "per_unit_mrub")


@dataclass(frozen=True, kw_only=True)
class World:
    """One state of what was assumed."""

    prices: Floats
    """Of options: fixed, per km, per unit, shape (3, options)."""
    spare: Floats
    """Of sources, shape (s,)."""
    demands: Floats
    """Of prospects by utility, shape (m, 8)."""
    come: Floats
    """Share of each prospect that comes, shape (m,)."""


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Sites among which the choice is repeated, and the rules of the choice."""

    sites: Ints
    """Positions in the case."""
    laid: Laid
    rules: tuple[object, ...]
    money: tuple[object, ...]
    """What `draws.reselect` takes under these names."""

    def only(self, opened: Ints) -> Pool:
        """Return the pool in which these sites, and no others, open whatever they cost."""
        locked = np.isin(np.arange(len(self.sites)), opened)
        rules = (len(opened), 1, len(opened), self.rules[3], self.rules[4], locked)
        opening, fee, _, *rest = self.money
        return replace(self, rules=rules, money=(opening, fee, np.inf, *rest))


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Parks with their residents, ready to be priced in any world."""

    parks: Ints
    """Positions of the sites in the case."""
    laid: Laid
    groups: Groups
    onsite: Floats
    """On-site networks of each resident, in the order of `groups`."""


@dataclass(frozen=True, kw_only=True)
class Stakes:
    """What is at stake: the case, who fills each site, and the plan."""

    case: Case
    alone: Ways
    """Ways to connect each prospect alone, in the order of the case."""
    alone_onsite: Floats
    onsite: Floats
    """On-site networks by site and prospect, mln roubles, shape (n, m)."""
    residents: Flags
    """Who fills each site alone, shape (n, m)."""
    plan: Flags
    """Who settles where in the plan, shape (n, m)."""
    low_prices: Floats
    high_prices: Floats
    spare_spread: Floats
    """Half-width of the factor of each spare capacity, shape (s,)."""
    industries: NDArray[np.str_]
    """Activity whose profile each prospect has, shape (m,)."""
    busiest: float
    """Greatest factor of a load in any draw."""
    ranked: Ints
    """Positions of sites from the best to the worst."""

    @property
    def has_residents(self) -> Flags:
        """Return whether anybody fills each site, shape (n,)."""
        return self.residents.sum(axis=1) > 0

    @property
    def central(self) -> World:
        """Return what was assumed."""
        ways = self.case.ways
        return World(
            prices=ways.prices,
            spare=ways.spare,
            demands=self.case.demands,
            come=np.ones(len(self.case.prospects)),
        )

    @cached_property
    def laid_alone(self) -> Laid:
        """Return the ways of each prospect alone that could be cheapest in some draw."""
        return self._sure(self.alone, scale_loads(self.case.demands, self._most_busy))

    @cached_property
    def laid_sites(self) -> Laid:
        """Return the ways of each site that could be cheapest in some draw for its residents."""
        demands = scale_loads(self.case.demands, self._most_busy)
        together = np.maximum(1.0, self.case.coincidence)
        return self._sure(self.case.ways, self.residents.astype(float) @ demands * together)

    @property
    def _most_busy(self) -> Floats:
        return np.full(len(self.case.prospects), self.busiest)

    def _sure(self, ways: Ways, most_need: Floats) -> Laid:
        # the sum of loads is never below what a park of these residents needs
        least, most = ways.spare * (1 - self.spare_spread), ways.spare * (1 + self.spare_spread)
        return lay_sure(ways.kernel, lay(ways.kernel), least, most, most_need.ravel())

    @cached_property
    def groups(self) -> Groups:
        """Return who fills each site, as starts and positions."""
        return _grouped(self.residents)

    @cached_property
    def site_onsite(self) -> Floats:
        """Return on-site networks of those who fill each site, in the order of `groups`."""
        return self.onsite_in_park(self.residents)[self.residents]

    @cached_property
    def plan_layout(self) -> Layout:
        """Return the parks of the plan."""
        return self.layout(self.plan)

    def layout(self, members: Flags) -> Layout:
        """Return the parks of a plan in which `members`, shape (n, m), settle."""
        opened = np.flatnonzero(members.any(axis=1))
        ways = self.case.ways.reordered(self.case.ways.places[opened])
        inside = members[opened]
        return Layout(
            parks=opened.astype(np.int64),
            laid=(ways.start, lay(ways.kernel)),
            groups=_grouped(inside),
            onsite=self.onsite_in_park(members)[opened][inside],
        )

    def onsite_in_park(self, members: Flags) -> Floats:
        """Return on-site networks by site and prospect, a single resident's without the shared."""
        lone = members.sum(axis=1) == 1
        return self.onsite - np.where(lone[:, None], self.case.lone, 0.0)

    def values_in(self, world: World) -> Floats:
        """Return the cost of each prospect alone, on-site networks included; 0 where unknown."""
        costs = alone_costs(_supply(self.laid_alone, world), world.demands)
        # nobody without a finite cost alone is ever a resident, so the zero is never counted
        return np.where(np.isfinite(costs), costs, 0.0) + self.alone_onsite

    def savings_in(self, world: World, values: Floats) -> Floats:
        """Return the saving of each site with those who fill it alone, shape (n,)."""
        return park_savings(
            _supply(self.laid_sites, world),
            self._people(world),
            self.groups,
            (values, world.come, self.site_onsite),
            False,  # noqa: FBT003  # compiled functions take no keywords
        )

    def total_in(self, world: World, values: Floats, layout: Layout | None = None) -> float:
        """Return the saving of a whole plan after opening its parks, mln roubles."""
        plan = layout or self.plan_layout
        savings = park_savings(
            _supply(plan.laid, world),
            self._people(world),
            plan.groups,
            (values, world.come, plan.onsite),
            True,  # noqa: FBT003  # compiled functions take no keywords
        )
        return float(savings.sum()) - self.case.params.opening_mrub * len(savings)

    def _people(self, world: World) -> tuple[Floats, Floats, Floats]:
        return world.demands, self.case.coincidence, self.case.areas_ha

    def pool(self, most: int) -> Pool:
        """Return the best sites, those of the plan and those locked in, ready to choose among."""
        case, params = self.case, self.case.params
        always = np.union1d(np.flatnonzero(self.plan.any(axis=1)), case.locked_in)
        sites = np.union1d(self.ranked[:most], always).astype(np.int64)
        ways = case.ways.reordered(case.ways.places[sites])
        rivals = [[case.excludes(a, b) for b in sites.tolist()] for a in sites.tolist()]
        return Pool(
            sites=sites,
            laid=(ways.start, lay(ways.kernel)),
            rules=(
                params.max_parks,
                params.min_residents,
                params.max_parks_per_district,
                case.districts[sites],
                np.array(rivals, bool).reshape(len(sites), len(sites)),
                np.isin(sites, case.locked_in),
            ),
            money=(
                params.opening_mrub,
                case.public_opening * params.opening_mrub,
                params.budget_mrub,
                case.public,
                case.public_onsite * self.onsite[sites],
            ),
        )

    def reselect_in(self, world: World, values: Floats, pool: Pool) -> Ints:
        """Return the site of the pool where a greedy choice settles each prospect, -1: none."""
        case, sites = self.case, pool.sites
        gains = values - self.onsite[sites]
        order = np.argsort(-gains / case.areas_ha, axis=1, kind="stable")
        return reselect(
            _supply(pool.laid, world),
            self._people(world),
            (gains, case.fits[sites] & (world.come > 0), case.limits_ha[sites]),
            order,
            pool.rules,
            pool.money,
        )


def scale_loads(demands: Floats, factor: Floats) -> Floats:
    """Return demands, shape (m, 8), with each prospect's loads times its factor, shape (m,).

    A road, a siding and a line are there or not: a busier plant does not need a second.
    """
    return demands * np.where(IS_ACCESS, 1.0, factor[:, None])


def build_stakes(
    chosen: Chosen, params: DoubtParams | None = None, ages: Ages | None = None
) -> Stakes:
    """Return what is at stake in a chosen plan; without ages all data is of today."""
    told = params or DoubtParams()
    served = chosen.served
    links = pd.DataFrame({"supplier_id": [], "buyer_id": [], "volume_mrub": [], "distance_km": []})
    case = build_case(chosen.sites, served, links, chosen.params)
    plan = np.zeros(case.fits.shape, bool)
    residents = chosen.portfolio.residents["site_id"]
    plan[
        case.sites.get_indexer(pd.Index(residents)), case.prospects.get_indexer(residents.index)
    ] = True
    ranked = np.argsort(-case.alone_mrub, kind="stable")
    old = ages or Ages.none(case.ways)
    return Stakes(
        case=case,
        alone=served.ways_alone.reordered(case.prospects),
        alone_onsite=served.standalone["onsite"]
        .reindex(case.prospects)
        .fillna(0.0)
        .to_numpy(float),
        onsite=case.rates_mrub_ha[:, None] * case.areas_ha,
        residents=served.residents.loc[case.sites, case.prospects].to_numpy(bool),
        plan=plan,
        low_prices=_end(case, "_low", old.price_years, told),
        high_prices=_end(case, "_high", old.price_years, told),
        spare_spread=np.minimum(
            1.0, told.spare_spread_share + told.age_spread_share * old.spare_years
        ),
        industries=served.prospects["industry_okved"].reindex(case.prospects).to_numpy(str),
        busiest=1 + told.demand_spread_share,
        ranked=ranked[np.isfinite(case.alone_mrub[ranked])],
    )


def _end(case: Case, end: str, years: Floats, params: DoubtParams) -> Floats:
    """Return the low or high prices of options, farther from the middle the older they are."""
    options, central = case.ways.options, case.ways.prices
    told = np.array([options[f"{column}{end}"].to_numpy(float) for column in PRICE_COLUMNS])
    return np.maximum(0.0, central + (told - central) * (1 + params.age_spread_share * years))


def _supply(laid: Laid, world: World) -> tuple[Ints, Floats, Floats, Floats]:
    start, ways = laid
    return start, ways, np.ascontiguousarray(world.prices.T), world.spare


def _grouped(members: Flags) -> Groups:
    start = np.concatenate([[0], np.cumsum(members.sum(axis=1))]).astype(np.int64)
    return start, np.nonzero(members)[1].astype(np.int64)
