"""Sets money apart for paid calls, in every account and under every limit it draws on."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from credit import budgets
from credit.budgets import Budget
from credit.errors import AlreadyHeld, TooManyPictures
from credit.models import Hold, Kind
from credit.opening import Key
from credit.prices import Offer


def set_apart(
    user: User,
    *,
    amount: Callable[[Budget], int],
    offer: Offer,
    causes: Sequence[str],
    request_id: str,
    lease: timedelta,
    key: Key | None = None,
    is_sent: bool = False,
) -> list[Hold]:
    """A hold for each cause, all or none, of what `amount` says of the budget as it is.

    `is_sent` says that the call goes out as soon as this is committed. Raises InsufficientCredit,
    LimitReached and ServiceOutOfCredit, for the sum, Paused, ModelNotAllowed, TooManyPictures,
    and AlreadyHeld when a cause has an open hold.
    """
    now = timezone.now()
    sent = {"state": Hold.State.DISPATCHED, "dispatched_at": now, "heartbeat_at": now}
    holds = [
        Hold(
            kind=offer.price.kind,
            model=offer.price.model,
            price=offer.price,
            markup=offer.markup,
            cause=cause,
            request_id=request_id,
            lease_until=now + lease,
            created_at=now,
            **(sent if is_sent else {}),
        )
        for cause in causes
    ]
    while True:  # each turn lost is a call of somebody else admitted
        budget = budgets.read(user, key=key)
        budget.check_model(offer.price.model)
        each = amount(budget)
        budget.check(each * len(holds))
        try:
            return _insert(holds, budget, each)
        except budgets.Changed:
            continue


def _insert(holds: list[Hold], budget: Budget, amount: int) -> list[Hold]:
    for hold in holds:
        hold.amount, hold.day = amount, budget.day
        hold.account, hold.group, hold.key = budget.person, budget.group, budget.key
        hold.is_pooled = budget.pool is not None
    try:
        with transaction.atomic():
            budget.reserve(amount * len(holds))
            if holds[0].kind == Kind.IMAGE:
                _check_pictures(budget, len(holds))
            return Hold.objects.bulk_create(holds)
    except IntegrityError:
        causes = [hold.cause for hold in holds]
        held = Hold.objects.open().filter(cause__in=causes).first()
        if held is not None:
            raise AlreadyHeld(held.cause) from None
        raise


def _check_pictures(budget: Budget, wanted: int) -> None:
    """The person's account is locked, so nobody orders for them meanwhile; failed ones are free."""
    most = budget.group.most_pictures if budget.group else None
    if most is None:
        return
    ordered = Hold.objects.filter(account=budget.person, kind=Kind.IMAGE, day=budget.day)
    left = most - ordered.exclude(state=Hold.State.VOIDED).count()
    if left < wanted:
        raise TooManyPictures(most=most, left=max(left, 0))
