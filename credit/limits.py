"""Sets what a person, a group or an API key may spend in a day and in a month."""

from django.db import transaction
from django.db.models import F

from accounts import trail
from credit import days, windows
from credit.days import Period
from credit.models import Account, Policy, Window
from credit.money import check_amount


@transaction.atomic
def set_limits(account: Account, *, day: int | None, month: int | None) -> None:
    """Nano-USD from 0 to MAX_AMOUNT, else ValueError; None lifts a limit. In force at once.

    What was used in the running period before counts. Nobody concerned can begin or end a call
    meanwhile: their accounts are locked, and raised terms send back who read the old limits.
    """
    for amount in (day, month):
        if amount is not None:
            check_amount(amount, least=0)
    Policy.objects.lock()
    _hold_up(account)
    was = Account.objects.get(pk=account.pk)
    Account.objects.filter(pk=account.pk).update(day_limit=day, month_limit=month)
    trail.record(
        trail.Kind.LIMITS,
        thing=account.thing,
        subject=account,
        before={"day_limit": was.day_limit, "month_limit": was.month_limit},
        after={"day_limit": day, "month_limit": month},
    )
    for period, most in ((Period.DAY, day), (Period.MONTH, month)):
        _adapt_window(account, period, is_limited=most is not None)


def _hold_up(account: Account) -> None:
    """People may come and go in a group and use any key while we look: then all are concerned."""
    people = Account.objects.people()
    if account.kind == Account.Kind.USER:
        people = people.filter(pk=account.pk)
    locked = people.select_for_update().order_by("pk").values_list("pk", flat=True)
    Account.objects.filter(pk__in=list(locked)).update(terms=F("terms") + 1)


def _adapt_window(account: Account, period: Period, *, is_limited: bool) -> None:
    mine = Window.objects.filter(account=account, period=period)
    start = period.start(days.today())
    if not is_limited:
        mine.delete()
    elif not mine.filter(start=start).exists():
        windows.counted(account, period, start).save()
