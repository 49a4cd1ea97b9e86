"""Whether a program's chat request is answered: its money is set apart, or it is refused."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from accounts.models import User
from credit import ledger, prices, quotes
from credit.errors import InsufficientCredit
from credit.models import Hold, Kind
from gateway.asks import ChatAsk
from gateway.models import ApiKey
from gateway.refusals import too_many_replies
from minitoolai.catalog import CHAT_MODELS

LEASE: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A request that is paid for in advance; `cap` is the most output that the hold covers."""

    ask: ChatAsk
    cap: int
    hold_id: int
    key_id: uuid.UUID


class _BalanceMoved(Exception):
    """Another request took money between the quote and the hold: quote again."""


def admit(ask: ChatAsk, *, key: ApiKey, request_id: str) -> Admitted:
    """Hold the money for a request, and mark it as sent; all or nothing.

    Raises Refused (429), credit's InsufficientCredit and ModelNotPriced.
    """
    while True:
        try:
            with transaction.atomic():
                hold, cap = _hold(ask, user=key.user, request_id=request_id)
                _check_number_under_way(key.user)
                ledger.dispatch(hold.pk)
        except _BalanceMoved:
            continue
        return Admitted(ask=ask, cap=cap, hold_id=hold.pk, key_id=key.pk)


def _hold(ask: ChatAsk, *, user: User, request_id: str) -> tuple[Hold, int]:
    """The prompt, and as much output as was asked, may be, fits and can be paid."""
    price = prices.current(ask.model)
    room = CHAT_MODELS[ask.model].context_window - ask.prompt_tokens
    available = ledger.purse(user).available
    cap = quotes.affordable_output(
        available,
        prompt_tokens=ask.prompt_tokens,
        price=price,
        cap=min(ask.cap, settings.MAX_OUTPUT_TOKENS, room),
    )
    try:
        hold = ledger.hold(
            user,
            kind=Kind.CHAT,
            model=ask.model,
            amount=price.cost(prompt_tokens=ask.prompt_tokens, completion_tokens=cap),
            cause=f"gateway:chat:{uuid.uuid4()}",
            request_id=request_id,
            lease=LEASE,
        )
    except InsufficientCredit as error:
        if error.available < available:  # strictly less each time, so this ends
            raise _BalanceMoved from error
        raise
    return hold, cap


def _check_number_under_way(user: User) -> None:
    """Every open hold of a reply counts, the chat's too; this one is among them."""
    under_way = Hold.objects.open().filter(account__user=user, kind=Kind.CHAT).count()
    if under_way > settings.MAX_LIVE_REPLIES_PER_USER:
        raise too_many_replies(settings.MAX_LIVE_REPLIES_PER_USER)
