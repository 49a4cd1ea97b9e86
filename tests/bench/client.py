"""What a streamed token costs: plain httpx, httpx over aiohttp, and our client, in CPU seconds.

Fifty streams at once from one server on loopback in a process of its own, a token an event and
paced as a model would; only the CPU time of the reading process counts. The first two read with
our decoder and `json.loads` and do no more: no deadlines, no caps, no typed events.
"""

import argparse
import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
import time

import httpx
from httpx_aiohttp import AiohttpTransport

from minitoolai import Client, Delta
from minitoolai.sse import EventDecoder
from tests.minitoolai.upstream import DONE, USAGE, chunk

STREAMS = 50
TOKENS = 200
ROUNDS = 3
PACE = 0.01  # seconds between two tokens of one stream
PATH = "/api/chat-completions/"


async def serve():
    """Streams TOKENS tokens to whoever asks, until stdin closes; prints its port."""
    token, end = chunk(" token"), chunk(finish="stop") + chunk(usage=USAGE) + DONE

    async def answer(reader, writer):
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                )
                await reader.readexactly(length)
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                    b"Transfer-Encoding: chunked\r\n\r\n"
                )
                for data in [token] * TOKENS + [end]:
                    writer.write(b"%x\r\n%s\r\n" % (len(data), data))
                    await asyncio.sleep(PACE)
                writer.write(b"0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


async def read_by_httpx(http, url):
    decoder, count = EventDecoder(max_event=2**20), 0
    async with http.stream("POST", url + PATH, json={"model": "gpt-4o", "messages": []}) as answer:
        async for piece in answer.aiter_raw():
            for data in decoder.feed(piece):
                if data != "[DONE]":
                    choices = json.loads(data)["choices"]
                    count += bool(choices and choices[0]["delta"].get("content"))
    return count


async def read_by_client(client):
    count = 0
    async for event in client.chat(model="gpt-4o", messages=[]):
        count += isinstance(event, Delta)
    return count


async def measure(read):
    """CPU seconds of this process for 1,000 tokens."""
    started = time.process_time()
    counts = await asyncio.gather(*(read() for _ in range(STREAMS)))
    spent = time.process_time() - started
    if counts != [TOKENS] * STREAMS:
        sys.exit(f"tokens were lost: {counts}")
    return spent / sum(counts) * 1_000


async def compare(url):
    limits = httpx.Limits(max_connections=1_000, max_keepalive_connections=1_000)
    client = Client(api_key="bench", base_url=url)
    async with (
        httpx.AsyncClient(limits=limits, trust_env=False) as plain,
        httpx.AsyncClient(
            transport=AiohttpTransport(limits=limits), trust_env=False
        ) as over_aiohttp,
        contextlib.aclosing(client),
    ):
        readers = {
            "plain httpx": lambda: read_by_httpx(plain, url),
            "httpx over aiohttp": lambda: read_by_httpx(over_aiohttp, url),
            "minitoolai.Client": lambda: read_by_client(client),
        }
        rounds = {name: [] for name in readers}
        for number in range(ROUNDS + 1):
            for name, read in readers.items():
                spent = await measure(read)
                if number:  # the first round only warms up
                    rounds[name].append(spent)
    return {name: round(statistics.median(spent), 4) for name, spent in rounds.items()}


def main():
    parser = argparse.ArgumentParser(prog="script/bench client", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
        return
    command = [sys.executable, "-m", "tests.bench.client", "--serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        port = int(server.stdout.readline())
        medians = asyncio.run(compare(f"http://127.0.0.1:{port}"))
        server.stdin.close()
    if options.json:
        facts = {"bench": "client", "streams": STREAMS, "tokens": TOKENS, "rounds": ROUNDS}
        print(json.dumps({**facts, "cpu_seconds_per_1000_tokens": medians}))
        return
    print(f"CPU s per 1,000 tokens, {STREAMS} streams, median of {ROUNDS} rounds")
    for name, median in medians.items():
        print(f"  {name:20} {median:.4f}")


if __name__ == "__main__":
    main()
