"""The spoiled courses of a stream: one class for each way in which a reply can go wrong."""

import itertools
import zlib
from collections.abc import Iterable

from simulator.directives import FaultCall
from simulator.shapes import DONE, dump
from simulator.stream import EVENT_STREAM, Broken, Course, Stream

_RAW_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\nconnection: close\r\n"
)


class Spoiled(Course):
    """A course that goes well until the piece number `after`."""

    default_after = 5

    def __init__(self, stream: Stream, *, call: FaultCall) -> None:
        super().__init__(stream)
        self.call = call
        self.after = int(call.number("after", self.default_after))
        self.kind = call.options.get("as", "")

    async def before(self, index: int) -> None:
        if index == self.after:
            await self.spoil()

    async def end(self) -> None:
        """A fault asked for later than the reply is long still happens."""
        if len(self.stream.sent) <= self.after:
            await self.spoil()
        await super().end()

    async def spoil(self) -> None:
        """What goes wrong."""


class Reset(Spoiled):
    """RST."""

    async def spoil(self) -> None:
        await self.wire.reset()
        raise Broken


class EndsEarly(Spoiled):
    """Clean end of the body without finish_reason and `[DONE]`.

    As `close` (no length, no chunks: the client cannot tell), `chunked` (a proper last chunk)
    or `cut` (the connection ends where a chunk should follow).
    """

    async def begin(self) -> None:
        if self.kind in ("chunked", "cut"):
            await super().begin()
        else:
            await self.wire.write_raw(_RAW_HEAD + b"\r\n")

    async def send(self, payload: bytes) -> None:
        if self.kind in ("chunked", "cut"):
            await super().send(payload)
        else:
            await self.wire.write_raw(b"data: " + payload + b"\n\n")

    async def spoil(self) -> None:
        self.stream.settle(f"fault {self.call.code}")
        if self.kind == "chunked":
            await self.wire.finish()
        else:
            await self.wire.cut()
        raise Broken


class Stalls(Spoiled):
    """Silence, for `seconds`; then it goes on as if nothing had been."""

    async def spoil(self) -> None:
        await self.wire.pause(self.call.number("seconds", 3_600))


class Trickles(Spoiled):
    """Byte after byte, `every` milliseconds, of an event that never ends."""

    async def spoil(self) -> None:
        await self.wire.write(b'data: {"id":"')
        while True:
            await self.wire.pause(self.call.number("every", 250) / 1_000)
            await self.wire.write(b"x")


class NeverEnds(Spoiled):
    """A valid stream without an end, deaf to `max_completion_tokens`."""

    def pieces(self) -> Iterable[str]:
        return itertools.cycle((*self.stream.reply.pieces, "\n\n"))

    async def before(self, index: int) -> None:
        """Nothing but its length is wrong."""


class Malformed(Spoiled):
    """`count` events in a row that are no JSON."""

    async def spoil(self) -> None:
        for _ in range(int(self.call.number("count", 1))):
            await self.send(b'{"id":"chatcmpl-broken","choices":[{"delta":{"content":')


class ErrorInside(Spoiled):
    """An error object as an event, and then the end."""

    async def spoil(self) -> None:
        self.stream.settle(f"fault {self.call.code}")
        error = {
            "message": "The server had an error while processing your request. Sorry about that!",
            "type": "server_error",
            "param": None,
            "code": None,
        }
        await self.send(dump({"error": error}))
        await self.wire.finish()
        raise Broken


class SplitBytes(Spoiled):
    """Each byte in a packet of its own; as `invalid`, one text holds bytes that are no UTF-8."""

    def pieces(self) -> Iterable[str]:
        return ("👩‍🚀", " é", " 𝄞", " ", *self.stream.reply.pieces)

    async def spoil(self) -> None:
        if self.kind == "invalid":
            good = self.stream.chunks.content(" ?")
            await self.wire.write(b"data: " + good.replace(b" ?", b" \xff\xfe\xc3") + b"\n\n")

    async def send(self, payload: bytes) -> None:
        for byte in b"data: " + payload + b"\n\n":
            await self.wire.write(bytes((byte,)))
            await self.wire.pause(0)


class OddFraming(Spoiled):
    """The same events, framed as the standard also allows; `as` names one way, else all in turn."""

    ways = ("cr", "crlf", "lf", "nospace", "comment", "multiline", "separators", "fields")

    def __init__(self, stream: Stream, *, call: FaultCall) -> None:
        super().__init__(stream, call=call)
        self._turn = itertools.cycle((self.kind,) if self.kind in self.ways else self.ways)

    def pieces(self) -> Iterable[str]:
        return ("one\u2028two\u0085three\u2029", *self.stream.reply.pieces)

    async def send(self, payload: bytes) -> None:
        await self.wire.write(self._frame(payload, way=next(self._turn)))

    def _frame(self, payload: bytes, *, way: str) -> bytes:
        if way == "multiline" and payload != DONE:
            middle = payload.index(b',"object"') + 1
            return b"data: " + payload[:middle] + b"\ndata: " + payload[middle:] + b"\n\n"
        return {
            "cr": b"data: " + payload + b"\r\r",
            "crlf": b"data: " + payload + b"\r\n\r\n",
            "nospace": b"data:" + payload + b"\n\n",
            "comment": b": keep-alive\n\n:\ndata: " + payload + b"\n\n\n",
            "fields": b"event: message\nid: 7\nretry: 1000\nodd\ndata: " + payload + b"\n\n",
        }.get(way, b"data: " + payload + b"\n\n")


class TalksOn(Spoiled):
    """`[DONE]` twice, and more events after it."""

    async def end(self) -> None:
        await super().end()
        await self.send(self.stream.chunks.content(" And another thing."))
        await self.send(self.stream.chunks.finish("stop"))
        await self.send(DONE)
        await self.send(DONE)


class TooLarge(Spoiled):
    """A line of `megabytes` (300), or as `gzip` a compression bomb of the same size."""

    _BLOCK = b"x" * 1_000_000

    async def begin(self) -> None:
        if self.kind == "gzip":
            await self.wire.start(200, headers={**EVENT_STREAM, "content-encoding": "gzip"})
        else:
            await super().begin()

    async def before(self, index: int) -> None:
        if self.kind == "gzip":
            await self._send_bomb()
        await super().before(index)

    async def spoil(self) -> None:
        await self.wire.write(b'data: {"id":"')
        for _ in range(self._megabytes()):
            await self.wire.write(self._BLOCK)
            await self.wire.pause(0)
        await self.wire.write(b'"}\n\n')

    async def _send_bomb(self) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        await self.wire.write(packer.compress(b'data: {"id":"'))
        for _ in range(self._megabytes()):
            await self.wire.write(packer.compress(self._BLOCK))
            await self.wire.pause(0)
        await self.wire.write(packer.flush())
        await self.wire.finish()
        raise Broken

    def _megabytes(self) -> int:
        return int(self.call.number("megabytes", 300))


class WrongUsage(Spoiled):
    """Usage that is `missing`, `negative`, `huge`, `text`, `float`, `null` or `empty`."""

    _KINDS: dict[str, object] = {
        "negative": {"prompt_tokens": -5, "completion_tokens": -7, "total_tokens": -12},
        "huge": {"prompt_tokens": 10**18, "completion_tokens": 10**18, "total_tokens": 2 * 10**18},
        "text": {"prompt_tokens": "17", "completion_tokens": "3", "total_tokens": "20"},
        "float": {"prompt_tokens": 1.5, "completion_tokens": 2.5, "total_tokens": 4.0},
        "null": {"prompt_tokens": None, "completion_tokens": None, "total_tokens": None},
        "empty": {},
    }

    async def send_usage(self, completion: int) -> None:
        if self.kind in self._KINDS:
            await self.send(self.stream.chunks.usage_as(self._KINDS[self.kind]))
