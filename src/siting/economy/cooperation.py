"""Who supplies whom: flows of each product from its makers to its buyers.

First how much of a product is traded inside the region at all, then between whom.

Volume inside. The region (supply M, demand N) and the outside world trade as two places whose
flows fall with freight. With x the volume inside, M - x is sold outside and N - x is brought in:

    x^2 = rho (M - x)(N - x),    rho = exp(decay * (2 * import_distance - d))

where d is the mean distance between makers and buyers and `decay` comes from the product's
freight. Heavy goods give x = min(M, N); goods that cost nothing to carry give MN / (M + N).

Pairs. Doubly constrained gravity (Wilson 1967) with what is sold outside and what is brought in
as one more buyer and one more maker: T_sb = a_s b_b exp(-decay * d_sb), scaled in turn until
every maker sells what it makes and every buyer gets what it needs; then lowered where the last
round left an excess, so no limit is ever broken.

Known contracts are links as they stand; only the rest of supply and demand is inferred, and is
called so. Ignores ownership and quality.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from siting.economy.arrays import divided, summed
from siting.economy.contracts import less
from siting.economy.freight import decay_per_km, mean_distance_km
from siting.tables import check
from siting.tables.results import LINKS
from siting.units import M_PER_KM

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from siting.economy.freight import Floats, Ints
    from siting.economy.products import Market
    from siting.economy_params import EconomyParams

_MOST_DECAY: Final = 20.0
"""Exponent at which distance stops mattering; exp(-20) is already nothing beside 1."""

_KEY: Final = ["supplier_id", "buyer_id", "product"]
_ROUNDS: Final = 200
_CLOSE_ENOUGH: Final = 1e-9
"""Greatest relative excess at which the scaling stops; what is left is cut off."""


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Every maker with every buyer of the same product; buyers include the people."""

    seller: Ints
    """Position in `market.supply`, shape (k,)."""
    buyer: Ints
    """Position in the buyers: `market.demand`, then people by product, shape (k,)."""
    distance_km: Floats


@dataclass(frozen=True, kw_only=True)
class _Buyers:
    firm: Ints
    """Position in `market.firms`, -1 for the people."""
    product: Ints
    need_mrub: Floats


def cooperate(
    market: Market, *, settlements: GeoDataFrame, freight: Floats, params: EconomyParams
) -> DataFrame:
    """Return the table LINKS: known and inferred flows between enterprises.

    `confidence` is the root of (trust in the supplier's output times trust in the buyer's need,
    which holds that of the recipe) times the share this link has of the buyer's need or of the
    supplier's output, whichever is greater: the farther the supplier and the more alternatives,
    the less certain the link. A link below `params.link_min_share` of both is not told.
    """
    known = _known(market)
    market = _rest(market)
    buyers = _buyers(market)
    decay = decay_per_km(freight, params)
    pairs = _pairs(market, buyers, settlements)
    inside = volume_inside_mrub(market, buyers, pairs, decay, params)
    flow = _balance(market, buyers, pairs, decay, inside)
    inferred = _links(market, buyers, pairs, flow, params)
    links = pd.concat([known, inferred]) if len(known) else inferred
    return check(links.sort_values([*_KEY, "is_known"], ignore_index=True), LINKS)


def _known(market: Market) -> DataFrame:
    """Return the contracts as links."""
    told = market.contracts
    apart = market.at_m[told.supplier] - market.at_m[told.buyer]
    return pd.DataFrame(
        {
            "supplier_id": market.firms[told.supplier],
            "buyer_id": market.firms[told.buyer],
            "product": market.codes[told.product],
            "volume_mrub": told.volume_mrub,
            "distance_km": np.hypot(apart[:, 0], apart[:, 1]) / M_PER_KM,
            "confidence": told.confidence,
            "is_known": True,
        }
    ).astype({**dict.fromkeys(_KEY, "str"), "is_known": bool})


def _rest(market: Market) -> Market:
    """Return the market without what contracts already settle."""
    return replace(
        market,
        supply=less(market.supply, market.contracts.sold(), market.shape),
        demand=less(market.demand, market.contracts.bought(), market.shape),
    )


def inside_mrub(supply: Floats, demand: Floats, log_rho: Floats) -> Floats:
    """Return the volume traded inside the region, mln roubles, shape (p,).

    The root of x^2 = rho (M - x)(N - x) between 0 and min(M, N), in the form that keeps its
    digits when rho is huge: x = 2MN / (M + N + sqrt((M + N)^2 - 4 q MN)), q = 1 - 1 / rho.
    """
    q = -np.expm1(-np.clip(log_rho, 0.0, None))
    whole = supply + demand
    root = np.sqrt(np.maximum(whole**2 - 4 * q * supply * demand, 0.0))  # the quadratic formula
    below = whole + root
    return divided(2 * supply * demand, below)


def volume_inside_mrub(
    market: Market, buyers: _Buyers, pairs: Pairs, decay: Floats, params: EconomyParams
) -> Floats:
    """Return the volume of each product that stays inside the region, mln roubles, shape (p,)."""
    count = len(market.codes)
    supply = market.total(market.supply)
    demand = summed(buyers.product, buyers.need_mrub, count)
    product = buyers.product[pairs.buyer]
    mass = market.supply.volume_mrub[pairs.seller] * buyers.need_mrub[pairs.buyer]
    weighted = summed(product, mass * pairs.distance_km, count)
    total = summed(product, mass, count)
    mean_km = divided(weighted, total)
    return inside_mrub(supply, demand, decay * (2 * params.import_distance_km - mean_km))


def _buyers(market: Market) -> _Buyers:
    people = np.flatnonzero(market.final_mrub > 0)
    named = market.demand
    return _Buyers(
        firm=np.concatenate([named.firm, np.full(len(people), -1)]),
        product=np.concatenate([named.product, people]),
        need_mrub=np.concatenate([named.volume_mrub, market.final_mrub[people]]),
    )


def _pairs(market: Market, buyers: _Buyers, settlements: GeoDataFrame) -> Pairs:
    by_product = np.argsort(market.supply.product, kind="stable")
    makers = np.bincount(market.supply.product, minlength=len(market.codes))
    first = np.concatenate([[0], np.cumsum(makers)[:-1]])
    count = makers[buyers.product]
    buyer = np.repeat(np.arange(len(buyers.product)), count)
    # 0, 1, .. within each buyer: the whole count less where the buyer's own run begins
    within = np.arange(len(buyer)) - np.repeat(np.cumsum(count) - count, count)
    seller = by_product[first[buyers.product][buyer] + within]
    maker, other = market.supply.firm[seller], buyers.firm[buyer]
    apart = market.at_m[maker] - market.at_m[other]
    straight = np.hypot(apart[:, 0], apart[:, 1]) / M_PER_KM
    to_people = _to_people_km(market.at_m, settlements)[maker]
    return Pairs(seller=seller, buyer=buyer, distance_km=np.where(other >= 0, straight, to_people))


def people_at(settlements: GeoDataFrame) -> tuple[Floats, Floats]:
    """Return where people live: places, m, shape (k, 2), and how many, shape (k,)."""
    ordered = settlements.sort_index()
    centre = ordered.geometry.centroid
    at_m = np.column_stack([centre.x.to_numpy(float), centre.y.to_numpy(float)])
    return at_m, ordered["population"].to_numpy(float)


def _to_people_km(at_m: Floats, settlements: GeoDataFrame) -> Floats:
    where, population = people_at(settlements)
    away = mean_distance_km(at_m, where, population)
    # without settlements nobody knows how far the people are, so distance says nothing
    return np.nan_to_num(away, nan=0.0)


def _balance(
    market: Market, buyers: _Buyers, pairs: Pairs, decay: Floats, inside: Floats
) -> Floats:
    """Return the flow of each pair, mln roubles, shape (k,)."""
    made, need = market.supply.volume_mrub, buyers.need_mrub
    seller_product, buyer_product = market.supply.product, buyers.product
    product = buyer_product[pairs.buyer]
    pull = np.exp(-np.minimum(decay[product] * pairs.distance_km, _MOST_DECAY))
    kernel = csr_array((pull, (pairs.seller, pairs.buyer)), shape=(len(made), len(need)))
    count = len(market.codes)
    sold_out = np.maximum(market.total(market.supply) - inside, 0.0)
    brought_in = np.maximum(summed(buyer_product, need, count) - inside, 0.0)
    b, export = np.ones(len(need)), np.ones(count)
    for _ in range(_ROUNDS):
        a = divided(made, kernel @ b + export[seller_product])
        bought = divided(brought_in, summed(buyer_product, b, count))
        b = divided(need, kernel.T @ a + bought[buyer_product])
        export = divided(sold_out, summed(seller_product, a, count))
        excess = a * (kernel @ b + export[seller_product]) / made - 1
        if np.abs(excess, out=excess).max(initial=0.0) < _CLOSE_ENOUGH:
            break
    flow = a[pairs.seller] * pull * b[pairs.buyer]
    return _within_limits(flow, pairs, made, need)


def _within_limits(flow: Floats, pairs: Pairs, made: Floats, need: Floats) -> Floats:
    for side, limit in ((pairs.buyer, need), (pairs.seller, made)):
        total = summed(side, flow, len(limit))
        flow = flow * np.minimum(1.0, divided(limit, total))[side]
    return flow


def _links(
    market: Market, buyers: _Buyers, pairs: Pairs, flow: Floats, params: EconomyParams
) -> DataFrame:
    named = np.flatnonzero(buyers.firm[pairs.buyer] >= 0)
    seller, buyer, volume = pairs.seller[named], pairs.buyer[named], flow[named]
    made, need = market.supply.volume_mrub[seller], buyers.need_mrub[buyer]
    certainty = np.minimum(np.maximum(volume / made, volume / need), 1.0)
    # named buyers come first among the buyers, so a buyer is also a position in the demand
    trust = np.sqrt(market.supply.confidence[seller] * market.demand.confidence[buyer])
    told = np.flatnonzero((certainty >= params.link_min_share) & (volume > 0))
    firms, codes = market.firms, market.codes
    links = pd.DataFrame(
        {
            "supplier_id": firms[market.supply.firm[seller[told]]],
            "buyer_id": firms[buyers.firm[buyer[told]]],
            "product": codes[market.supply.product[seller[told]]],
            "volume_mrub": volume[told],
            "distance_km": pairs.distance_km[named[told]],
            "confidence": (trust * certainty)[told],
            "is_known": False,
        }
    )
    return links.astype({**dict.fromkeys(_KEY, "str"), "is_known": bool})
