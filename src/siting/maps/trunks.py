"""Trunks that parks of the plan could share, as tables of the page; never part of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from siting.maps.answers import ROUTE_THIN_M
from siting.maps.packing import PackedTable, joined

if TYPE_CHECKING:
    from siting.maps.basemap import Tables
    from siting.study import Plan


def trunks(plan: Plan) -> Tables:
    """Return trunks by network, and the share of each park in each; none where none is."""
    told = plan.trunks
    if told is None or told.empty:
        return {}
    rows = told.reset_index(drop=True)
    split = pd.DataFrame(
        [
            # an id may hold any letter, so the amount is what follows the last sign
            (place, *part.rsplit("=", 1))
            for place, parts in enumerate(joined(rows["split"]))
            for part in parts
        ],
        columns=["trunk", "site_id", "cost_mrub"],
    ).astype({"trunk": float, "cost_mrub": float})
    return {
        "trunks": PackedTable(rows)
        .texts("trunk_id", "utility")
        .names("source_name")
        .numbers("length_km", "cost_mrub", "separate_mrub", "saving_mrub", "trench_saving_mrub")
        .shapes(rows.geometry, simplify_m=ROUTE_THIN_M)
        .done(),
        "trunk_shares": PackedTable(split)
        .numbers("trunk", "cost_mrub")
        .index("site", split["site_id"], plan.sites.index)
        .done(),
    }
