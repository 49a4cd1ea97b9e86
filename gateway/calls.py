"""The programs' calls under way in this process: begun, kept alive, and ended when they must be."""

import asyncio
import time
import uuid
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import Any, Final

import structlog
from django.db import DatabaseError

from chat.threads import in_thread
from credit import ledger
from credit.endings import Outcome, Tokens
from gateway.admission import LEASE, Admitted
from gateway.call import PATIENCE, Call
from gateway.models import ApiKey
from gateway.refusals import restarting
from minitoolai import tokens

logger = structlog.get_logger(__name__)

_LOOK_EVERY: Final = 1.0  # seconds: a revoked key ends what it began within two
_RENEW_EVERY: Final = 5.0


class Calls:
    """Tasks of the process, never of a request."""

    def __init__(
        self,
        *,
        look_every: float = _LOOK_EVERY,
        renew_every: float = _RENEW_EVERY,
        patience: float = PATIENCE,
    ) -> None:
        """In seconds: between looks at the keys, between renewals, and see Call."""
        self._look_every = look_every
        self._renew_every = renew_every
        self._patience = patience
        self._live: set[Call] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._minding: asyncio.Task[None] | None = None
        self._draining = False

    def __len__(self) -> int:
        return len(self._live)

    async def begin(self, admit: Callable[[], Admitted]) -> Call:
        """Admit in a thread and start the call: both or neither, even if who asked has gone.

        Raises what `admit` raises, and Refused (503) while the server is about to stop.
        """
        if self._draining:
            raise restarting()
        admitting = asyncio.ensure_future(in_thread(admit)())
        try:
            admitted = await asyncio.shield(admitting)
        except asyncio.CancelledError:
            admitting.add_done_callback(self._give_back)
            raise
        call = Call(admitted, patience=self._patience)
        self._live.add(call)
        self._keep(call.run()).add_done_callback(lambda _: self._live.discard(call))
        if self._minding is None or self._minding.done():
            self._minding = asyncio.create_task(self._mind_while_live())
        return call

    async def drain(self, grace: float) -> None:
        """Let the calls end within `grace` seconds, then cut the rest, and settle all."""
        self._draining = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        for call in self._live:
            call.end_early(Outcome.CUT)
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _keep(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _give_back(self, admitting: asyncio.Future[Admitted]) -> None:
        """Nobody waits for this call any more, and nothing was sent."""
        if not admitting.cancelled() and admitting.exception() is None:
            self._keep(_void(admitting.result().hold_id))

    async def _mind_while_live(self) -> None:
        """End calls whose key is gone, and renew the leases of the others."""
        renewed = time.monotonic()
        while self._live:
            await asyncio.sleep(self._look_every)
            try:
                await self._end_those_without_a_key()
                if time.monotonic() - renewed >= self._renew_every:
                    renewed = time.monotonic()
                    await in_thread(_renew)([(call.admitted, call.text) for call in self._live])
            except DatabaseError:
                logger.exception("gateway.calls_not_minded", calls=len(self._live))

    async def _end_those_without_a_key(self) -> None:
        looked_at = list(self._live)
        usable = await in_thread(_usable)({call.admitted.key_id for call in looked_at})
        for call in looked_at:
            if call.admitted.key_id not in usable:
                call.end_early(Outcome.STOPPED)


def _usable(key_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    usable = ApiKey.objects.usable().filter(pk__in=list(key_ids))
    return set(usable.values_list("pk", flat=True))


def _renew(under_way: Iterable[tuple[Admitted, str]]) -> None:
    """Tell the ledger how far these calls are: it charges that if the process dies."""
    progress = {
        admitted.hold_id: Tokens(admitted.ask.prompt_tokens, tokens.count_text(text))
        for admitted, text in under_way
    }
    ledger.heartbeat(progress, lease=LEASE, progress=progress)


async def _void(hold_id: int) -> None:
    """If this fails, the hold's lease ends and the sweep gives the money back."""
    try:
        await in_thread(partial(ledger.void, hold_id, outcome=Outcome.NOT_SENT))()
    except DatabaseError:
        logger.exception("gateway.not_given_back", hold=hold_id)


calls = Calls()
