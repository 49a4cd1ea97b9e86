"""Where synchronous database work runs when asynchronous code asks for it."""

from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async

P = ParamSpec("P")
R = TypeVar("R")


def in_thread(function: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """The function for async code, in a pool of threads: no socket waits for another's database.

    By default all such calls of a process share one thread, where a slow write stalls everybody.
    """
    call: Callable[P, Coroutine[Any, Any, R]]
    call = database_sync_to_async(function, thread_sensitive=False)
    return call
