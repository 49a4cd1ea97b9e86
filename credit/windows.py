"""How much of each limit is used: counted, kept, trued up when a call ends."""

from datetime import date

from django.db.models import F, Q, Sum

from credit.days import Period
from credit.models import Account, DayTotal, Hold, Window


def counted(account: Account, period: Period, start: date) -> Window:
    """A window, not saved yet, with what the records and open holds say was used so far."""
    totals, holds = _of(account)
    within = Q(day__gte=start, day__lt=period.end(start))
    spent = DayTotal.objects.filter(totals & within).aggregate(nano=Sum("charged", default=0))
    held = Hold.objects.open().filter(holds & within).aggregate(nano=Sum("amount", default=0))
    return Window(
        account=account,
        period=period,
        start=start,
        spent=int(spent["nano"]),
        held=int(held["nano"]),
    )


def keep(window: Window) -> None:
    """Save a window unless somebody else just did; it is known by its key from then on."""
    if window._state.adding:
        Window.objects.bulk_create([window], ignore_conflicts=True)
        window.pk = Window.objects.get(
            account=window.account_id, period=window.period, start=window.start
        ).pk


def true_up(hold: Hold, *, charged: int, release: int) -> None:
    """Count in what a call cost, and free what it kept apart, in every window it falls in.

    The caller has locked the person's account, so whoever sets limits has either counted this
    call already or will find it as it ends here.
    """
    if not (hold.account.terms or hold.group_id or hold.key_id):
        return
    now = Q(account__in=[pk for pk in (hold.account_id, hold.group_id, hold.key_id) if pk])
    now &= Q(
        *((Q(period=period, start=period.start(hold.day))) for period in Period), _connector=Q.OR
    )
    if found := list(Window.objects.filter(now).in_order().values_list("pk", flat=True)):
        Window.objects.filter(pk__in=found).update(
            spent=F("spent") + charged, held=F("held") - release
        )


def _of(account: Account) -> tuple[Q, Q]:
    """Which totals and which holds are an account's."""
    match account.kind:
        case Account.Kind.GROUP:
            return Q(group=account), Q(group=account)
        case Account.Kind.KEY:
            return Q(key=account), Q(key=account)
        case _:
            return Q(user=account.user_id), Q(account=account)
