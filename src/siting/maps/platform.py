"""The cluster platform on the map: plants and their best sites, suppliers, gaps, neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from siting.maps.packing import PackedTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pandas import DataFrame

    from siting.maps.basemap import Tables
    from siting.study import Plan


def platform(plan: Plan) -> Tables:
    """Return those tables of `Plan.platform` that the pages show; a plan may have none."""
    told = plan.platform
    return {
        shown: pack(told[name], plan) for name, (shown, pack) in _PACKERS.items() if name in told
    }


def _product_sites(best: DataFrame, plan: Plan) -> dict[str, object]:
    return (
        PackedTable(best)
        .numbers("rank", "connection_cost_mrub", "onsite_cost_mrub", "freight_mrub_year")
        .numbers("total_mrub")
        .index("product", best["product"], plan.products.index)
        .index("site", best["site_id"], plan.sites.index)
        .done()
    )


def _suppliers(near: DataFrame, plan: Plan) -> dict[str, object]:
    return (
        PackedTable(near)
        .texts("input")
        .numbers("needed_mrub", "output_mrub", "distance_km")
        .index("product", near["product"], plan.products.index)
        .index("enterprise", near["enterprise_id"], plan.layers.enterprises.index)
        .done()
    )


def _additions(more: DataFrame, plan: Plan) -> dict[str, object]:
    return (
        PackedTable(more)
        .numbers("rank", "likeness", "gap_mrub")
        .index("enterprise", more["enterprise_id"], plan.layers.enterprises.index)
        .index("product", more["product"], plan.products.index)
        .done()
    )


def _cluster_gaps(gaps: DataFrame, plan: Plan) -> dict[str, object]:
    return (
        PackedTable(gaps)
        .texts("product")
        .numbers("needed_mrub", "likeness", "distance_km")
        .index("cluster", gaps["cluster_id"], plan.clusters.index)
        .index("enterprise", gaps["enterprise_id"], plan.layers.enterprises.index)
        .done()
    )


def _exchanges(taken: DataFrame, plan: Plan) -> dict[str, object]:
    makers = plan.layers.enterprises.index
    return (
        PackedTable(taken)
        .texts("title", "title_ru", "kind", "unit", "status")
        .numbers("volume", "distance_km", "value_mrub_year", "confidence")
        .index("giver", taken["giver_id"], makers)
        .index("taker", taken["taker_id"], makers)
        .index("cluster", taken["cluster_id"], plan.clusters.index)
        .done()
    )


def _ties(ties: DataFrame, plan: Plan) -> dict[str, object]:
    """Return how strongly enterprises belong to clusters, their own and others."""
    return (
        PackedTable(ties)
        .numbers("share")
        .flags("is_own")
        .index("enterprise", ties["enterprise_id"], plan.layers.enterprises.index)
        .index("cluster", ties["cluster_id"], plan.clusters.index)
        .done()
    )


_PACKERS: Final[Mapping[str, tuple[str, Callable[[DataFrame, Plan], dict[str, object]]]]] = {
    "product_sites": ("product_sites", _product_sites),
    "suppliers": ("suppliers", _suppliers),
    "additions": ("additions", _additions),
    "cluster_gaps": ("cluster_gaps", _cluster_gaps),
    "exchanges": ("exchanges", _exchanges),
    "memberships": ("ties", _ties),
}
"""Table of the platform -> its name in the page, and how it is packed."""
