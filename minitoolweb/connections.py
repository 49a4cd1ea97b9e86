"""The requests and sockets open in this process, so that a shutdown can end each politely.

Plain ASGI, thus the same under daphne and uvicorn.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

SERVICE_RESTART = 1012  # RFC 6455 registry: the server restarts, so connect again

SILENCE = 0.25  # seconds without a message after which a socket has said all


class Socket:
    """One open websocket; after `close` nothing more is sent on it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.is_closed = False
        self.last_sent = 0.0  # by the monotonic clock

    async def send(self, message: Message) -> None:
        if self.is_closed:
            return
        self.is_closed = message["type"] == "websocket.close"
        self.last_sent = time.monotonic()
        await self._send(message)

    async def close(self, code: int) -> None:
        """Close with `code`; one that was never accepted is refused with a 403."""
        await self.send({"type": "websocket.close", "code": code})


class Connections:
    """The ASGI application `inner`, with its open sockets and running requests counted."""

    def __init__(self, inner: Application) -> None:
        self._inner = inner
        self._sockets: set[Socket] = set()
        self._requests = 0
        self._changed = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._inner(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = Socket(send)
        self._sockets.add(socket)
        try:
            await self._inner({**scope, "socket": socket}, receive, socket.send)
        finally:
            self._sockets.discard(socket)
            self._changed.set()

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._requests += 1
        try:
            await self._inner(scope, receive, send)
        finally:
            self._requests -= 1
            self._changed.set()

    async def fall_silent(self, *, within: float) -> None:
        """Wait at most `within` seconds until no socket has something to say any more."""
        end = time.monotonic() + within
        while (now := time.monotonic()) < end:
            spoke = max((socket.last_sent for socket in self._sockets), default=0.0)
            if now - spoke >= SILENCE:
                return
            await asyncio.sleep(spoke + SILENCE - now)

    async def close_sockets(self, *, within: float) -> None:
        """Close every socket with 1012; wait at most `within` seconds until they are gone."""
        closing = [socket.close(SERVICE_RESTART) for socket in list(self._sockets)]
        await asyncio.gather(*closing, return_exceptions=True)
        await self._wait(lambda: not self._sockets, within)

    async def finish_requests(self, *, within: float) -> None:
        """Wait at most `within` seconds until no request is running."""
        await self._wait(lambda: not self._requests, within)

    async def _wait(self, is_done: Callable[[], bool], within: float) -> None:
        try:
            async with asyncio.timeout(within):
                while not is_done():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return


def past_the_session(inner: Application) -> Application:
    """Let `inner` send past Channels' session, which looks at each frame for nothing."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await inner(scope, receive, scope["socket"].send)

    return application


async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a server that asks; what starts and stops is `serve`'s own business."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
