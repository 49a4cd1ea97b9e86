"""The money's public verbs; every amount is nano-USD.

Each verb opens its own transaction or joins the caller's, and none waits for the network. In a
transaction of yours settle one hold, and last: from then on the house's usage account is locked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Case, F, Sum, Value, When
from django.utils import timezone

from accounts.models import User
from credit import prices, purses
from credit.endings import Ending, HasTokens, Outcome, is_free
from credit.errors import AlreadyHeld, InsufficientCredit, KeyReused, ModelNotPriced
from credit.models import Account, Hold, Policy, Price, Transfer, UsageRecord
from credit.money import MAX_AMOUNT
from credit.postings import post
from credit.purses import Purse
from credit.recovery import ORPHAN_GRACE, sweep
from credit.settlement import finish

__all__ = [
    "ORPHAN_GRACE",
    "AlreadyHeld",
    "InsufficientCredit",
    "KeyReused",
    "ModelNotPriced",
    "Purse",
    "Receipt",
    "dispatch",
    "grant",
    "heartbeat",
    "hold",
    "open_account",
    "purse",
    "receipt",
    "settle",
    "sweep",
    "void",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a hold cost all told, late corrections included."""

    prompt_tokens: int
    completion_tokens: int
    list_cost: int
    charged: int
    shortfall: int
    source: str
    outcome: str


# --- People ------------------------------------------------------------------------------------


def open_account(user: User) -> Account:
    """The person's account; the first call ever makes it and grants the starting credit."""
    account = Account.objects.filter(user=user).first()
    if account is not None:
        return account
    with transaction.atomic():
        account, is_new = Account.objects.get_or_create(
            user=user, defaults={"kind": Account.Kind.USER}
        )
        if is_new:
            _grant_starting_credit(account)
    account.refresh_from_db()
    return account


def purse(user: User) -> Purse:
    """What the person has now and spent today."""
    return purses.read(open_account(user))


def grant(user: User, *, amount: int, actor: User | None, reason: str, key: str) -> Transfer:
    """Give a person credit; the same key again answers the same transfer, whoever comes first.

    Raises KeyReused when the key stands for another amount or person, ValueError when the amount
    is not a whole number from 1 to MAX_AMOUNT or the reason is empty.
    """
    _check_amount(amount, least=1)
    if not reason.strip():
        raise ValueError("a grant needs a reason")
    account = open_account(user)
    try:
        with transaction.atomic():
            return post(
                amount,
                source=Account.objects.house(Account.Kind.FUNDING),
                destination=account,
                code=Transfer.Code.GRANT,
                actor=actor,
                reason=reason.strip(),
                key=key,
            )
    except IntegrityError:
        booked = Transfer.objects.filter(idempotency_key=key).first()
        if booked is None:
            raise
        if booked.destination_id != account.pk or booked.amount != amount:
            raise KeyReused(key) from None
        return booked


# --- One paid call: hold, dispatch, heartbeat, settle or void -------------------------------------


def hold(
    user: User,
    *,
    kind: str,
    model: str,
    amount: int,
    cause: str,
    request_id: str,
    lease: timedelta,
) -> Hold:
    """Set money apart for one paid call and pin its price.

    Raises InsufficientCredit, ModelNotPriced, AlreadyHeld when `cause` has an open hold, and
    ValueError for an amount that is not a whole number from 0 to MAX_AMOUNT.
    """
    _check_amount(amount, least=0)
    price = prices.current(model)
    if price.kind != kind:
        raise ModelNotPriced(model)
    account = open_account(user)
    with transaction.atomic():
        if not Account.objects.reserve(account.pk, amount=amount):
            account.refresh_from_db()
            raise InsufficientCredit(available=account.available, needed=amount)
        return _insert_hold(account, price, amount, cause, request_id, timezone.now() + lease)


def dispatch(hold_id: int) -> bool:
    """Note that the upstream is about to be called; when False, do not: hold or lease is over.

    A call that surely was not accepted may be dispatched again.
    """
    now = timezone.now()
    mine = Hold.objects.open().filter(pk=hold_id, lease_until__gte=now)
    return mine.update(state=Hold.State.DISPATCHED, dispatched_at=now, heartbeat_at=now) == 1


def heartbeat(
    hold_ids: Iterable[int],
    *,
    lease: timedelta,
    progress: Mapping[int, HasTokens] | None = None,
) -> int:
    """Extend the leases and note the tokens so far; answers how many holds are still open."""
    now = timezone.now()
    changes = {"lease_until": now + lease, "heartbeat_at": now}
    return (
        Hold.objects.open()
        .filter(pk__in=list(hold_ids))
        .update(
            **changes,
            prompt_tokens=_progress("prompt_tokens", progress or {}),
            completion_tokens=_progress("completion_tokens", progress or {}),
        )
    )


def settle(hold_id: int, *, ending: Ending) -> UsageRecord | None:
    """Close the hold and charge what the ending costs; None when somebody else finished it.

    After None, `receipt(hold_id)` tells what was charged. Raises StillUnknown while the ending is
    unknown: the hold stays, keep its lease alive and ask again.
    """
    return finish(hold_id, ending=ending)


def void(hold_id: int, *, outcome: Outcome = Outcome.REFUSED) -> bool:
    """Close the hold without a charge; False when somebody else finished it."""
    if not is_free(outcome):
        raise ValueError(f"an ending that is {outcome} is charged: settle it")
    return finish(hold_id, ending=Ending(outcome=outcome)) is not None


def receipt(hold_id: int) -> Receipt | None:
    """What a hold cost; None while it is open."""
    records = UsageRecord.objects.filter(hold=hold_id)
    last = records.order_by("-pk").first()
    if last is None:
        return None
    names = ("prompt_tokens", "completion_tokens", "list_cost", "charged", "shortfall")
    sums = records.aggregate(**{name: Sum(name) for name in names})
    return Receipt(
        **{name: int(sums[name]) for name in names}, source=last.source, outcome=last.outcome
    )


# --- Inside ---------------------------------------------------------------------------------------


def _grant_starting_credit(account: Account) -> None:
    amount = Policy.objects.get().starting_credit
    if amount:
        post(
            amount,
            source=Account.objects.house(Account.Kind.FUNDING),
            destination=account,
            code=Transfer.Code.STARTING,
            key=f"starting:{account.pk}",
        )


def _check_amount(amount: int, *, least: int) -> None:
    """A bool, a float or a number that could overflow never becomes money."""
    if type(amount) is not int or not least <= amount <= MAX_AMOUNT:
        raise ValueError(f"{amount!r} is not a whole amount from {least} to {MAX_AMOUNT}")


def _insert_hold(
    account: Account,
    price: Price,
    amount: int,
    cause: str,
    request_id: str,
    lease_until: datetime,
) -> Hold:
    try:
        with transaction.atomic():
            return Hold.objects.create(
                account=account,
                kind=price.kind,
                model=price.model,
                price=price,
                amount=amount,
                cause=cause,
                request_id=request_id,
                lease_until=lease_until,
            )
    except IntegrityError:
        if Hold.objects.open().filter(cause=cause).exists():
            raise AlreadyHeld(cause) from None
        raise


def _progress(field: str, progress: Mapping[int, HasTokens]) -> Case | F:
    """The field's new value a row: as told, else as it was."""
    if not progress:
        return F(field)
    whole = BigIntegerField()
    told = [
        When(pk=pk, then=Value(getattr(tokens, field), output_field=whole))
        for pk, tokens in progress.items()
    ]
    return Case(*told, default=F(field), output_field=whole)
