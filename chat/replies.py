"""What happens to a reply in the database once begun: saved as it grows, stopped, ended, swept.

Each verb is one short transaction and none of them waits for the network.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from django.db import connection, transaction
from django.utils import timezone

from chat import blocks
from chat.models import Message, MessageQuerySet
from chat.ownership import LEASE, OWNER
from credit import ledger
from credit.endings import Ending, HasTokens, Outcome, Tokens
from minitoolai import tokens

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of a reply; `reported` is the upstream's usage, None when it gave none."""

    state: Message.State
    outcome: Outcome
    text: str
    error_code: str = ""
    finish_reason: str = ""
    reported: HasTokens | None = None
    first_token_ms: int | None = None
    duration_ms: int | None = None


def save_progress(growing: Iterable[tuple[uuid.UUID, int, str]]) -> set[uuid.UUID]:
    """Save the text of this process's replies and renew their leases, in one write.

    Takes (message id, attempt, text); returns the ids that somebody asked to stop.
    """
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
    asked = Message.objects.streaming().filter(owner=OWNER, stop_requested=True)
    return set(asked.values_list("pk", flat=True))


def renew_holds(message_ids: Iterable[uuid.UUID]) -> None:
    """Tell the ledger that these replies are alive, so that their holds are not swept."""
    holds = Message.objects.filter(pk__in=list(message_ids)).values_list("hold_id", flat=True)
    ledger.heartbeat([pk for pk in holds if pk is not None], lease=LEASE)


def request_stop(reply: Message) -> None:
    """Leave word for the owning process; it looks several times a second."""
    Message.objects.filter(pk=reply.pk).streaming().update(stop_requested=True)


def finish(message_id: uuid.UUID, *, attempt: int, result: Result) -> bool:
    """End a reply: its text, its state and its money in one transaction, once.

    False when it had ended already or another process owns it now.
    """
    owned = Message.objects.filter(pk=message_id, attempt=attempt, owner=OWNER)
    return _end(owned, message_id, result)


def _end(rows: MessageQuerySet, message_id: uuid.UUID, result: Result) -> bool:
    html = blocks.render(result.text)
    counted_output = tokens.count_text(result.text)
    with transaction.atomic():
        claimed = rows.streaming().update(
            state=result.state,
            text=result.text,
            html=html,
            error_code=result.error_code,
            finish_reason=result.finish_reason,
            lease_until=None,
        )
        if not claimed:
            return False
        message = Message.objects.select_related("hold").get(pk=message_id)
        ending = Ending(
            outcome=result.outcome,
            reported=result.reported,
            counted=Tokens(message.prompt_tokens, counted_output),
            output_cap=message.output_cap,
            first_token_ms=result.first_token_ms,
            duration_ms=result.duration_ms,
        )
        if message.hold is not None:
            ledger.settle(message.hold.pk, ending=ending)
    logger.info(
        "reply.finished",
        message=str(message_id),
        request=message.request_id,
        state=result.state,
        outcome=result.outcome,
    )
    return True


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
            message.pk,
            Result(state=Message.State.INTERRUPTED, outcome=Outcome.DIED, text=message.text),
        )
        for message in orphans.streaming().only("id", "text", "attempt")
    )
