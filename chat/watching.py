"""Following one reply, whichever process streams it."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from chat import bus
from chat.live import UNKNOWN, LiveText
from chat.models import Message
from chat.runner import Runner, runner
from chat.threads import in_thread

logger = structlog.get_logger(__name__)

# Seconds between two looks at the row of a reply that another process streams: without a bus,
# and with one that has been silent.
_ROW_INTERVAL = 0.5
_SILENCE = 2.0

Hear = Callable[[float], Awaitable[bus.Piece | None]]


async def frames(
    message_id: uuid.UUID, *, number: int = 0, here: Runner = runner
) -> AsyncIterator[str]:
    """The frames of a reply from its beginning to its end; the final row is committed by then.

    They call the reply by its number on the viewer's socket. `here` is the runner of this process;
    a reply that it does not have is followed by a copy.
    """
    if live := here.get(message_id):
        async for frame in live.watch(number):
            yield frame
        return
    async with copies.of(message_id) as copied:
        async for frame in copied.watch(number):
            yield frame


@dataclass(eq=False)
class _Copy:
    """A reply of another process as it is known here; kept while somebody watches it."""

    live: LiveText
    viewers: int = 0
    keeping: asyncio.Task[None] | None = field(default=None)


class Copies:
    """One copy of each foreign reply for all its viewers in this process."""

    def __init__(self) -> None:
        self._copies: dict[uuid.UUID, _Copy] = {}

    @contextlib.asynccontextmanager
    async def of(self, message_id: uuid.UUID) -> AsyncIterator[LiveText]:
        copy = self._copies.get(message_id)
        if copy is None or copy.live.ended:
            copy = _Copy(LiveText(message_id=message_id, attempt=0, seq=UNKNOWN))
            copy.keeping = asyncio.create_task(_keep(copy.live))
            self._copies[message_id] = copy
        copy.viewers += 1
        try:
            yield copy.live
        finally:
            copy.viewers -= 1
            if not copy.viewers:
                if copy.keeping:
                    copy.keeping.cancel()
                if self._copies.get(message_id) is copy:
                    del self._copies[message_id]


copies = Copies()


async def _keep(live: LiveText) -> None:
    """Keep a copy equal to the original until it has ended; a failing bus leaves the row."""
    while not live.ended:
        try:
            if bus.is_in_use():
                async with bus.listening(live.message_id) as hear:
                    await _follow(live, hear)
            else:
                await _follow(live, _hear_nothing)
        except Exception as error:
            logger.warning("copy.behind", message=str(live.message_id), error=type(error).__name__)
            await _adopt_row(live)
            await asyncio.sleep(_ROW_INTERVAL)


async def _hear_nothing(within: float) -> None:
    await asyncio.sleep(min(within, _ROW_INTERVAL))


async def _follow(live: LiveText, hear: Hear) -> None:
    """The row first, then what comes; the row again whenever something does not fit."""
    while not live.ended:
        await _adopt_row(live)
        while not live.ended:
            piece = await hear(_SILENCE)
            if piece is None or piece.ended or not _add(live, piece):
                break


def _add(live: LiveText, piece: bus.Piece) -> bool:
    """Take over what a piece has beyond the copy; False when there is a hole between them."""
    if piece.attempt != live.attempt or piece.at > len(live.text):
        return False
    beyond = piece.text[len(live.text) - piece.at :]
    if beyond:
        live.append(beyond)
    elif piece.notice and piece.notice != live.notice:
        live.say(piece.notice)
    return True


async def _adopt_row(live: LiveText) -> None:
    """Take over what the row has beyond the copy; a row that is final ends it."""
    row = await in_thread(_row)(live.message_id)
    if row is None:
        live.end()
        return
    state, text, live.attempt = row
    if len(text) > len(live.text):
        live.append(text[len(live.text) :])
    if state != Message.State.STREAMING:
        # A process that died had sent more, perhaps, than it had saved.
        live.end(differs=text != live.text)


def _row(message_id: uuid.UUID) -> tuple[str, str, int] | None:
    rows = Message.objects.filter(pk=message_id)
    return rows.values_list("state", "text", "attempt").first()
