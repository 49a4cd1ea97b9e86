"""What of a conversation goes upstream with the next prompt."""

import uuid
from collections.abc import Sequence
from typing import Any

from chat.models import Message
from minitoolai import tokens
from minitoolai.catalog import ChatModel

# Turns read from the database at most; older ones could not fit a window with real text in them.
_MOST_TURNS = 400

_GO_ON = (
    "Your last message was cut off. Go on exactly where it stopped, in the middle of a word or of"
    " code if need be. Repeat nothing of it and add no introduction."
)


class PromptTooLong(Exception):
    """The prompt alone is more than the model can read; `limit` and `counted` are tokens."""

    def __init__(self, *, counted: int, limit: int) -> None:
        super().__init__(f"{counted} tokens, {limit} at most")
        self.counted = counted
        self.limit = limit


def asking(text: str) -> list[dict[str, Any]]:
    """A prompt, as the upstream gets it."""
    return [{"role": "user", "content": text}]


def going_on(prompt: str, *, after: str) -> list[dict[str, Any]]:
    """A prompt with the beginning of its answer, and the wish to hear the rest."""
    return [
        *asking(prompt),
        {"role": "assistant", "content": after},
        {"role": "developer", "content": _GO_ON},
    ]


def messages_for(
    last: list[dict[str, Any]],
    *,
    after: uuid.UUID | None,
    model: ChatModel,
    reserve: int,
) -> list[dict[str, Any]]:
    """The messages to send: the last ones, and as many turns before them as the window holds.

    `after` is the turn that they follow; only those that lead to it count, the newest first.
    `reserve` are the output tokens to leave room for. Raises PromptTooLong.
    """
    budget = model.context_window - reserve - tokens.count_messages(last)
    if budget < 0:
        limit = model.context_window - reserve
        raise PromptTooLong(counted=limit - budget, limit=limit)
    kept: list[dict[str, Any]] = []
    for message in reversed(_turns(after)):
        turn = {"role": message.role, "content": message.text}
        budget -= tokens.count_messages([turn]) - tokens.PER_REPLY
        if budget < 0:
            break
        kept.append(turn)
    return [*reversed(kept), *last]


def _turns(tip_id: uuid.UUID | None) -> Sequence[Message]:
    if tip_id is None:
        return []
    path = Message.objects.only("parent", "role", "text", "state").path_to(
        tip_id, at_most=_MOST_TURNS
    )
    return [turn for turn in path if turn.text and not turn.is_live]
