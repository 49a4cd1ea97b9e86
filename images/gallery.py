"""A person's pictures as pages: newest first, cut by a key so that new ones repeat nothing."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from django.utils import timezone

from accounts.models import User
from images.filters import Filters
from images.models import ImageJob, State

PAGE = 60
MOST_MONTHS = 120
EVERYTHING = Filters()


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


def page(user: User, *, after: str = "", filters: Filters = EVERYTHING) -> Page:
    """One page; `after` is a cursor as `following` gives it, nonsense starts at the top."""
    jobs = filters.apply(ImageJob.objects.for_user(user).shown()).newest_first()
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


def months(user: User) -> list[tuple[date, str]]:
    """Every month from the newest picture to the oldest, with the cursor that leads to it."""
    shown = ImageJob.objects.for_user(user).shown().only("created_at")
    newest, oldest = shown.newest_first().first(), shown.oldest_first().first()
    if newest is None or oldest is None:
        return []
    found, month = list[tuple[date, str]](), _first_day(newest.created_at)
    while month >= _first_day(oldest.created_at) and len(found) < MOST_MONTHS:
        found.append((month, _cursor_of_month(month)))
        month = (month - timedelta(days=1)).replace(day=1)
    return found


def _cursor_of_month(month: date) -> str:
    """The place in the gallery before the first picture of that month."""
    following = (month + timedelta(days=32)).replace(day=1)
    start = datetime(following.year, following.month, 1, tzinfo=timezone.get_current_timezone())
    return _cursor_at(start, uuid.UUID(int=0))


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


def neighbours(
    job: ImageJob, *, filters: Filters = EVERYTHING
) -> tuple[ImageJob | None, ImageJob | None]:
    """The finished pictures next to this one in the gallery: the newer, the older."""
    done = filters.apply(ImageJob.objects.for_user(job.user).shown().done())
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
    return _cursor_at(job.created_at, job.pk)


def _cursor_at(moment: datetime, pk: uuid.UUID) -> str:
    return f"{(moment - _EPOCH) // timedelta(microseconds=1)}-{pk.hex}"


def _parse(cursor: str) -> tuple[datetime, uuid.UUID] | None:
    micros, _, key = cursor.partition("-")
    try:
        return _EPOCH + timedelta(microseconds=int(micros)), uuid.UUID(key)
    except (ValueError, OverflowError):
        return None
