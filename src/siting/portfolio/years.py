"""The money of each park of the plan by year: stages of building against residents that come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from siting.portfolio.ledger import KOPECKS_PER_MRUB, split_kopecks, sum_kopecks
from siting.tables.money import YEARS

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame

    from siting.portfolio.timing import Timing

    Floats = NDArray[np.float64]


def write_years(rows: DataFrame, ledger: DataFrame, timing: Timing) -> DataFrame:
    """Return table YEARS: present values of a park add up to those of its ledger exactly.

    Parameters
    ----------
    rows
        Kopecks of `over_time.kopecks_by_row`.
    ledger
        Table LEDGER_OVER_TIME made of them.
    """
    found = [
        row
        for site, mine in rows.groupby("site_id", sort=True)
        for row in _years_of(str(site), mine, ledger.loc[mine.index], timing)
    ]
    table = pd.DataFrame(found, columns=[column.name for column in YEARS.columns])
    numbers = [column.name for column in YEARS.columns[1:]]
    return table.astype({"site_id": "str"} | dict.fromkeys(numbers, "float64"))


def _years_of(
    site: str, rows: DataFrame, ledger: DataFrame, timing: Timing
) -> list[tuple[object, ...]]:
    total = rows.drop(columns=["prospect_id", "site_id", "utility", "payer"]).sum()
    capital = (total["standalone"] * timing.coming, total["park"] * timing.building)
    upkeep = (
        (total["alone_fixed"] + total["alone_used"]) * timing.come,
        total["park_fixed"] * timing.built + total["park_used"] * timing.come,
    )
    worth = [
        split_kopecks(
            sum_kopecks(ledger[name]),
            _due(once * timing.at_start + yearly * timing.at_end),
        )
        for name, once, yearly in zip(
            ("standalone_pv_mrub", "park_pv_mrub"), capital, upkeep, strict=True
        )
    ]
    saving = worth[0] - worth[1]
    columns = (
        timing.come,
        timing.built,
        (capital[0] + upkeep[0]) / KOPECKS_PER_MRUB,
        (capital[1] + upkeep[1]) / KOPECKS_PER_MRUB,
        saving / KOPECKS_PER_MRUB,
        np.cumsum(saving) / KOPECKS_PER_MRUB,
    )
    return [(site, year, *told) for year, told in enumerate(zip(*columns, strict=True))]


def _due(worth: Floats) -> Floats:
    # what rounding leaves of nothing needs a year to stand in
    return worth if worth.any() else np.ones(len(worth))
