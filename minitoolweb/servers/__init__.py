"""The web servers `manage.py serve` can run: each module offers the same `run`.

`run(application, listener=…, main=…)` serves on the bound socket `listener` and returns when the
coroutine `main(stop_listening)` has ended, which alone decides when that is. Its errors are raised.
"""

import asyncio
import importlib
import socket
from collections.abc import Awaitable, Callable, Coroutine
from types import ModuleType
from typing import Any

import uvloop

StopListening = Callable[[], Awaitable[None]]
Main = Callable[[StopListening], Coroutine[Any, Any, None]]

MAX_MESSAGE = 64 * 1024  # bytes of one websocket message from a browser
PING_EVERY = 20.0  # seconds
PONG_WITHIN = 20.0  # seconds
# A reader that takes nothing for so long is dropped by the kernel; a server would wait for ever.
STALLED_AFTER = 15_000  # milliseconds


def load(name: str) -> ModuleType:
    """One of the servers, on uvloop; once for a process, as daphne makes its loop on import."""
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    return importlib.import_module(f"minitoolweb.servers.{name}")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket whose connections cannot stall; raises OSError where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=1024)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; connections inherit it
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED_AFTER)
    return listener
