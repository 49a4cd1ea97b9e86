"""The tables of the money; every amount is an integer number of nano-USD (1e-9 dollar)."""

from credit.models.account import Account, Policy
from credit.models.hold import Hold
from credit.models.price import Kind, Price
from credit.models.transfer import Transfer
from credit.models.usage import Outcome, Source, UsageRecord

__all__ = [
    "Account",
    "Hold",
    "Kind",
    "Outcome",
    "Policy",
    "Price",
    "Source",
    "Transfer",
    "UsageRecord",
]
