"""Proves the books from their rows: every cached figure, every charge, every pairing.

Each check asks the database for the first row that is wrong and says so in words, or None.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction

from credit.audit import accounts, caches, calls

CHECKS: Final[tuple[Callable[[], str | None], ...]] = (
    accounts.rows_are_append_only,
    accounts.balances_equal_transfers,
    accounts.held_equals_open_holds,
    calls.closed_holds_have_a_record,
    calls.records_match_their_holds,
    calls.costs_follow_from_tokens_and_prices,
    calls.costs_are_borne_in_full,
    calls.calls_are_paid_by_the_right_accounts,
    calls.transfers_equal_records,
    caches.totals_equal_records,
    caches.windows_equal_charges,
    caches.pool_equals_entries_and_costs,
)


def first_difference() -> str | None:
    """What is wrong first, as of one moment; None when all is proven."""
    with snapshot():
        return next(filter(None, (check() for check in CHECKS)), None)


@contextmanager
def snapshot() -> Iterator[None]:
    """One view of all rows for the time of the audit, without making anybody wait."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # atomic() would keep every writer waiting
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
