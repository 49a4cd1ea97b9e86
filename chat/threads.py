"""Where synchronous database work runs when asynchronous code asks for it."""

from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import sync_to_async

P = ParamSpec("P")
R = TypeVar("R")


def in_thread(function: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """The function for async code, in a pool of threads: no socket waits for another's database.

    Channels' own helper runs them all in one thread, where one slow write stalls everybody.
    """
    return sync_to_async(function, thread_sensitive=False)
