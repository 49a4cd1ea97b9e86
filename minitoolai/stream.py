"""One chat answer on the wire: its chunks under deadlines and caps, read into events."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Final

import httpx

from minitoolai.alarm import Alarm
from minitoolai.chat import Finish, ReplyReader, Told
from minitoolai.errors import (
    MiniToolAIError,
    Stalled,
    StreamInterrupted,
    TooLarge,
    UnexpectedAnswer,
)
from minitoolai.limits import Caps, Deadlines
from minitoolai.redaction import Redactor
from minitoolai.sse import EventDecoder
from minitoolai.wire import BODY, FAILURES, hang_up

logger = logging.getLogger(__name__)

_DRAIN_SECONDS: Final = 0.25
_DRAIN_BYTES: Final = 64 * 1024


class ChatStream:
    """Pull it until it gives None, then ask how it finished, and close it whatever happened."""

    def __init__(
        self,
        answer: httpx.Response,
        *,
        model: str,
        started: float,
        deadlines: Deadlines,
        caps: Caps,
        redact: Redactor,
        max_tokens: int | None = None,
    ) -> None:
        """`started` is the monotonic time at which the request was sent."""
        self._answer = answer
        body = answer.extensions.get(BODY)
        self._following = body.readany if body else _reader(answer)
        self._alarm = Alarm()
        self._decoder = EventDecoder(max_event=caps.event)
        self._reply = ReplyReader(
            model=model, max_bytes=caps.reply, redact=redact, max_tokens=max_tokens
        )
        self._redact = redact
        self._bytes_left = caps.stream
        self._between_events = deadlines.between_events
        self._patience = deadlines.first_event - (time.monotonic() - started)
        self._end = started + deadlines.total
        self._at_end = False
        self._had_event = False

    async def pull(self) -> Iterable[Told] | None:
        """The events of the next chunk; None when the reply or its stream is over.

        Raises Stalled, TooLarge or StreamInterrupted, as the iterator does.
        """
        if self._at_end or self._reply.is_done:
            return None
        chunk = await self._next_chunk()
        if chunk is None:
            self._at_end = True
            return self._read(self._decoder.finish())
        self._bytes_left -= len(chunk)
        if self._bytes_left < 0:
            raise TooLarge
        found = self._decoder.feed(chunk)
        if isinstance(found, list) and len(found) == 1:  # nearly always
            return self._take(found[0])
        return self._read(found)

    def finish(self) -> Finish:
        """How the reply ended. Raises unless it had both a finish reason and [DONE]."""
        if finish := self._reply.finish:
            return finish
        if self._decoder.foreign and not self._had_event:
            logger.warning("not an event stream: %s", self._redact(self._decoder.foreign))
            raise UnexpectedAnswer
        raise StreamInterrupted

    async def drain(self) -> None:
        """Reads what little follows [DONE], so that the connection can serve again."""
        left = 0 if self._reply.is_cut else _DRAIN_BYTES
        with contextlib.suppress(*FAILURES):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while left > 0 and (chunk := await self._following()):
                    left -= len(chunk)

    async def aclose(self) -> None:
        """Hangs up at once, unless the answer was read to its end."""
        self._alarm.cancel()
        await hang_up(self._answer)

    def _read(self, found: Iterable[str]) -> Iterator[Told]:
        for data in found:
            yield from self._take(data)
            if self._reply.is_done:
                return

    def _take(self, data: str) -> list[Told]:
        self._had_event = True
        self._patience = self._between_events
        return self._reply.take(data)

    async def _next_chunk(self) -> bytes | None:
        """Only time spent waiting here counts against an event, not what the reader takes."""
        asked = time.monotonic()
        allowed = min(self._patience, self._end - asked)
        if allowed <= 0:
            raise Stalled
        self._alarm.set(asked + allowed)
        try:
            return await self._following() or None
        except asyncio.CancelledError:
            if not self._alarm.was_it():
                raise
            failure: MiniToolAIError = Stalled()
        except FAILURES as error:
            failure = _name(error)
        finally:
            self._alarm.unset()
            self._patience -= time.monotonic() - asked
        raise failure


def _reader(answer: httpx.Response) -> Callable[[], Awaitable[bytes]]:
    """As aiohttp's `readany`, for an answer of another transport: a piece, nothing at the end."""
    pieces = answer.aiter_raw()
    return lambda: anext(pieces, b"")


def _name(error: Exception) -> MiniToolAIError:
    return Stalled() if isinstance(error, TimeoutError) else StreamInterrupted()
