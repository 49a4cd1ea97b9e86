"""One chat answer on the wire: its chunks under deadlines and caps, read into events."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator, Iterable, Iterator
from typing import Any, Final, cast

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
from minitoolai.wire import FAILURES, hang_up

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
        # Not `aiter_raw`: it cuts and counts what is neither cut nor counted here.
        self._chunks = cast("AsyncGenerator[bytes, None]", aiter(cast("Any", answer.stream)))
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

    async def pull(self) -> Iterator[Told] | None:
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
        return self._read(self._decoder.feed(chunk))

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
                while left > 0 and (chunk := await anext(self._chunks, None)):
                    left -= len(chunk)

    async def aclose(self) -> None:
        """Hangs up at once, unless the answer was read to its end."""
        self._alarm.cancel()
        with contextlib.suppress(*FAILURES):
            await self._chunks.aclose()
        await hang_up(self._answer)

    def _read(self, found: Iterable[str]) -> Iterator[Told]:
        for data in found:
            self._had_event = True
            self._patience = self._between_events
            yield from self._reply.take(data)
            if self._reply.is_done:
                return

    async def _next_chunk(self) -> bytes | None:
        """Only time spent waiting here counts against an event, not what the reader takes."""
        asked = time.monotonic()
        allowed = min(self._patience, self._end - asked)
        if allowed <= 0:
            raise Stalled
        self._alarm.set(asked + allowed)
        try:
            return await self._chunks.__anext__()
        except StopAsyncIteration:
            return None
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


def _name(error: Exception) -> MiniToolAIError:
    return Stalled() if isinstance(error, TimeoutError) else StreamInterrupted()
