"""Gives each group's people their allowance once a period, whoever asks however often.

A gift's key names allowance, period and person: nothing is reset and nothing is remembered.
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from credit import days
from credit.days import Period
from credit.gifts import book
from credit.models import Account, Allowance, DayTotal, Transfer
from credit.opening import open_account


def give_due() -> int:
    """Give every allowance of the running periods that was not given yet; answers how many."""
    today = days.today()
    return sum(_give(allowance, today) for allowance in Allowance.objects.on(today))


def _give(allowance: Allowance, today: date) -> int:
    start = Period(allowance.period).start(today)
    given = _given(allowance, start)
    members = User.objects.filter(group=allowance.group_id, is_active=True).order_by("pk")
    due = [member for member in members if _key(allowance, start, member) not in given]
    for member in due:
        _renew(allowance, start, member)
    return len(due)


def _given(allowance: Allowance, start: date) -> set[str]:
    keys = Transfer.objects.filter(cause=_cause(allowance, start), code=Transfer.Code.ALLOWANCE)
    return set(keys.values_list("idempotency_key", flat=True))


@transaction.atomic
def _renew(allowance: Allowance, start: date, member: User) -> None:
    """Let the rest of the last period lapse, if it does, and give the new one's."""
    account = open_account(member)
    if not allowance.is_kept:
        _lapse(allowance, Period(allowance.period).start(start - timedelta(days=1)), member)
    book(
        account,
        allowance.amount,
        house=Account.Kind.FUNDING,
        code=Transfer.Code.ALLOWANCE,
        cause=_cause(allowance, start),
        reason=str(allowance.group),
        key=_key(allowance, start, member),
    )


def _lapse(allowance: Allowance, start: date, member: User) -> None:
    """The allowance counts as spent before any other money; what calls under way hold stays."""
    key = _key(allowance, start, member)
    gift = Transfer.objects.filter(idempotency_key=key).first()
    if gift is None or Transfer.objects.filter(idempotency_key=f"lapse:{key}").exists():
        return
    within = {"day__gte": start, "day__lt": Period(allowance.period).end(start)}
    spent = DayTotal.objects.filter(user=member, **within).aggregate(a=Sum("charged", default=0))
    account = Account.objects.select_for_update().get(user=member)
    rest = min(gift.amount - int(spent["a"]), account.available)
    if rest > 0:
        book(
            account,
            -rest,
            house=Account.Kind.FUNDING,
            code=Transfer.Code.LAPSE,
            cause=_cause(allowance, start),
            reason=str(allowance.group),
            key=f"lapse:{key}",
        )


def _cause(allowance: Allowance, start: date) -> str:
    return f"allowance:{allowance.pk}:{start}"


def _key(allowance: Allowance, start: date, member: User) -> str:
    return f"{_cause(allowance, start)}:{member.pk}"
