"""Balances and reserves, and the triggers that keep what they are proven from."""

from django.db import connection
from django.db.models import QuerySet, Sum

from accounts import append_only
from credit.models import Account, Hold, Transfer


def rows_are_append_only() -> str | None:
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name.lower() for (name,) in cursor.fetchall()}
    missing = [name for name in append_only.triggers() if name not in present]
    return f"trigger {missing[0]} is missing: rows could be changed" if missing else None


def balances_equal_transfers() -> str | None:
    came, went = (
        _sums(Transfer.objects.all(), "destination"),
        _sums(Transfer.objects.all(), "source"),
    )
    for pk, balance in Account.objects.order_by("pk").values_list("pk", "balance"):
        booked = came.get(pk, 0) - went.get(pk, 0)
        if balance != booked:
            return f"account {pk}: balance {balance}, transfers say {booked}"
    return None


def held_equals_open_holds() -> str | None:
    reserved = _sums(Hold.objects.open(), "account")
    for pk, held in Account.objects.order_by("pk").values_list("pk", "held"):
        if held != reserved.get(pk, 0):
            return f"account {pk}: held {held}, open holds say {reserved.get(pk, 0)}"
    return None


def _sums(rows: QuerySet[Transfer] | QuerySet[Hold], by: str) -> dict[int, int]:
    return {pk: int(total) for pk, total in rows.values_list(by).annotate(Sum("amount"))}
