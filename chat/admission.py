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
from credit.models import Hold
from minitoolai import tokens
from minitoolai.catalog import CHAT_MODELS

_TITLE_LENGTH = 60


class TooManyReplies(Exception):
    """The person already has as many replies under way as they may."""


class NotAgain(Exception):
    """Only a reply that ended without a word can be asked for again."""


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

    A `client_id` seen before answers with what was saved then. Raises history.PromptTooLong,
    TooManyReplies, credit's InsufficientCredit and ModelNotPriced.
    """
    if earlier := _sent_before(user, client_id):
        return earlier
    request = _prepare(conversation, user=user, text=text, model=model, request_id=request_id)

    def save(hold: Hold, reply_id: uuid.UUID, cap: int) -> Begun:
        now = timezone.now()
        top = _touch(conversation, user=user, text=text, model=model)
        prompt = Message.objects.create(
            conversation=top,
            user=user,
            role=Message.Role.USER,
            text=text,
            client_id=client_id,
            created_at=now,
        )
        reply = Message.objects.create(
            id=reply_id,
            conversation=top,
            user=user,
            role=Message.Role.ASSISTANT,
            created_at=now + timedelta(microseconds=1),
            **_streaming_fields(request, hold, cap),
        )
        return Begun(prompt=prompt, reply=reply, upstream=request.upstream)

    try:
        return _admit(request, uuid.uuid4(), save)
    except IntegrityError:
        if earlier := _sent_before(user, client_id):
            return earlier
        raise


def begin_again(message: Message, *, request_id: str) -> Begun:
    """Begin the next attempt of a reply that ended without a word, with a hold of its own.

    Raises NotAgain, and what `begin` raises.
    """
    prompt = Message.objects.before(message).order_by("-created_at", "-id").first()
    if prompt is None or message.role != Message.Role.ASSISTANT or message.text:
        raise NotAgain
    request = _prepare(
        message.conversation,
        user=message.user,
        text=prompt.text,
        model=message.model,
        request_id=request_id,
        until=prompt,
    )

    def save(hold: Hold, reply_id: uuid.UUID, cap: int) -> Begun:
        ended = Message.objects.filter(pk=reply_id, attempt=message.attempt, text="")
        fields = _streaming_fields(request, hold, cap) | {
            "attempt": message.attempt + 1,
            "stop_requested": False,
            "error_code": "",
            "finish_reason": "",
        }
        if not ended.exclude(state__in=_UNREPEATABLE).update(**fields):
            raise NotAgain
        message.refresh_from_db()
        return Begun(prompt=prompt, reply=message, upstream=request.upstream)

    return _admit(request, message.pk, save)


_UNREPEATABLE = (Message.State.STREAMING, Message.State.DONE)


@dataclass(frozen=True, kw_only=True)
class _Request:
    """What is about to be asked of the upstream, counted but not yet paid for."""

    user: User
    model: str
    request_id: str
    upstream: list[dict[str, Any]]
    prompt_tokens: int
    cap: int


def _prepare(
    conversation: Conversation | None,
    *,
    user: User,
    text: str,
    model: str,
    request_id: str,
    until: Message | None = None,
) -> _Request:
    """Count what will be sent, before any transaction: counting a long text takes a while."""
    chat_model = CHAT_MODELS[model]
    cap = min(settings.MAX_OUTPUT_TOKENS, chat_model.max_output)
    upstream = history.messages_for(conversation, text, model=chat_model, reserve=cap, until=until)
    return _Request(
        user=user,
        model=model,
        request_id=request_id,
        upstream=upstream,
        prompt_tokens=tokens.count_messages(upstream),
        cap=cap,
    )


def _sent_before(user: User, client_id: uuid.UUID) -> Begun | None:
    prompt = Message.objects.for_user(user).filter(client_id=client_id).first()
    if prompt is None:
        return None
    reply = (
        Message.objects.with_receipts()
        .filter(conversation=prompt.conversation_id, created_at__gt=prompt.created_at)
        .earliest("created_at", "id")  # the two are saved together
    )
    return Begun(prompt=prompt, reply=reply, upstream=[])


@transaction.atomic
def _admit(
    request: _Request, reply_id: uuid.UUID, save: Callable[[Hold, uuid.UUID, int], Begun]
) -> Begun:
    """Hold the money and save the rows: all or nothing."""
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
    if live >= settings.MAX_LIVE_REPLIES_PER_USER:
        raise TooManyReplies
    return save(hold, reply_id, cap)


def _streaming_fields(request: _Request, hold: Hold, cap: int) -> dict[str, Any]:
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


def _touch(conversation: Conversation | None, *, user: User, text: str, model: str) -> Conversation:
    """Bring a conversation to the top, or make it, titled by the prompt's first words."""
    if conversation is None:
        return Conversation.objects.create(user=user, title=title_of(text), model=model)
    conversation.model, conversation.updated_at = model, timezone.now()
    conversation.save(update_fields=["model", "updated_at"])
    return conversation


def title_of(text: str) -> str:
    """The first words of a prompt, cut between words."""
    line = " ".join(text.split())
    if len(line) <= _TITLE_LENGTH:
        return line
    return line[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(",.;:") + "…"
