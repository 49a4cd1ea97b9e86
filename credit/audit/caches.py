"""Sums kept for speed: a day's totals, what is used of each limit, what is left in the pool."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.db.models import Aggregate, Count, Q, QuerySet, Sum

from credit.days import Period
from credit.models import DayTotal, Hold, Pool, PoolEntry, UsageRecord, Window


def totals_equal_records() -> str | None:
    """Each day's sums anew from the records."""
    summed: dict[str, Aggregate] = {name: Sum(name) for name in DayTotal.SUMS}
    summed["calls"] = Count("pk", filter=Q(corrects=None))
    rows = UsageRecord.objects.counted().order_by()
    said = _by_key(DayTotal.objects.order_by(), {name: Sum(name) for name in summed})
    true = _by_key(rows, summed)
    for key in sorted({*said, *true}, key=str):
        if said.get(key) != true.get(key):
            return f"day's total {key}: {said.get(key)}, usage records say {true.get(key)}"
    return None


def windows_equal_charges() -> str | None:
    """What is used of each limit, anew from the days' totals and the open holds."""
    spent = _by_day(DayTotal.objects.all(), "charged", person="user__account")
    held = _by_day(Hold.objects.open(), "amount", person="account")
    for window in Window.objects.select_related("account").order_by("pk"):
        days = _days_of(window)
        true = (_within(spent[window.account_id], days), _within(held[window.account_id], days))
        if (window.spent, window.held) != true:
            return (
                f"limit window {window.pk} ({window}): spent {window.spent}, held {window.held};"
                f" its calls say {true[0]} and {true[1]}"
            )
    return None


def _by_day(
    rows: QuerySet[DayTotal] | QuerySet[Hold], amount: str, *, person: str
) -> dict[int, dict[date, int]]:
    """An amount for each limited account and day."""
    sums: dict[int, dict[date, int]] = defaultdict(dict)
    limited = Window.objects.values("account")
    for owner in (person, "group", "key"):
        mine = rows.filter(**{f"{owner}__in": limited}).order_by()
        for account, day, nano in mine.values_list(owner, "day").annotate(Sum(amount)):
            sums[account][day] = int(nano)
    return sums


def _days_of(window: Window) -> tuple[date, date]:
    return window.start, Period(window.period).end(window.start)


def _within(sums: dict[date, int], days: tuple[date, date]) -> int:
    start, end = days
    return sum(nano for day, nano in sums.items() if start <= day < end)


def pool_equals_entries_and_costs() -> str | None:
    """What is left at the upstream: what was paid in there less what pooled calls cost there."""
    pool = Pool.objects.first() or Pool()
    paid_in = PoolEntry.objects.exclude(kind=PoolEntry.Kind.SHOWN)
    pooled = UsageRecord.objects.filter(hold__is_pooled=True)
    balance = _sum(paid_in, "amount") - _sum(pooled, "list_cost")
    held = _sum(Hold.objects.open().filter(is_pooled=True), "amount")
    if (pool.balance, pool.held) != (balance, held):
        return (
            f"pool: balance {pool.balance}, held {pool.held};"
            f" its entries and calls say {balance} and {held}"
        )
    return None


def _sum(rows: QuerySet[PoolEntry] | QuerySet[UsageRecord] | QuerySet[Hold], name: str) -> int:
    return int(rows.aggregate(nano=Sum(name, default=0))["nano"])


def _by_key(
    rows: QuerySet[DayTotal] | QuerySet[UsageRecord], sums: Mapping[str, Aggregate]
) -> dict[tuple[object, ...], tuple[int, ...]]:
    named = {f"sum_{name}": total for name, total in sums.items()}
    keys = len(DayTotal.KEY)
    return {
        row[:keys]: tuple(map(int, row[keys:]))
        for row in rows.values_list(*DayTotal.KEY).annotate(**named)
    }
