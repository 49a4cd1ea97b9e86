"""Where synchronous database work runs when asynchronous code asks for it, and the way back.

The threads are kept, and on SQLite each keeps its connection: opening one costs more than the
work. No thread asks for another while it works, so a bounded pool of connections cannot run dry.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from functools import partial
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, close_old_connections, connection

P = ParamSpec("P")
R = TypeVar("R")

_THREADS = 8
_WORKERS = ThreadPoolExecutor(_THREADS, thread_name_prefix="database")
# The loop that waits for the work at hand.
_home: ContextVar[asyncio.AbstractEventLoop] = ContextVar("home")


def in_thread(
    function: Callable[P, R], *, workers: Executor = _WORKERS
) -> Callable[P, Coroutine[Any, Any, R]]:
    """The function for async code, in one of a few threads: no socket waits for the database."""

    async def call(*args: P.args, **kwargs: P.kwargs) -> R:
        loop = asyncio.get_running_loop()
        context = copy_context()
        context.run(_home.set, loop)
        work = partial(context.run, _with_a_fresh_connection, partial(function, *args, **kwargs))
        return await loop.run_in_executor(workers, work)

    return call


def _with_a_fresh_connection(work: Callable[[], R]) -> R:
    close_old_connections()
    try:
        return work()
    except OperationalError:
        replace_dead_connections()
        raise
    finally:
        close_old_connections()


def replace_dead_connections() -> None:
    """One that died, say as PostgreSQL was restarted, is seldom the only one in the pool."""
    pool = getattr(connection, "pool", None)
    if pool is not None and not pool.closed:
        pool.check()


def soon(function: Callable[..., object], *args: object) -> bool:
    """Call a function on the event loop, from a thread that works for it.

    False when there is no loop, as in a command: then other processes will find out by themselves.
    """
    loop = _home.get(None)
    if loop is not None:
        loop.call_soon_threadsafe(function, *args)
    return loop is not None
