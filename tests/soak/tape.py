"""A relay before the upstream that keeps every byte the upstream sent."""

import asyncio
import contextlib
import json
import re

from minitoolai.sse import EventDecoder

_NUMBER = re.compile(rb"reply (\d+) of")
_CHUNK = re.compile(rb"([0-9a-fA-F]+)[^\n]*\r\n")


class Tape:
    """`url` is its address. A prompt is known by its number: "reply 17 of …"."""

    def __init__(self, upstream_port):
        self._to = upstream_port
        self._answers = {}  # number → its answers, each as it came

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *error):
        self._server.close()

    def said(self, number):
        """The texts of all answers to a prompt."""
        return [_text(bytes(answer)) for answer in self._answers.get(number, [])]

    async def _connect(self, ours, to_ours):
        upstream, to_upstream = await asyncio.open_connection("127.0.0.1", self._to)
        asked = bytearray()
        pumps = [
            asyncio.create_task(self._ask(ours, to_upstream, asked)),
            asyncio.create_task(self._answer(upstream, to_ours, asked)),
        ]
        with contextlib.suppress(OSError):
            done, _ = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            is_broken = any(pump.exception() for pump in done)
            for pump in pumps:
                pump.cancel()
            if is_broken:
                to_ours.transport.abort()
        for writer in (to_ours, to_upstream):
            writer.close()

    async def _ask(self, ours, to_upstream, asked):
        while data := await ours.read(65536):
            asked += data
            to_upstream.write(data)

    async def _answer(self, upstream, to_ours, asked):
        answer = bytearray()
        while data := await upstream.read(65536):
            if asked:  # a new request on this connection, and these are the first bytes for it
                answer = bytearray()
                if numbers := _NUMBER.findall(asked):  # of the whole history: the last is meant
                    self._answers.setdefault(int(numbers[-1]), []).append(answer)
                asked.clear()
            answer += data
            to_ours.write(data)
            await to_ours.drain()


def _text(raw):
    """The words of an answer, however it was framed and wherever it was cut."""
    head, _, body = raw.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        return ""
    if b"transfer-encoding: chunked" in head.lower():
        body = _joined(body)
    said = []
    for data in EventDecoder(max_event=1 << 20).feed(body):
        with contextlib.suppress(ValueError):
            event = json.loads(data) if data != "[DONE]" else None
            if event is None:
                break
            if choices := event.get("choices"):
                said.append(choices[0]["delta"].get("content") or "")
    return "".join(said)


def _joined(body):
    parts, at = [], 0
    while match := _CHUNK.match(body, at):
        size = int(match[1], 16)
        parts.append(body[match.end() : match.end() + size])
        at = match.end() + size + 2
    return b"".join(parts)
