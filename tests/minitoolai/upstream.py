"""A raw upstream on loopback that answers exactly the bytes a test wants, or breaks as it wants."""

import asyncio
import contextlib
import json
import socket
import struct
from dataclasses import dataclass, field

from minitoolai import Delta

EVENT_STREAM = {"Content-Type": "text/event-stream"}


@dataclass
class Request:
    method: str
    path: str
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Connection:
    def __init__(self, reader, writer, request):
        self.reader, self.writer, self.request = reader, writer, request

    async def send(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, status=200, headers=EVENT_STREAM):
        """Starts an answer without a length: its body ends with the connection."""
        lines = [f"HTTP/1.1 {status} Whatever", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        await self.send("\r\n".join([*lines, "", ""]).encode())

    async def hung_up(self):
        """Returns when the client has closed its side."""
        with contextlib.suppress(ConnectionError):
            while await self.reader.read(65_536):
                pass

    def reset(self):
        """Cuts the connection with RST."""
        linger = struct.pack("ii", 1, 0)
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.writer.transport.abort()


@dataclass
class Upstream:
    """Each request is answered by the next script; the last script answers all that follow."""

    scripts: list = field(default_factory=list)
    requests: list = field(default_factory=list)
    connections: int = 0
    hellos: list = field(default_factory=list)
    port: int = 0
    scheme: str = "http"
    _tasks: set = field(default_factory=set)
    _server: asyncio.Server | None = None

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def answers(self, *scripts):
        self.scripts = list(scripts)

    async def start(self, *, ssl=None):
        self.scheme = "https" if ssl else "http"
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=ssl)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self):
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _accept(self, reader, writer):
        self._tasks.add(asyncio.current_task())
        self.connections += 1
        try:
            while await self._answer_one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _answer_one(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])
        }
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        request = Request(method, path, headers, body)
        self.requests.append(request)
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        return await script(Connection(reader, writer, request))


def plain(body, *, status=200, headers=None):
    """A whole answer with its length, on a connection that stays open."""
    body = body.encode() if isinstance(body, str) else body
    kept = {"Content-Type": "application/json", "Content-Length": len(body), **(headers or {})}

    async def script(connection):
        lines = [f"HTTP/1.1 {status} Whatever", *(f"{n}: {v}" for n, v in kept.items()), "", ""]
        await connection.send("\r\n".join(lines).encode() + body)
        return True

    return script


def stream(*pieces, headers=EVENT_STREAM, then=None):
    """A stream in these pieces, ended by closing; `then(connection)` does something else."""

    async def script(connection):
        await connection.head(headers=headers)
        for piece in pieces:
            await connection.send(piece)
            await asyncio.sleep(0)
        if then is not None:
            await then(connection)
        return False

    return script


async def stall(connection):
    await connection.hung_up()


async def reset(connection):
    # What was written must have left before RST throws it away.
    await asyncio.sleep(0.05)
    connection.reset()


async def cut(connection):
    """Answers nothing at all."""
    connection.reset()


async def endless(connection):
    """A valid stream without an end."""
    with contextlib.suppress(ConnectionError):
        while True:
            await connection.send(chunk("more "))
            await asyncio.sleep(0.01)


async def flood(connection):
    """As many bytes as the other side takes, in one line."""
    with contextlib.suppress(ConnectionError):
        while True:
            await connection.send(b"x" * 65_536)


def text_of(events):
    return "".join(event.text for event in events if isinstance(event, Delta))


def event(data):
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return f"data: {text}\n\n".encode()


def chunk(text=None, *, finish=None, usage=None, model="gpt-4o-mini-2024-07-18"):
    """An event shaped as on the provider's page."""
    delta = {} if text is None else {"content": text}
    choices = [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]
    return event(
        {
            "id": "chatcmpl-B5qoZsT8kFDNJK3UyGLiJmjv6Pp90",
            "object": "chat.completion.chunk",
            "created": 1740734359,
            "model": model,
            "service_tier": "default",
            "system_fingerprint": "fp_06737a9306",
            "choices": [] if usage else choices,
            "usage": usage,
        }
    )


USAGE = {
    "prompt_tokens": 17,
    "completion_tokens": 3,
    "total_tokens": 20,
    "prompt_tokens_details": {"cached_tokens": 4, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
}
DONE = event("[DONE]")


def reply(*texts, finish="stop", usage=USAGE):
    """All bytes of a good reply."""
    usage_event = chunk(usage=usage) if usage else b""
    return b"".join([*map(chunk, texts), chunk(finish=finish), usage_event, DONE])
