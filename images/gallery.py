"""A person's pictures as pages: newest first, cut by a key so that new ones repeat nothing."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from django.utils import timezone

from accounts.models import User
from images.models import ImageJob, State

PAGE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    first_day: date
    jobs: Sequence[ImageJob]

    @property
    def key(self) -> str:
        return f"{self.first_day:%Y-%m}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    months: Sequence[Month]
    following: str  # the cursor of the next page, or empty

    @property
    def jobs(self) -> list[ImageJob]:
        return [job for month in self.months for job in month.jobs]

    @property
    def has_pending(self) -> bool:
        return any(job.is_pending for job in self.jobs)


def page(user: User, *, after: str = "") -> Page:
    """One page; `after` is a cursor as `following` gives it, nonsense starts at the top."""
    jobs = ImageJob.objects.for_user(user).shown().newest_first()
    if place := _parse(after):
        jobs = jobs.older_than(*place)
    rows = list(jobs[: PAGE + 1])
    shown = rows[:PAGE]
    number_in_line(user, shown)
    return Page(months=_by_month(shown), following=_cursor(shown[-1]) if rows[PAGE:] else "")


def month_of(after: str) -> str:
    """The month in which the page before this cursor ended, or empty."""
    place = _parse(after)
    return f"{_first_day(place[0]):%Y-%m}" if place else ""


def split_newest(page: Page) -> tuple[Month, Page]:
    """This month, which may be empty, and the months before it."""
    today = timezone.localdate().replace(day=1)
    if page.months and page.months[0].first_day == today:
        return page.months[0], replace(page, months=page.months[1:])
    return Month(first_day=today, jobs=[]), page


def number_in_line(user: User, jobs: Iterable[ImageJob]) -> None:
    """Tell each waiting job how many of the same person go before it, as `job.before`."""
    queued = [job for job in jobs if job.state == State.QUEUED]
    if not queued:
        return
    waiting = ImageJob.objects.for_user(user).queued().oldest_first().values_list("pk", flat=True)
    places = {pk: place for place, pk in enumerate(waiting)}
    for job in queued:
        job.before = places.get(job.pk, 0)


def neighbours(job: ImageJob) -> tuple[ImageJob | None, ImageJob | None]:
    """The finished pictures next to this one in the gallery: the newer, the older."""
    done = ImageJob.objects.for_user(job.user).shown().done()
    key = (job.created_at, job.pk)
    newer = done.newer_than(*key).oldest_first().first()
    return newer, done.older_than(*key).newest_first().first()


def _by_month(jobs: Iterable[ImageJob]) -> list[Month]:
    months = groupby(jobs, key=lambda job: _first_day(job.created_at))
    return [Month(first_day=day, jobs=list(group)) for day, group in months]


def _first_day(moment: datetime) -> date:
    return timezone.localtime(moment).date().replace(day=1)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _cursor(job: ImageJob) -> str:
    return f"{(job.created_at - _EPOCH) // timedelta(microseconds=1)}-{job.pk.hex}"


def _parse(cursor: str) -> tuple[datetime, uuid.UUID] | None:
    micros, _, key = cursor.partition("-")
    try:
        return _EPOCH + timedelta(microseconds=int(micros)), uuid.UUID(key)
    except (ValueError, OverflowError):
        return None
