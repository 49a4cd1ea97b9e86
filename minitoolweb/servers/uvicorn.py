"""uvicorn: lighter per socket, for who outgrows daphne."""

import asyncio
import contextlib
import socket
from collections.abc import Generator

import uvicorn

from minitoolweb.connections import Application
from minitoolweb.servers import MAX_MESSAGE, PING_EVERY, PONG_WITHIN, Main


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave signals to `serve`."""
        yield

    async def stop_listening(self) -> None:
        for server in self.servers:
            server.close()


def run(application: Application, *, listener: socket.socket, main: Main) -> None:
    config = uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        loop="uvloop",
        ws="websockets-sansio",
        ws_max_size=MAX_MESSAGE,
        ws_ping_interval=PING_EVERY,
        ws_ping_timeout=PONG_WITHIN,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=1,
    )
    asyncio.run(_serve(_Server(config), listener=listener, main=main))


async def _serve(server: _Server, *, listener: socket.socket, main: Main) -> None:
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await main(server.stop_listening)
    finally:
        server.should_exit = True
        await serving
