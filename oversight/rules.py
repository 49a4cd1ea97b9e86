"""What is worth an admin's look: small facts about numbers. Amounts are in nano-USD."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Final

BEFORE: Final = 14  # days that a person's day is held against
_TIMES: Final = 5
LEAST_WORTH: Final = 100_000_000  # $0.10 a day: nobody looks up for less
_SHARE: Final = 2  # percent
_OLD: Final = timedelta(minutes=10)
_FIRST: Final = timedelta(hours=1)


def usual_day(before: Sequence[int]) -> int:
    """The median of a person's days, those without a call among them."""
    return int(median(before)) if before else 0


def is_unusual_day(spent: int, before: Sequence[int]) -> bool:
    """Whether a person's day is worth a look, and over five times the usual one before.

    Who is new has no usual day: they need a week here first.
    """
    is_compared = len(before) >= BEFORE // 2 and spent >= LEAST_WORTH
    return is_compared and spent > _TIMES * usual_day(before)


def is_much_counted(counted: int, measured: int) -> bool:
    """Whether more than 2 % of what calls were charged was counted here instead of measured."""
    return 100 * counted > _SHARE * (counted + measured)


def is_old(made: datetime, *, now: datetime) -> bool:
    """Whether money has been set apart for a call for over ten minutes."""
    return now - made > _OLD


def is_in_first_hour(made: datetime, *, now: datetime) -> bool:
    """Whether an API key is less than an hour old: when a mistake costs most."""
    return now - made < _FIRST
