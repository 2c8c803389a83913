"""Who would settle where, what that saves, which parks to open and how sure we are."""

from siting.portfolio.savings import Served, serve

__all__ = ["Served", "serve"]
