"""Sets what a person, a group or an API key may spend in a day and in a month."""

from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import trail
from credit import days, windows
from credit.days import Period
from credit.models import Account, Policy, Window
from credit.money import check_amount

# By whose they are, as `LimitReached` has it.
NAMES: Final = {
    ("own", Period.DAY): _("Your own limit a day"),
    ("own", Period.MONTH): _("Your own limit a month"),
    (Account.Kind.USER, Period.DAY): _("Your limit a day"),
    (Account.Kind.USER, Period.MONTH): _("Your limit a month"),
    (Account.Kind.GROUP, Period.DAY): _("Your group's limit a day"),
    (Account.Kind.GROUP, Period.MONTH): _("Your group's limit a month"),
}


def set_limits(account: Account, *, day: int | None, month: int | None) -> None:
    """Nano-USD from 0 to MAX_AMOUNT, else ValueError; None lifts a limit. In force at once.

    What was used in the running period before counts. Nobody concerned can begin or end a call
    meanwhile: their accounts are locked, and raised terms send back who read the old limits.
    """
    _change(account, day_limit=day, month_limit=month)


def set_own_limits(account: Account, *, day: int | None, month: int | None) -> None:
    """The same for what a person allows themselves; the lower of theirs and the admin's binds."""
    _change(account, own_day_limit=day, own_month_limit=month)


@transaction.atomic
def _change(account: Account, **limits: int | None) -> None:
    for amount in limits.values():
        if amount is not None:
            check_amount(amount, least=0)
    Policy.objects.lock()
    _hold_up(account)
    was = Account.objects.get(pk=account.pk)
    Account.objects.filter(pk=account.pk).update(**limits)
    trail.record(
        trail.Kind.LIMITS,
        thing=account.thing,
        subject=account,
        before={name: getattr(was, name) for name in limits},
        after=limits,
    )
    account.refresh_from_db()
    for period in Period:
        _adapt_window(account, period)


def _hold_up(account: Account) -> None:
    """People may come and go in a group and use any key while we look: then all are concerned."""
    people = Account.objects.people()
    if account.kind == Account.Kind.USER:
        people = people.filter(pk=account.pk)
    locked = people.select_for_update().order_by("pk").values_list("pk", flat=True)
    Account.objects.filter(pk__in=list(locked)).update(terms=F("terms") + 1)


def _adapt_window(account: Account, period: Period) -> None:
    mine = Window.objects.filter(account=account, period=period)
    start = period.start(days.today())
    if account.limit(period) is None:
        mine.delete()
    elif not mine.filter(start=start).exists():
        windows.counted(account, period, start).save()
