"""A paced upstream in a process of its own: 30 tokens/s a stream, each moment of sending noted.

A prompt is "reply NUMBER of COUNT tokens". `GET /times` gives for each reply when it was asked and
when each token left (the monotonic clock, which Linux has all processes share), and forgets them.
"""

import asyncio
import contextlib
import json
import re
import sys

from tests.bench.streaming.words import deltas
from tests.minitoolai.upstream import DONE, chunk

PACE = 30.0  # tokens per second of one stream
THINKING = 0.3  # seconds before the first token
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
BEFORE, AFTER = chunk("¶").split(json.dumps("¶", ensure_ascii=False).encode())


def prompt(number, count):
    return f"reply {number} of {count} tokens"


class Stream:
    """One reply; callbacks rather than a task, for 15,000 tokens a second take little then."""

    def __init__(self, writer, number, count):
        self.loop = asyncio.get_running_loop()
        self.writer = writer
        self.pieces = [_framed(_event(text)) for text in deltas(number, count)]
        self.asked = self.loop.time()
        self.sent = []
        self.ended = self.loop.create_future()
        usage = {"prompt_tokens": 17, "completion_tokens": count, "total_tokens": 17 + count}
        self.end = _framed(chunk(finish="stop") + chunk(usage=usage) + DONE) + b"0\r\n\r\n"
        writer.write(HEAD)
        self.loop.call_at(self.asked + THINKING, self.step)

    def step(self):
        if self.writer.is_closing():
            self.ended.cancel()
            return
        self.sent.append(self.loop.time())
        self.writer.write(self.pieces[len(self.sent) - 1])
        if len(self.sent) < len(self.pieces):
            due = self.asked + THINKING + len(self.sent) / PACE
            self.loop.call_at(due, self.step)
        else:
            self.writer.write(self.end)
            self.ended.set_result(None)


def _event(text):
    return BEFORE + json.dumps(text, ensure_ascii=False).encode() + AFTER


def _framed(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


class Upstream:
    def __init__(self):
        self.streams = {}

    async def answer(self, reader, writer):
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head, body = await _request(reader)
                if head.startswith(b"GET /times"):
                    self._tell_times(writer)
                else:
                    said = json.loads(body)["messages"][-1]["content"]
                    number, count = map(int, re.findall(r"\d+", said))
                    stream = self.streams[number] = Stream(writer, number, count)
                    with contextlib.suppress(asyncio.CancelledError):
                        await stream.ended
        writer.close()

    def _tell_times(self, writer):
        times = {
            number: {"asked": stream.asked, "sent": [round(at, 5) for at in stream.sent]}
            for number, stream in self.streams.items()
        }
        self.streams.clear()
        body = json.dumps(times).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


async def _request(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    return head, await reader.readexactly(int(length[1])) if length else b""


async def main():
    """Serves until stdin closes; prints its port."""
    server = await asyncio.start_server(Upstream().answer, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
