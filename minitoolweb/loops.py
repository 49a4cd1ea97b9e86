"""Loops that run side by side until they are told to stop, and never die silently."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

logger = structlog.get_logger(__name__)

LONGEST_BACK_OFF = 60.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """`run` once, then again `every` so many seconds; after a failure ever later, never not."""

    name: str
    every: float
    run: Callable[[], Awaitable[object]]


async def keep_running(loops: Sequence[Loop], *, until: asyncio.Event) -> None:
    """Run all loops side by side; returns when `until` is set and each has ended its round."""
    async with asyncio.TaskGroup() as group:
        for loop in loops:
            group.create_task(_keep_running(loop, until=until), name=f"work.{loop.name}")


async def _keep_running(loop: Loop, *, until: asyncio.Event) -> None:
    failures = 0
    while not until.is_set():
        try:
            await loop.run()
            failures = 0
        except Exception:
            failures += 1
            logger.exception("work.failed", loop=loop.name, failures=failures)
        await _pause(back_off(loop.every, failures=failures), until=until)


def back_off(every: float, *, failures: int) -> float:
    """Seconds to the next round: doubled by each failure in a row, up to a minute or `every`."""
    if not failures:
        return every
    return max(every, min(LONGEST_BACK_OFF, 2.0 ** min(failures, 6)))


async def _pause(seconds: float, *, until: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(seconds):
            await until.wait()
    except TimeoutError:
        return
