"""What somebody threw away: kept for a while, then gone with its files."""

from collections.abc import Iterable
from datetime import timedelta

import structlog
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from images import files
from images.models import ImageJob, ImageJobQuerySet, State, Studio

logger = structlog.get_logger(__name__)

KEPT = timedelta(days=30)
MOST_AT_ONCE = 200


def throw_away(jobs: ImageJobQuerySet) -> int:
    """Into the bin with those that are done; what is being made stays."""
    return jobs.done().shown().update(binned_at=timezone.now())


def put_back(jobs: ImageJobQuerySet) -> int:
    """Into the gallery, at the place it had."""
    return jobs.binned().update(binned_at=None)


def empty(jobs: ImageJobQuerySet) -> int:
    """Remove these for good; answers how many. What was paid for them stays in the books."""
    rows = list(jobs.filter(binned_at__isnull=False, due_at=None)[:MOST_AT_ONCE])
    return sum(_remove(job) for job in rows)


def sweep() -> int:
    """Remove what has lain in the bin for 30 days."""
    return empty(ImageJob.objects.filter(binned_at__lt=timezone.now() - KEPT))


def _remove(job: ImageJob) -> bool:
    """The row first: a crash leaves files that nobody owns, which `check_media` finds."""
    with transaction.atomic():
        gone, _ = ImageJob.objects.filter(pk=job.pk, binned_at__isnull=False).delete()
        if gone and job.state == State.DONE:
            Studio.objects.add_bytes(job.user_id, -job.size_bytes)
    if gone:
        _remove_files(job.path(size) for size in files.SIZES if job.media_type)
        logger.info("image.removed", job=str(job.pk))
    return bool(gone)


def _remove_files(paths: Iterable[str]) -> None:
    for path in paths:
        default_storage.delete(path)
