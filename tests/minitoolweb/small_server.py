"""Runs an echo application under the server module named on the command line, until told to end.

It prints its port, then reads commands: `deaf` stops listening, `close` closes the sockets with
1012, `end` ends the main coroutine, `fail` makes it raise.
"""

import asyncio
import sys

from minitoolweb.connections import Connections, lifespan
from minitoolweb.servers import listen, load


async def echo(scope, receive, send):
    if scope["type"] == "lifespan":
        await lifespan(scope, receive, send)
    elif scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})
    else:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] != "websocket.disconnect":
            if message["text"] == "flood":
                await flood(send)
            await send({"type": "websocket.send", "text": message["text"]})


async def flood(send):
    """Send 64 MB as fast as they are taken, and print how many were taken before each."""
    for sent in range(64):
        print(sent, flush=True)
        await send({"type": "websocket.send", "text": "x" * 1_000_000})


def main(server):
    connections = Connections(echo)
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]

    async def obey(stop_listening):
        print(port, flush=True)
        while (command := (await asyncio.to_thread(sys.stdin.readline)).strip()) != "end":
            if command == "deaf":
                await stop_listening()
            elif command == "close":
                await connections.close_sockets(within=5)
            elif command == "fail":
                raise RuntimeError("as told")
            print("done", flush=True)

    load(server).run(connections, listener=listener, main=obey)
    print("ended", flush=True)


main(sys.argv[1])
