"""A picture: one row is the order, its place in the queue and its result."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.models import Hold
from images import reasons
from images.models.questions import ImageJobQuerySet
from images.models.states import IN_FLIGHT, PENDING, State
from minitoolai import ImageRequest, catalog


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

    # The gallery's own: none of these changes what the picture is.
    is_favourite = models.BooleanField(_("favourite"), default=False)
    is_sensitive = models.BooleanField(
        _("sensitive"), default=False, help_text=_("Blurred until one clicks it.")
    )
    binned_at = models.DateTimeField(_("in the bin since"), null=True)

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
    is_news: bool = False  # ended while its person was away; filled in by the gallery

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
                condition=~Q(state__in=[State.DONE, State.FAILED, State.UNKNOWN, State.CANCELLED])
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
            models.Index(
                fields=["user", "-created_at", "-id"],
                name="image_shown",
                condition=Q(binned_at=None),
            ),
            models.Index(
                fields=["user", "-created_at", "-id"],
                name="image_favourites",
                condition=Q(is_favourite=True, binned_at=None),
            ),
            models.Index(
                fields=["user", "-binned_at"],
                name="image_binned",
                condition=Q(binned_at__isnull=False),
            ),
            models.Index(
                fields=["user", "model", "-created_at", "-id"],
                name="image_by_model",
                condition=Q(binned_at=None),
            ),
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

    def get_absolute_url(self) -> str:
        return reverse("images:viewer", args=[self.pk])

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING

    @property
    def is_done(self) -> bool:
        return self.state == State.DONE

    @property
    def is_slow(self) -> bool:
        """Whether it takes clearly longer than its kind does."""
        return bool(self.usual_seconds) and self.elapsed > 1.5 * (self.usual_seconds or 0)

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
