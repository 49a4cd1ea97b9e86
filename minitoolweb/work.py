"""The background work: pictures, replies and holds that nobody minds any more, old sessions."""

from datetime import timedelta
from functools import partial
from importlib import import_module

from django.conf import settings
from django.utils import timezone

from chat import replies
from chat.threads import in_thread
from credit import alerts, allowances, ledger, telling
from credit.models import Alert
from images import bin, jobs
from images.models import ImageJob
from minitoolai import Client, shared_client
from minitoolweb.loops import Loop

DAY = 24 * 3600.0  # seconds
STILL = timedelta(minutes=5)


def all_loops() -> list[Loop]:
    """What has to be done in the background."""
    is_sqlite = settings.DATABASES["default"]["ENGINE"] == settings.SQLITE
    alone = is_sqlite and not settings.REDIS_URL  # then nobody else owns a reply
    return [
        Loop(name="pictures", every=0.2, run=_move_pictures_on),
        Loop(name="replies", every=10, run=in_thread(partial(replies.sweep, alone=alone))),
        Loop(name="holds", every=30, run=in_thread(ledger.sweep)),
        Loop(name="allowances", every=600, run=in_thread(allowances.give_due)),
        Loop(name="alerts", every=60, run=in_thread(_alert)),
        Loop(name="bin", every=3600, run=in_thread(bin.sweep)),
        Loop(name="sessions", every=DAY, run=in_thread(_clear_sessions)),
    ]


async def _move_pictures_on() -> None:
    await jobs.step(client())


def _alert() -> None:
    """Find what is new, and tell of it; mail and webhook wait in no transaction."""
    alerts.look()
    now = timezone.now()
    if ImageJob.objects.stand_still(now - STILL):
        hour = alerts.hour_of(now)
        alerts.note([Alert(kind=Alert.Kind.SILENCE, thing="pictures", period=hour)])
    telling.tell_due()


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
