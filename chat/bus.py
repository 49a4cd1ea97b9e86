"""The text of replies on its way to other processes, over the channel layer; losing it is fine.

Only the grown shape uses it. Whoever follows a reply of another process adds what fits the end of
its own copy, and reads the row when anything is missing, late or over.
"""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from channels.layers import get_channel_layer
from django.conf import settings

from chat.live import LiveText

logger = structlog.get_logger(__name__)

# Seconds between two frames of one reply, and before a bus that failed is tried again.
FRAME_INTERVAL = 0.05
_REST = 2.0
_PATIENCE = 1.0
# A passing word is said again after so many seconds, for who has come meanwhile.
_SAY_AGAIN = 1.0


@dataclass(frozen=True)
class Piece:
    """Some text of a reply: `at` is how many characters of the attempt came before it."""

    attempt: int
    at: int
    text: str
    ended: bool
    notice: str = ""  # a passing word while there is no text


def is_in_use() -> bool:
    """Whether other processes may be there to listen."""
    return bool(settings.REDIS_URL)


def _group(message_id: uuid.UUID) -> str:
    return f"reply.{message_id}"


class Publisher:
    """Sends what is new of this process's replies; a failing bus rests, the replies go on."""

    def __init__(self, replies: Callable[[], Collection[LiveText]]) -> None:
        self._replies = replies
        self._sent: dict[uuid.UUID, int] = {}
        self._said: dict[uuid.UUID, float] = {}

    async def run(self) -> None:
        """Publish for as long as there are replies."""
        while replies := self._replies():
            live_ids = {live.message_id for live in replies}
            self._sent = {pk: sent for pk, sent in self._sent.items() if pk in live_ids}
            self._said = {pk: said for pk, said in self._said.items() if pk in live_ids}
            try:
                async with asyncio.timeout(_PATIENCE):
                    for live in replies:
                        await self._publish(live)
                await asyncio.sleep(FRAME_INTERVAL)
            except Exception as error:
                logger.warning("bus.lost", error=type(error).__name__, replies=len(replies))
                await asyncio.sleep(_REST)

    async def _publish(self, live: LiveText) -> None:
        at, text = self._sent.get(live.message_id, 0), live.text
        if len(text) == at and not self._is_to_be_said(live):
            return
        piece = Piece(live.attempt, at, text[at:], ended=False, notice=live.notice)
        await send(live.message_id, piece)
        self._sent[live.message_id] = len(text)

    def _is_to_be_said(self, live: LiveText) -> bool:
        now = time.monotonic()
        if not live.notice or now < self._said.get(live.message_id, 0.0):
            return False
        self._said[live.message_id] = now + _SAY_AGAIN
        return True

    async def end(self, live: LiveText) -> None:
        """Tell the others that the row is final now."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await send(live.message_id, Piece(live.attempt, 0, "", ended=True))
        except Exception as error:
            logger.warning("bus.lost", error=type(error).__name__, replies=1)


async def send(message_id: uuid.UUID, piece: Piece) -> None:
    frame = {"type": "reply.piece", **vars(piece)}
    await get_channel_layer().group_send(_group(message_id), frame)


@asynccontextmanager
async def listening(message_id: uuid.UUID) -> AsyncIterator[Callable[[float], Any]]:
    """Within it, `await hear(seconds)` gives the next Piece, or None when none came in time.

    Raises TimeoutError when the bus does not answer.
    """
    layer = get_channel_layer()
    async with asyncio.timeout(_PATIENCE):
        channel = await layer.new_channel()
        await layer.group_add(_group(message_id), channel)

    async def hear(within: float) -> Piece | None:
        try:
            async with asyncio.timeout(within):
                frame = await layer.receive(channel)
        except TimeoutError:
            return None
        return Piece(
            frame["attempt"], frame["at"], frame["text"], frame["ended"], frame.get("notice", "")
        )

    try:
        yield hear
    finally:
        async with asyncio.timeout(_PATIENCE):
            await layer.group_discard(_group(message_id), channel)
