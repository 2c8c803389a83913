"""What stands on a card beside its costs: what would change it, money by year, support."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from siting.maps.packing import PackedTable, joined

if TYPE_CHECKING:
    from siting.maps.basemap import Tables
    from siting.study import Plan

YEARLY: Final = (
    "saving_yearly_mrub",
    "saving_pv_mrub",
    "plan_saving_yearly_mrub",
    "plan_saving_pv_mrub",
    "break_even_opened_share",
)
VERDICT: Final = ("verdict", "verdict_reason")


def details(plan: Plan) -> Tables:
    """Return cures of sites and, where the plan has them, its verdicts, years and support."""
    return {"cures": _cures(plan), "verdicts": _verdicts(plan), **_books(plan)}


def _cures(plan: Plan) -> dict[str, object]:
    """Return the cures of sites, and of refused plots by the row of the plot."""
    cures = plan.cures
    return (
        PackedTable(cures)
        .texts("cause", "cure", "status")
        .named("objects", _told(plan))
        .numbers("left_ha", "months", "price_mrub")
        .flags("is_blocking", "is_enough", "is_cheapest")
        .index("site", cures["subject_id"], plan.sites.index)
        .index("plot", cures["subject_id"].where(cures["subject_kind"] == "plot"), plan.plots.index)
        .done()
    )


def _told(plan: Plan) -> pd.Series:
    """Return what each cure is about: names of lines where the layers have them, else ids."""
    names = plan.layers.infrastructure["name"]
    told = [
        "; ".join(str(names.get(one, one)) for one in ids) or None
        for ids in joined(plan.cures["object_id"])
    ]
    return pd.Series(told, index=plan.cures.index, dtype=object)


def _verdicts(plan: Plan) -> dict[str, object]:
    """Return a row for every site, with the columns of time where they were counted."""
    sites = plan.sites
    return (
        PackedTable(sites)
        .texts(*(name for name in VERDICT if name in sites))
        .numbers(*(name for name in YEARLY if name in sites))
        .done()
    )


def _books(plan: Plan) -> Tables:
    books, sites, found = plan.books, plan.sites.index, {}
    if "years" in books:
        years = books["years"]
        found["years"] = (
            PackedTable(years)
            .numbers("year", "come_share", "built_share", "standalone_mrub", "park_mrub")
            .numbers("saving_pv_mrub", "cumulative_pv_mrub")
            .index("site", years["site_id"], sites)
            .done()
        )
    if "support" in books:
        support = books["support"]
        found["support"] = (
            PackedTable(support)
            .texts("title", "title_ru", "payer", "result", "status")
            .texts("conditions_met", "conditions_failed", "conditions_unknown")
            .numbers("share", "most_mrub")
            .index("site", support["site_id"], sites)
            .done()
        )
    if "land_prices" in books:
        land = books["land_prices"]
        money = ["alone_land_mrub", "park_land_mrub", "saving_land_mrub"]
        sums = land.groupby("site_id", sort=True)[money].sum(min_count=1).reset_index()
        found["land_prices"] = (
            PackedTable(sums).numbers(*money).index("site", sums["site_id"], sites).done()
        )
    return found
