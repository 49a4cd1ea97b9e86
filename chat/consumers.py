"""The socket of a conversation page: snapshot, then follow. Nothing that costs money goes up it.

Up: `{"watch": [ids of the replies the page shows as unfinished], "last": id of its last turn}`,
once it is open, and when a beat names another last turn.
Down: `turns`, `step`, `end`, `swap`, `beat`; an array is a short `step` (chat.live).
Close codes: 4400 not understood, 4401 signed out, 4404 not yours or gone, 4429 too many messages,
4500 a fault of ours, 1012 restart.
"""

import asyncio
import contextlib
import itertools
import json
import time
import uuid
from collections.abc import Coroutine
from typing import Any

import structlog
from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from accounts import sessions
from chat import pages, watching
from chat.notices import Notice, PathNotice, ReplyNotice, SignInNotice, board
from chat.sockets import Sockets
from chat.threads import in_thread

logger = structlog.get_logger(__name__)

SIGNED_OUT = 4401
NOT_FOUND = 4404
NOT_UNDERSTOOD = 4400
TOO_MANY = 4429
FAULT = 4500
_MOST_WATCHED = 20
# A page says one thing for each time it connects.
_MOST_MESSAGES = 30
_PERIOD = 10.0  # seconds

sockets = Sockets()
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class SocketGone(Exception):
    """The browser is not there any more; nothing is wrong."""


class ConversationConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    channel_layer_alias = ""  # none: a socket must open while Redis is down

    def __init__(self, *args: Any, sockets: Sockets = sockets, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sockets = sockets

    # --- protocol ---

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As Channels does, but without a change of threads for each message."""
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._following: dict[uuid.UUID, asyncio.Task[None]] = {}
        self._messages = (0.0, 0)
        self._numbers = itertools.count(1)  # of the replies on this socket
        self._language = pages.language_of(self.scope["query_string"])
        await self.accept()
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close(code=SIGNED_OUT)
            return
        self.user_id: int = user.pk
        self.session_key: str = self.scope["session"].session_key
        self.conversation_id: uuid.UUID = self.scope["url_route"]["kwargs"]["conversation_id"]
        # Subscribe before looking: what begins in between is then seen twice, never missed.
        board.listen(self.user_id, self._hear)
        if not await in_thread(pages.exists)(user, self.conversation_id):
            await self.close(code=NOT_FOUND)
            return
        self._sockets.add(self)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        """As Channels does, but without a change of threads."""
        for task in self._tasks:
            task.cancel()
        self._sockets.discard(self)
        if self.scope["user"].is_authenticated:
            board.forget(self.user_id, self._hear)
        raise StopConsumer

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self._says_too_much():
            await self.close(code=TOO_MANY)
            return
        try:
            said = json.loads(text_data or "")
            shown = [uuid.UUID(each) for each in said["watch"]]
            last = uuid.UUID(said["last"]) if said.get("last") else None
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            await self.close(code=NOT_UNDERSTOOD)
            return
        self._spawn(self._catch_up(shown[:_MOST_WATCHED], last))

    def _says_too_much(self) -> bool:
        since, count = self._messages
        now = time.monotonic()
        self._messages = (since, count + 1) if now - since < _PERIOD else (now, 1)
        return self._messages[1] > _MOST_MESSAGES

    # --- what chat.sockets and chat.notices ask for ---

    async def beat(self, tip_id: uuid.UUID | None) -> None:
        """Show that the socket lives, and which turn is the last, should the page lack it."""
        with contextlib.suppress(SocketGone):
            await self._send({"t": "beat", "tip": str(tip_id or "")})

    async def sign_out(self) -> None:
        """End what the sign-in allowed; the page goes to sign in again."""
        with contextlib.suppress(Exception):
            await self.close(code=SIGNED_OUT)

    def show(self, message_id: uuid.UUID) -> None:
        """Follow a live reply of this conversation, should the page not know of it yet."""
        if message_id not in self._following:
            self._spawn(self._show_missed(message_id))

    def _hear(self, notice: Notice) -> None:
        if isinstance(notice, SignInNotice):
            self._spawn(self._doubt_sign_in(notice))
            return
        is_here = notice.conversation_id == self.conversation_id
        if isinstance(notice, PathNotice):
            if is_here:
                self._spawn(self._show_branch(notice.message_id))
            return
        if notice.is_beginning and is_here:
            self._spawn(self._show_begun(notice))
        else:
            self._spawn(self._refresh(notice))

    async def _doubt_sign_in(self, notice: SignInNotice) -> None:
        if notice.session_key != self.session_key:
            held = await in_thread(sessions.that_hold)({self.session_key})
            if held.get(self.session_key) == self.user_id:
                return
        await self.sign_out()

    # --- following ---

    async def _catch_up(self, shown: list[uuid.UUID], last: uuid.UUID | None) -> None:
        """Follow what the page shows as unfinished, and show what came since it was made."""
        news = await in_thread(pages.news)(
            self.scope["user"],
            self.conversation_id,
            shown=shown,
            last=last,
            language=self._language,
        )
        if news.html:
            await self._send({"t": "turns", "html": news.html})
        for message_id in news.live:
            if message_id not in self._following:
                self._follow(message_id)

    async def _show_branch(self, message_id: uuid.UUID) -> None:
        """Show the path that somebody has chosen, from the message where it turns off."""
        news = await in_thread(pages.branch)(message_id, language=self._language)
        await self._send({"t": "turns", "html": news.html})
        for message_id in news.live:
            self._follow(message_id)

    def _follow(self, message_id: uuid.UUID) -> None:
        """Follow a reply from its beginning; whoever followed it already begins anew."""
        if earlier := self._following.pop(message_id, None):
            earlier.cancel()
        self._following[message_id] = self._spawn(self._send_frames(message_id))

    async def _send_frames(self, message_id: uuid.UUID) -> None:
        try:
            async for frame in watching.frames(message_id, number=next(self._numbers)):
                await self._send(frame)
            ended = await in_thread(pages.ended_turn)(message_id, language=self._language)
            await self._send({"t": "end", "id": str(message_id), **ended})
        finally:
            if self._following.get(message_id) is asyncio.current_task():
                del self._following[message_id]

    async def _show_begun(self, notice: ReplyNotice) -> None:
        if notice.language == self._language:
            await self._send({"t": "turns", "html": notice.html})
            self._follow(notice.message_id)
            await self._send({"t": "swap", "html": notice.line})
        else:
            await self._show_turns(notice.message_id)
            await self._refresh(notice)

    async def _show_missed(self, message_id: uuid.UUID) -> None:
        """Show a reply whose notice was lost; one that ended meanwhile was followed to its end."""
        is_missed = await in_thread(pages.is_live_and_shown)(message_id)
        if is_missed and message_id not in self._following:
            await self._show_turns(message_id)

    async def _show_turns(self, message_id: uuid.UUID) -> None:
        html = await in_thread(pages.pair_html)(message_id, language=self._language)
        await self._send({"t": "turns", "html": html})
        self._follow(message_id)

    async def _refresh(self, notice: ReplyNotice) -> None:
        html = await in_thread(pages.side_html)(
            self.user_id,
            notice.conversation_id,
            here=self.conversation_id,
            is_paid=not notice.is_beginning,
            language=self._language,
        )
        await self._send({"t": "swap", "html": html})

    # --- plumbing ---

    async def _send(self, frame: dict[str, Any] | str) -> None:
        """Send when there is room; a reader that takes nothing is dropped by the kernel."""
        text = frame if isinstance(frame, str) else _encode(frame)
        try:
            await self.base_send({"type": "websocket.send", "text": text})
        except Exception as error:
            raise SocketGone from error  # each server has its own error for a closed socket

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(self._watched(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())  # of a task that was cancelled at once
        return task

    async def _watched(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a task of this socket; a failure is logged and the browser told to come back."""
        try:
            await work
        except SocketGone:
            return
        except Exception:
            logger.exception("socket.failed", conversation=str(self.conversation_id))
            with contextlib.suppress(Exception):
                await self.close(code=FAULT)
