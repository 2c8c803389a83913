"""Connecting sites to utilities: options, friction, one sweep for all, routes and prices."""

from siting.network.connect import Connected, connect

__all__ = ["Connected", "connect"]
