"""Pictures from order to gallery: `submit` books them, `step` moves all of them on."""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from credit import ledger, prices
from credit.models import Kind
from credit.opening import Key
from images import queue, recipes, reports
from images.models import PENDING, ImageJob, State
from images.reports import Look
from images.visits import visit
from minitoolai import Client, ImageRequest

VISITS = 256  # at the same time in one process
FETCHES = 8  # downloads besides: each takes memory, and a core to verify
PATIENCE = 0.25  # seconds that a round waits for its visits


class AlreadyOrdered(Exception):
    """This batch id was used before, for other pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    jobs: Sequence[ImageJob]
    is_new: bool


def submit(
    user: User,
    *,
    batch: uuid.UUID,
    image: ImageRequest,
    count: int = 1,
    request_id: str = "",
    key: Key | None = None,
) -> Order:
    """Order `count` pictures of one recipe; raises what `submit_set` raises."""
    images = [image] * count
    return submit_set(user, batch=batch, images=images, request_id=request_id, key=key)


def submit_set(
    user: User,
    *,
    batch: uuid.UUID,
    images: Sequence[ImageRequest],
    request_id: str = "",
    key: Key | None = None,
) -> Order:
    """Reserve the money for all these pictures and put them in the queue, all or none.

    The same batch again returns what it ordered before. Raises InsufficientCredit (for a model's
    sum), LimitReached, ModelNotPriced, InvalidRecipe and AlreadyOrdered. Never calls the upstream.
    """
    images = [recipes.complete(image) for image in images]
    try:
        with transaction.atomic():
            return _earlier(user, batch, images) or _book(
                user, batch=batch, images=images, request_id=request_id, key=key
            )
    except IntegrityError:
        if order := _earlier(user, batch, images):
            return order
        raise


def retry(job: ImageJob, *, request_id: str = "") -> ImageJob:
    """Order a picture that did not come once more, and let the old order leave the gallery.

    However often it is asked for, one is ordered. Raises what `submit` raises.
    """
    if job.is_pending or job.is_done:
        return job
    with transaction.atomic():
        again = uuid.uuid5(job.pk, "retry")
        order = submit(job.user, batch=again, image=job.recipe, request_id=request_id)
        dismiss(job)
    return order.jobs[0]


def dismiss(job: ImageJob) -> None:
    """An order without a picture leaves the gallery; it may still come late, and then returns."""
    gone = ImageJob.objects.shown().filter(pk=job.pk).exclude(state__in=[*PENDING, State.DONE])
    gone.update(binned_at=timezone.now())


def _earlier(user: User, batch: uuid.UUID, images: Sequence[ImageRequest]) -> Order | None:
    jobs = list(ImageJob.objects.for_user(user).filter(batch=batch).order_by("number"))
    if jobs and [job.recipe for job in jobs] != list(images):
        raise AlreadyOrdered
    return Order(jobs=jobs, is_new=False) if jobs else None


def _book(
    user: User,
    *,
    batch: uuid.UUID,
    images: Sequence[ImageRequest],
    request_id: str,
    key: Key | None,
) -> Order:
    now = timezone.now()
    jobs = [_job(image, number=number, now=now) for number, image in enumerate(images, start=1)]
    for model, alike in _by_model(jobs).items():
        price = prices.current(model, kind=Kind.IMAGE).flat
        holds = ledger.hold_each(
            user,
            kind=Kind.IMAGE,
            model=model,
            amount=price,
            causes=[f"images:job:{job.pk}" for job in alike],
            request_id=request_id,
            lease=queue.HOLD_LEASE,
            key=key,
        )
        for job, hold in zip(alike, holds, strict=True):
            job.hold, job.price = hold, price
    for job in jobs:
        job.user, job.batch, job.request_id = user, batch, request_id
    ImageJob.objects.bulk_create(jobs)
    return Order(jobs=jobs, is_new=True)


def _by_model(jobs: Sequence[ImageJob]) -> dict[str, list[ImageJob]]:
    alike: dict[str, list[ImageJob]] = {}
    for job in jobs:
        alike.setdefault(job.model, []).append(job)
    return alike


def _job(image: ImageRequest, *, number: int, now: datetime) -> ImageJob:
    return ImageJob(
        number=number,
        # A microsecond apart: their order is the same in the queue and in the gallery.
        created_at=now + timedelta(microseconds=number),
        due_at=now,
        prompt=image.prompt,
        negative_prompt=image.negative_prompt or "",
        model=image.model,
        scheduler=image.scheduler or "",
        steps=image.steps or 0,
        cfg_scale=Decimal(str(image.cfg_scale)),
        width=image.width or 0,
        height=image.height or 0,
    )


@dataclass(slots=True)
class _UnderWay:
    """The visits of one event loop, and what their looks found, to be written back together."""

    tasks: dict[asyncio.Task[None], ImageJob] = field(default_factory=dict)
    looks: list[Look] = field(default_factory=list)

    def begin(self, job: ImageJob, *, client: Client) -> None:
        task = asyncio.create_task(self._visit(job, client=client))
        self.tasks[task] = job
        task.add_done_callback(self.tasks.pop)

    async def _visit(self, job: ImageJob, *, client: Client) -> None:
        if look := await visit(job, client=client):
            self.looks.append(look)

    @property
    def fetches(self) -> int:
        return sum(bool(job.image_url) for job in self.tasks.values())

    async def write_back(self) -> None:
        looks, self.looks = self.looks, []
        if looks:
            await database_sync_to_async(reports.note)(looks)


_under_way: WeakKeyDictionary[asyncio.AbstractEventLoop, _UnderWay] = WeakKeyDictionary()


async def step(client: Client) -> int:
    """One round: claim what is due, look after each, and return how many were claimed.

    A visit that takes long (a slow download) goes on beside the next rounds: nobody waits for it.
    """
    visits = _under_way.setdefault(asyncio.get_running_loop(), _UnderWay())
    fetches = visits.fetches
    claimed = await database_sync_to_async(queue.claim)(
        room=VISITS - len(visits.tasks) + fetches, fetches=FETCHES - fetches
    )
    for job in claimed:
        visits.begin(job, client=client)
    if visits.tasks:
        await asyncio.wait(visits.tasks, timeout=PATIENCE)
    await visits.write_back()
    return len(claimed)


async def drain() -> None:
    """Wait for the visits under way: call it once rounds have stopped, before the process ends.

    Visits that are cut short instead are taken over by another process when their lease ends.
    """
    if visits := _under_way.get(asyncio.get_running_loop()):
        if visits.tasks:
            await asyncio.wait(visits.tasks)
        await visits.write_back()
