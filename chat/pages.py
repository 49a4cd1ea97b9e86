"""What pages and the socket show of a conversation, as rows and as HTML fragments."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import formats, timezone, translation
from django.utils.translation import gettext

from accounts.models import User
from chat.models import Conversation, ConversationQuerySet, Message
from credit.context import purse_of

TURNS = 30
CONVERSATIONS = 40


@dataclass(frozen=True)
class Turns:
    """Some turns of a conversation, oldest first; `more` says that earlier ones exist."""

    messages: list[Message]
    more: bool


def newest_turns(conversation: Conversation, *, before: Message | None = None) -> Turns:
    rows = conversation.messages.with_receipts()
    if before is not None:
        rows = rows.before(before)
    newest = list(rows.order_by("-created_at", "-id")[: TURNS + 1])
    return Turns(messages=newest[:TURNS][::-1], more=len(newest) > TURNS)


@dataclass(frozen=True)
class Row:
    """A conversation in the sidebar; `heading` is empty when it stands under the one before."""

    heading: str
    conversation: Conversation


@dataclass(frozen=True)
class Listed:
    """A page of the sidebar's list; `last` is the row to go on after, None at the end."""

    rows: list[Row]
    last: Conversation | None


def listed(user: User, *, after: Conversation | None = None) -> Listed:
    query: ConversationQuerySet = Conversation.objects.for_user(user).newest_first().with_live()
    if after is not None:
        query = query.after(after.updated_at, after.pk)
    found = list(query[: CONVERSATIONS + 1])
    rows, previous = [], period_of(after.updated_at) if after else ""
    for conversation in found[:CONVERSATIONS]:
        period = period_of(conversation.updated_at)
        rows.append(Row("" if period == previous else period, conversation))
        previous = period
    more = len(found) > CONVERSATIONS
    return Listed(rows, found[CONVERSATIONS - 1] if more else None)


def period_of(moment: datetime) -> str:
    """When something happened, as a heading: today, yesterday, or its month."""
    day, today = timezone.localtime(moment).date(), timezone.localdate()
    if day >= today:
        return gettext("Today")
    if day == today - timedelta(days=1):
        return gettext("Yesterday")
    return formats.date_format(day, "F" if day.year == today.year else "F Y").capitalize()


def language_of(query: bytes) -> str:
    """The language a page names in its socket's address: its own, however it came by that."""
    wanted = parse_qs(query.decode("latin-1")).get("lang", [""])[0]
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def exists(user: User, conversation_id: uuid.UUID) -> bool:
    """Whether this person has this conversation."""
    return Conversation.objects.for_user(user).filter(pk=conversation_id).exists()


def to_follow(
    user: User, conversation_id: uuid.UUID, shown: Collection[uuid.UUID]
) -> list[uuid.UUID]:
    """The replies a page must follow: those under way, and those it shows as if they were."""
    replies = Message.objects.for_user(user).filter(
        conversation=conversation_id, role=Message.Role.ASSISTANT
    )
    wanted = replies.filter(Q(pk__in=shown) | Q(state=Message.State.STREAMING))
    return list(wanted.in_order().values_list("pk", flat=True))


def ended_turn(message_id: uuid.UUID, *, language: str) -> dict[str, object]:
    """The last frame of a reply: its whole turn as HTML, and whether it went well."""
    message = Message.objects.with_receipts().get(pk=message_id)
    with translation.override(language):
        html = render_to_string("chat/turn.html", {"message": message})
    return {"html": html, "ok": message.state == Message.State.DONE}


def pair_html(reply_id: uuid.UUID, *, language: str) -> str:
    """A reply's turn and the turn of the prompt before it."""
    reply = Message.objects.with_receipts().get(pk=reply_id)
    prompt = Message.objects.before(reply).order_by("-created_at", "-id").first()
    with translation.override(language):
        return "".join(
            render_to_string("chat/turn.html", {"message": message})
            for message in (prompt, reply)
            if message is not None
        )


def side_html(user_id: int, conversation_id: uuid.UUID, *, here: uuid.UUID, language: str) -> str:
    """A conversation's line in the sidebar and the purse beneath it, as they are now."""
    user = User.objects.get(pk=user_id)
    rows: ConversationQuerySet = Conversation.objects.for_user(user).with_live()
    conversation = rows.filter(pk=conversation_id).first()
    with translation.override(language):
        purse = render_to_string("components/purse.html", {"purse": purse_of(user)})
        if conversation is None:
            return purse
        context = {"conversation": conversation, "current": here}
        return render_to_string("chat/list_item.html", context) + purse
