"""What must be true of the books at any moment, asserted from the rows alone."""

from collections import Counter
from datetime import timedelta

from django.db.models import Sum

from credit import ledger, pool
from credit.days import Period
from credit.models import Account, DayTotal, Hold, Pool, PoolEntry, Transfer, UsageRecord, Window

LEASE = timedelta(seconds=30)


def assert_books_balance():
    """I2 to I4: balances equal transfers, reserved equals open holds, nobody is below zero."""
    _assert_accounts(came=_sums(Transfer, by="destination"), went=_sums(Transfer, by="source"))
    _assert_holds(usage=Account.objects.house(Account.Kind.USAGE))
    _assert_windows()
    _assert_pool()
    assert _totals(DayTotal.objects) == _totals(UsageRecord.objects.counted())


def _assert_accounts(*, came, went):
    held = _sums(Hold.objects.open(), by="account")
    accounts = list(Account.objects.all())
    for account in accounts:
        assert account.balance == came[account.pk] - went[account.pk], account
        assert account.held == held[account.pk], account
        assert account.user_id is None or 0 <= account.held <= account.balance, account
    assert sum(account.balance for account in accounts) == 0


def _assert_holds(*, usage):
    paid = _sums(Transfer.objects.filter(destination=usage), by="hold")
    back = _sums(Transfer.objects.filter(source=usage), by="hold")
    charged = _sums(UsageRecord, by="hold", field="charged")
    shortfall = _sums(UsageRecord, by="hold", field="shortfall")
    firsts = UsageRecord.objects.filter(corrects=None).values_list("hold", flat=True)
    assert Counter(firsts) == Counter(hold.pk for hold in Hold.objects.all() if not hold.is_open)
    for pk in firsts:
        assert paid[pk] - back[pk] == charged[pk] + shortfall[pk], pk


def _assert_windows():
    """Each limit's use is what its calls were charged and what is held for them."""
    for window in Window.objects.select_related("account"):
        whose = {"user": "account", "group": "group", "key": "key"}[window.account.kind]
        calls = Hold.objects.filter(
            **{whose: window.account},
            day__gte=window.start,
            day__lt=Period(window.period).end(window.start),
        )
        charged = UsageRecord.objects.filter(hold__in=calls).aggregate(a=Sum("charged", default=0))
        held = calls.open().aggregate(a=Sum("amount", default=0))
        assert (window.spent, window.held) == (int(charged["a"]), int(held["a"])), window


def _assert_pool():
    """What is left at the upstream is what was paid in, less what the calls cost there."""
    now = Pool.objects.first() or Pool()
    paid_in = PoolEntry.objects.exclude(kind="shown").aggregate(a=Sum("amount", default=0))
    calls = Hold.objects.filter(is_pooled=True)
    cost = UsageRecord.objects.filter(hold__in=calls).aggregate(a=Sum("list_cost", default=0))
    held = calls.open().aggregate(a=Sum("amount", default=0))
    assert (now.balance, now.held) == (int(paid_in["a"]) - int(cost["a"]), int(held["a"]))


def fill_pool(nano):
    """Pay in at the upstream, so that the pool is in force."""
    pool.record(PoolEntry.Kind.TOP_UP, amount=nano, actor=None, key=f"pool:{nano}")


def _totals(rows):
    """What each person was charged on each day, and how it was measured."""
    rows = rows.order_by().values_list("user", "day", "source")
    sums = rows.annotate(nano=Sum("charged"), fell_short=Sum("shortfall"))
    return {row[:3]: tuple(map(int, row[3:])) for row in sums}


def _sums(rows, *, by, field="amount"):
    rows = getattr(rows, "objects", rows)
    return Counter({key: int(total) for key, total in rows.values_list(by).annotate(Sum(field))})


def give(user, amount):
    """Bring what a person can spend to exactly this much, in nano-USD."""
    account = ledger.open_account(user)
    if missing := amount - account.available:
        assert missing > 0, "start from a policy of less"
        ledger.grant(
            user, amount=missing, actor=None, reason="for a test", key=f"give:{user}:{missing}"
        )


def hold_for(
    user, *, amount=1_000_000, model="gpt-4o-mini", cause="chat:message:1", lease=LEASE, **more
):
    kind = "image" if model == "realvision" else "chat"
    return ledger.hold(
        user,
        kind=kind,
        model=model,
        amount=amount,
        cause=cause,
        request_id="request-1",
        lease=lease,
        **more,
    )
