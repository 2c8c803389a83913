"""What the study found, as tables of the page: sites, their connections, residents and checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from siting.maps.packing import PackedTable, inner_points, joined

if TYPE_CHECKING:
    from pandas import DataFrame, Index, Series

    from siting.maps.basemap import Tables
    from siting.study import Plan

SITE_NUMBERS: Final = (
    "area_ha",
    "buildable_ha",
    "building_m2",
    "land_price_mrub",
    "housing_distance_m",
    "connection_cost_mrub",
    "onsite_cost_mrub",
    "standalone_cost_mrub",
    "park_cost_mrub",
    "saving_mrub",
    "saving_share",
    "break_even_share",
    "rank",
    "residents_count",
    "jobs_count",
    "plan_saving_mrub",
    "saving_p10_mrub",
    "saving_p50_mrub",
    "saving_p90_mrub",
    "chosen_share",
)

CONNECTION_NUMBERS: Final = (
    "circuits",
    "feeders",
    "demand",
    "length_km",
    "effective_km",
    "fixed_mrub",
    "line_mrub",
    "crossings_mrub",
    "reinforcement_mrub",
    "reinforcement_step_mrub",
    "cost_mrub",
)

ROUTE_THIN_M: Final = 10.0
"""Routes are thinned by at most this, m; a cell of the sweep is many times wider."""

_MONEY: Final = ["standalone_mrub", "park_mrub", "saving_mrub"]


def answers(plan: Plan) -> Tables:
    """Return the tables of sites and of everything a site card shows."""
    parts = _of_plots(plan)
    return {
        "sites": _sites(plan, parts),
        "plots": _plots(plan),
        "connections": _connections(plan),
        "by_utility": _ledger(plan, ["site_id", "utility"]),
        "by_payer": _ledger(plan, ["site_id", "payer"]),
        "residents": _residents(plan),
        "checks": _checks(plan),
        "losses": _losses(plan, parts),
        "overlaps": _overlaps(plan, parts),
    }


def _sites(plan: Plan, parts: DataFrame) -> dict[str, object]:
    sites = plan.sites
    table = (
        PackedTable(sites)
        .ids()
        .names()
        .texts("kind", "why_not")
        .numbers(*SITE_NUMBERS)
        .flags("is_eligible", "is_chosen")
        .index("district", sites["district_id"], plan.layers.districts.index)
        .shapes(sites.geometry)
        .done()
    )
    spots = PackedTable(sites).shapes(inner_points(sites)).done()
    made_up = parts.assign(one=1.0)
    synthetic = (
        plan.layers.plots["is_synthetic"].reindex(made_up["plot_id"]).to_numpy(bool, na_value=False)
    )
    share = (
        made_up.assign(synthetic_share=synthetic.astype(float))
        .groupby("site_id")
        .agg(plots_count=("one", "sum"), synthetic_share=("synthetic_share", "mean"))
    )
    extra = PackedTable(share.reindex(sites.index)).numbers("plots_count", "synthetic_share").done()
    return _merged(table, extra, spot=spots)


def _merged(*tables: dict[str, object], spot: dict[str, object]) -> dict[str, object]:
    columns = {k: v for table in tables for k, v in table["columns"].items()}  # type: ignore[attr-defined]
    columns["spot"] = spot["columns"]["shape"]  # type: ignore[index]
    return {"n": tables[0]["n"], "columns": columns}


def _plots(plan: Plan) -> dict[str, object]:
    plots = plan.plots
    return (
        PackedTable(plots)
        .ids()
        .texts("category", "status", "why_not")
        .numbers("buildable_ha")
        .flags("is_eligible", "is_synthetic")
        .shapes(plots.geometry)
        .done()
    )


def _connections(plan: Plan) -> dict[str, object]:
    nets = plan.layers.infrastructure
    found = plan.connections.reset_index(drop=True)
    options = plan.layers.connection_options.set_index(["utility", "option"])
    options = options[~options.index.duplicated()]
    keys = pd.MultiIndex.from_frame(found[["utility", "option"]])
    told = options[["status", "source"]].reindex(keys).set_index(found.index)
    return (
        PackedTable(found.assign(status=told["status"], price_source=told["source"]))
        .names("source_name")
        .texts(
            "utility",
            "option",
            "demand_unit",
            "status",
            "price_source",
            "reinforcement_step",
            "crossings",
        )
        .numbers(*CONNECTION_NUMBERS)
        .flags("is_spare_known")
        .index("site", found["site_id"], plan.sites.index)
        .index("object", found["source_id"], nets.index)
        .shapes(found.geometry, simplify_m=ROUTE_THIN_M)
        .done()
    )


def _ledger(plan: Plan, keys: list[str]) -> dict[str, object]:
    sums = plan.ledger.groupby(keys, sort=True)[_MONEY].sum().reset_index()
    return (
        PackedTable(sums)
        .index("site", sums["site_id"], plan.sites.index)
        .texts(keys[1])
        .numbers(*_MONEY)
        .done()
    )


def _residents(plan: Plan) -> dict[str, object]:
    sums = plan.ledger.groupby(["prospect_id", "site_id"], sort=True)[_MONEY].sum().reset_index()
    columns = [
        c for c in ("name", "name_en", "okved", "area_ha", "jobs_count") if c in plan.prospects
    ]
    about = plan.prospects[columns].reindex(sums["prospect_id"]).set_index(sums.index)
    rows = pd.concat([sums, about], axis=1).sort_values(
        ["site_id", "saving_mrub", "prospect_id"], ascending=[True, False, True], ignore_index=True
    )
    return (
        PackedTable(rows)
        .texts("prospect_id", "okved")
        .names()
        .numbers("area_ha", "jobs_count", *_MONEY)
        .index("site", rows["site_id"], plan.sites.index)
        .done()
    )


def _checks(plan: Plan) -> dict[str, object]:
    titles = plan.layers.requirements.drop_duplicates(["subject", "requirement"]).set_index(
        ["subject", "requirement"]
    )
    checks = plan.checks.reset_index(drop=True)
    keys = pd.MultiIndex.from_frame(checks[["subject_kind", "requirement"]])
    told = titles[["title", "title_ru"]].reindex(keys).set_index(checks.index)
    rows = checks.assign(title_en=told["title"], title_ru=told["title_ru"])
    return (
        PackedTable(rows)
        .texts(
            "requirement",
            "title_ru",
            "title_en",
            "unit",
            "operator",
            "result",
            "edition",
            "status",
            "source",
        )
        .numbers("value", "limit")
        .index("site", rows["subject_id"], plan.sites.index)
        .index("cluster", rows["subject_id"], plan.clusters.index)
        .done()
    )


def _of_plots(plan: Plan) -> DataFrame:
    """Return a row for every site and plot of it."""
    plots = pd.Series(joined(plan.sites["plot_ids"]), index=plan.sites.index, name="plot_id")
    return plots.explode().dropna().rename_axis("site_id").reset_index()


def _losses(plan: Plan, parts: DataFrame) -> dict[str, object]:
    """Return the hectares each site loses to each kind of object, overlaps counted in each."""
    lost = parts.merge(plan.exclusions, on="plot_id")
    sums = lost.groupby(["site_id", "feature", "is_hard"], sort=True)["area_ha"].sum().reset_index()
    return (
        PackedTable(sums)
        .texts("feature")
        .flags("is_hard")
        .numbers("area_ha")
        .index("site", sums["site_id"], plan.sites.index)
        .done()
    )


def _overlaps(plan: Plan, parts: DataFrame) -> dict[str, object]:
    """Return pairs of a site not chosen and a chosen one that share a plot or land: never both."""
    chosen = parts[parts["site_id"].isin(_chosen(plan.sites))]
    by_plot = parts.merge(chosen, on="plot_id", suffixes=("", "_chosen"))
    pairs = pd.concat([by_plot, _on_same_land(plan.sites)], ignore_index=True)
    pairs = pairs[pairs["site_id"] != pairs["site_id_chosen"]][["site_id", "site_id_chosen"]]
    rows = pairs.drop_duplicates().sort_values(["site_id", "site_id_chosen"], ignore_index=True)
    ids = plan.sites.index
    return (
        PackedTable(rows)
        .index("site", rows["site_id"], ids)
        .index("chosen", rows["site_id_chosen"], ids)
        .done()
    )


def _on_same_land(sites: DataFrame) -> DataFrame:
    """Return pairs of a site and a chosen one whose plots overlap, where the land room told."""
    told = joined(sites["overlaps"]) if "overlaps" in sites else []
    chosen = set(_chosen(sites))
    pairs = [
        (site, other)
        for site, others in zip(sites.index, told, strict=False)
        for other in others
        if other in chosen
    ]
    return pd.DataFrame(pairs, columns=["site_id", "site_id_chosen"], dtype=object)


def _chosen(sites: DataFrame) -> Index:
    is_chosen: Series = sites["is_chosen"]
    return sites.index[is_chosen.to_numpy(bool)]
