"""The tasks that stream replies, owned by the process: never by a request or a socket."""

import asyncio
import time
import uuid
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from chat import bus, replies
from chat.admission import Begun
from chat.live import LiveText
from chat.models import Message
from chat.notices import ReplyNotice, board
from chat.replies import Result
from chat.threads import in_thread
from credit.endings import Outcome
from minitoolai import (
    ChatEvent,
    Deadlines,
    Delta,
    Finish,
    MiniToolAIError,
    Retrying,
    SenselessUsage,
    Usage,
    shared_client,
)

logger = structlog.get_logger(__name__)

# Seconds from one saving of all texts to the next: with its own length, what a kill may cost.
FLUSH_INTERVAL = 0.2
_SHORTEST_PAUSE = 0.03
_HOLD_INTERVAL = 10.0
_LONGEST_PAUSE = 10.0


_CLOSED_BY = {Message.State.STOPPED: Outcome.STOPPED, Message.State.INTERRUPTED: Outcome.CUT}


class Reply:
    """One reply under way: listens to the upstream, lets viewers pull, ends it in the database."""

    def __init__(self, begun: Begun, *, deadlines: Deadlines) -> None:
        self.message = begun.reply
        self.live = LiveText(message_id=begun.reply.pk, attempt=begun.reply.attempt)
        if begun.reply.text:
            self.live.append(begun.reply.text)  # what earlier attempts left
        self._upstream = begun.upstream
        self._deadlines = deadlines
        self._started = time.monotonic()
        self._not_sent_until = 0.0
        self._first_token: float | None = None
        self._reported: Usage | None = None
        self._senseless_usage = ""
        self._finish_reason = ""
        self._ended_by: Message.State | None = None
        self._listening: asyncio.Task[None] | None = None

    def end_early(self, state: Message.State) -> None:
        """Hang up now; what arrived stays. STOPPED by the person, INTERRUPTED by a shutdown."""
        if self._ended_by is None and self._listening is not None:
            self._ended_by = state
            self._listening.cancel()

    async def run(self) -> None:
        """Stream to the end, whatever it is, and save it; never raises."""
        self._listening = asyncio.create_task(self._listen())
        try:
            await self._listening
            result = self._result(Message.State.DONE, Outcome.DONE)
        except asyncio.CancelledError:
            result = self._hung_up()
        except MiniToolAIError as error:
            result = self._broken(error)
        except Exception:
            logger.exception("reply.crashed", message=str(self.message.pk))
            result = self._result(Message.State.FAILED, Outcome.CUT, error_code="internal")
        is_mine = await self._save(result)
        self.live.end(differs=not is_mine)
        board.tell(
            ReplyNotice(
                is_beginning=False,
                user_id=self.message.user_id,
                conversation_id=self.message.conversation_id,
                message_id=self.message.pk,
            )
        )

    async def _listen(self) -> None:
        client = shared_client(
            base_url=settings.MINITOOLAI_BASE_URL,
            api_key=settings.MINITOOLAI_API_KEY,
            image_hosts=settings.IMAGE_HOSTS,
            deadlines=self._deadlines,
        )
        stream = client.chat(
            model=self.message.model,
            messages=self._upstream,
            max_completion_tokens=self.message.output_cap,
        )
        try:
            async for event in stream:
                self._take(event)
        finally:
            await stream.aclose()

    def _take(self, event: ChatEvent) -> None:
        match event:
            case Delta(text=text):
                if self._first_token is None:
                    self._first_token = time.monotonic()
                self.live.append(text)
            case Usage():
                self._reported = event
            case SenselessUsage(raw=raw):
                self._senseless_usage = raw
            case Finish(reason=reason):
                self._finish_reason = reason
            case Retrying(seconds=seconds):
                self._not_sent_until = time.monotonic() + seconds
                self.live.say("busy")

    def _hung_up(self) -> Result:
        state = self._ended_by or Message.State.INTERRUPTED
        outcome = _CLOSED_BY[state]
        if time.monotonic() < self._not_sent_until:
            outcome = Outcome.NOT_SENT  # the upstream is busy, nothing is with it
        code = "" if state == Message.State.STOPPED else replies.SERVER_STOPPED
        return self._result(state, outcome, error_code=code)

    def _broken(self, error: MiniToolAIError) -> Result:
        logger.warning(
            "reply.broken",
            message=str(self.message.pk),
            request=self.message.request_id,
            code=error.code,
            sent=error.sent,
        )
        if self._first_token is not None:
            return self._result(Message.State.INTERRUPTED, Outcome.BROKEN, error_code=error.code)
        outcome = Outcome.REFUSED if error.sent else Outcome.NOT_SENT
        return self._result(
            Message.State.FAILED, outcome, error_code=error.code, wait=error.retry_after
        )

    def _result(
        self,
        state: Message.State,
        outcome: Outcome,
        *,
        error_code: str = "",
        wait: float | None = None,
    ) -> Result:
        return Result(
            state=state,
            outcome=outcome,
            text=self.live.text,
            html=self.live.final_html(),
            error_code=error_code,
            retry_at=timezone.now() + timedelta(seconds=wait) if wait else None,
            finish_reason=self._finish_reason,
            reported=self._reported,
            senseless_usage=self._senseless_usage,
            first_token_ms=self._milliseconds(self._first_token),
            duration_ms=self._milliseconds(time.monotonic()),
        )

    def _milliseconds(self, moment: float | None) -> int | None:
        return None if moment is None else round((moment - self._started) * 1000)

    async def _save(self, result: Result) -> bool:
        """Commit the end; while the database refuses, keep trying: the money is already held.

        False when another process has ended the reply, with the text that it had.
        """
        pause = 0.5
        while True:
            try:
                return await in_thread(replies.finish)(self.message, result=result)
            except DatabaseError:
                logger.exception("reply.not_saved", message=str(self.message.pk), again_in=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)


class Runner:
    """The live replies of this process, the task that saves them, and the way they all end."""

    def __init__(
        self,
        *,
        deadlines: Deadlines = Deadlines(),  # noqa: B008 -- frozen
    ) -> None:
        """`deadlines` are what the upstream is given."""
        self._deadlines = deadlines
        self._replies: dict[uuid.UUID, Reply] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._saving: asyncio.Task[None] | None = None
        self._publisher = bus.Publisher(self._all)
        self._publishing: asyncio.Task[None] | None = None
        self.draining = False

    def __len__(self) -> int:
        return len(self._replies)

    def get(self, message_id: uuid.UUID) -> LiveText | None:
        reply = self._replies.get(message_id)
        return reply.live if reply else None

    def start(self, begun: Begun) -> None:
        """Stream a reply that has just been begun; does nothing for one that was sent before."""
        if not begun.upstream:
            return
        reply = Reply(begun, deadlines=self._deadlines)
        self._replies[begun.reply.pk] = reply
        task = asyncio.create_task(self._run(reply))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self._saving is None or self._saving.done():
            self._saving = asyncio.create_task(self._save_while_live())
        if bus.is_in_use() and (self._publishing is None or self._publishing.done()):
            self._publishing = asyncio.create_task(self._publisher.run())

    def stop(self, message_id: uuid.UUID) -> bool:
        """Stop a reply as its person asked; False when it is not this process's."""
        reply = self._replies.get(message_id)
        if reply:
            reply.end_early(Message.State.STOPPED)
        return reply is not None

    async def drain(self, grace: float) -> None:
        """Let the live replies end within `grace` seconds, then interrupt the rest and save all."""
        self.draining = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        for reply in self._replies.values():
            reply.end_early(Message.State.INTERRUPTED)
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _run(self, reply: Reply) -> None:
        await reply.run()
        if self._replies.get(reply.message.pk) is reply:  # its next attempt may have begun
            del self._replies[reply.message.pk]
        if bus.is_in_use():
            await self._publisher.end(reply.live)

    def _all(self) -> list[LiveText]:
        return [reply.live for reply in self._replies.values()]

    async def _save_while_live(self) -> None:
        """Flush all texts in one write, several times a second, for as long as any reply runs."""
        holds_renewed = time.monotonic()
        pause = FLUSH_INTERVAL
        while self._replies:
            await asyncio.sleep(pause)
            started = time.monotonic()
            try:
                await self._flush()
                if time.monotonic() - holds_renewed > _HOLD_INTERVAL:
                    await in_thread(replies.renew_holds)(list(self._replies))
                    holds_renewed = time.monotonic()
            except DatabaseError:
                logger.exception("reply.progress_not_saved", replies=len(self._replies))
            took = time.monotonic() - started
            pause = max(_SHORTEST_PAUSE, FLUSH_INTERVAL - took)

    async def _flush(self) -> None:
        growing = [(pk, reply.live.attempt, reply.live.text) for pk, reply in self._replies.items()]
        for message_id in await in_thread(replies.save_progress)(growing):
            self.stop(message_id)


runner = Runner()
