"""The tables of the money; every amount is an integer number of nano-USD (1e-9 dollar)."""

from credit.models.account import Account, Policy
from credit.models.alert import Alert
from credit.models.allowance import Allowance
from credit.models.hold import Hold
from credit.models.pool import Pool, PoolEntry
from credit.models.price import Kind, Price
from credit.models.total import DayTotal
from credit.models.transfer import Transfer
from credit.models.usage import Outcome, Source, UsageRecord
from credit.models.voucher import Voucher, VoucherBatch
from credit.models.window import Window

__all__ = [
    "Account",
    "Alert",
    "Allowance",
    "DayTotal",
    "Hold",
    "Kind",
    "Outcome",
    "Policy",
    "Pool",
    "PoolEntry",
    "Price",
    "Source",
    "Transfer",
    "UsageRecord",
    "Voucher",
    "VoucherBatch",
    "Window",
]
