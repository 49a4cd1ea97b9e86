"""Moves money between two accounts: the transfer row and both balances, always together."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from credit.errors import InsufficientCredit
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
    release: int = 0,
    at: datetime | None = None,
) -> Transfer:
    """Book one transfer of `amount` > 0 nano-USD; the caller's transaction makes it whole.

    Raises InsufficientCredit when it is not for a call and takes more from a person than is free.
    `release` frees as much of what the source keeps apart. The row goes first: a second one with
    the same key fails before a balance has moved. The person's balance goes before the house's,
    so that no two settlements wait for each other.
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
    by_hand = hold is None
    moves = [(source, -amount, -release), (destination, amount, 0)]
    for account, change, held in sorted(moves, key=_persons_first):
        if by_hand and account.user_id is not None and change > 0:
            Account.objects.credit(account.pk, amount=amount)
        elif by_hand and account.user_id is not None:
            _take(account, amount)
        else:
            Account.objects.move(account.pk, balance=change, held=held)
    return transfer


def _take(account: Account, amount: int) -> None:
    """Take back what is free; never what is set apart for a call."""
    if not Account.objects.take(account.pk, amount=amount):
        account.refresh_from_db()
        raise InsufficientCredit(available=account.available, needed=amount)


def _persons_first(move: tuple[Account, int, int]) -> tuple[bool, int]:
    account = move[0]
    return account.user_id is None, account.pk
