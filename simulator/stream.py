"""One streamed reply: paced like a real model, billed once, however it ends."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from minitoolai import tokens
from simulator.dice import Dice
from simulator.shapes import DONE, Chunks
from simulator.wire import HungUp, Wire

EVENT_STREAM = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    "x-accel-buffering": "no",
}

# Tokens a second, and milliseconds until the first one, of each model at pace 1.
_RATES = {"gpt-4o": 58, "gpt-4o-mini": 66, "gpt-4.1": 45, "gpt-4.1-mini": 72, "gpt-4.1-nano": 80}
_FIRST = (300, 600)

Bill = Callable[[int, str], None]  # completion tokens, ending


class Broken(Exception):
    """A fault has ended the stream."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What will be said: valid UTF-8 pieces of whole tokens, and why it ends there."""

    model: str
    prompt_tokens: int
    completion_tokens: int
    pieces: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds until the first token and between tokens; `unsteady` is the share of jitter."""

    first: float
    between: float
    unsteady: float = 0.5


@dataclass(slots=True)
class Stream:
    """A reply under way. `sent` is what went out; it is billed by `settle`, once."""

    wire: Wire
    reply: Reply
    pace: Pace
    bill: Bill
    chunks: Chunks
    sent: list[str] = field(default_factory=list)
    _billed: int | None = None

    def settle(self, ending: str) -> int:
        """Bills prompt and what was sent; returns the completion tokens."""
        if self._billed is None:
            self._billed = self._count_sent()
            self.bill(self._billed, ending)
        return self._billed

    def _count_sent(self) -> int:
        if len(self.sent) == len(self.reply.pieces):
            return self.reply.completion_tokens
        return tokens.count_text("".join(self.sent))


class Course:
    """How a stream goes when nothing is wrong. A fault overrides the step that it spoils."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.wire = stream.wire

    def pieces(self) -> Iterable[str]:
        return self.stream.reply.pieces

    async def begin(self) -> None:
        await self.wire.start(200, headers=EVENT_STREAM)

    async def before(self, index: int) -> None:
        """Called before the piece with this index."""

    async def send(self, payload: bytes) -> None:
        await self.wire.write(b"data: " + payload + b"\n\n")

    async def end(self) -> None:
        """After the last piece. Billed before the client can know that it ended."""
        await self.send(self.stream.chunks.finish(self.stream.reply.reason))
        completion = self.stream.settle("normal")
        await self.send_usage(completion)
        await self.send(DONE)

    async def send_usage(self, completion: int) -> None:
        prompt = self.stream.reply.prompt_tokens
        await self.send(self.stream.chunks.usage(prompt=prompt, completion=completion))

    async def close(self) -> None:
        await self.wire.finish()


async def run(course: Course, *, fault: str | None) -> None:
    """Streams to the end, the fault or the hang-up; billed in each case."""
    stream = course.stream
    try:
        await _run_whole(course)
    except Broken:
        stream.settle(f"fault {fault}")
    except HungUp:
        stream.settle(f"client hung up, fault {fault}" if fault else "client hung up")
    finally:
        stream.settle("cut short")
        stream.wire.stop_watching()


async def _run_whole(course: Course) -> None:
    stream = course.stream
    await course.begin()
    await stream.wire.pause(stream.pace.first)
    clock = _Clock(stream.pace, seed="".join(stream.reply.pieces[:8]))
    for index, piece in enumerate(course.pieces()):
        await course.before(index)
        await course.send(stream.chunks.content(piece))
        stream.sent.append(piece)
        await stream.wire.pause(clock.wait())
    await course.end()
    await course.close()


def pace_for(model: str, *, factor: float, seed: object) -> Pace:
    first = Dice("first", model, seed).whole(*_FIRST) / 1_000
    return Pace(first=first * factor, between=factor / _RATES[model])


class _Clock:
    """Says how long to wait, so that lateness does not add up."""

    def __init__(self, pace: Pace, *, seed: str) -> None:
        self._pace = pace
        self._dice = Dice("jitter", seed)
        self._now = asyncio.get_running_loop().time
        self._due = self._now()

    def wait(self) -> float:
        spread = self._pace.unsteady
        step = self._pace.between
        self._due += step * self._dice.between(1 - spread, 1 + spread) if step else 0.0
        late = self._now() - self._due
        if late > 1:  # a stalled reader: go on from here rather than rush
            self._due += late
        return max(0.0, -late)
