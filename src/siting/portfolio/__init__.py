"""Who would settle where, what that saves, which parks to open and how sure we are."""

from siting.portfolio.accounts import Accounts, account
from siting.portfolio.choosing import Chosen, Portfolio, choose
from siting.portfolio.doubting import Doubted, doubt
from siting.portfolio.savings import Served, serve

__all__ = [
    "Accounts",
    "Chosen",
    "Doubted",
    "Portfolio",
    "Served",
    "account",
    "choose",
    "doubt",
    "serve",
]
