"""Answering once more: another version of a reply, or the next attempt at the same one.

A version stands beside the earlier ones under their prompt, and one of them is shown. An attempt
fills the same message: from its beginning when no word had come, else going on after its words.
"""

import uuid
from typing import Any

from django.db import IntegrityError
from django.db.models import Subquery
from django.utils import timezone

from chat import history
from chat.admission import Begun, admit, prepare, sent_before, streaming_fields
from chat.models import Conversation, Message, PastAttempt
from credit.errors import AlreadyHeld
from credit.models import Hold


class NotAgain(Exception):
    """This message can't be answered again, or not continued."""


def another(reply: Message, *, model: str, client_id: uuid.UUID, request_id: str) -> Begun:
    """Begin one more reply to the same prompt, and show it in place of the others.

    A `client_id` seen before answers with what was begun then. Raises NotAgain, and what
    `admission.begin` raises.
    """
    prompt = _prompt_of(reply)
    if earlier := sent_before(reply.user, client_id):
        return earlier
    request = prepare(
        history.asking(prompt.text),
        after=prompt.parent_id,
        user=reply.user,
        model=model,
        request_id=request_id,
    )

    def save(hold: Hold, reply_id: uuid.UUID, cap: int) -> Begun:
        now = timezone.now()
        begun = Message.objects.create(
            id=reply_id,
            conversation_id=prompt.conversation_id,
            parent=prompt,
            user=reply.user,
            role=Message.Role.ASSISTANT,
            client_id=client_id,
            created_at=now,
            **streaming_fields(request, hold, cap),
        )
        shown = Conversation.objects.filter(pk=prompt.conversation_id)
        shown.update(tip=begun, updated_at=now)
        numbered = Message.objects.with_versions().select_related("hold").get(pk=begun.pk)
        return Begun(prompt=prompt, reply=numbered, upstream=request.upstream)

    try:
        return admit(request, uuid.uuid4(), save)
    except IntegrityError:
        if earlier := sent_before(reply.user, client_id):
            return earlier
        raise


def next_attempt(reply: Message, *, seen: int, request_id: str) -> Begun:
    """Begin the next attempt at a reply that was not completed, with a hold of its own.

    `seen` is the attempt that the person saw end: if a later one has begun since, this answers
    with that one. Raises NotAgain, and what `admission.begin` raises.
    """
    prompt = _prompt_of(reply)
    if reply.attempt > seen:
        return Begun(prompt=prompt, reply=reply, upstream=[])
    if not can_go_on(reply):
        raise NotAgain
    last = history.asking(prompt.text)
    if reply.text:
        last = history.going_on(prompt.text, after=reply.text)
    request = prepare(
        last,
        after=prompt.parent_id,
        user=reply.user,
        model=reply.model,
        request_id=request_id,
    )

    def save(hold: Hold, reply_id: uuid.UUID, cap: int) -> Begun:
        _begin_after(reply, streaming_fields(request, hold, cap))
        return Begun(prompt=prompt, reply=reply, upstream=request.upstream)

    try:
        return admit(request, reply.pk, save)
    except (NotAgain, AlreadyHeld):
        reply.refresh_from_db()
        if reply.attempt == seen:
            raise
        return Begun(prompt=prompt, reply=reply, upstream=[])


def show(message: Message) -> None:
    """Show the newest path that goes through a message, from now on and on every page."""
    tip = Message.objects.newest_below(message.pk).values("pk")
    Conversation.objects.filter(pk=message.conversation_id).update(tip=Subquery(tip))


def can_go_on(reply: Message) -> bool:
    """Whether a reply has ended and is not whole."""
    if reply.state == Message.State.DONE:
        return reply.finish_reason == "length"
    return reply.role == Message.Role.ASSISTANT and not reply.is_live


def _begin_after(reply: Message, fields: dict[str, Any]) -> None:
    """Put an ended attempt on record and begin the next in its row; the text stays."""
    if reply.hold is None:
        raise NotAgain
    ended = Message.objects.filter(pk=reply.pk, attempt=reply.attempt)
    changes = fields | {"attempt": reply.attempt + 1, "stop_requested": False, "retry_at": None}
    if not ended.exclude(state=Message.State.STREAMING).update(error_code="", **changes):
        raise NotAgain
    PastAttempt.objects.create(
        message=reply,
        number=reply.attempt,
        hold=reply.hold,
        request_id=reply.request_id,
        state=reply.state,
        finish_reason=reply.finish_reason,
        error_code=reply.error_code,
        length=len(reply.text),
    )
    reply.refresh_from_db()


def _prompt_of(reply: Message) -> Message:
    if reply.role != Message.Role.ASSISTANT or reply.parent is None:
        raise NotAgain
    return reply.parent
