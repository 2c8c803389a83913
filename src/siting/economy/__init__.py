"""Trade: who supplies whom, clusters, what to make here and who would buy it."""

from siting.economy.trading import Traded, trade

__all__ = ["Traded", "trade"]
