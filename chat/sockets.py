"""The open sockets of this process, minded together: a few queries for all, not some for each."""

import asyncio
import uuid
from collections.abc import Collection
from typing import Protocol

import structlog
from django.conf import settings

from accounts import sessions
from chat import pages
from chat.threads import in_thread

logger = structlog.get_logger(__name__)

# So many sockets are served in one go, so that the replies between are not late.
_AT_ONCE = 10
_BREATH = 0.01


class Socket(Protocol):
    """A socket of a signed-in person on one conversation."""

    session_key: str
    user_id: int
    conversation_id: uuid.UUID

    async def beat(self, tip_id: uuid.UUID | None) -> None: ...
    async def sign_out(self) -> None: ...
    def show(self, message_id: uuid.UUID) -> None: ...


class Sockets:
    """Those who are open now, and the task that minds them while there are any.

    `every` so many seconds they get a beat; sign-ins and what they may have missed are looked at
    then.
    """

    def __init__(self, *, every: float = settings.SOCKET_BEAT) -> None:
        self._every = every
        self._open: set[Socket] = set()
        self._minding: asyncio.Task[None] | None = None

    def add(self, socket: Socket) -> None:
        self._open.add(socket)
        if self._minding is None or self._minding.done():
            self._minding = asyncio.create_task(self._mind())

    def discard(self, socket: Socket) -> None:
        self._open.discard(socket)

    async def _mind(self) -> None:
        while self._open:
            await asyncio.sleep(self._every)
            try:
                await self._look_after(list(self._open))
            except Exception:
                logger.exception("sockets.not_minded", sockets=len(self._open))

    async def _look_after(self, sockets: Collection[Socket]) -> None:
        """End those whose sign-in is over; show the others what they missed, and a beat."""
        held = await in_thread(sessions.that_hold)({socket.session_key for socket in sockets})
        conversation_ids = {socket.conversation_id for socket in sockets}
        live = await in_thread(pages.live_in)(conversation_ids)
        tips = await in_thread(pages.tips_of)(conversation_ids)
        for place, socket in enumerate(sockets):
            if held.get(socket.session_key) != socket.user_id:
                await socket.sign_out()
                continue
            for message_id in live.get(socket.conversation_id, ()):
                socket.show(message_id)
            await socket.beat(tips.get(socket.conversation_id))
            if place % _AT_ONCE == _AT_ONCE - 1:
                await asyncio.sleep(_BREATH)
