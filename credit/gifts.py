"""Money that comes to people and goes back otherwise than by calls: by hand, by reason, once."""

from django.db import IntegrityError, transaction

from accounts import trail
from accounts.models import User
from credit.errors import KeyReused, NotReversible
from credit.models import Account, Transfer
from credit.money import MAX_AMOUNT, check_amount
from credit.opening import open_account
from credit.postings import post


def grant(user: User, *, amount: int, actor: User | None, reason: str, key: str) -> Transfer:
    """Give a person credit; the same key again answers the same transfer, whoever comes first.

    Raises KeyReused when the key stands for another amount or person, ValueError when the amount
    is not a whole number from 1 to MAX_AMOUNT or the reason is empty.
    """
    check_amount(amount, least=1)
    return book(
        open_account(user),
        amount,
        house=Account.Kind.FUNDING,
        code=Transfer.Code.GRANT,
        actor=actor,
        reason=_given(reason),
        key=key,
    )


def adjust(user: User, *, amount: int, actor: User | None, reason: str, key: str) -> Transfer:
    """Put a balance right, up or (an amount below zero) down.

    Raises what `grant` raises, and InsufficientCredit when more would be taken than is free.
    """
    return book(
        open_account(user),
        amount,
        house=Account.Kind.CORRECTION,
        code=Transfer.Code.ADJUSTMENT,
        actor=actor,
        reason=_given(reason),
        key=key,
    )


def reverse(transfer: Transfer, *, actor: User | None, reason: str) -> Transfer:
    """Undo what was given or taken, once, by a transfer the other way.

    Raises NotReversible for any other transfer, and InsufficientCredit when it has been spent.
    """
    if transfer.code not in Transfer.REVERSIBLE:
        raise NotReversible(transfer.pk)
    is_gift = transfer.destination.user_id is not None
    person, house = transfer.destination, transfer.source
    if not is_gift:
        person, house = house, person
    return book(
        person,
        -transfer.amount if is_gift else transfer.amount,
        house=Account.Kind(house.kind),
        code=Transfer.Code.REVERSAL,
        cause=f"transfer:{transfer.pk}",
        actor=actor,
        reason=_given(reason),
        key=f"reversal:{transfer.pk}",
    )


def book(
    person: Account,
    amount: int,
    *,
    house: Account.Kind,
    code: Transfer.Code,
    key: str,
    cause: str = "",
    actor: User | None = None,
    reason: str = "",
) -> Transfer:
    """Move an amount from the house to a person, or (below zero) back; once for each key.

    Raises KeyReused, InsufficientCredit and ValueError.
    """
    check_amount(amount, least=-MAX_AMOUNT)
    if not amount:
        raise ValueError("a transfer moves something")
    source, destination = Account.objects.house_unread(house), person
    if amount < 0:
        source, destination = destination, source
    try:
        with transaction.atomic():
            transfer = post(
                abs(amount),
                source=source,
                destination=destination,
                code=code,
                cause=cause,
                actor=actor,
                reason=reason,
                key=key,
            )
            if code in Transfer.BY_HAND:
                _note(transfer, person, amount)
            return transfer
    except IntegrityError:
        booked = Transfer.objects.filter(idempotency_key=key).first()
        if booked is None:
            raise
        same = (source.pk, destination.pk, abs(amount))
        if (booked.source_id, booked.destination_id, booked.amount) != same:
            raise KeyReused(key) from None
        return booked


def _note(transfer: Transfer, person: Account, amount: int) -> None:
    """For the person and in the audit log; the balance is locked until this transaction ends."""
    mine = Account.objects.filter(pk=person.pk)
    mine.update(unread=transfer)
    balance = mine.values_list("balance", flat=True).get()
    trail.record(
        trail.Kind.BALANCE,
        thing=person.thing,
        subject=person,
        before={"balance": balance - amount},
        after={"balance": balance},
        actor=transfer.actor,
        reason=transfer.reason,
    )


def _given(reason: str) -> str:
    if not reason.strip():
        raise ValueError("money moved by hand needs a reason")
    return reason.strip()
