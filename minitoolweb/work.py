"""The work loops: pictures, replies and holds that nobody minds any more, sessions run out."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

import structlog
from channels.db import database_sync_to_async
from django.conf import settings

from chat import replies
from credit import ledger
from images import jobs
from minitoolai import Client, shared_client

logger = structlog.get_logger(__name__)

LONGEST_BACK_OFF = 60.0  # seconds
DAY = 24 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """`run` once, then again `every` so many seconds; after a failure ever later, never not."""

    name: str
    every: float
    run: Callable[[], Awaitable[object]]


def all_loops(*, alone: bool) -> list[Loop]:
    """What has to be done in the background; `alone` when no other process shares the database."""
    return [
        Loop(name="pictures", every=0.5, run=_move_pictures_on),
        Loop(name="replies", every=10, run=in_thread(partial(replies.sweep, alone=alone))),
        Loop(name="holds", every=30, run=in_thread(ledger.sweep)),
        Loop(name="sessions", every=DAY, run=in_thread(_clear_sessions)),
    ]


def in_thread(function: Callable[[], object]) -> Callable[[], Awaitable[object]]:
    """A database function for the event loop, in a thread of its own; leaves no connection open."""
    call: Any = database_sync_to_async(function, thread_sensitive=False)
    return call  # type: ignore[no-any-return]


async def _move_pictures_on() -> None:
    await jobs.step(client())


def client() -> Client:
    """This loop's client of the upstream."""
    return shared_client(
        base_url=settings.MINITOOLAI_BASE_URL,
        api_key=settings.MINITOOLAI_API_KEY,
        image_hosts=settings.IMAGE_HOSTS,
    )


async def close_client() -> None:
    await client().aclose()


def _clear_sessions() -> None:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


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
