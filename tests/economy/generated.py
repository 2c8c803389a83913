"""An economy whose links and clusters are known, because it was made by a program.

Places. `clusters` centres at least `apart_km` from one another; the enterprises of a cluster lie
around its centre, normally, `spread_km` wide. Every cluster works one of `chains` chains of
`steps` products, each made of the one before it (0.3 to 0.5 of value) and, in half of the cases,
of the one before that (0.1 to 0.2); several clusters work the same chain. The first enterprises of
a cluster make one step each, the others a random one. Everybody buys power (0.05) of one plant.

Links. A buyer takes each input from the supplier that is worth most to it: output times
exp(-distance / 60 km) times a log-normal taste of width `taste`; with the chance `second_share`
it takes a second supplier too.

What is seen. Revenue is true revenue times a log-normal error of width `size_error`; a share
`silent_share` of the enterprises does not say what it makes; every share of a recipe is wrong by
a factor between 1 - `recipe_error` and 1 + `recipe_error`.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from economy.five_firms import enterprises, layers, products, recipes

KM_SCALE = 60.0
POWER = "35.11.1"


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How the economy is made; the docstring of the module says what each number does."""

    clusters: int = 16
    firms: int = 12
    chains: int = 8
    steps: int = 5
    apart_km: float = 60.0
    spread_km: float = 12.0
    taste: float = 0.8
    second_share: float = 0.2
    size_error: float = 0.5
    silent_share: float = 0.1
    recipe_error: float = 0.3


@dataclass(frozen=True, kw_only=True)
class Economy:
    """What is seen, and what is true."""

    layers: object
    links: set = field(default_factory=set)
    """(supplier, buyer, product)."""
    cluster: pd.Series
    """True cluster by enterprise."""


USUAL = Recipe()


def generate(seed, how=USUAL):
    rng = np.random.default_rng(seed)
    goods = [
        [f"{10 + c % 22}.{10 + s}.{c // 22 + 1}" for s in range(how.steps)]
        for c in range(how.chains)
    ]
    shares = chain_shares(rng, goods)
    firms = place_firms(rng, how, goods)
    links = choose_suppliers(rng, how, firms, shares)
    return Economy(
        layers=seen(rng, how, firms, goods, shares),
        links=links,
        cluster=pd.Series({f["id"]: f["cluster"] for f in firms if f["made"] != POWER}),
    )


def chain_shares(rng, goods):
    shares = {}
    for chain in goods:
        for step, code in enumerate(chain):
            if step:
                shares[code, chain[step - 1]] = rng.uniform(0.3, 0.5)
            if step > 1 and rng.random() < 0.5:
                shares[code, chain[step - 2]] = rng.uniform(0.1, 0.2)
            shares[code, POWER] = 0.05
    return shares


def centres(rng, how):
    side = how.apart_km * 2.2 * np.sqrt(how.clusters)
    found = []
    while len(found) < how.clusters:
        spot = rng.uniform(0, side, 2)
        if all(np.hypot(*(spot - other)) >= how.apart_km for other in found):
            found.append(spot)
    return np.array(found)


def place_firms(rng, how, goods):
    firms = []
    for number, centre in enumerate(centres(rng, how)):
        chain = goods[number % how.chains]
        for n in range(how.firms):
            made = chain[n] if n < how.steps else chain[rng.integers(how.steps)]
            at = centre + rng.normal(0, how.spread_km, 2)
            revenue = float(rng.lognormal(6, 0.6))
            firms.append(
                {
                    "id": f"C{number:03d}F{n:02d}",
                    "cluster": number,
                    "made": made,
                    "at": at,
                    "revenue": revenue,
                }
            )
    everybody = sum(firm["revenue"] for firm in firms)
    firms.append(
        {
            "id": "POWER",
            "cluster": -1,
            "made": POWER,
            "at": np.zeros(2),
            "revenue": 0.06 * everybody,
        }
    )
    return firms


def choose_suppliers(rng, how, firms, shares):
    makers = {}
    for firm in firms:
        makers.setdefault(firm["made"], []).append(firm)
    links = set()
    inputs = {}
    for product, used in shares:
        inputs.setdefault(product, []).append(used)
    for buyer in firms:
        for used in inputs.get(buyer["made"], ()):
            told = [f for f in makers.get(used, ()) if f is not buyer]
            if not told:
                continue
            away = np.array([np.hypot(*(f["at"] - buyer["at"])) for f in told])
            size = np.array([f["revenue"] for f in told])
            worth = size * np.exp(-away / KM_SCALE) * rng.lognormal(0, how.taste, len(told))
            count = 2 if rng.random() < how.second_share else 1
            links |= {(told[i]["id"], buyer["id"], used) for i in np.argsort(-worth)[:count]}
    return links


def seen(rng, how, firms, goods, shares):
    told = []
    for firm in firms:
        is_silent = rng.random() < how.silent_share
        revenue = firm["revenue"] * float(rng.lognormal(0, how.size_error))
        made = None if is_silent else firm["made"]
        told.append((firm["id"], *firm["at"], firm["made"][:5], made, revenue))
    factor = {key: rng.uniform(1 - how.recipe_error, 1 + how.recipe_error) for key in shares}
    codes = [code for chain in goods for code in chain]
    # the last product of each chain is what people buy
    final = {chain[-1]: 1000.0 for chain in goods}
    rows = [(code, f"Товар {code}", f"Good {code}", final.get(code)) for code in [*codes, POWER]]
    return layers(
        enterprises=enterprises(told),
        products=products(rows),
        recipes=recipes([(p, i, share * factor[p, i]) for (p, i), share in shares.items()]),
    )


def precision_at_recall(links, true, recall):
    """Return the share of true links among the surest, as many as it takes to find `recall`."""
    ranked = links.sort_values("confidence", ascending=False, kind="stable")
    keys = zip(ranked["supplier_id"], ranked["buyer_id"], ranked["product"], strict=True)
    hit = np.cumsum([key in true for key in keys])
    needed = int(np.ceil(recall * len(true)))
    reached = np.flatnonzero(hit >= needed)
    return float(hit[reached[0]] / (reached[0] + 1)) if len(reached) else 0.0


def adjusted_rand(one, other):
    """Return the adjusted Rand index of two labellings (Hubert and Arabie 1985)."""
    table = pd.crosstab(np.asarray(one), np.asarray(other)).to_numpy()

    def pairs(n):
        return (n * (n - 1) / 2).sum()

    both, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = rows * columns / pairs(table.sum())
    return float((both - expected) / ((rows + columns) / 2 - expected))


def found_labels(clusters, firms):
    """Return the found cluster of each enterprise; who is in none is alone."""
    label = {m: n for n, text in enumerate(clusters["members"]) for m in text.split(";")}
    return [label.get(firm, f"alone {firm}") for firm in firms]
