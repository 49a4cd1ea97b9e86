"""What of a conversation goes upstream with the next prompt."""

from collections.abc import Iterable
from typing import Any

from chat.models import Conversation, Message
from minitoolai import tokens
from minitoolai.catalog import ChatModel

# Turns read from the database at most; older ones could not fit a window with real text in them.
_MOST_TURNS = 400


class PromptTooLong(Exception):
    """The prompt alone is more than the model can read; `limit` and `counted` are tokens."""

    def __init__(self, *, counted: int, limit: int) -> None:
        super().__init__(f"{counted} tokens, {limit} at most")
        self.counted = counted
        self.limit = limit


def messages_for(
    conversation: Conversation | None,
    text: str,
    *,
    model: ChatModel,
    reserve: int,
    until: Message | None = None,
) -> list[dict[str, Any]]:
    """The messages to send: the prompt, and as many of the newest turns as the window holds.

    `reserve` are the output tokens to leave room for; only turns before `until` count, all when
    it is None. Raises PromptTooLong.
    """
    prompt = {"role": "user", "content": text}
    budget = model.context_window - reserve - tokens.count_messages([prompt])
    if budget < 0:
        limit = model.context_window - reserve
        raise PromptTooLong(counted=limit - budget, limit=limit)
    kept: list[dict[str, Any]] = []
    for message in _newest_turns(conversation, until):
        turn = {"role": message.role, "content": message.text}
        budget -= tokens.count_messages([turn]) - tokens.PER_REPLY
        if budget < 0:
            break
        kept.append(turn)
    return [*reversed(kept), prompt]


def _newest_turns(conversation: Conversation | None, until: Message | None) -> Iterable[Message]:
    if conversation is None:
        return []
    turns = conversation.messages.exclude(text="").exclude(state=Message.State.STREAMING)
    if until is not None:
        turns = turns.before(until)
    return turns.order_by("-created_at", "-id")[:_MOST_TURNS]
