"""Connecting sites to utilities: options, friction, one sweep for all, routes and prices."""

from siting.network.connect import Connected, connect
from siting.network.quote import price_points
from siting.network.surfaces import CostSurfaces
from siting.network.trunks import share_trunks

__all__ = ["Connected", "CostSurfaces", "connect", "price_points", "share_trunks"]
