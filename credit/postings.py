"""Moves money between two accounts: the transfer row and both balances, always together."""

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from accounts.models import User
from credit.models import Account, Hold, Transfer


def post(
    amount: int,
    *,
    source: Account,
    destination: Account,
    code: Transfer.Code,
    key: str,
    hold: Hold | None = None,
    cause: str = "",
    actor: User | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Transfer:
    """Book one transfer of `amount` > 0 nano-USD; the caller's transaction makes it whole.

    The row goes first: a second one with the same key fails before a balance has moved. The
    person's balance goes before the house's, so that no two settlements wait for each other.
    """
    transfer = Transfer.objects.create(
        amount=amount,
        source=source,
        destination=destination,
        code=code,
        hold=hold,
        cause=cause,
        actor=actor,
        reason=reason,
        idempotency_key=key,
        created_at=at or timezone.now(),
    )
    is_credit = hold is None and destination.user_id is not None
    moves = [(source, -amount), (destination, amount)]
    for account, change in sorted(moves, key=lambda move: (move[0].user_id is None, move[0].pk)):
        if is_credit and account == destination:
            Account.objects.credit(account.pk, amount=amount)
        else:
            Account.objects.filter(pk=account.pk).update(balance=F("balance") + change)
    return transfer
