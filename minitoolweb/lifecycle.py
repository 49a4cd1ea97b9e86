"""One process from ready to gone: it works until a signal, then ends without breaking a promise.

Nothing depends on this for correctness (a killed process is swept up after); it spares people the
interruption. The second signal ends at once, and so does the watchdog if anything hangs.
"""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import connections as databases

from chat.runner import runner
from gateway.calls import calls
from images import jobs
from minitoolweb import health, work
from minitoolweb.connections import Connections
from minitoolweb.loops import Loop, keep_running
from minitoolweb.servers import StopListening

logger = structlog.get_logger(__name__)

SOCKETS_WITHIN = 1.0  # seconds for browsers to answer the closing of their socket
LAST_WORDS = 1.0  # seconds for the ends of replies to reach those who watch
LAST_VISITS = 2.0  # seconds that pictures get when replies took all of the grace time
SPARE = 5.0  # seconds beyond the grace time, then the watchdog ends the process


def end_on_signals() -> asyncio.Event:
    """An event set by the first SIGTERM or SIGINT; a second one ends the process at once."""
    asked = asyncio.Event()

    def receive(number: int) -> None:
        if asked.is_set():
            os._exit(128 + number)
        asked.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, receive, number)
    return asked


async def serve_until_told(
    stop_listening: StopListening,
    *,
    connections: Connections,
    loops: list[Loop],
    greet: Callable[[], None],
) -> None:
    """The main coroutine of a server process; `loops` may be none."""
    asked = end_on_signals()
    working = asyncio.create_task(keep_running(loops, until=asked))
    greet()
    await asked.wait()
    watch_the_end()
    left = Countdown(settings.SHUTDOWN_GRACE)
    logger.info("shutdown.begun", grace=settings.SHUTDOWN_GRACE)
    health.draining.set()
    await stop_listening()
    await asyncio.gather(runner.drain(left()), calls.drain(left()))
    await connections.finish_requests(within=left())
    await connections.fall_silent(within=LAST_WORDS)
    await connections.close_sockets(within=SOCKETS_WITHIN)
    await _end_work(working, left=left)
    logger.info("shutdown.finished")


async def work_until_told(loops: list[Loop], *, greet: Callable[[], None]) -> None:
    """The main coroutine of a process that only works."""
    asked = end_on_signals()
    working = asyncio.create_task(keep_running(loops, until=asked))
    greet()
    await asked.wait()
    watch_the_end()
    await _end_work(working, left=Countdown(settings.SHUTDOWN_GRACE))


class Countdown:
    """Called, it tells the seconds that are left of the time it was made with."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def __call__(self) -> float:
        return max(0.0, self._end - time.monotonic())


async def _end_work(working: asyncio.Task[None], *, left: Countdown) -> None:
    """Let the round under way end, and the pictures being fetched; then let go of connections."""
    await asyncio.wait([working], timeout=left())
    working.cancel()
    await asyncio.wait([asyncio.ensure_future(jobs.drain())], timeout=max(left(), LAST_VISITS))
    await work.close_client()
    await asyncio.to_thread(_close_databases)


def _close_databases() -> None:
    databases.close_all()
    for database in databases.all(initialized_only=True):
        if hasattr(database, "close_pool"):
            database.close_pool()


def watch_the_end() -> None:
    """Whatever hangs, be gone soon after the grace time."""
    watchdog = threading.Timer(settings.SHUTDOWN_GRACE + SPARE, os._exit, [1])
    watchdog.daemon = True
    watchdog.start()
