"""Trade: who supplies whom, clusters, what to make here and who would buy it."""

from siting.economy.asking import Question, as_site, check_question
from siting.economy.trading import Traded, trade

__all__ = ["Question", "Traded", "as_site", "check_question", "trade"]
