"""What stands on a card beside its costs: land, cures, acts, money by year, tariffs, support."""

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
LAND: Final = ("land_status", "expands")
PLACE: Final = (
    "parts_count",
    "parcel_gap_km",
    "park_free_ha",
    "owners_count",
    "workers_45min_count",
    "workers_left_count",
    "consumers_km",
)
"""What a site is like as a place; a plan may lack any of it."""


def details(plan: Plan) -> Tables:
    """Return cures, acts and, where the plan has them, verdicts, places, years and support."""
    return {
        "cures": _cures(plan),
        "verdicts": _verdicts(plan),
        "places": _places(plan),
        "passports": _passports(plan),
        **_books(plan),
    }


def _places(plan: Plan) -> dict[str, object]:
    """Return a row for every site: parts, what it was, what it expands, who lives near."""
    sites = plan.sites
    return (
        PackedTable(sites)
        .texts(*(name for name in LAND if name in sites))
        .numbers(*(name for name in PLACE if name in sites))
        .done()
    )


def _passports(plan: Plan) -> dict[str, object]:
    """Return every site under every edition; a site that no edition is of has none."""
    told = plan.passports
    return (
        PackedTable(told)
        .texts("act", "edition", "valid_from", "valid_to", "verdict")
        .texts("warned", "failed", "not_known", "documents_missing")
        .flags("is_in_force")
        .index("site", told["site_id"], plan.sites.index)
        .done()
    )


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
    if "tariffs" in books:
        asked = books["tariffs"]
        found["tariffs"] = _tariffs(asked[asked["subject_kind"] == "park"], sites)
    if "land_prices" in books:
        land = books["land_prices"]
        money = ["alone_land_mrub", "park_land_mrub", "saving_land_mrub"]
        sums = land.groupby("site_id", sort=True)[money].sum(min_count=1).reset_index()
        found["land_prices"] = (
            PackedTable(sums).numbers(*money).index("site", sums["site_id"], sites).done()
        )
    return found


def _tariffs(asked: pd.DataFrame, sites: pd.Index) -> dict[str, object]:
    """Return what parks would be asked for their connections; of residents alone: the files."""
    return (
        PackedTable(asked)
        .texts("utility", "item", "basis", "rule", "rule_ru", "status", "source")
        .numbers("quantity", "price_year", "tariff_mrub", "construction_mrub")
        .index("site", asked["subject_id"], sites)
        .done()
    )
