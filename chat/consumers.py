"""The socket of a conversation page: snapshot, then follow. Nothing that costs money goes up it.

Up: `{"watch": [ids of the replies the page shows as unfinished]}`, once it is open.
Down: `turns`, `step`, `end`, `swap`, `beat`. Close codes: 4400 not understood, 4401 signed out,
4404 not yours or gone, 4500 a fault of ours, 1012 restart.
"""

import asyncio
import contextlib
import json
import uuid
from collections.abc import Coroutine
from typing import Any

import structlog
from channels.generic.websocket import AsyncWebsocketConsumer

from accounts import sessions
from accounts.models import User
from chat import notices, pages, watching
from chat.threads import in_thread

logger = structlog.get_logger(__name__)

SIGNED_OUT = 4401
NOT_FOUND = 4404
NOT_UNDERSTOOD = 4400
FAULT = 4500
BEAT_INTERVAL = 15.0
# Seconds a send may take before the reader counts as gone.
_SEND_PATIENCE = 10.0
_MOST_WATCHED = 20


class SocketGone(Exception):
    """The browser is not there any more; nothing is wrong."""


class ConversationConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    def __init__(self, *args: Any, beat_interval: float = BEAT_INTERVAL, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._beat_interval = beat_interval

    # --- protocol ---

    async def connect(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._following: set[uuid.UUID] = set()
        self._language = pages.language_of(self.scope["query_string"])
        await self.accept()
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close(code=SIGNED_OUT)
            return
        self._user_id: int = user.pk
        self._conversation_id: uuid.UUID = self.scope["url_route"]["kwargs"]["conversation_id"]
        # Subscribe before looking: what begins in between is then seen twice, never missed.
        await notices.listen(self._user_id, self.channel_name)
        if not await in_thread(pages.exists)(user, self._conversation_id):
            await self.close(code=NOT_FOUND)
            return
        self._spawn(self._beat())

    async def disconnect(self, code: int) -> None:
        for task in self._tasks:
            task.cancel()
        user: User = self.scope["user"]
        if user.is_authenticated:
            await notices.forget(user.pk, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            shown = [uuid.UUID(each) for each in json.loads(text_data or "")["watch"]]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            await self.close(code=NOT_UNDERSTOOD)
            return
        self._spawn(self._catch_up(shown[:_MOST_WATCHED]))

    # --- notices from the channel layer ---

    async def notice(self, event: dict[str, Any]) -> None:
        message_id = uuid.UUID(event["message"])
        here = event["conversation"] == str(self._conversation_id)
        if event["kind"] == "reply.begun" and here:
            self._spawn(self._show_turns(message_id))
        self._spawn(self._refresh(uuid.UUID(event["conversation"])))

    # --- following ---

    async def _catch_up(self, shown: list[uuid.UUID]) -> None:
        """Follow what the page shows as unfinished, and show what began since it was made."""
        now = await in_thread(pages.to_follow)(self.scope["user"], self._conversation_id, shown)
        for message_id in now:
            if message_id in shown:
                self._follow(message_id)
            else:
                await self._show_turns(message_id)

    def _follow(self, message_id: uuid.UUID) -> None:
        if message_id not in self._following:
            self._following.add(message_id)
            self._spawn(self._send_frames(message_id))

    async def _send_frames(self, message_id: uuid.UUID) -> None:
        try:
            async for frame in watching.frames(message_id):
                await self._send(frame)
            ended = await in_thread(pages.ended_turn)(message_id, language=self._language)
            await self._send({"t": "end", "id": str(message_id), **ended})
        finally:
            self._following.discard(message_id)

    async def _show_turns(self, message_id: uuid.UUID) -> None:
        html = await in_thread(pages.pair_html)(message_id, language=self._language)
        await self._send({"t": "turns", "html": html})
        self._follow(message_id)

    async def _refresh(self, conversation_id: uuid.UUID) -> None:
        html = await in_thread(pages.side_html)(
            self._user_id, conversation_id, here=self._conversation_id, language=self._language
        )
        await self._send({"t": "swap", "html": html})

    async def _beat(self) -> None:
        """Show that the socket lives, for as long as its sign-in does."""
        user, session = self.scope["user"], self.scope["session"]
        while await in_thread(sessions.still_holds)(session.session_key, user):
            await asyncio.sleep(self._beat_interval)
            await self._send({"t": "beat"})
        await self.close(code=SIGNED_OUT)

    # --- plumbing ---

    async def _send(self, frame: dict[str, Any]) -> None:
        text = json.dumps(frame, ensure_ascii=False)
        try:
            async with asyncio.timeout(_SEND_PATIENCE):
                await self.send(text_data=text)
        except Exception as error:
            raise SocketGone from error  # each server has its own error for a closed socket

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._watched(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watched(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a task of this socket; a failure is logged and the browser told to come back."""
        try:
            await work
        except SocketGone:
            return
        except Exception:
            logger.exception("socket.failed", conversation=str(self._conversation_id))
            with contextlib.suppress(Exception):
                await self.close(code=FAULT)
