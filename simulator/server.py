"""Runs the simulator on uvicorn, and lends its endpoints the socket for faults."""

import asyncio
import os
import signal
import sys
import threading
from functools import partial
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from simulator.app import App
from simulator.wire import CONNECTION, Receive, Scope, Send


class OpenProtocol(H11Protocol):
    """Names the transport in the scope of each request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._inner = self.app
        self.app = self._with_connection

    def is_busy(self) -> bool:
        """Is a request being answered?"""
        return self.cycle is not None and not self.cycle.response_complete

    async def _with_connection(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"] = {CONNECTION: self.transport}
        await self._inner(scope, receive, send)


class Server(uvicorn.Server):
    """Says when it listens, can shut its doors for a while, and ends at once when told to."""

    def __init__(self, app: App, *, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                http=OpenProtocol,
                ws="none",
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=2,
            )
        )
        app.house.doors = self
        self._reopening: asyncio.Task[None] | None = None

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets=sockets)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        self._address = (host, port)
        shown = f"[{host}]" if ":" in host else host
        print(f"simulator ready at http://{shown}:{port}", flush=True)  # noqa: T201

    async def shutdown(self, sockets: Any = None) -> None:
        """Whoever is still being answered loses the connection, and is billed for what was sent."""
        if self._reopening:
            self._reopening.cancel()
        self._drop_connections(busy=True)
        await super().shutdown(sockets=sockets)

    def shut(self, seconds: float) -> None:
        """Refuses connections for so many seconds; answers under way go on."""
        for server in self.servers:
            server.close()
        self._drop_connections(busy=False)
        self._reopening = asyncio.create_task(self._reopen(seconds))

    async def _reopen(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        make = partial(
            OpenProtocol,
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )
        host, port = self._address
        self.servers = [await asyncio.get_running_loop().create_server(make, host, port)]

    def _drop_connections(self, *, busy: bool) -> None:
        for connection in list(self.server_state.connections):
            if isinstance(connection, OpenProtocol) and connection.is_busy() == busy:
                connection.transport.abort()


def serve(app: App, *, host: str, port: int, exit_with_stdin: bool) -> None:
    """Runs until a signal, or the end of stdin when that is asked for."""
    server = Server(app, host=host, port=port)
    signal.signal(signal.SIGTERM, _leave)  # uvicorn raises the signal again when it has stopped
    if exit_with_stdin:
        threading.Thread(target=_stop_at_end_of_input, args=(server,), daemon=True).start()
    try:
        server.run()
    except KeyboardInterrupt:
        return


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _stop_at_end_of_input(server: Server) -> None:
    while os.read(0, 4_096):
        pass
    server.should_exit = True
