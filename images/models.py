"""Pictures: one row is the order, its place in the queue and its result."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from credit.models import Hold
from images import reasons
from minitoolai import ImageRequest, catalog


class State(models.TextChoices):
    QUEUED = "queued", _("in line")
    SUBMITTING = "submitting", _("handed over")
    RUNNING = "running", _("being made")
    SAVING = "saving", _("being saved")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    EXPIRED = "expired", _("took too long")
    UNKNOWN = "unknown", _("no answer")


IN_FLIGHT = (State.SUBMITTING, State.RUNNING, State.SAVING)
PENDING = (State.QUEUED, *IN_FLIGHT)
MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


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

    def queued(self) -> Self:
        return self.filter(state=State.QUEUED)

    def pending(self) -> Self:
        return self.filter(state__in=PENDING)

    def done(self) -> Self:
        return self.filter(state=State.DONE)

    def due(self, now: datetime) -> Self:
        """Handed-over rows whose time has come, or whose lease ran out, longest overdue first."""
        return self.filter(due_at__lte=now).exclude(state=State.QUEUED).order_by("due_at")

    def in_flight_by_user(self) -> dict[int, int]:
        rows = self.filter(state__in=IN_FLIGHT).values_list("user_id").annotate(Count("pk"))
        return dict(rows.order_by())

    def next_in_turn(self, now: datetime, *, per_user: int) -> Self:
        """The first queued rows of each user, one user after another, least recently served first.

        Rows carry `turn` (1 is the user's oldest); at most `per_user` of each user.
        """
        served = (
            ImageJob.objects.filter(user=OuterRef("user"))
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


class ImageJob(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="image_jobs",
        verbose_name=_("person"),
    )
    # Made by the browser with the form: a double click finds the pictures it already ordered.
    batch = models.UUIDField(_("batch"))
    number = models.PositiveSmallIntegerField(
        _("number"), default=1, help_text=_("Place within the batch.")
    )
    request_id = models.CharField(_("request"), max_length=32, blank=True)
    created_at = models.DateTimeField(_("ordered"), default=timezone.now)

    prompt = models.TextField()
    negative_prompt = models.TextField(blank=True)
    model = models.CharField(_("model"), max_length=40)
    scheduler = models.CharField(_("scheduler"), max_length=40, default=catalog.DEFAULT_SCHEDULER)
    steps = models.PositiveSmallIntegerField(_("steps"), default=catalog.STEPS.default)
    cfg_scale = models.DecimalField(
        _("closeness"), max_digits=4, decimal_places=2, default=catalog.CFG_SCALE.default
    )
    width = models.PositiveSmallIntegerField(_("width"), default=catalog.SIZE.default)
    height = models.PositiveSmallIntegerField(_("height"), default=catalog.SIZE.default)

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    error_code = models.CharField(_("error"), max_length=40, blank=True)
    error_detail = models.CharField(max_length=200, blank=True, help_text="The upstream's words.")
    hold = models.OneToOneField(
        Hold, on_delete=models.PROTECT, related_name="+", verbose_name=_("hold")
    )
    price = models.BigIntegerField(help_text="What was held, in nano-USD.")
    charged = models.BigIntegerField(default=0, help_text="What was settled, in nano-USD.")
    late = models.BooleanField(
        _("late"), default=False, help_text=_("Came after its refund; free.")
    )

    # The row is the queue: due_at is both the next look and the lease, claim_token fences writes.
    due_at = models.DateTimeField(_("next look"), null=True, default=timezone.now)
    claim_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(
        _("tries"), default=0, help_text=_("Tries in a row that failed.")
    )
    takeovers = models.PositiveSmallIntegerField(
        _("takeovers"), default=0, help_text=_("Leases that ran out.")
    )
    submitted_at = models.DateTimeField(_("handed over at"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    usual_seconds = models.FloatField(
        _("usual seconds"), null=True, help_text=_("Median of its kind at hand-over.")
    )

    # Secrets of the job: never shown, never logged.
    jobid = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=255, blank=True)
    image_url = models.TextField(blank=True)

    media_type = models.CharField(max_length=10, blank=True)
    sha256 = models.CharField(_("fingerprint (SHA-256)"), max_length=64, blank=True)
    size_bytes = models.PositiveIntegerField(_("bytes"), default=0)
    real_width = models.PositiveSmallIntegerField(null=True)
    real_height = models.PositiveSmallIntegerField(null=True)
    blur = models.TextField(blank=True, help_text="16 pixels wide, as a data URI.")

    objects = ImageJobQuerySet.as_manager()

    before: int = 0  # of the same person in line; filled in by the gallery for waiting rows

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            models.UniqueConstraint(fields=["user", "batch", "number"], name="image_ordered_once"),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="image_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=PENDING) | Q(due_at__isnull=False),
                name="image_pending_has_a_due_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.DONE, State.FAILED, State.UNKNOWN])
                | Q(due_at__isnull=True, claim_token__isnull=True, finished_at__isnull=False),
                name="image_finished_is_out_of_the_queue",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.RUNNING, State.SAVING]) | ~Q(jobid=""),
                name="image_running_has_a_jobid",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DONE) | (~Q(sha256="") & ~Q(media_type="")),
                name="image_done_has_a_file",
            ),
            models.CheckConstraint(
                condition=Q(charged=0) | Q(state=State.DONE, charged__gt=0, late=False),
                name="image_charged_only_when_delivered",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="image_newest_first"),
            models.Index(fields=["user", "-submitted_at"], name="image_last_served"),
            models.Index(fields=["due_at"], name="image_due", condition=Q(due_at__isnull=False)),
            models.Index(
                fields=["user", "created_at", "id"],
                name="image_queued",
                condition=Q(state=State.QUEUED),
            ),
            models.Index(fields=["user"], name="image_in_flight", condition=Q(state__in=IN_FLIGHT)),
            models.Index(
                fields=["model", "steps", "width", "height", "-finished_at"],
                name="image_times_by_kind",
                condition=Q(state=State.DONE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.pk}"

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING

    @property
    def is_done(self) -> bool:
        return self.state == State.DONE

    @property
    def shown(self) -> str:
        """What its tile tells; the browser sends it back to ask whether it still holds."""
        return f"{self.pk}:{self.state}:{self.before}"

    @property
    def elapsed(self) -> int:
        """Whole seconds since the hand-over, until now or until it ended."""
        end = self.finished_at or timezone.now()
        return max(0, int((end - self.submitted_at).total_seconds())) if self.submitted_at else 0

    @property
    def reason(self) -> str:
        """Why there is no picture, for people."""
        return str(reasons.of("unanswered" if self.state == State.UNKNOWN else self.error_code))

    @property
    def recipe(self) -> ImageRequest:
        """What is asked of the upstream."""
        return ImageRequest(
            model=self.model,
            prompt=self.prompt,
            negative_prompt=self.negative_prompt or None,
            scheduler=self.scheduler,
            steps=self.steps,
            cfg_scale=float(self.cfg_scale),
            width=self.width,
            height=self.height,
        )

    @property
    def folder(self) -> str:
        """Where its files live, below the media root."""
        return f"images/{self.user_id}/{self.created_at:%Y/%m}/{self.pk}"

    @property
    def width_320(self) -> int:
        return self._thumbnail_width(320)

    @property
    def width_640(self) -> int:
        return self._thumbnail_width(640)

    def _thumbnail_width(self, long_side: int) -> int:
        """Pixels; thumbnails are cut by their long side."""
        width, height = self.real_width or self.width, self.real_height or self.height
        return max(1, round(width * min(1.0, long_side / max(width, height))))

    def path(self, size: str) -> str:
        """The stored file of `original`, `640` or `320`."""
        extension = self.media_type if size == "original" else "webp"
        return f"{self.folder}/{size}.{extension}"


class Lane(models.Model):
    """The one row that every poller updates first while it claims.

    It makes claims of several processes take turns, so that the caps in flight hold exactly, and
    remembers until when the upstream asked for quiet.
    """

    claimed_at = models.DateTimeField(null=True)
    quiet_until = models.DateTimeField(null=True)
