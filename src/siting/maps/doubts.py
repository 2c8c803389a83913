"""Doubt as tables of the page: facts worth knowing, ranks in the draws, what moves the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from siting.maps.packing import PackedTable

if TYPE_CHECKING:
    from siting.maps.basemap import Tables
    from siting.study import Plan


def doubts(plan: Plan) -> Tables:
    """Return the facts and, where the plan has them, ranks of its parks and the tornado."""
    facts, books = plan.facts, plan.books
    found = {
        "facts": PackedTable(facts)
        .texts("kind", "subject", "status", "source")
        .numbers("low", "high", "swing_mrub", "value_mrub")
        .done()
    }
    if "ranks" in books:
        chosen = plan.sites.index[plan.sites["is_chosen"].to_numpy(bool)]
        ranks = books["ranks"]
        # the page shows the parks of the plan; all sites stand in ranks.csv
        own = ranks[ranks["site_id"].isin(chosen)]
        found["ranks"] = (
            PackedTable(own)
            .numbers("rank", "share")
            .index("site", own["site_id"], plan.sites.index)
            .done()
        )
    if "tornado" in books:
        found["tornado"] = (
            PackedTable(books["tornado"])
            .texts("kind", "subject")
            .numbers("low_mrub", "central_mrub", "high_mrub", "swing_mrub")
            .done()
        )
    return found
