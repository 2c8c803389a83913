"""The offers of one utility, put together from the findings of its classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from siting.network.options import is_standalone
from siting.pricing import UtilityOffers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandas import DataFrame, Index

    from siting.network.options import SourceClass
    from siting.network.screen import ClassOffers, Scene


def assemble_offers(
    table: DataFrame,
    told: Sequence[tuple[SourceClass, ClassOffers]],
    scene: Scene,
    utility: str,
    points: int,
) -> UtilityOffers:
    """Return the offers of one utility at all points; options of a class share its findings."""
    used = _used_sources(scene, [group.source_ids for group, _ in told])
    shape = (points, len(table), max([f.source.shape[1] for _, f in told], default=1))
    source = np.full(shape, -1, np.int32)
    effective, length = np.full(shape, np.inf), np.full(shape, np.inf)
    money = np.zeros(shape)
    alone = np.flatnonzero(is_standalone(table))
    effective[:, alone, 0] = length[:, alone, 0] = 0.0
    for group, offers in told:
        place = used.index.get_indexer(group.source_ids).astype(np.int32)
        slots = offers.source.shape[1]
        for t in table.index.get_indexer(pd.Index(group.options)):
            source[:, t, :slots] = np.where(offers.source >= 0, place[offers.source], -1)
            effective[:, t, :slots] = offers.effective_km
            length[:, t, :slots] = offers.length_km
            money[:, t, :slots] = offers.crossings_mrub
    return UtilityOffers(
        utility=utility,
        options=table,
        sources=used,
        source=source,
        effective_km=effective,
        length_km=length,
        crossings_mrub=money,
        reinforcement_mrub=scene.params.reinforcement_mrub.get(utility, 0.0),
    )


def _used_sources(scene: Scene, ids: Sequence[Index]) -> DataFrame:
    wanted = scene.sources.index.isin([one for some in ids for one in some])
    columns = ["name", "name_en", "spare", "is_spare_known"]
    return pd.DataFrame(scene.sources.loc[wanted, columns])
