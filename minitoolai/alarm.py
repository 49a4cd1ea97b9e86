"""A deadline that is moved with every chunk of a stream."""

import asyncio
import math
import time
from typing import Any


class Alarm:
    """Cancels the task that made it when it waits too long.

    As `asyncio.timeout`, but moving it costs an assignment: one timer looks now and then where the
    deadline is. A timer for each chunk was a fifth of what reading the chunk cost.
    """

    def __init__(self) -> None:
        self._until = math.inf
        self._looks_at = math.inf
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[Any] | None = asyncio.current_task()
        self._cancelled_before = self._task.cancelling() if self._task else 0
        self._has_rung = False

    def set(self, until: float) -> None:
        """Ring at a moment by the monotonic clock, unless `unset` comes before."""
        self._until = until
        if until < self._looks_at:
            self._look_at(until)

    def unset(self) -> None:
        self._until = math.inf

    def cancel(self) -> None:
        """Have it ring no more, and hold nothing."""
        self._until = self._looks_at = math.inf
        if self._timer:
            self._timer.cancel()
        self._timer = self._task = None

    def was_it(self) -> bool:
        """Whether the cancellation just caught is the alarm's own alone, and so not to be raised.

        Asked once for each cancellation.
        """
        if not self._has_rung or self._task is None:
            return False
        self._has_rung = False
        return self._task.uncancel() <= self._cancelled_before

    def _look_at(self, moment: float) -> None:
        if self._timer:
            self._timer.cancel()
        self._looks_at = moment
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(moment - time.monotonic(), self._look)

    def _look(self) -> None:
        self._timer, self._looks_at = None, math.inf
        if self._until == math.inf:
            return
        if time.monotonic() < self._until:
            self._look_at(self._until)
        elif self._task:
            self._has_rung = True
            self._task.cancel()
