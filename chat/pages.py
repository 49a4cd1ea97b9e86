"""What pages and the socket show of a conversation, as rows and as HTML fragments."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.template.loader import render_to_string
from django.utils import formats, timezone, translation
from django.utils.translation import gettext

from accounts.models import User
from chat.models import (
    Conversation,
    ConversationQuerySet,
    Message,
    MessageQuerySet,
    PastAttempt,
)
from credit import prices
from credit.context import purse_of
from credit.models import UsageRecord
from minitoolai.catalog import CHAT_MODELS

TURNS = 30
CONVERSATIONS = 40


@dataclass(frozen=True)
class Turns:
    """Some turns of a conversation, oldest first; `more` says that earlier ones exist."""

    messages: list[Message]
    more: bool


def newest_turns(conversation: Conversation, *, before: Message | None = None) -> Turns:
    """The end of the path that is shown, or of the one that leads to `before`."""
    tip_id = before.parent_id if before else conversation.tip_id
    path = _shown().path_to(tip_id, at_most=TURNS + 1)
    return Turns(messages=path[-TURNS:], more=len(path) > TURNS)


def _shown() -> MessageQuerySet:
    return Message.objects.with_receipts().with_versions()


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


@dataclass(frozen=True)
class Choice:
    """A model that a person may choose; nano-USD for a million tokens."""

    name: str
    summary: str
    input_price: int
    output_price: int


def choices(user: User) -> list[Choice]:
    return [
        Choice(name, CHAT_MODELS[name].summary, *offer.per_million)
        for name, offer in prices.offers("chat", user=user).items()
    ]


def holds_of(user: User, conversation_id: uuid.UUID) -> QuerySet[Any, Any]:
    """The ids of the holds that paid for a conversation's replies, all their attempts."""
    mine = Message.objects.for_user(user).filter(conversation=conversation_id, hold__isnull=False)
    past = PastAttempt.objects.filter(message__user=user, message__conversation=conversation_id)
    return mine.values("hold").union(past.order_by().values("hold"), all=True)


def charged(user: User, conversation_id: uuid.UUID) -> int:
    """What a conversation cost so far, in nano-USD, also the answers that are not shown."""
    records = UsageRecord.objects.filter(hold__in=holds_of(user, conversation_id))
    return int(records.aggregate(nano=Sum("charged", default=0))["nano"])


def exists(user: User, conversation_id: uuid.UUID) -> bool:
    """Whether this person has this conversation."""
    return Conversation.objects.for_user(user).filter(pk=conversation_id).exists()


@dataclass(frozen=True)
class News:
    """What a page is to show besides what it shows, as HTML, and which replies it is to follow."""

    html: str
    live: list[uuid.UUID]


def news(
    user: User,
    conversation_id: uuid.UUID,
    *,
    shown: Collection[uuid.UUID],
    last: uuid.UUID | None,
    language: str,
) -> News:
    """What came since a page was made.

    `shown` are the replies that it shows as unfinished, `last` is the turn at its end, if it says.
    """
    conversation = Conversation.objects.for_user(user).filter(pk=conversation_id).first()
    if conversation is None:
        return News("", [])
    replies = conversation.messages.filter(role=Message.Role.ASSISTANT)
    known = list(replies.filter(pk__in=shown).in_order().values_list("pk", flat=True))
    unknown = replies.streaming().exclude(pk__in=shown).exists()
    if not unknown and last in (None, conversation.tip_id):
        return News("", known)
    turns = newest_turns(conversation).messages
    live = [turn.pk for turn in turns if turn.is_live and turn.pk not in shown]
    return News(_turns_html(turns, language), [*known, *live])


def branch(message_id: uuid.UUID, *, language: str) -> News:
    """The shown path from a message on; from further above where it does not go through it."""
    turns = branch_turns(Message.objects.select_related("conversation").get(pk=message_id))
    live = [turn.pk for turn in turns if turn.is_live]
    return News(_turns_html(turns, language), live)


def branch_turns(message: Message) -> list[Message]:
    """The newest turns of the shown path, from a message on if it is among them."""
    turns = newest_turns(message.conversation).messages
    at = next((at for at, turn in enumerate(turns) if turn.pk == message.pk), 0)
    return turns[at:]


def _turns_html(turns: Iterable[Message], language: str) -> str:
    with translation.override(language):
        return "".join(render_to_string("chat/turn.html", {"message": turn}) for turn in turns)


def is_live_and_shown(message_id: uuid.UUID) -> bool:
    """Whether a reply is still under way, on the path that is shown."""
    live = Message.objects.streaming().filter(pk=message_id)
    tip_id = live.values_list("conversation__tip", flat=True).first()
    path = Message.objects.only("parent").path_to(tip_id, at_most=TURNS)
    return message_id in {turn.pk for turn in path}


def live_in(conversation_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The replies under way in these conversations."""
    live: dict[uuid.UUID, list[uuid.UUID]] = {}
    replies = Message.objects.streaming().filter(conversation__in=conversation_ids)
    for conversation_id, message_id in replies.in_order().values_list("conversation", "pk"):
        live.setdefault(conversation_id, []).append(message_id)
    return live


def tips_of(conversation_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID | None]:
    """The last turn that each of these conversations shows."""
    return dict(Conversation.objects.filter(pk__in=conversation_ids).values_list("pk", "tip"))


def ended_turn(message_id: uuid.UUID, *, language: str) -> dict[str, object]:
    """The last frame of a reply: its whole turn as HTML, and whether it went well."""
    message = Message.objects.get_shown(message_id)
    with translation.override(language):
        html = render_to_string("chat/turn.html", {"message": message})
    return {"html": html, "ok": message.state == Message.State.DONE}


def pair_html(reply_id: uuid.UUID, *, language: str) -> str:
    """A reply's turn and the turn of the prompt before it."""
    return _turns_html(pair(reply_id), language)


def pair(reply_id: uuid.UUID) -> list[Message]:
    """A prompt and its reply."""
    return _shown().path_to(reply_id, at_most=2)


def begun_line(conversation: Conversation) -> str:
    """A conversation's line in the sidebar of its own page, with a reply under way."""
    return _line(conversation, here=conversation.pk, is_live=True)


def _line(conversation: Conversation, *, here: uuid.UUID, is_live: bool = False) -> str:
    context = {"conversation": conversation, "current": here, "is_live": is_live}
    return render_to_string("chat/list_item.html", context)


def side_html(
    user_id: int, conversation_id: uuid.UUID, *, here: uuid.UUID, is_paid: bool, language: str
) -> str:
    """A conversation's line in the sidebar as it is now, and the purse beneath it if it changed."""
    rows: ConversationQuerySet = Conversation.objects.filter(user=user_id).with_live()
    conversation = rows.select_related("user").filter(pk=conversation_id).first()
    with translation.override(language):
        html = ""
        if conversation is not None:
            html += _line(conversation, here=here)
        if is_paid:
            user = conversation.user if conversation else User.objects.get(pk=user_id)
            html += render_to_string("components/purse.html", {"purse": purse_of(user)})
        if is_paid and conversation is not None and conversation_id == here:
            context = {"conversation": conversation, "charged": charged(user, conversation_id)}
            html += render_to_string("chat/conversation.html#charged", context)
        return html
