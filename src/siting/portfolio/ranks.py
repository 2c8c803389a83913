"""How often each site is first, second, ... when what was assumed is drawn: rank acceptability.

Sites are ranked in each draw by the saving of each opened alone with its own best residents.
Source: rank acceptability index of stochastic multicriteria acceptability analysis, Lahdelma and
Salminen 2001.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame, Index

    Floats = NDArray[np.float64]


def rank_sites(sites: Index, savings: Floats, filled: NDArray[np.bool_], most: int) -> DataFrame:
    """Return table RANKS: shares above zero, by rank, then site.

    Parameters
    ----------
    savings
        Of each site in each draw, shape (draws, n).
    filled
        Whether anybody fills each site, shape (n,); others have no rank.
    """
    ranked = np.flatnonzero(filled)
    told = min(most, len(ranked))
    order = np.argsort(-savings[:, ranked], axis=1, kind="stable")[:, :told]
    counts = np.stack(
        [np.bincount(order[:, rank], minlength=len(ranked)) for rank in range(told)]
        or [np.zeros(len(ranked), np.int64)]
    )
    rank, at = np.nonzero(counts)
    return pd.DataFrame(
        {
            "site_id": pd.Series(sites[ranked[at]], dtype="str"),
            "rank": rank + 1.0,
            "share": counts[rank, at] / len(savings),
        }
    )
