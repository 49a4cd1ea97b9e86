"""The web servers `manage.py serve` can run: each module offers the same `run`.

`run(application, listener=…, main=…)` serves on the bound socket `listener` and returns when the
coroutine `main(stop_listening)` has ended, which alone decides when that is. Its errors are raised.
"""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

StopListening = Callable[[], Awaitable[None]]
Main = Callable[[StopListening], Coroutine[Any, Any, None]]

MAX_MESSAGE = 64 * 1024  # bytes of one websocket message from a browser
PING_EVERY = 20.0  # seconds
PONG_WITHIN = 20.0  # seconds
