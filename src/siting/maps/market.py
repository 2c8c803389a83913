"""Trade and method as tables of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from siting.maps.packing import PackedTable, joined, positions

if TYPE_CHECKING:
    from pandas import DataFrame

    from siting.maps.basemap import Tables
    from siting.study import Plan

LINKS_DRAWN: Final = 6000
"""Links kept in the file, largest first; the page says how many there are in all."""

LAYERS_SHOWN: Final = (
    "infrastructure",
    "plots",
    "enterprises",
    "constraints",
    "terrain",
    "settlements",
    "districts",
    "parks",
    "prospects",
    "products",
)
RULES_SHOWN: Final = ("connection_options", "demand_profiles", "protection_zones", "requirements")

_PRICES: Final = tuple(
    f"{stem}{end}"
    for stem in ("fixed_mrub", "per_km_mrub", "per_unit_mrub")
    for end in ("_low", "", "_high")
)


def market(plan: Plan) -> Tables:
    """Return products, their consumers, links and clusters."""
    products, makers = plan.products, plan.layers.enterprises.index
    buyers, links, known = _buyers(plan), _largest_links(plan), plan.layers.products
    return {
        "products": PackedTable(products)
        .ids()
        .names()
        .texts("hs")
        .numbers(
            "demand_mrub",
            "supply_mrub",
            "import_mrub",
            "gap_mrub",
            "consumers_count",
            "local_inputs_share",
            "feasibility",
            "score",
            "confidence",
        )
        .index("site", products["best_site_id"], plan.sites.index)
        .done(),
        "consumers": PackedTable(buyers)
        .names()
        .numbers(
            "volume_mrub",
            "distance_km",
            "delivered_price_index",
            "import_price_index",
            "confidence",
        )
        .index("product", buyers["product"], products.index)
        .index("enterprise", buyers["enterprise_id"], makers)
        .done(),
        "links": PackedTable(links)
        .texts("product")
        .numbers("volume_mrub", "distance_km", "confidence")
        .flags("is_known")
        .index("supplier", links["supplier_id"], makers)
        .index("buyer", links["buyer_id"], makers)
        .done(),
        "goods": PackedTable(known).ids().names().done(),
        "clusters": PackedTable(plan.clusters).ids().names().numbers("cooperation_share").done(),
    }


def _buyers(plan: Plan) -> DataFrame:
    """Return the consumers with their names in English, where the layer has them."""
    names = plan.layers.enterprises.reindex(plan.consumers["enterprise_id"])
    return plan.consumers.assign(
        name_en=names["name_en"].to_numpy() if "name_en" in names else None
    )


def _largest_links(plan: Plan) -> DataFrame:
    return plan.links.sort_values(
        ["volume_mrub", "supplier_id", "buyer_id", "product"],
        ascending=[False, True, True, True],
        ignore_index=True,
    ).head(LINKS_DRAWN)


def memberships(plan: Plan) -> list[dict[str, object]]:
    """Return, by cluster, its members as rows of enterprises, and its products as codes."""
    clusters = plan.clusters
    members = positions(joined(clusters["members"]), plan.layers.enterprises.index)
    core, missing = joined(clusters["core_products"]), joined(clusters["missing_products"])
    return [
        {"members": m, "core": c, "missing": x}
        for m, c, x in zip(members, core, missing, strict=True)
    ]


def method(plan: Plan) -> Tables:
    """Return what is assumed, what it rests on, and what was repaired."""
    options = plan.layers.connection_options
    prices = list(_PRICES)
    repairs = plan.repairs.groupby(["layer", "action", "reason"], sort=True).size()
    repaired = repairs.rename("rows_count").reset_index()
    origin = _origins(plan)
    return {
        "options": PackedTable(options)
        .texts("utility", "option", "capacity_unit", "status", "source")
        .numbers("capacity", *prices)
        .done(),
        "repairs": PackedTable(repaired)
        .texts("layer", "action", "reason")
        .numbers("rows_count")
        .done(),
        "origins": PackedTable(origin)
        .texts("layer", "source", "as_of", "confidence")
        .numbers("rows_count", "synthetic_count")
        .done(),
        "statuses": PackedTable(_statuses(plan))
        .texts("layer", "status")
        .numbers("rows_count")
        .done(),
    }


def _origins(plan: Plan) -> DataFrame:
    """Return, by layer and source, rows, how many a script made, latest date and confidence."""
    keys = ["layer", "source", "confidence"]
    parts = []
    for layer in LAYERS_SHOWN:
        table = getattr(plan.layers, layer)
        if len(table):
            made_up = table.get("is_synthetic", False)
            parts.append(
                pd.DataFrame(table[["source", "as_of", "confidence"]]).assign(
                    layer=layer, is_synthetic=made_up
                )
            )
    if not parts:
        return pd.DataFrame(columns=[*keys, "as_of", "rows_count", "synthetic_count"])
    rows = pd.concat(parts, ignore_index=True)
    rows["is_synthetic"] = rows["is_synthetic"].astype(bool)
    sums = rows.groupby(keys, sort=False).agg(
        as_of=("as_of", "max"),
        rows_count=("as_of", "size"),
        synthetic_count=("is_synthetic", "sum"),
    )
    return sums.reset_index()


def _statuses(plan: Plan) -> DataFrame:
    parts = [
        getattr(plan.layers, rule)["status"]
        .value_counts()
        .sort_index()
        .rename("rows_count")
        .rename_axis("status")
        .reset_index()
        .assign(layer=rule)
        for rule in RULES_SHOWN
    ]
    return pd.concat(parts, ignore_index=True)
