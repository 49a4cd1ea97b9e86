"""Whether a program's chat request is answered: its money is set apart, or it is refused."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from accounts.models import User
from credit.admission import hold_reply
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


@transaction.atomic
def admit(ask: ChatAsk, *, key: ApiKey, request_id: str) -> Admitted:
    """Hold the money for the prompt and for what of the output may be, fits and can be paid.

    Raises Refused (429), what credit.admission.hold_reply raises; then nothing is held.
    """
    room = CHAT_MODELS[ask.model].context_window - ask.prompt_tokens
    hold, cap = hold_reply(
        key.user,
        model=ask.model,
        prompt_tokens=ask.prompt_tokens,
        cap=min(ask.cap, settings.MAX_OUTPUT_TOKENS, room),
        cause=f"gateway:chat:{uuid.uuid4()}",
        request_id=request_id,
        lease=LEASE,
        key=key,
    )
    _check_number_under_way(key.user, most=hold.most_replies(settings.MAX_LIVE_REPLIES_PER_USER))
    return Admitted(ask=ask, cap=cap, hold_id=hold.pk, key_id=key.pk)


def _check_number_under_way(user: User, *, most: int) -> None:
    """Every open hold of a reply counts, the chat's too; this one is among them."""
    under_way = Hold.objects.open().filter(account__user=user, kind=Kind.CHAT).count()
    if under_way > most:
        raise too_many_replies(most)
