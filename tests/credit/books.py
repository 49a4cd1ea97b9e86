"""What must be true of the books at any moment, asserted from the rows alone."""

from collections import Counter
from datetime import timedelta

from django.db.models import Sum

from credit import ledger
from credit.models import Account, Hold, Transfer, UsageRecord

LEASE = timedelta(seconds=30)


def assert_books_balance():
    """I2 to I4: balances equal transfers, reserved equals open holds, nobody is below zero."""
    _assert_accounts(came=_sums(Transfer, by="destination"), went=_sums(Transfer, by="source"))
    _assert_holds(usage=Account.objects.house(Account.Kind.USAGE))


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


def hold_for(user, *, amount=1_000_000, model="gpt-4o-mini", cause="chat:message:1", lease=LEASE):
    kind = "image" if model == "realvision" else "chat"
    return ledger.hold(
        user,
        kind=kind,
        model=model,
        amount=amount,
        cause=cause,
        request_id="request-1",
        lease=lease,
    )
