"""Somebody at a page: asks, looks on as static/js/chat.js does, drops, reloads, stops."""

import asyncio
import contextlib
import json
import re
import socket
import time
from collections import Counter
from dataclasses import dataclass, field

import aiohttp

from tests.bench.streaming.screen import Screen

TOKEN = "b" * 32  # one CSRF token for everybody
PATIENCE = 120  # seconds for an answer, kills and restarts included
READING = 5  # seconds between an answer and the next prompt, on average
SILENCE = 40  # seconds, as in static/js/connection.js
_TAG = re.compile(r"<[^>]*>")
_TURN = re.compile(r'data-reply="([0-9a-f-]{36})" data-state="(\w+)"')
_FAULTS = (
    "u3 times=1 retry_after=1",
    "u5 times=1",
    "u6",
    "u7 after={n}",
    "u8 after={n} as=close",
    "u8 after={n} as=chunked",
    "u8 after={n} as=cut",
    "u9 after={n} seconds=2",
    "u12 after={n} count=1",
    "u12 after={n} count=3",
    "u13 after={n}",
    "u14 as=split",
    "u15",
    "u16",
    "u18 as=missing",
    "u18 as=huge",
)


def prompt(number, dice):
    """ "reply 17 of …", perhaps with a fault."""
    wishes = [f"[[tokens:{dice.randint(20, 300)}]]", f"[[slow:{dice.randint(15, 50)}]]"]
    if dice.random() < 0.35:
        wishes.append(f"[[fault:{dice.choice(_FAULTS).format(n=dice.randint(1, 60))}]]")
    return f"reply {number} of the soak, with a table and some code {' '.join(wishes)}"


def legible(html):
    """How many characters of some HTML are text."""
    return len(_TAG.sub("", html))


@dataclass(eq=False)
class Page:
    """One tab: what it shows of each reply, over all its sockets."""

    http: aiohttp.ClientSession
    site: str
    session: str
    path: str  # "/c/<id>/"
    dice: object
    counts: Counter
    screen: Screen = field(default_factory=Screen)
    states: dict = field(default_factory=dict)  # reply → what the page takes its state to be
    html: str = ""  # as loaded
    news: asyncio.Event = field(default_factory=asyncio.Event)
    grown: dict = field(default_factory=dict)  # reply → [(moment, length of what one reads)]
    _tries: int = 0
    _last: str | None = None
    _socket: aiohttp.ClientWebSocketResponse | None = None

    async def open(self):
        await self.load()
        self._following = asyncio.create_task(self._follow())

    async def close(self):
        self._following.cancel()
        await asyncio.wait([self._following])

    async def load(self):
        """The page as the server makes it; tried again while there is no server."""
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with self.http.get(self.site + self.path, headers=self.headers()) as answer:
                    if answer.status == 200:
                        self.html = await answer.text()
                        break
                    self.counts[f"page {answer.status}"] += 1
            await asyncio.sleep(0.5)
        self.screen, self.states = Screen(), {}
        self.place(self.html)
        self._last = next(reversed(self.states), None)

    def place(self, html):
        self.screen.take({"t": "turns", "html": html}, time.monotonic())
        for reply, state in _TURN.findall(html):
            if self.states.get(reply, "streaming") == "streaming":
                self.states[reply] = state
        self.news.set()

    def headers(self):
        return {"Cookie": f"session={self.session}; csrf={TOKEN}", "Origin": self.site}

    async def reload(self):
        await self.close()
        await self.open()

    async def reopen(self):
        """After a reload that did not come to its end."""
        if self._following.done():
            await self.open()

    def drop(self):
        """The network takes the socket away; the page comes back by itself."""
        if self._socket is not None and (end := self._socket.get_extra_info("socket")):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    async def _follow(self):
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError, ConnectionError):
                await self._listen()
            self._last = next(reversed(self.states), None)
            pause = min(10.0, 0.5 * 2**self._tries)
            self._tries += 1
            await asyncio.sleep(pause * self.dice.uniform(0.5, 1.0))

    async def _listen(self):
        address = f"{self.site}/ws{self.path}"
        self._socket = None
        async with self.http.ws_connect(address, headers=self.headers()) as opened:
            self._socket = opened
            live = [reply for reply, state in self.states.items() if state == "streaming"]
            await opened.send_str(json.dumps({"watch": live, "last": self._last}))
            while (message := await opened.receive(timeout=SILENCE)).type == aiohttp.WSMsgType.TEXT:
                self._tries = 0
                self.hear(json.loads(message.data))
            self.counts[f"closed {opened.close_code}"] += 1

    def hear(self, frame):
        kind = frame["t"] if isinstance(frame, dict) else "step"
        if kind == "turns":
            self.place(frame["html"])
        elif kind == "end":
            self.screen.take(frame, time.monotonic())
            self.states[frame["id"]] = re.search(r'data-state="(\w+)"', frame["html"])[1]
            self.news.set()
        elif kind == "step":
            self.screen.take(frame, time.monotonic())
            self._note_lengths()

    def _note_lengths(self):
        for reply, state in self.states.items():
            if state == "streaming" and (shown := self.screen.replies.get(reply)):
                self.grown.setdefault(reply, []).append((time.monotonic(), legible(shown.html)))

    def difference(self, reply, html):
        """How what the page shows of a reply differs from its row's HTML; empty if it does not."""
        shown = self.screen.replies.get(reply)
        if shown is None or self.states.get(reply) == "streaming":
            return "not ended"
        if shown.end_html is None:  # it had ended when the page was loaded
            return "" if html in self.html else "not as loaded"
        if html not in shown.end_html:
            return f"another end: {shown.end_html[-300:]!r}"
        if shown.whole and shown.html != html:
            return f"other steps: {shown.html[-100:]!r}, not {html[-100:]!r}"
        return ""


@dataclass(eq=False)
class Person:
    """Asks again and again, in a new conversation after some prompts."""

    http: aiohttp.ClientSession
    sites: list
    session: str
    conversation: str
    dice: object
    numbers: object
    counts: Counter
    wrong: list
    seen: list = field(default_factory=list)  # closed pages, with whether they must show all

    async def live(self, until):
        path = f"/c/{self.conversation}/"
        while time.monotonic() < until:
            page = await self.open(path)
            for _ in range(self.dice.randint(3, 8)):
                await self.ask(page)
                if time.monotonic() > until:
                    break
                await asyncio.sleep(self.dice.expovariate(1 / READING))
            await page.close()
            self.seen.append((page, True))
            path = await self.begin()

    async def open(self, path):
        site = self.dice.choice(self.sites)
        page = Page(self.http, site, self.session, path, self.dice, self.counts)
        await page.open()
        return page

    async def begin(self):
        """A new conversation, by a prompt from the home page."""
        answer = await self.send("/", prompt(next(self.numbers), self.dice))
        return answer.headers["HX-Redirect"]

    async def send(self, path, text):
        """Until it is accepted, as one and the same sending."""
        form = {"text": text, "model": "gpt-4o-mini", "client_id": self._client_id()}
        while True:
            site = self.dice.choice(self.sites)
            headers = {"HX-Request": "true", "X-CSRFToken": TOKEN, "Origin": site}
            headers["Cookie"] = f"session={self.session}; csrf={TOKEN}"
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with self.http.post(site + path, data=form, headers=headers) as answer:
                    self.counts[f"POST {answer.status}"] += 1
                    await answer.read()
                    if answer.ok:
                        return answer
            await asyncio.sleep(self.dice.uniform(0.5, 1.5))

    def _client_id(self):
        return f"{self.dice.getrandbits(32):08x}-0000-4000-8000-{self.dice.getrandbits(48):012x}"

    async def ask(self, page):
        answer = await self.send(f"{page.path}messages/", prompt(next(self.numbers), self.dice))
        page.place(await answer.text())
        self.counts["prompts"] += 1
        second = await self.open(page.path) if self.dice.random() < 0.2 else None
        moments = asyncio.create_task(self.fidget(page))
        for watched in filter(None, (page, second)):
            if not await self._wait(watched):
                self.wrong.append(f"{page.path}: an answer did not end on the page")
        moments.cancel()
        await asyncio.wait([moments])
        await page.reopen()
        if second is not None:
            await second.close()
            self.seen.append((second, False))

    async def _wait(self, page):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not page.states or "streaming" in page.states.values():
                    page.news.clear()
                    await page.news.wait()
                return True
        return False

    async def fidget(self, page):
        """What people and networks do while an answer arrives."""
        while True:
            await asyncio.sleep(self.dice.expovariate(1 / 6))
            deed = self.dice.choice(("drop", "drop", "reload", "stop", "nothing"))
            self.counts[deed] += 1
            if deed == "drop":
                page.drop()
            elif deed == "reload":
                await page.reload()
            elif deed == "stop":
                await self.stop(page)

    async def stop(self, page):
        for reply, state in list(page.states.items()):
            if state == "streaming":
                address = f"{page.site}{page.path}messages/{reply}/stop/"
                headers = {"HX-Request": "true", "X-CSRFToken": TOKEN, **page.headers()}
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    async with self.http.post(address, headers=headers) as answer:
                        self.counts[f"stop {answer.status}"] += 1
