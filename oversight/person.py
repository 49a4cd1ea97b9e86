"""What an admin sees of one person: money, limits, keys, and how much they talk, not of what."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Sum

from accounts.models import User
from chat.models import Conversation, Message, PastAttempt
from credit import budgets
from credit.budgets import Limit
from credit.models import Account, DayTotal
from gateway.models import ApiKey
from oversight import house
from oversight.house import Pace

_MOST: Final = 10  # conversations and keys shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A conversation without a word of it; `charged` in nano-USD."""

    pk: uuid.UUID
    last_used: datetime
    messages: int
    charged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    user: User
    account: Account
    limits: Sequence[Limit]
    paces: Sequence[Pace]
    keys: Sequence[ApiKey]
    talks: Sequence[Talk]
    talk_count: int


def read(user: User) -> Person:
    """In a constant number of queries; opens what accounts are missing."""
    budget = budgets.read(user)
    return Person(
        user=user,
        account=budget.person,
        limits=budget.limits,
        paces=house.recent(DayTotal.objects.filter(user=user)).paces,
        keys=list(ApiKey.objects.for_user(user).newest_first()[:_MOST]),
        talks=_talks(user),
        talk_count=Conversation.objects.for_user(user).count(),
    )


def _talks(user: User) -> list[Talk]:
    """The newest conversations, with what all attempts of all their replies cost."""
    newest = Conversation.objects.for_user(user).newest_first()[:_MOST]
    told = {talk.pk: talk for talk in newest}
    turns = Message.objects.filter(conversation__in=told).order_by()
    numbers: Counter[uuid.UUID] = Counter(turns.values_list("conversation", flat=True))
    cost: Counter[uuid.UUID] = Counter()
    past = PastAttempt.objects.filter(message__conversation__in=told).order_by()
    for rows, name in ((turns, "conversation"), (past, "message__conversation")):
        sums = rows.values_list(name).annotate(Sum("hold__usage_records__charged", default=0))
        for pk, nano in sums:
            cost[pk] += int(nano)
    return [
        Talk(pk=pk, last_used=talk.updated_at, messages=numbers[pk], charged=cost[pk])
        for pk, talk in told.items()
    ]
