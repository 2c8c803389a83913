"""The cluster platform on the map: plants and their best sites, suppliers, gaps, new products."""

from __future__ import annotations

from typing import TYPE_CHECKING

from siting.maps.packing import PackedTable

if TYPE_CHECKING:
    from siting.maps.basemap import Tables
    from siting.study import Plan


def platform(plan: Plan) -> Tables:
    """Return those tables of `Plan.platform` that the pages show; a plan may have none."""
    told, found = plan.platform, {}
    products, sites = plan.products.index, plan.sites.index
    makers, clusters = plan.layers.enterprises.index, plan.clusters.index
    if "product_sites" in told:
        best = told["product_sites"]
        found["product_sites"] = (
            PackedTable(best)
            .numbers("rank", "connection_cost_mrub", "onsite_cost_mrub", "freight_mrub_year")
            .numbers("total_mrub")
            .index("product", best["product"], products)
            .index("site", best["site_id"], sites)
            .done()
        )
    if "suppliers" in told:
        near = told["suppliers"]
        found["suppliers"] = (
            PackedTable(near)
            .texts("input")
            .numbers("needed_mrub", "output_mrub", "distance_km")
            .index("product", near["product"], products)
            .index("enterprise", near["enterprise_id"], makers)
            .done()
        )
    if "additions" in told:
        more = told["additions"]
        found["additions"] = (
            PackedTable(more)
            .numbers("rank", "likeness", "gap_mrub")
            .index("enterprise", more["enterprise_id"], makers)
            .index("product", more["product"], products)
            .done()
        )
    if "cluster_gaps" in told:
        gaps = told["cluster_gaps"]
        found["cluster_gaps"] = (
            PackedTable(gaps)
            .texts("product")
            .numbers("needed_mrub", "likeness", "distance_km")
            .index("cluster", gaps["cluster_id"], clusters)
            .index("enterprise", gaps["enterprise_id"], makers)
            .done()
        )
    return found
