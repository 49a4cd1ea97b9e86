"""The load: people with a page each, who send prompts and keep every frame with its arrival.

Frames are only parsed and kept while the clock runs; what they did to a page is replayed after.
"""

import asyncio
import contextlib
import json
import random
import re
import time
from dataclasses import dataclass, field

import aiohttp
import psutil

from tests.bench.streaming.relay import END
from tests.bench.streaming.upstream import PACE, THINKING, prompt
from tests.page import kind

TOKEN = "b" * 32  # one CSRF token for everybody
OPENING = 20  # sockets being opened at the same time
PATIENCE = 40.0  # seconds beyond the time a reply needs


@dataclass
class Ask:
    number: int
    count: int
    at: float
    sent: bool = False
    failure: str = ""
    message: str = ""


@dataclass
class Person:
    """Somebody on the conversation page of our server."""

    http: aiohttp.ClientSession
    site: str  # where the socket is
    post_to: str  # where POSTs go: another process, perhaps
    session: str
    conversation: str
    asks: list = field(default_factory=list)
    frames: list = field(default_factory=list)
    broken: int = 0  # sockets that the server closed
    _ended: set = field(default_factory=set)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self):
        await self._connect()
        self._listening = asyncio.create_task(self._follow())

    async def close(self):
        self._listening.cancel()
        await self._socket.close()

    async def ask(self, number, count):
        ask = Ask(number, count, time.monotonic())
        self.asks.append(ask)
        try:
            async with asyncio.timeout(count / PACE + PATIENCE):
                ask.message = await self._send(number, count)
                ask.sent = True
                while ask.message not in self._ended:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            ask.failure = "not answered to its end"
        except (aiohttp.ClientError, LookupError) as error:
            ask.failure = f"not sent: {error!r}"

    async def _send(self, number, count):
        form = {"text": prompt(number, count), "model": "gpt-4o-mini"}
        form["client_id"] = f"00000000-0000-4000-8000-{number:012}"
        url = f"{self.post_to}/c/{self.conversation}/messages/"
        headers = {"HX-Request": "true", "X-CSRFToken": TOKEN, **self._headers(self.post_to)}
        async with self.http.post(url, data=form, headers=headers) as answer:
            html = await answer.text()
            if answer.status != 200:
                raise LookupError(f"{answer.status} {html[:200]}")
        self.frames.append((time.monotonic(), {"t": "turns", "html": html}))
        return re.search(r'data-reply="([0-9a-f-]+)"', html)[1]

    async def _connect(self):
        url = f"{self.site}/ws/c/{self.conversation}/"
        self._socket = await self.http.ws_connect(url, headers=self._headers(self.site))
        live = [ask.message for ask in self.asks if ask.message and ask.message not in self._ended]
        await self._socket.send_str(json.dumps({"watch": live}))

    async def _follow(self):
        """Listen, and connect again when the server closes, as the page's script does."""
        while True:
            await self._listen()
            self.broken += 1
            await asyncio.sleep(random.uniform(0.25, 0.5))
            with contextlib.suppress(aiohttp.ClientError):
                await self._connect()

    async def _listen(self):
        async for message in self._socket:
            at = time.monotonic()
            frame = json.loads(message.data)
            self.frames.append((at, frame))
            if kind(frame) == "end":
                self._ended.add(frame["id"])
                self._news.set()

    def _headers(self, origin):
        return {"Cookie": f"session={self.session}; csrf={TOKEN}", "Origin": origin}


@dataclass
class Listener(Person):
    """Somebody on the relay: a prompt goes up the socket, END ends its reply."""

    session: str = ""
    conversation: str = ""

    async def _connect(self):
        self._socket = await self.http.ws_connect(self.site)

    async def _send(self, number, count):
        self._answering = str(number)
        await self._socket.send_str(prompt(number, count))
        return self._answering

    async def _listen(self):
        async for message in self._socket:
            if message.data != END:
                frame = {"id": self._answering, "text": message.data}
                self.frames.append((time.monotonic(), frame))
            else:
                self._ended.add(self._answering)
                self._news.set()


@contextlib.asynccontextmanager
async def pages(people):
    """All their sockets open, a few at a time."""
    gate = asyncio.Semaphore(OPENING)

    async def open_one(person):
        async with gate:
            await person.open()

    await asyncio.gather(*(open_one(person) for person in people))
    try:
        yield
    finally:
        await asyncio.gather(*(person.close() for person in people), return_exceptions=True)


def client():
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=60),
    )


@dataclass
class Meter:
    """CPU and memory of some processes, their threads included but not their children."""

    pids: list
    rss: int = 0
    lag: list = field(default_factory=list)  # of the load itself: how late its own clock is

    def __post_init__(self):
        self._processes = [psutil.Process(pid) for pid in self.pids]

    def cpu(self):
        times = [process.cpu_times() for process in self._processes]
        return sum(each.user + each.system for each in times)

    async def watch(self):
        while True:
            due = time.monotonic() + 0.1
            await asyncio.sleep(0.1)
            self.lag.append(time.monotonic() - due)
            if len(self.lag) % 5 == 0:
                rss = sum(process.memory_info().rss for process in self._processes)
                self.rss = max(self.rss, rss)


@dataclass(frozen=True)
class Plan:
    """How many replies at once, how long, and how many one after the other."""

    size: int
    count: int  # tokens of a reply
    asks: int

    @property
    def ramp(self):
        """Seconds from the first person's first prompt to the last one's."""
        return THINKING + self.count / PACE

    @property
    def window(self):
        """Seconds from the start in which `size` replies run, ending and beginning evenly."""
        return self.ramp, self.ramp * self.asks


async def steady(people, plan, meter):
    """Everybody asks `asks` times; returns the window as moments, and its CPU seconds."""
    start = time.monotonic()

    async def go_on(place, person):
        await asyncio.sleep(plan.ramp * place / plan.size)
        for turn in range(plan.asks):
            await person.ask(turn * plan.size + place, plan.count)

    running = asyncio.gather(*(go_on(place, person) for place, person in enumerate(people)))
    cpu, moments = [], []
    for seconds in plan.window:
        await asyncio.sleep(start + seconds - time.monotonic())
        cpu.append(meter.cpu())
        moments.append(time.monotonic())
    await running
    return moments, cpu[1] - cpu[0]


async def burst(people, *, first_number, count, rate):
    """Everybody sends, `rate` a second; returns when all replies have ended."""

    async def one(place, person):
        await asyncio.sleep(place / rate)
        await person.ask(first_number + place, count)

    await asyncio.gather(*(one(place, person) for place, person in enumerate(people)))
