"""Is the process alive, and can it serve? For load balancers, containers and `script/server`."""

import asyncio
import tempfile
import threading
from collections.abc import Awaitable, Callable

import structlog
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from minitoolweb.version import VERSION

logger = structlog.get_logger(__name__)

PROBE_TIMEOUT = 3.0  # seconds


# Set when the process was told to shut down and takes no new work.
draining = threading.Event()


@never_cache
@require_safe
async def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok", "version": VERSION})


@never_cache
@require_safe
async def readyz(request: HttpRequest) -> JsonResponse:
    """200 when everything needed to serve works, else 503 naming what does not."""
    if draining.is_set():
        return JsonResponse({"status": "draining"}, status=503)
    outcomes = await asyncio.gather(*(_works(name, probe) for name, probe in PROBES.items()))
    checks = dict(zip(PROBES, outcomes, strict=True))
    is_ready = all(outcomes)
    return JsonResponse(
        {
            "status": "ok" if is_ready else "failing",
            "checks": {name: "ok" if works else "failed" for name, works in checks.items()},
        },
        status=200 if is_ready else 503,
    )


async def _works(name: str, probe: Callable[[], Awaitable[None]]) -> bool:
    try:
        await asyncio.wait_for(probe(), PROBE_TIMEOUT)
    except Exception as error:
        logger.warning("readyz.failed", check=name, error=repr(error))
        return False
    return True


async def _database() -> None:
    await sync_to_async(_select_one, thread_sensitive=False)()


def _select_one() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()  # this thread is nobody's request, so nobody else would


async def _media() -> None:
    await asyncio.to_thread(_write_to_media)


def _write_to_media() -> None:
    settings.MEDIA_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT) as file:
        file.write(b"ready")
        file.flush()


async def _channel_layer() -> None:
    if settings.REDIS_URL:  # the in-memory layer cannot fail
        await get_channel_layer().send("readyz", {"type": "probe"})


PROBES: dict[str, Callable[[], Awaitable[None]]] = {
    "database": _database,
    "media": _media,
    "channel_layer": _channel_layer,
}
