"""The floor: a bare Channels consumer that passes each delta on, under daphne or uvicorn as it is.

No people, no database, no markdown. `python -m tests.bench.streaming.relay SERVER UPSTREAM`; the
text of a message from the browser is the prompt; a frame of END alone ends the reply.
"""

import asyncio
import json
import os
import socket
import sys
import threading

import aiohttp
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter
from django.conf import settings

END = "\0"  # an empty frame would do, but daphne leaves it out
sessions = []


def session():
    if not sessions:
        sessions.append(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
    return sessions[0]


class Relay(AsyncWebsocketConsumer):
    async def receive(self, text_data=None, bytes_data=None):
        self.task = asyncio.create_task(self.stream(text_data))

    async def stream(self, prompt):
        body = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": prompt}]}
        async with session().post(f"{sys.argv[2]}/api/chat-completions/", json=body) as answer:
            async for line in answer.content:
                if line.startswith(b"data: {"):
                    choices = json.loads(line[6:])["choices"]
                    if choices and (text := choices[0]["delta"].get("content")):
                        await self.send(text_data=text)
        await self.send(text_data=END)


def run_daphne(application, listener):
    from daphne.server import Server

    Server(application, endpoints=[f"fd:fileno={listener.fileno()}"], signal_handlers=False).run()


def run_uvicorn(application, listener):
    import uvicorn

    config = uvicorn.Config(application, log_level="warning", lifespan="off")
    uvicorn.Server(config).run(sockets=[listener])


def end_with_stdin():
    sys.stdin.read()
    os._exit(0)


def main():
    settings.configure()
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    threading.Thread(target=end_with_stdin, daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    run = {"daphne": run_daphne, "uvicorn": run_uvicorn}[sys.argv[1]]
    run(ProtocolTypeRouter({"websocket": Relay.as_asgi()}), listener)


if __name__ == "__main__":
    main()
