"""What is asked of many pictures at once."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from images.models.states import IN_FLIGHT, PENDING, State

if TYPE_CHECKING:
    from images.models.jobs import ImageJob


class ImageJobQuerySet(models.QuerySet["ImageJob"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user=user)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")

    def oldest_first(self) -> Self:
        return self.order_by("created_at", "id")

    def older_than(self, created_at: datetime, pk: uuid.UUID) -> Self:
        """The rows that follow one row of the newest-first order (keyset paging)."""
        return self.filter(Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=pk))

    def newer_than(self, created_at: datetime, pk: uuid.UUID) -> Self:
        return self.filter(Q(created_at__gt=created_at) | Q(created_at=created_at, pk__gt=pk))

    def shown(self) -> Self:
        """What stands in the gallery: all but the bin, and what was cancelled or dismissed."""
        return self.filter(binned_at=None)

    def binned(self) -> Self:
        """Pictures that can be put back."""
        return self.done().filter(binned_at__isnull=False)

    def ended_since(self, moment: datetime) -> Self:
        """Ended and not seen; an order can take a day, so older ones need not be looked at."""
        ordered = moment - timedelta(days=2)
        return self.filter(created_at__gt=ordered, finished_at__gt=moment).exclude(
            state=State.CANCELLED
        )

    def still(self, job: ImageJob) -> Self:
        """The row, if nobody took it over or moved it on since `job` was read."""
        return self.filter(pk=job.pk, claim_token=job.claim_token, state=job.state)

    def queued(self) -> Self:
        return self.filter(state=State.QUEUED)

    def pending(self) -> Self:
        return self.filter(state__in=PENDING)

    def done(self) -> Self:
        return self.filter(state=State.DONE)

    def due(self, now: datetime) -> Self:
        """Handed-over rows whose time has come, or whose lease ran out, longest overdue first."""
        return self.filter(due_at__lte=now).exclude(state=State.QUEUED).order_by("due_at")

    def stand_still(self, since: datetime) -> bool:
        """Whether nobody has looked after them: long due, or waiting though none is under way."""
        overdue = self.due(since).exists()
        waiting = self.queued().filter(due_at__lte=since).exists()
        return overdue or (waiting and not self.filter(state__in=IN_FLIGHT).exists())

    def in_flight_by_user(self) -> dict[int, int]:
        rows = self.filter(state__in=IN_FLIGHT).values_list("user_id").annotate(Count("pk"))
        return dict(rows.order_by())

    def next_in_turn(self, now: datetime, *, per_user: int) -> Self:
        """The first queued rows of each user, one user after another, least recently served first.

        Rows carry `turn` (1 is the user's oldest); at most `per_user` of each user.
        """
        served = (
            self.model._default_manager.filter(user=OuterRef("user"))
            .order_by()
            .values("user")
            .annotate(last=Max("submitted_at"))
        )
        turn = Window(RowNumber(), partition_by="user", order_by=["created_at", "id"])
        return (
            self.queued()
            .filter(due_at__lte=now)
            .annotate(turn=turn, last_served=Subquery(served.values("last")))
            .filter(turn__lte=per_user)
            .order_by("turn", F("last_served").asc(nulls_first=True), "created_at", "id")
        )

    def recent_times(self, *, model: str, steps: int, width: int, height: int) -> list[float]:
        """Seconds from hand-over to picture of the last 25 pictures of this kind."""
        rows = (
            self.done()
            .filter(late=False, model=model, steps=steps, width=width, height=height)
            .order_by("-finished_at")
            .values_list("submitted_at", "finished_at")[:25]
        )
        return [(end - start).total_seconds() for start, end in rows if start and end]
