"""The totals of a plan, and what made it: bound and gap, seed, version, inputs, time, memory."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final, Protocol

from siting.stopwatch import Stopwatch, peak_memory_mb

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from siting.region import Region
    from siting.tables import Layers

LENGTH_ERROR_SHARE: Final = {8: 0.0824, 16: 0.0275, 32: 0.0131}
"""Greatest overstatement of a straight length by the moves of the sweep (docs/method.md)."""

_DIGITS: Final = 6
"""Millions of roubles are written to the rouble, as the tables are."""

_PERCENTILES: Final = (10, 50, 90)


class _Alternatives(Protocol):
    @property
    def near_best_count(self) -> int: ...
    @property
    def is_proven(self) -> bool: ...
    @property
    def irreplaceability(self) -> DataFrame: ...
    @property
    def pareto(self) -> DataFrame: ...


class _Portfolio(Protocol):
    @property
    def objective_mrub(self) -> float: ...
    @property
    def bound_mrub(self) -> float: ...
    @property
    def gap_share(self) -> float: ...
    @property
    def status(self) -> str: ...
    @property
    def budget_mrub(self) -> float: ...
    @property
    def spent_mrub(self) -> float: ...
    @property
    def binding(self) -> tuple[str, ...]: ...
    @property
    def alternatives(self) -> _Alternatives | None: ...


class _Chosen(Protocol):
    @property
    def ledger(self) -> DataFrame: ...
    @property
    def portfolio(self) -> _Portfolio: ...


class _Doubted(Protocol):
    @property
    def sites(self) -> GeoDataFrame: ...
    @property
    def plan_saving_mrub(self) -> DataFrame: ...
    @property
    def knowing_all_mrub(self) -> float: ...


@cache
def code_sha256() -> str:
    """Return a hash of the program itself: equal results need an equal one."""
    digest = hashlib.sha256()
    package = files("siting")
    with as_file(package) as folder:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(file.relative_to(folder).as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


class _Connected(Protocol):
    @property
    def connections(self) -> GeoDataFrame: ...
    @property
    def unused(self) -> DataFrame: ...


def summarise(
    region: Region,
    timed: Stopwatch,
    *,
    layers: Layers,
    chosen: _Chosen,
    doubted: _Doubted,
    net: _Connected,
) -> dict[str, Any]:
    """Return what `summary.json` holds; only `run` differs between two runs of the same inputs."""
    portfolio, sites = chosen.portfolio, doubted.sites
    parks = sites[sites["is_chosen"]].sort_values("rank")
    return {
        "region": {"code": region.code, "name": region.name, "name_en": region.name_en},
        "totals": _totals(sites, parks, chosen.ledger)
        | _range(doubted.plan_saving_mrub)
        | {"knowing_all_mrub": round(doubted.knowing_all_mrub, _DIGITS)},
        "parks": parks.index.tolist(),
        "portfolio": _portfolio(portfolio),
        "method": {
            "crs": region.crs,
            "cell_m": region.cell_m,
            "neighbours": region.network.neighbours,
            "length_error_share_max": LENGTH_ERROR_SHARE[region.network.neighbours],
            "labels": region.network.labels,
            "connections_widened": int(net.connections["is_widened"].sum()),
            "sources_unused": len(net.unused),
            "price_year": region.price_year,
            "horizon_years": region.money.horizon_years,
            "discount_share": region.money.discount_share,
            "standalone_quantile": region.serve.standalone_quantile,
            "draws": region.doubt.draws,
        },
        "seed": region.seed,
        "version": version("siting"),
        "code_sha256": code_sha256(),
        "inputs_sha256": dict(layers.sha256),
        "rows": {"plots": len(layers.plots), "repairs": len(layers.repairs)},
        "run": {
            "seconds": {stage: round(spent, 3) for stage, spent in timed.seconds.items()},
            "peak_memory_mb": round(peak_memory_mb(), 1),
        },
    }


def _portfolio(portfolio: _Portfolio) -> dict[str, Any]:
    return {
        "objective_mrub": round(portfolio.objective_mrub, _DIGITS),
        "bound_mrub": round(portfolio.bound_mrub, _DIGITS),
        "gap_share": round(portfolio.gap_share, _DIGITS),
        "solver_status": portfolio.status,
        "budget_mrub": portfolio.budget_mrub,
        "spent_mrub": round(portfolio.spent_mrub, _DIGITS),
        "binding": list(portfolio.binding),
        "alternatives": _alternatives(portfolio.alternatives),
    }


def _alternatives(found: _Alternatives | None) -> dict[str, Any] | None:
    """Return how many portfolios come near the plan, and the sites all of them open."""
    if found is None:
        return None
    always = found.irreplaceability["near_best_share"] == 1
    return {
        "near_best_count": found.near_best_count,
        "is_proven": found.is_proven,
        "always_open": found.irreplaceability.loc[always, "site_id"].tolist(),
        "pareto_count": len(found.pareto),
    }


def _totals(sites: GeoDataFrame, parks: GeoDataFrame, ledger: DataFrame) -> dict[str, Any]:
    alone, park = ledger["standalone_mrub"].sum(), ledger["park_mrub"].sum()
    saving = ledger["saving_mrub"].sum()
    return {
        "sites_count": len(sites),
        "eligible_count": int(sites["is_eligible"].sum()),
        "parks_count": len(parks),
        "residents_count": int(parks["residents_count"].sum()),
        "jobs_count": round(parks["jobs_count"].sum()),
        "standalone_cost_mrub": round(float(alone), _DIGITS),
        "park_cost_mrub": round(float(park), _DIGITS),
        "saving_mrub": round(float(saving), _DIGITS),
        "saving_share": round(float(saving / alone), _DIGITS) if alone else None,
    }


def _range(draws: DataFrame) -> dict[str, float]:
    """Return percentiles of the saving of the whole plan: those of the parks do not add up."""
    values = draws["saving_mrub"].quantile([p / 100 for p in _PERCENTILES])
    return {
        f"plan_saving_p{p}_mrub": round(float(value), _DIGITS)
        for p, value in zip(_PERCENTILES, values, strict=True)
    }
