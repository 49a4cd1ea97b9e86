"""One chat call of a program: a task of the process reads the upstream, the response pulls.

Whoever hangs up ends the reading at once; the money is settled by the call itself, once, whatever
became of the request that began it. Its task inherits that request's id for each log line.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Final

import structlog
from django.conf import settings
from django.db import DatabaseError

from chat.threads import in_thread
from credit import alerts, ledger
from credit.endings import Ending, Outcome, Tokens
from credit.ledger import Receipt
from credit.models import Alert, UsageRecord
from gateway.admission import Admitted
from gateway.refusals import Refused, broken, from_upstream, restarting, unauthorized
from gateway.shapes import DONE, Chunks, event
from minitoolai import (
    ChatEvent,
    Delta,
    Finish,
    MiniToolAIError,
    Retrying,
    SenselessUsage,
    Unauthorized,
    Usage,
    shared_client,
    tokens,
)

logger = structlog.get_logger(__name__)

BACKLOG: Final = 64  # events read ahead of the program
PATIENCE: Final = 60.0  # seconds
_LONGEST_PAUSE: Final = 10.0


class _NobodyReads(Exception):
    """The program has stopped taking what it asked for."""


class Call:
    def __init__(self, admitted: Admitted, *, patience: float = PATIENCE) -> None:
        """Begins to read the upstream at once; `run` sees it to its end.

        `patience` are the seconds that a program may leave a full backlog unread.
        """
        self.admitted = admitted
        self._patience = patience
        self._chunks = Chunks(admitted.ask.model)
        self._backlog: asyncio.Queue[bytes] = asyncio.Queue(BACKLOG)
        self._last = b""
        self._opened = asyncio.Event()
        self._is_closed = False
        self._text: list[str] = []
        self._reported: Usage | None = None
        self._senseless_usage = ""
        self._finish_reason = ""
        self._started = time.monotonic()
        self._first_token: float | None = None
        self._not_sent_until = 0.0
        self._ended_by: Outcome | None = None
        self._error: Refused | None = None
        self._is_key_refused = False
        self._reading = asyncio.create_task(self._read())

    @property
    def text(self) -> str:
        return "".join(self._text)

    @property
    def is_waiting(self) -> bool:
        """Whether the upstream is busy and nothing is with it just now."""
        return time.monotonic() < self._not_sent_until

    def end_early(self, outcome: Outcome) -> None:
        """Hang up on the upstream now: HUNG_UP, STOPPED (its key is gone) or CUT (shutdown)."""
        if self._ended_by is None and not self._reading.done():
            self._ended_by = outcome
            self._reading.cancel()

    async def run(self) -> None:
        """Read to the end, whatever it is, settle, and only then tell the program."""
        outcome = await self._outcome()
        settled = await self._settled(outcome)
        if outcome == Outcome.DONE and settled is not None:
            self._last = self._ending(settled)
        elif self._opened.is_set():
            self._last = event((self._error or broken()).body)
        self._is_closed = True
        self._opened.set()
        if self._backlog.empty():
            self._backlog.put_nowait(b"")  # wakes who waits for more

    async def opened(self) -> None:
        """Wait for the upstream's first event; raises Refused when there will be none."""
        await self._opened.wait()
        if self._is_closed and self._error is not None and not self._last:
            raise self._error

    async def events(self) -> AsyncGenerator[bytes, None]:
        """What the program gets; closing this before its end hangs up."""
        try:
            while not (self._is_closed and self._backlog.empty()):
                ready = [await self._backlog.get()]
                while not self._backlog.empty():
                    ready.append(self._backlog.get_nowait())
                if data := b"".join(ready):
                    yield data
            if self._last:
                yield self._last
        finally:
            self.end_early(Outcome.HUNG_UP)

    # --- Reading -----------------------------------------------------------------------------

    async def _read(self) -> None:
        client = shared_client(
            base_url=settings.MINITOOLAI_BASE_URL,
            api_key=settings.MINITOOLAI_API_KEY,
            image_hosts=settings.IMAGE_HOSTS,
        )
        ask = self.admitted.ask
        stream = client.chat(
            model=ask.model,
            messages=ask.messages,
            temperature=ask.temperature,
            max_completion_tokens=self.admitted.cap,
        )
        try:
            async for said in stream:
                await self._take(said)
        finally:
            await stream.aclose()

    async def _take(self, said: ChatEvent) -> None:
        if isinstance(said, Retrying):
            self._not_sent_until = time.monotonic() + said.seconds
            return
        self._opened.set()
        match said:
            case Delta(text=text):
                await self._take_text(text)
            case Usage():
                self._reported = said
            case SenselessUsage(raw=raw):
                self._senseless_usage = raw
            case Finish(reason=reason):
                self._finish_reason = reason

    async def _take_text(self, text: str) -> None:
        if self._first_token is None:
            self._first_token = time.monotonic()
        self._text.append(text)
        try:
            async with asyncio.timeout(self._patience):
                await self._backlog.put(self._chunks.content(text))
        except TimeoutError:
            raise _NobodyReads from None

    # --- Ending ------------------------------------------------------------------------------

    async def _outcome(self) -> Outcome:
        try:
            await self._reading
        except asyncio.CancelledError:
            return self._ended_early()
        except _NobodyReads:
            return Outcome.HUNG_UP
        except MiniToolAIError as error:
            return self._failed(error)
        except Exception:
            logger.exception("gateway.call_crashed")
            self._error = broken()
            return Outcome.CUT
        return Outcome.DONE

    def _ended_early(self) -> Outcome:
        is_stopped = self._ended_by == Outcome.STOPPED
        self._error = unauthorized() if is_stopped else restarting()
        return Outcome.NOT_SENT if self.is_waiting else self._ended_by or Outcome.CUT

    def _failed(self, error: MiniToolAIError) -> Outcome:
        logger.warning("gateway.call_broken", code=error.code, sent=error.sent)
        self._error = from_upstream(error)
        self._is_key_refused = isinstance(error, Unauthorized)
        if self._text:
            return Outcome.BROKEN
        return Outcome.REFUSED if error.sent else Outcome.NOT_SENT

    async def _settled(self, outcome: Outcome) -> UsageRecord | Receipt | None:
        """Settle; while the database refuses, keep trying: the money is already held."""
        ended = time.monotonic()
        pause = 0.5
        while True:
            try:
                return await in_thread(self._settle)(outcome, ended)
            except DatabaseError:
                logger.exception("gateway.not_settled", again_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _settle(self, outcome: Outcome, ended: float) -> UsageRecord | Receipt | None:
        """What the call cost, charged here and once; slow (it counts), so in a thread."""
        hold_id = self.admitted.hold_id
        ending = Ending(
            outcome=outcome,
            reported=self._reported,
            senseless=self._senseless_usage,
            counted=Tokens(self.admitted.ask.prompt_tokens, tokens.count_text(self.text)),
            output_cap=self.admitted.cap,
            first_token_ms=self._milliseconds(self._first_token),
            duration_ms=self._milliseconds(ended),
        )
        settled = ledger.settle(hold_id, ending=ending) or ledger.receipt(hold_id)
        if self._is_key_refused:
            alerts.flag(Alert.Kind.KEY)
        logger.info(
            "gateway.call_finished",
            key=str(self.admitted.key_id),
            outcome=outcome,
            nano=settled.charged if settled else None,
        )
        return settled

    def _milliseconds(self, moment: float | None) -> int | None:
        return None if moment is None else round((moment - self._started) * 1000)

    def _ending(self, settled: UsageRecord | Receipt) -> bytes:
        """The finish, the usage that was charged, and the end."""
        usage = self._chunks.usage(
            prompt=settled.prompt_tokens,
            completion=settled.completion_tokens,
            cached=self._reported.cached_tokens if self._reported else 0,
        )
        return self._chunks.finish(self._finish_reason) + usage + DONE
