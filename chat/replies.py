"""What happens to a reply in the database once begun: saved as it grows, stopped, ended, swept.

Each verb is one short transaction and none of them waits for the network.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from chat import blocks
from chat.models import Message, MessageQuerySet, PastAttempt
from chat.ownership import LEASE, OWNER
from credit import alerts, ledger
from credit.endings import Ending, HasTokens, Outcome, Tokens
from credit.models import Alert
from minitoolai import Unauthorized, tokens

logger = structlog.get_logger(__name__)

# The error code of a reply whose process ended before it did.
SERVER_STOPPED = "server_stopped"


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of a reply; `reported` is the upstream's usage, None when it gave none.

    `text` is all of it, what earlier attempts left included; `html` is its final render, None when
    nobody has made it yet.
    """

    state: Message.State
    outcome: Outcome
    text: str
    html: str | None = None
    error_code: str = ""
    retry_at: datetime | None = None
    finish_reason: str = ""
    reported: HasTokens | None = None
    senseless_usage: str = ""
    first_token_ms: int | None = None
    duration_ms: int | None = None


def save_progress(growing: Iterable[tuple[uuid.UUID, int, str]]) -> set[uuid.UUID]:
    """Save the text of this process's replies and renew their leases, in one write.

    Takes (message id, attempt, text); returns the ids that are to end: somebody asked for it, or
    their person may no longer be here, or their row is not this process's any more.
    """
    growing = list(growing)
    lease_until = timezone.now() + LEASE
    adapt = Message._meta.pk.get_db_prep_value
    when = connection.ops.adapt_datetimefield_value(lease_until)
    rows = [(text, when, adapt(pk, connection), attempt, OWNER) for pk, attempt, text in growing]
    if not rows:
        return set()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE chat_message SET text = %s, lease_until = %s"
            " WHERE id = %s AND attempt = %s AND owner = %s AND state = 'streaming'",
            rows,
        )
        saved = cursor.rowcount
    mine = Message.objects.streaming().filter(owner=OWNER)
    asked = mine.filter(Q(stop_requested=True) | Q(user__is_active=False))
    ending = set(asked.values_list("pk", flat=True))
    if saved < len(rows):
        ending |= {pk for pk, _attempt, _text in growing} - set(mine.values_list("pk", flat=True))
    return ending


def renew_holds(message_ids: Iterable[uuid.UUID]) -> None:
    """Tell the ledger that these replies are alive, so that their holds are not swept."""
    holds = Message.objects.filter(pk__in=list(message_ids)).values_list("hold_id", flat=True)
    ledger.heartbeat([pk for pk in holds if pk is not None], lease=LEASE)


def request_stop(reply: Message) -> None:
    """Leave word for the owning process; it looks several times a second."""
    Message.objects.filter(pk=reply.pk).streaming().update(stop_requested=True)


def finish(message: Message, *, result: Result) -> bool:
    """End a reply as it was begun: its text, its state and its money in one transaction, once.

    False when it had ended already or another process owns it now. One that was deleted meanwhile
    is paid for all the same.
    """
    owned = Message.objects.filter(pk=message.pk, attempt=message.attempt, owner=OWNER)
    return _end(owned, message, result)


def _end(rows: MessageQuerySet, message: Message, result: Result) -> bool:
    html = blocks.render(result.text) if result.html is None else result.html
    before = _attempt_before(message)
    counted_output = tokens.count_text(result.text[before.length :] if before else result.text)
    with transaction.atomic():
        claimed = rows.streaming().update(
            text=result.text, html=html, lease_until=None, **_state_after(result, before)
        )
        if not claimed and Message.objects.filter(pk=message.pk).exists():
            return False
        ending = Ending(
            outcome=result.outcome,
            reported=result.reported,
            senseless=result.senseless_usage,
            counted=Tokens(message.prompt_tokens, counted_output),
            output_cap=message.output_cap,
            first_token_ms=result.first_token_ms,
            duration_ms=result.duration_ms,
        )
        if message.hold_id is not None:
            ledger.settle(message.hold_id, ending=ending)
    if result.error_code == Unauthorized.code:
        alerts.flag(Alert.Kind.KEY)
    logger.info(
        "reply.finished",
        message=str(message.pk),
        request=message.request_id,
        state=result.state,
        outcome=result.outcome,
    )
    return True


def _attempt_before(message: Message) -> PastAttempt | None:
    """The attempt whose text this one goes on from."""
    if message.attempt == 1:
        return None
    return PastAttempt.objects.filter(message=message.pk, number=message.attempt - 1).first()


def _state_after(result: Result, before: PastAttempt | None) -> dict[str, Any]:
    """What a reply is now; an attempt that added no word leaves it as it was, and says why.

    A model that has nothing to add has completed its answer, though.
    """
    state, finish_reason = str(result.state), result.finish_reason
    if before and len(result.text) == before.length > 0 and state != Message.State.DONE:
        state, finish_reason = before.state, before.finish_reason
    return {
        "state": state,
        "finish_reason": finish_reason,
        "error_code": result.error_code,
        "retry_at": result.retry_at,
    }


def sweep(*, alone: bool = False) -> int:
    """End the replies whose process died: the text stays, what arrived is charged.

    `alone` says that no other process can own one (one process on SQLite): then a row of an
    earlier start is an orphan at once. Returns how many were ended.
    """
    orphans = Message.objects.exclude(owner=OWNER)
    if not alone:
        orphans = orphans.filter(lease_until__lt=timezone.now())
    return sum(
        _end(
            orphans.filter(pk=message.pk, attempt=message.attempt, text=message.text),
            message,
            Result(
                state=Message.State.INTERRUPTED,
                outcome=Outcome.DIED,
                text=message.text,
                error_code=SERVER_STOPPED,
            ),
        )
        for message in orphans.streaming()
    )
