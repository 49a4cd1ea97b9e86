"""The money's public verbs; every amount is nano-USD.

Each verb opens its own transaction or joins the caller's, and none waits for the network. In a
transaction of yours settle one hold, and last: from then on the house's usage account is locked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import BigIntegerField, Case, F, Sum, Value, When
from django.utils import timezone

from accounts.models import User
from credit import prices, purses
from credit.endings import Ending, HasTokens, Outcome, is_free
from credit.errors import (
    AlreadyHeld,
    InsufficientCredit,
    KeyReused,
    LimitReached,
    ModelNotPriced,
    ServiceOutOfCredit,
)
from credit.gifts import adjust, grant, reverse
from credit.holding import set_apart
from credit.models import Hold, UsageRecord
from credit.money import check_amount
from credit.opening import Key, open_account
from credit.purses import Purse
from credit.recovery import ORPHAN_GRACE, sweep
from credit.settlement import finish

__all__ = [
    "ORPHAN_GRACE",
    "AlreadyHeld",
    "InsufficientCredit",
    "KeyReused",
    "LimitReached",
    "ModelNotPriced",
    "Purse",
    "Receipt",
    "ServiceOutOfCredit",
    "adjust",
    "dispatch",
    "grant",
    "heartbeat",
    "hold",
    "hold_each",
    "open_account",
    "purse",
    "receipt",
    "reverse",
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


def purse(user: User) -> Purse:
    """What the person has now and spent today."""
    return purses.read(open_account(user))


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
    key: Key | None = None,
) -> Hold:
    """Set money apart for one paid call, made with `key` if a program asked, and pin its price.

    Raises what `hold_each` raises.
    """
    return hold_each(
        user,
        kind=kind,
        model=model,
        amount=amount,
        causes=[cause],
        request_id=request_id,
        lease=lease,
        key=key,
    )[0]


def hold_each(
    user: User,
    *,
    kind: str,
    model: str,
    amount: int,
    causes: Sequence[str],
    request_id: str,
    lease: timedelta,
    key: Key | None = None,
) -> list[Hold]:
    """The same for several calls at `amount` each, in their order: all or none.

    Raises InsufficientCredit, LimitReached and ServiceOutOfCredit for the sum, ModelNotPriced,
    AlreadyHeld when a cause has an open hold, and ValueError for an amount that is not a whole
    number from 0 to MAX_AMOUNT.
    """
    check_amount(amount, least=0)
    return set_apart(
        user,
        amount=lambda _budget: amount,
        offer=prices.current(model, kind=kind),
        causes=causes,
        request_id=request_id,
        lease=lease,
        key=key,
    )


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
