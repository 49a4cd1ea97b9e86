"""Whether a prompt is answered: counted, paid for in advance, saved with its empty reply.

One transaction, all or nothing; chat.runner streams what was admitted.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from chat import history
from chat.models import Conversation, Message
from chat.ownership import LEASE, OWNER
from credit.admission import hold_reply
from credit.errors import LedgerError
from credit.models import Hold
from minitoolai import tokens
from minitoolai.catalog import CHAT_MODELS

_TITLE_LENGTH = 60


class TooManyReplies(Exception):
    """The person already has as many replies under way as they may."""


class SentOtherwise(Exception):
    """Another prompt was sent under this id before."""


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A prompt and its reply as saved; `upstream` is what to send, empty if sent before."""

    prompt: Message
    reply: Message
    upstream: list[dict[str, Any]]


def begin(
    conversation: Conversation | None,
    *,
    user: User,
    client_id: uuid.UUID,
    text: str,
    model: str,
    request_id: str,
) -> Begun:
    """Save a prompt and an empty reply, and hold the money for it: all or nothing.

    A `client_id` seen before answers with what was saved then, whatever else would be in the way.
    Raises SentOtherwise, history.PromptTooLong, TooManyReplies, credit's InsufficientCredit and
    ModelNotPriced.
    """
    request = prepare(
        history.asking(text),
        after=conversation.tip_id if conversation else None,
        user=user,
        model=model,
        request_id=request_id,
    )

    def save(hold: Hold, reply_id: uuid.UUID, cap: int) -> Begun:
        now = timezone.now()
        top, tip_id = _append(conversation, reply_id, user=user, text=text, model=model)
        prompt = Message(
            conversation=top,
            parent_id=tip_id,
            user=user,
            role=Message.Role.USER,
            text=text,
            client_id=client_id,
            created_at=now,
        )
        reply = Message(
            id=reply_id,
            conversation=top,
            parent=prompt,
            user=user,
            role=Message.Role.ASSISTANT,
            created_at=now + timedelta(microseconds=1),
            **streaming_fields(request, hold, cap),
        )
        Message.objects.bulk_create([prompt, reply])
        return Begun(prompt=prompt, reply=reply, upstream=request.upstream)

    try:
        return admit(request, uuid.uuid4(), save)
    except (IntegrityError, LedgerError, TooManyReplies):
        if earlier := _sent_as(text, user=user, client_id=client_id):
            return earlier
        raise


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is about to be asked of the upstream, counted but not yet paid for."""

    user: User
    model: str
    request_id: str
    upstream: list[dict[str, Any]]
    prompt_tokens: int
    cap: int


def prepare(
    last: list[dict[str, Any]],
    *,
    after: uuid.UUID | None,
    user: User,
    model: str,
    request_id: str,
) -> Request:
    """Count what will be sent, before any transaction: counting a long text takes a while.

    Raises history.PromptTooLong.
    """
    chat_model = CHAT_MODELS[model]
    cap = longest_output(model)
    upstream = history.messages_for(last, after=after, model=chat_model, reserve=cap)
    return Request(
        user=user,
        model=model,
        request_id=request_id,
        upstream=upstream,
        prompt_tokens=tokens.count_messages(upstream),
        cap=cap,
    )


def longest_output(model: str) -> int:
    """The most tokens a reply may have, whatever the purse affords."""
    return min(settings.MAX_OUTPUT_TOKENS, CHAT_MODELS[model].max_output)


def sent_before(user: User, client_id: uuid.UUID) -> Begun | None:
    """What a sending with this id began, if there was one: a prompt with its reply, or a reply."""
    sent = Message.objects.for_user(user).filter(client_id=client_id).first()
    if sent is None:
        return None
    replies = Message.objects.with_receipts().with_versions().select_related("hold", "parent")
    if sent.role == Message.Role.USER:
        return Begun(
            prompt=sent,
            reply=replies.filter(parent=sent).earliest("created_at", "id"),
            upstream=[],
        )
    reply = replies.get(pk=sent.pk)
    return Begun(prompt=reply.parent or reply, reply=reply, upstream=[])


def _sent_as(text: str, *, user: User, client_id: uuid.UUID) -> Begun | None:
    """What this very sending began, if it came before; raises SentOtherwise."""
    earlier = sent_before(user, client_id)
    if earlier and earlier.prompt.text != text:
        raise SentOtherwise
    return earlier


@transaction.atomic
def admit(
    request: Request, reply_id: uuid.UUID, save: Callable[[Hold, uuid.UUID, int], Begun]
) -> Begun:
    """Hold the money and save the rows: all or nothing. Raises what `begin` raises."""
    hold, cap = hold_reply(
        request.user,
        model=request.model,
        prompt_tokens=request.prompt_tokens,
        cap=request.cap,
        cause=f"chat:message:{reply_id}",
        request_id=request.request_id,
        lease=LEASE,
    )
    live = Message.objects.for_user(request.user).streaming().count()
    if live >= hold.most_replies(settings.MAX_LIVE_REPLIES_PER_USER):
        raise TooManyReplies
    return save(hold, reply_id, cap)


def streaming_fields(request: Request, hold: Hold, cap: int) -> dict[str, Any]:
    return {
        "state": Message.State.STREAMING,
        "model": request.model,
        "hold": hold,
        "request_id": request.request_id,
        "prompt_tokens": request.prompt_tokens,
        "output_cap": cap,
        "owner": OWNER,
        "lease_until": timezone.now() + LEASE,
    }


def _append(
    conversation: Conversation | None, reply_id: uuid.UUID, *, user: User, text: str, model: str
) -> tuple[Conversation, uuid.UUID | None]:
    """Make a reply the tip of its conversation, brought to the top or made, and say what it was.

    Whoever sends at the same time comes after the other: no prompt is put aside.
    """
    if conversation is None:
        made = Conversation(user=user, title=title_of(text), model=model, tip_id=reply_id)
        made.save(force_insert=True)
        return made, None
    while True:
        tip_id = conversation.tip_id
        mine = Conversation.objects.filter(pk=conversation.pk, tip=tip_id)
        if mine.update(model=model, updated_at=timezone.now(), tip=reply_id):
            conversation.tip_id = reply_id
            return conversation, tip_id
        conversation.refresh_from_db(fields=["tip"])


def title_of(text: str) -> str:
    """The first words of a prompt, cut between words."""
    line = " ".join(text.split())
    if len(line) <= _TITLE_LENGTH:
        return line
    return line[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(",.;:") + "…"
