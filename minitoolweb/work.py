"""The background work: pictures, replies and holds that nobody minds any more, old sessions."""

from functools import partial
from importlib import import_module

from django.conf import settings

from chat import replies
from chat.threads import in_thread
from credit import allowances, ledger
from images import jobs
from minitoolai import Client, shared_client
from minitoolweb.loops import Loop

DAY = 24 * 3600.0  # seconds


def all_loops() -> list[Loop]:
    """What has to be done in the background."""
    is_sqlite = settings.DATABASES["default"]["ENGINE"] == settings.SQLITE
    alone = is_sqlite and not settings.REDIS_URL  # then nobody else owns a reply
    return [
        Loop(name="pictures", every=0.2, run=_move_pictures_on),
        Loop(name="replies", every=10, run=in_thread(partial(replies.sweep, alone=alone))),
        Loop(name="holds", every=30, run=in_thread(ledger.sweep)),
        Loop(name="allowances", every=600, run=in_thread(allowances.give_due)),
        Loop(name="sessions", every=DAY, run=in_thread(_clear_sessions)),
    ]


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
