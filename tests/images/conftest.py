import asyncio
import io
import re
import uuid
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async
from django.utils import timezone
from PIL import Image

from credit.models import Account, Hold
from images import jobs
from images.models import ImageJob, State
from minitoolai import Client, ImageRequest
from tests.upstream import KEY

EACH = 1_500_000
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Pictures of this test alone."""
    folder = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "images.storage.AtomicFileSystemStorage",
            "OPTIONS": {"location": folder, "base_url": None},
        },
    }
    return folder


@pytest.fixture
def order():
    """Book pictures for a person, under a new batch id unless one is given."""

    def order(user, prompt="A lighthouse on Texel", *, count=1, batch=None, **changes):
        values = {"model": "realvision", "steps": 1, "width": 256, "height": 256, **changes}
        image = ImageRequest(prompt=prompt, **values)
        return list(jobs.submit(user, batch=batch or uuid.uuid4(), image=image, count=count).jobs)

    return order


@pytest.fixture
def work(simulator):
    """Run rounds of the work loop; nobody waits for a due time, and leases do not run out."""

    async def rounds(count):
        client = Client(api_key=KEY, base_url=simulator.url)
        try:
            for _ in range(count):
                await database_sync_to_async(hurry)()
                await jobs.step(client)
                await jobs.drain()
        finally:
            await client.aclose()

    def work(count=4):
        asyncio.run(rounds(count))

    return work


def hurry():
    """Everything that nobody holds is due now."""
    ImageJob.objects.filter(claim_token=None, due_at__isnull=False).update(due_at=timezone.now())


def age(job, **time):
    """As if it had been handed over so long ago."""
    ImageJob.objects.filter(pk=job.pk).update(submitted_at=timezone.now() - timedelta(**time))


def let_lease_run_out(*jobs):
    """As if the process that held them had died a while ago."""
    past = timezone.now() - timedelta(seconds=1)
    ImageJob.objects.filter(pk__in=[job.pk for job in jobs]).update(due_at=past)


def state_of(job):
    job.refresh_from_db()
    return job.state


def money_of(user):
    """What was spent since the starting credit, and what is still reserved, in nano-USD."""
    account = Account.objects.get(user=user)
    started = sum(account.incoming.filter(hold=None).values_list("amount", flat=True))
    return started - account.balance, account.held


def open_holds():
    return Hold.objects.open().count()


def picture(width=256, height=256, format="PNG", **options):
    """The bytes of a small picture."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, format, **options)
    return out.getvalue()


@pytest.fixture
def finished(order, media):
    """A picture in the gallery, delivered without an upstream."""
    from images import files, queue, reports

    def finished(user, prompt="A lighthouse on Texel", *, data=None, **changes):
        [job] = order(user, prompt, **changes)
        [claimed] = queue.claim(room=1)
        reports.accept(claimed, jobid="1", signature="secret")
        claimed.refresh_from_db()
        reports.note([reports.Look(claimed, "http://upstream/secret.png")])
        [claimed] = queue.claim(room=0)
        assert claimed.state == State.SAVING
        stored = files.store(claimed, data or picture(job.width, job.height))
        assert reports.deliver(claimed, stored=stored)
        job.refresh_from_db()
        assert job.state == State.DONE
        return job

    return finished


@pytest.fixture
def as_alice(client, alice):
    client.force_login(alice)
    return client


def entry(**changes):
    """What the form sends."""
    return {
        "batch": str(uuid.uuid4()),
        "prompt": "A lighthouse on Texel",
        "negative_prompt": "",
        "model": "realvision",
        "size": "1152x768",
        "count": "1",
        "scheduler": "DPM++ SDE",
        "steps": "4",
        "cfg_scale": "2",
    } | changes


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())
