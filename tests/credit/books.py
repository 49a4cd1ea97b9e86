"""What must be true of the books at any moment, asserted from the rows alone."""

from datetime import timedelta

from django.db.models import Sum

from credit import ledger
from credit.models import Account, Hold, Transfer, UsageRecord

LEASE = timedelta(seconds=30)


def assert_books_balance():
    """I2 to I4: balances equal transfers, reserved equals open holds, nobody is below zero."""
    for account in Account.objects.all():
        assert account.balance == _sum(account.incoming) - _sum(account.outgoing), account
        assert account.held == _sum(account.holds.open()), account
        if account.user_id is not None:
            assert 0 <= account.held <= account.balance, account
    assert _sum(Account.objects, "balance") == 0
    for hold in Hold.objects.all():
        records = UsageRecord.objects.filter(hold=hold)
        assert records.filter(corrects=None).count() == (0 if hold.is_open else 1), hold
        usage = Account.objects.house(Account.Kind.USAGE)
        mine = Transfer.objects.filter(hold=hold)
        paid = _sum(mine.filter(destination=usage)) - _sum(mine.filter(source=usage))
        assert paid == _sum(records, "charged") + _sum(records, "shortfall"), hold


def _sum(rows, field="amount"):
    return int(rows.aggregate(total=Sum(field))["total"] or 0)


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
