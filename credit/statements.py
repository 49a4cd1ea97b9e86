"""A person's statement: each transfer of theirs, newest first, with what they had after it."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from django.db.models import BooleanField, ExpressionWrapper, F, Q, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from accounts.models import User
from credit import causes, days
from credit.days import Period
from credit.models import Account, Kind, Transfer, UsageRecord

ROWS: Final = 50  # on a page
_AT_ONCE: Final = 500  # in a query of all
OTHER: Final = "other"  # the kind of what is no call


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What of a statement is wanted; days by the site's calendar, both included."""

    kind: str = ""
    model: str = ""
    since: date | None = None
    until: date | None = None
    cause: str = ""

    def wanted(self, account: Account) -> Q:
        wanted = Q(hold=None) if self.kind == OTHER else Q()
        if self.kind in Kind:
            wanted &= Q(hold__kind=self.kind)
        if self.model:
            wanted &= Q(hold__model=self.model)
        if self.since:
            wanted &= Q(created_at__gte=days.midnight(self.since))
        if self.until:
            wanted &= Q(created_at__lt=days.midnight(Period.DAY.end(self.until)))
        if self.cause:
            wanted &= causes.calls(cast(User, account.user), self.cause)
        return wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`amount` is below zero for what went; `balance` is what was there after it. Nano-USD."""

    transfer: Transfer
    amount: int
    balance: int

    @property
    def usage(self) -> UsageRecord | None:
        """What the call used; of one that was settled late, the difference."""
        if self.transfer.hold is None:
            return None
        is_late = self.transfer.code == Transfer.Code.LATE
        records = self.transfer.hold.usage_records.all()
        return next((each for each in records if bool(each.corrects_id) is is_late), None)

    @property
    def address(self) -> str:
        """Where what was paid for is shown."""
        return causes.address(self.transfer.cause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`following` is the transfer to go on after, None at the end."""

    lines: list[Line]
    following: int | None


def page(account: Account, filters: Filters, *, after: Transfer | None = None) -> Page:
    """The newest lines that are wanted, or those that follow one."""
    wanted = filters.wanted(account)
    rows = _newest(account, wanted, after=after, limit=ROWS + 1)
    shown = rows[:ROWS]
    balances = _balances(account, shown[0], shown[-1]) if shown else {}
    lines = [
        Line(transfer=row, amount=_signed(account, row), balance=balances[row.pk]) for row in shown
    ]
    return Page(lines=lines, following=shown[-1].pk if len(rows) > ROWS else None)


def lines(account: Account, filters: Filters) -> Iterator[Line]:
    """All that are wanted, newest first, a short query at a time."""
    listed = ExpressionWrapper(filters.wanted(account), output_field=BooleanField())
    balance, after = 0, None
    while rows := _newest(account, Q(), after=after, limit=_AT_ONCE, is_listed=listed):
        if after is None:
            balance = rows[0].now  # type: ignore[attr-defined]
        for after in rows:
            amount = _signed(account, after)
            if after.is_listed:  # type: ignore[attr-defined]
                yield Line(transfer=after, amount=amount, balance=balance)
            balance -= amount


def find(account: Account, pk: str) -> Transfer | None:
    """One of this account's transfers, by its number as it stands in an address."""
    mine = Q(source=account) | Q(destination=account)
    return Transfer.objects.filter(mine, pk=pk).first() if pk.isdecimal() else None


def _signed(account: Account, transfer: Transfer) -> int:
    return transfer.amount if transfer.destination_id == account.pk else -transfer.amount


def _newest(
    account: Account, wanted: Q, *, after: Transfer | None, limit: int, **more: Combinable
) -> list[Transfer]:
    """What went and what came, each by its own index, and put together here."""
    rows = Transfer.objects.filter(wanted).annotate(now=_now(account), **more)
    if after is not None:
        rows = rows.filter(_is_before(after))
    rows = rows.select_related("hold__key", "hold__price").prefetch_related("hold__usage_records")
    rows = rows.order_by("-created_at", "-pk")
    went: Iterable[Transfer] = rows.filter(source=account)[:limit]
    came: Iterable[Transfer] = rows.filter(destination=account)[:limit]
    return list(heapq.merge(went, came, key=_place, reverse=True))[:limit]


def _balances(account: Account, newest: Transfer, oldest: Transfer) -> dict[int, int]:
    """What was there after each transfer from one down to another, also those not wanted."""
    mine = Q(source=account) | Q(destination=account)
    between = Transfer.objects.filter(mine, _is_since(oldest)).exclude(_is_after(newest))
    rows = between.order_by("-created_at", "-pk").values_list("pk", "destination", "amount")
    balances: dict[int, int] = {}
    balance = _balance_after(account, newest)
    for pk, destination, amount in rows:
        balances[pk] = balance
        balance -= amount if destination == account.pk else -amount
    return balances


def _balance_after(account: Account, row: Transfer) -> int:
    """What is there now less all that came since, in one statement: a charge that is booked
    meanwhile falls on neither side.
    """
    since = Transfer.objects.filter(_is_after(row)).order_by()
    came, went = (
        Coalesce(
            Subquery(
                since.filter(**{side: account})
                .values(side)
                .annotate(sum=Sum("amount"))
                .values("sum")
            ),
            0,
        )
        for side in ("destination", "source")
    )
    now = Account.objects.filter(pk=account.pk).annotate(left=F("balance") - came + went)
    return int(now.values_list("left", flat=True).get())


def _now(account: Account) -> Subquery:
    return Subquery(Account.objects.filter(pk=account.pk).values("balance")[:1])


def _place(transfer: Transfer) -> tuple[object, int]:
    return transfer.created_at, transfer.pk


def _is_before(row: Transfer) -> Q:
    """Older than a row; the first half is what an index can do."""
    return Q(created_at__lte=row.created_at) & ~Q(created_at=row.created_at, pk__gte=row.pk)


def _is_after(row: Transfer) -> Q:
    return Q(created_at__gte=row.created_at) & ~Q(created_at=row.created_at, pk__lte=row.pk)


def _is_since(row: Transfer) -> Q:
    """The row itself, or newer."""
    return Q(created_at__gte=row.created_at) & ~Q(created_at=row.created_at, pk__lt=row.pk)
