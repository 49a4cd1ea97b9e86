"""A fresh database for a benchmark in this process, and rows for it."""

import os
import random
import uuid
from contextlib import contextmanager
from datetime import timedelta

import psycopg

WORDS = ("lighthouse", "tulip", "harbour", "heron", "dike", "mill", "winter", "fog", "canal")
SIZES = [(1152, 768), (768, 1152), (1024, 1024), (1344, 768)]


@contextmanager
def fresh(folder, *, postgres, upstream):
    """Django set up on an empty, migrated database; a PostgreSQL one is dropped at the end."""
    name = f"bench_{uuid.uuid4().hex[:8]}"
    server = os.environ.get("TEST_DATABASE_URL", "")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "minitoolweb.settings",
        "DATA_DIR": str(folder),
        "ENV_FILE": os.devnull,
        "LOG_LEVEL": "ERROR",
        "MINITOOLAI_API_KEY": "bench",
        "MINITOOLAI_BASE_URL": upstream,
        "ALLOWED_HOSTS": "testserver",
        "DATABASE_URL": server.rpartition("/")[0] + f"/{name}" if postgres else "",
    }
    if postgres:
        _run(server, f"CREATE DATABASE {name}")
    try:
        _migrate()
        yield
    finally:
        if postgres:
            _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _run(server, statement):
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def _migrate():
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


def fill_gallery(user, *, count):
    """So many finished pictures over two years, without files; answers when the newest was made."""
    from django.utils import timezone

    from credit import ledger
    from credit.models import Hold, Price
    from images.models import ImageJob, State

    now = timezone.now()
    account = ledger.open_account(user)
    price = Price.objects.filter(kind="image").first()
    holds = Hold.objects.bulk_create(
        [
            Hold(
                account=account,
                kind="image",
                model="realvision",
                price=price,
                amount=0,
                state=Hold.State.VOIDED,
                cause=f"bench:{place}",
                lease_until=now,
                closed_at=now,
                day=now.date(),
            )
            for place in range(count)
        ],
        batch_size=2_000,
    )
    ImageJob.objects.bulk_create(
        (_picture(user, place, count, now=now, hold=hold, state=State.DONE))
        for place, hold in enumerate(holds)
    )
    return now


def _picture(user, place, count, *, now, hold, state):
    from images.models import ImageJob

    width, height = random.choice(SIZES)
    at = now - timedelta(days=730) * place / count
    return ImageJob(
        user=user,
        batch=uuid.uuid4(),
        created_at=at,
        submitted_at=at,
        finished_at=at,
        due_at=None,
        prompt=" ".join(random.choices(WORDS, k=6)),
        model=random.choice(["realvision", "dreamshaper", "amigo"]),
        width=width,
        height=height,
        real_width=width,
        real_height=height,
        state=state,
        hold=hold,
        price=1_500_000,
        charged=1_500_000,
        media_type="png",
        sha256="0" * 64,
        blur="data:image/webp;base64,UklGRg==",
    )
