"""One HTTP exchange as the simulator sees it: plain ASGI, plus the socket itself for faults."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from simulator.refusals import Refused, bad_request

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = Mapping[str, str]

CONNECTION = "simulator.connection"

# Longer sleeps watch for a hang-up meanwhile; shorter ones look up afterwards.
_BLINK = 0.05


class HungUp(Exception):
    """The client closed the connection."""


class Wire:
    """Reads one request, writes one answer, notices when the client has gone."""

    def __init__(self, scope: Scope, *, receive: Receive, send: Send) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: str = scope["query_string"].decode("latin-1")
        self.client: tuple[str, int] | None = scope["client"]
        self.headers: dict[str, str] = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        self.started = False
        self._transport: asyncio.Transport | None = scope.get("extensions", {}).get(CONNECTION)
        self._receive = receive
        self._send = send
        self._gone: asyncio.Task[None] | None = None

    async def read(self, *, limit: int) -> bytes:
        """The body; refused with 413 above `limit` bytes."""
        parts: list[bytes] = []
        size, more = 0, True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise HungUp
            size += len(message["body"])
            if size > limit:
                raise bad_request("Request body is too large.", status=413)
            parts.append(message["body"])
            more = message["more_body"]
        return b"".join(parts)

    async def read_json(self, *, limit: int) -> dict[str, Any]:
        raw = await self.read(limit=limit)
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            raise bad_request("We could not parse the JSON body of your request.") from None
        if not isinstance(body, dict):
            raise bad_request("The JSON body of your request must be an object.")
        return body

    async def start(self, status: int, *, headers: Headers) -> None:
        self.started = True
        pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": pairs})

    async def write(self, data: bytes) -> None:
        if self.has_hung_up():
            raise HungUp
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def finish(self) -> None:
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def answer(self, status: int, *, body: bytes, headers: Headers) -> None:
        """A whole answer at once."""
        await self.start(status, headers={"content-length": str(len(body)), **headers})
        await self._send({"type": "http.response.body", "body": body, "more_body": False})

    async def answer_json(
        self, body: object, *, status: int = 200, headers: Headers | None = None
    ) -> None:
        raw = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
        await self.answer(
            status, body=raw, headers={"content-type": "application/json", **(headers or {})}
        )

    async def refuse(self, refused: Refused) -> None:
        await self.answer_json(refused.body, status=refused.status, headers=refused.headers)

    def watch(self) -> None:
        """From here on `pause` and `write` notice a hang-up. Call it when the body is read."""
        self._gone = asyncio.create_task(self._wait_until_gone())

    def stop_watching(self) -> None:
        if self._gone:
            self._gone.cancel()

    def has_hung_up(self) -> bool:
        return self._gone is not None and self._gone.done()

    async def pause(self, seconds: float) -> None:
        """Sleeps; raises HungUp as soon as the client has gone."""
        if self._gone and seconds > _BLINK:
            await asyncio.wait({self._gone}, timeout=seconds)
        else:
            await asyncio.sleep(max(0.0, seconds))
        if self.has_hung_up():
            raise HungUp

    async def write_raw(self, data: bytes) -> None:
        """Past the HTTP framing, straight to the socket."""
        if self.has_hung_up():
            raise HungUp
        self.started = True
        self._socket_transport().write(data)
        await asyncio.sleep(0)

    async def cut(self) -> None:
        """Ends the connection in order (FIN), wherever the answer stands."""
        self._socket_transport().close()
        await self._wait_until_gone()

    async def reset(self) -> None:
        """Ends the connection by RST; what was written before is given time to arrive."""
        transport = self._socket_transport()
        while transport.get_write_buffer_size():
            await self.pause(_BLINK)
        await self.pause(_BLINK)
        linger = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        transport.abort()
        await self._wait_until_gone()

    def _socket_transport(self) -> asyncio.Transport:
        if self._transport is None:
            raise RuntimeError("this fault needs the socket: run `python -m simulator`")
        return self._transport

    async def _wait_until_gone(self) -> None:
        if self._gone and asyncio.current_task() is not self._gone:
            await asyncio.wait({self._gone})
            return
        while (await self._receive())["type"] != "http.disconnect":
            pass
