"""Rare news for a person's open pages: a reply began or ended, another path is
shown, a sign-in may be over.

Within a process it goes straight to who listens; to other processes over the channel layer, one
group for all. Losing a notice loses nothing: chat.sockets looks for itself now and then.
"""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from channels.layers import get_channel_layer

from chat import bus
from chat.ownership import OWNER

logger = structlog.get_logger(__name__)

_GROUP = "notices"
# Seconds; a bus that accepts and never answers must not hold up anything, nor be asked too often.
_PATIENCE = 1.0
_REST = 2.0


@dataclass(frozen=True, kw_only=True)
class ReplyNotice:
    """A reply began or ended.

    Of one that began `html` are the turns, and `line` is its conversation's line in the sidebar of
    its own page, both rendered in `language`.
    """

    user_id: int
    conversation_id: uuid.UUID
    message_id: uuid.UUID
    is_beginning: bool
    html: str = ""
    line: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class PathNotice:
    """Another path through a conversation was chosen; at this message it turns off."""

    user_id: int
    conversation_id: uuid.UUID
    message_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class SignInNotice:
    """The person's sign-ins may be over: surely that of `session_key`, if it is named."""

    user_id: int
    session_key: str = ""


Notice = ReplyNotice | PathNotice | SignInNotice
Listener = Callable[[Notice], None]


class Board:
    """Where notices are put up; all of it happens on one event loop."""

    def __init__(self) -> None:
        self._listeners: dict[int, set[Listener]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._hearing: asyncio.Task[None] | None = None

    def listen(self, user_id: int, listener: Listener) -> None:
        self._listeners.setdefault(user_id, set()).add(listener)
        if bus.is_in_use() and (self._hearing is None or self._hearing.done()):
            self._hearing = asyncio.create_task(self._hear())

    def forget(self, user_id: int, listener: Listener) -> None:
        listeners = self._listeners.get(user_id, set())
        listeners.discard(listener)
        if not listeners:
            self._listeners.pop(user_id, None)

    def tell(self, notice: Notice) -> None:
        """Tell every open page of a person, in this process and in the others."""
        self._put_up(notice)
        if bus.is_in_use():
            task = asyncio.create_task(_publish(notice))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _put_up(self, notice: Notice) -> None:
        for listener in list(self._listeners.get(notice.user_id, ())):
            listener(notice)

    async def _hear(self) -> None:
        """Put up what other processes tell, for as long as somebody listens here."""
        while self._listeners:
            try:
                await self._hear_until_lost()
            except Exception as error:
                logger.warning("notices.lost", error=type(error).__name__)
                await asyncio.sleep(_REST)

    async def _hear_until_lost(self) -> None:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(_GROUP, channel)
        while self._listeners:
            event = await layer.receive(channel)
            if event["owner"] != OWNER:
                self._put_up(_read(event))


board = Board()
tell = board.tell


async def _publish(notice: Notice) -> None:
    event = {"type": "notice", "owner": OWNER, **_written(notice)}
    try:
        async with asyncio.timeout(_PATIENCE):
            await get_channel_layer().group_send(_GROUP, event)
    except Exception as error:
        logger.warning("notice.lost", notice=type(notice).__name__, error=type(error).__name__)


def _written(notice: Notice) -> dict[str, Any]:
    if isinstance(notice, SignInNotice):
        return {"user": notice.user_id, "session": notice.session_key}
    written = {
        "user": notice.user_id,
        "conversation": str(notice.conversation_id),
        "message": str(notice.message_id),
    }
    if isinstance(notice, ReplyNotice):
        written["is_beginning"] = notice.is_beginning
    return written


def _read(event: dict[str, Any]) -> Notice:
    if "session" in event:
        return SignInNotice(user_id=event["user"], session_key=event["session"])
    about: dict[str, Any] = {
        "user_id": event["user"],
        "conversation_id": uuid.UUID(event["conversation"]),
        "message_id": uuid.UUID(event["message"]),
    }
    if "is_beginning" in event:
        return ReplyNotice(is_beginning=event["is_beginning"], **about)
    return PathNotice(**about)
