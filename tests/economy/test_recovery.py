"""Known links and clusters are found again in an economy made by a program (generated.py)."""

import numpy as np
import pandas as pd
import pytest

from economy.five_firms import sites
from economy.generated import (
    Recipe,
    adjusted_rand,
    found_labels,
    generate,
    precision_at_recall,
)
from siting.economy import trade
from siting.region import EconomyParams


@pytest.mark.parametrize("seed", [1, 2])
def test_links_and_clusters_of_a_noisy_economy_are_found(seed):
    economy = generate(seed)
    found = trade(sites(), layers=economy.layers, params=EconomyParams())
    assert precision_at_recall(found.links, economy.links, 0.6) >= 0.8
    labels = found_labels(found.clusters, economy.cluster.index)
    assert adjusted_rand(economy.cluster, labels) >= 0.8


def test_clusters_known_to_nobody_are_not_found():
    """The same economy with every enterprise at a random place: the oracle can fail."""
    economy = generate(1)
    rng = np.random.default_rng(0)
    mixed = pd.Series(rng.permutation(economy.cluster.to_numpy()), economy.cluster.index)
    found = trade(sites(), layers=economy.layers, params=EconomyParams())
    assert adjusted_rand(mixed, found_labels(found.clusters, mixed.index)) < 0.1
    assert precision_at_recall(found.links, set(), 0.6) == 0


def test_an_economy_without_noise_is_found_whole():
    quiet = Recipe(taste=0.0, second_share=0.0, size_error=0.0, silent_share=0.0, recipe_error=0.0,
                   apart_km=150.0)  # fmt: skip
    economy = generate(3, quiet)
    found = trade(sites(), layers=economy.layers, params=EconomyParams())
    assert precision_at_recall(found.links, economy.links, 0.6) >= 0.9
    assert (
        adjusted_rand(economy.cluster, found_labels(found.clusters, economy.cluster.index)) > 0.95
    )
