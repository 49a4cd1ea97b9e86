"""Pictures from order to gallery: `submit` books them, `step` moves all of them on."""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from credit import ledger, prices
from credit.models import Kind
from credit.opening import Key
from images import queue, recipes
from images.models import ImageJob
from images.visits import visit
from minitoolai import Client, ImageRequest

VISITS = 32  # at the same time in one process
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
    """Reserve the money for `count` pictures and put them in the queue, all or none.

    The same batch again returns what it ordered before. Raises InsufficientCredit (for the sum),
    LimitReached, ModelNotPriced, InvalidRecipe and AlreadyOrdered. Never calls the upstream.
    """
    image = recipes.complete(image)
    try:
        with transaction.atomic():
            return _earlier(user, batch, image, count) or _book(
                user, batch=batch, image=image, count=count, request_id=request_id, key=key
            )
    except IntegrityError:
        if order := _earlier(user, batch, image, count):
            return order
        raise


def _earlier(user: User, batch: uuid.UUID, image: ImageRequest, count: int) -> Order | None:
    jobs = list(ImageJob.objects.for_user(user).filter(batch=batch).order_by("number"))
    if jobs and (len(jobs) != count or jobs[0].recipe != image):
        raise AlreadyOrdered
    return Order(jobs=jobs, is_new=False) if jobs else None


def _book(
    user: User,
    *,
    batch: uuid.UUID,
    image: ImageRequest,
    count: int,
    request_id: str,
    key: Key | None,
) -> Order:
    price = prices.current(image.model, kind=Kind.IMAGE).flat
    now = timezone.now()
    jobs = [
        ImageJob(
            user=user,
            batch=batch,
            number=number,
            request_id=request_id,
            # A microsecond apart: their order is the same in the queue and in the gallery.
            created_at=now + timedelta(microseconds=number),
            due_at=now,
            price=price,
            prompt=image.prompt,
            negative_prompt=image.negative_prompt or "",
            model=image.model,
            scheduler=image.scheduler or "",
            steps=image.steps or 0,
            cfg_scale=Decimal(str(image.cfg_scale)),
            width=image.width or 0,
            height=image.height or 0,
        )
        for number in range(1, count + 1)
    ]
    holds = ledger.hold_each(
        user,
        kind=Kind.IMAGE,
        model=image.model,
        amount=price,
        causes=[f"images:job:{job.pk}" for job in jobs],
        request_id=request_id,
        lease=queue.HOLD_LEASE,
        key=key,
    )
    for job, hold in zip(jobs, holds, strict=True):
        job.hold = hold
    ImageJob.objects.bulk_create(jobs)
    return Order(jobs=jobs, is_new=True)


_visits: WeakKeyDictionary[asyncio.AbstractEventLoop, set[asyncio.Task[None]]] = WeakKeyDictionary()


async def step(client: Client) -> int:
    """One round: claim what is due, look after each, and return how many were claimed.

    A visit that takes long (a slow download) goes on beside the next rounds: nobody waits for it.
    """
    under_way = _visits.setdefault(asyncio.get_running_loop(), set())
    claimed = await database_sync_to_async(queue.claim)(room=VISITS - len(under_way))
    for job in claimed:
        task = asyncio.create_task(visit(job, client=client))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    if under_way:
        await asyncio.wait(under_way, timeout=PATIENCE)
    return len(claimed)


async def drain() -> None:
    """Wait for the visits under way: call it once rounds have stopped, before the process ends.

    Visits that are cut short instead are taken over by another process when their lease ends.
    """
    if under_way := _visits.get(asyncio.get_running_loop()):
        await asyncio.wait(under_way)
