"""Industries of the region against the country: quotients, regional coefficients, multipliers.

    SLQ[i]    = (x_r[i] / x_r[.]) / (x_n[i] / x_n[.])
    CILQ[i,j] = SLQ[i] / SLQ[j],  SLQ[i] where i = j
    FLQ[i,j]  = min(1, CILQ[i,j] * lambda),  lambda = log2(1 + x_r[.] / x_n[.]) ** delta
    A_r       = FLQ * A_n,   multiplier[j] = column sum of (I - A_r)^-1

(Flegg and Webber 1997; Miller and Blair 2009.) x_r is the revenue of the named enterprises, so a
region of which few are known looks small; x_n is `national_output_mrub`. A quotient is significant
where the logarithms of all quotients make it unlikely to be 1 (standardised location quotient,
O'Donoghue and Gleave 2004). Ignores that techniques differ between regions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from siting.economy.arrays import divided
from siting.tables import check
from siting.tables.trade import INDUSTRIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame, Series

    from siting.economy.freight import Floats
    from siting.economy_params import EconomyParams

_DIVISION_DIGITS: Final = len("20")


@dataclass(frozen=True, kw_only=True)
class RegionalTable:
    """An input-output table of a region over n industries, money of one year."""

    local: Floats
    """local[i, j]: what industry j buys of industry i inside the region, shape (n, n)."""
    brought_in: Floats
    """The same from outside the region, shape (n, n)."""
    value_added: Floats
    final: Floats
    """What industry i sells to people, investors and outside, shape (n,)."""
    output: Floats


def location_quotient(regional: Floats, national: Floats) -> Floats:
    """Return the simple location quotient of each industry, NaN where the country has none."""
    share = divided(regional, np.full(len(regional), regional.sum()))
    whole = divided(national, np.full(len(national), national.sum()))
    return np.where(whole > 0, divided(share, whole), np.nan)


def flegg(regional: Floats, national: Floats, *, delta: float) -> Floats:
    """Return Flegg's location quotients, 0 to 1, shape (n, n); 0 where the region makes nothing."""
    simple = np.nan_to_num(location_quotient(regional, national), nan=0.0)
    cross = divided(simple[:, None], simple[None, :])
    # a buyer that is absent from the region buys nothing in it
    np.fill_diagonal(cross, simple)
    size = math.log2(1 + regional.sum() / national.sum()) ** delta
    return np.minimum(cross * size, 1.0)


def regional_coefficients(
    national_coefficients: Floats, regional: Floats, national: Floats, *, delta: float
) -> Floats:
    """Return what a rouble of output buys inside the region, by seller and buyer, shape (n, n)."""
    return national_coefficients * flegg(regional, national, delta=delta)


def regional_table(
    national_coefficients: Floats, regional: Floats, national: Floats, *, delta: float
) -> RegionalTable:
    """Return the balanced table of the region: rows and columns both add up to output.

    `national_coefficients` hold home-made and imported inputs together. Final sales are what is
    left of output, so they are negative where the coefficients ask for more than is made.
    """
    inside = regional_coefficients(national_coefficients, regional, national, delta=delta)
    local = inside * regional
    return RegionalTable(
        local=local,
        brought_in=(national_coefficients - inside) * regional,
        value_added=regional * (1 - national_coefficients.sum(axis=0)),
        final=regional - local.sum(axis=1),
        output=regional,
    )


def leontief(coefficients: Floats) -> Floats:
    """Return the Leontief inverse (I - A)^-1, shape (n, n)."""
    identity = np.eye(len(coefficients))
    return np.asarray(np.linalg.solve(identity - coefficients, identity), dtype=np.float64)


def quotient_significance(quotient: Floats) -> Floats:
    """Return the chance of a quotient as high as each if none were special, shape (n,).

    Logarithms of positive quotients are standardised and read on the normal curve; NaN where the
    quotient is 0 or unknown, or all are equal.
    """
    known = np.isfinite(quotient) & (quotient > 0)
    logs = np.log(quotient, out=np.full(len(quotient), np.nan), where=known)
    spread = float(np.nanstd(logs)) if known.any() else 0.0
    if spread <= 0:
        return np.full(len(quotient), np.nan)
    z = (logs - np.nanmean(logs)) / spread
    return np.array([math.erfc(value / math.sqrt(2)) / 2 for value in z])


def list_industries(
    revenue: Series, okved: Series, inputs: DataFrame, params: EconomyParams
) -> DataFrame:
    """Return the table INDUSTRIES; empty where the output of the country is not given.

    `inputs` is the table INDUSTRY_INPUTS.
    """
    national = pd.Series(params.national_output_mrub, dtype=float).sort_index()
    names = national.index
    here = revenue.groupby(okved.str[:_DIVISION_DIGITS]).sum().reindex(names, fill_value=0.0)
    x_r, x_n = (np.asarray(told, dtype=np.float64) for told in (here, national))
    if not len(names) or x_r.sum() <= 0:
        return check(_told(names[:0]), INDUSTRIES)
    table = coefficient_matrix(inputs, names)
    quotient = location_quotient(x_r, x_n)
    multipliers = np.array(
        [
            leontief(regional_coefficients(table, x_r, x_n, delta=delta)).sum(axis=0)
            for delta in (params.flq_delta, *params.flq_deltas_shown)
        ]
    )
    chance = quotient_significance(quotient)
    special = (quotient >= params.special_quotient) & (chance <= params.special_chance)
    told = _told(names).assign(
        output_mrub=x_r,
        location_quotient=quotient,
        chance=chance,
        is_special=special,
        multiplier=multipliers[0],
        multiplier_low=multipliers.min(axis=0),
        multiplier_high=multipliers.max(axis=0),
    )
    return check(told, INDUSTRIES)


def coefficient_matrix(inputs: DataFrame, names: pd.Index[str]) -> Floats:
    """Return INDUSTRY_INPUTS as a matrix, sellers in rows, buyers in columns, shape (n, n)."""
    wide = inputs.pivot_table(
        index="input", columns="industry", values="share", aggfunc="sum", fill_value=0.0
    )
    told = wide.reindex(index=names, columns=names, fill_value=0.0)
    return np.asarray(told, dtype=np.float64)


def industry_inputs(
    coefficients: DataFrame, divisions: Mapping[str, tuple[str, ...]], *, source: str
) -> DataFrame:
    """Return the table INDUSTRY_INPUTS of any input-output system.

    Parameters
    ----------
    coefficients
        Technical coefficients, sellers in rows, buyers in columns, as `pymrio.IOSystem.A`; of
        several regions, the columns of one and the rows of all: inputs of one name are added.
    divisions
        Sector of the system -> the OKVED divisions it covers. A seller of several divisions is
        split evenly: replace the rows where you know better.
    source
        Where the system comes from; it travels with every row.
    """
    sellers = coefficients.index.get_level_values(-1)
    buyers = coefficients.columns.get_level_values(-1)
    whole = coefficients.set_axis(buyers, axis=1).groupby(sellers, sort=True).sum()
    rows = [
        (industry, seller, share / len(divisions[sold]))
        for sold in whole.index
        for bought in whole.columns
        if (share := float(whole.loc[sold, bought])) > 0
        for industry in divisions.get(bought, ())
        for seller in divisions.get(sold, ())
    ]
    told = pd.DataFrame(rows, columns=["industry", "input", "share"])
    return told.assign(status="DERIVED", source=source).sort_values(
        ["industry", "input"], ignore_index=True
    )


def _told(names: pd.Index[str]) -> DataFrame:
    columns = {c.name: pd.Series(np.nan, names) for c in INDUSTRIES.columns}
    return pd.DataFrame(columns, index=names.rename(INDUSTRIES.index)).assign(is_special=False)
