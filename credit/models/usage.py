"""What each paid call used and cost, and how that was measured; rows never change."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from credit.models.drawn import DrawnOn
from credit.models.hold import Hold
from credit.models.price import Kind, Price


class Outcome(models.TextChoices):
    """How a paid call ended; `credit.endings` says what each costs."""

    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")
    HUNG_UP = "hung_up", _("Client hung up")
    BROKEN = "broken", _("Upstream error mid-way")
    CUT = "cut", _("Connection cut")
    REFUSED = "refused", _("Refused")
    NOT_SENT = "not_sent", _("Never sent")
    DIED = "died", _("Interrupted")
    PICTURE_DONE = "picture_done", _("Picture done")
    PICTURE_FAILED = "picture_failed", _("Picture failed")
    LOST = "lost", _("Answer lost")
    UNKNOWN = "unknown", _("Not known yet")


class Source(models.TextChoices):
    """How the tokens of a charge were measured."""

    UPSTREAM = "upstream", _("Measured upstream")
    COUNTED = "counted", _("Counted here")
    RECOVERED = "recovered", _("Recovered")
    FLAT = "flat", _("Flat price")
    NONE = "none", _("Not charged")


# Free endings of a call that the upstream may have taken and billed all the same.
PERHAPS_BILLED = (Outcome.REFUSED, Outcome.BROKEN, Outcome.CUT, Outcome.DIED, Outcome.LOST)


class UsageRecordQuerySet(models.QuerySet["UsageRecord"]):
    def for_cause(self, user: User, cause: str) -> Self:
        """What something of this person's cost, the oldest first, each with its price."""
        return self.filter(user=user, cause=cause).select_related("price").order_by("pk")

    def counted(self) -> Self:
        """All but the calls that were free from the start: those that the days' totals sum up."""
        return self.exclude(source=Source.NONE, corrects=None)

    def unbilled(self) -> Self:
        """The last word on calls that were sent, perhaps billed by the upstream, and free here."""
        is_free = Q(source=Source.NONE) | Q(corrects=None, list_cost=0)
        return self.filter(
            is_free,
            outcome__in=PERHAPS_BILLED,
            hold__dispatched_at__isnull=False,
            correction__isnull=True,
        )


class UsageRecord(DrawnOn):
    """One a hold; a late measurement adds one row with the (signed) differences.

    So every sum over records is right at any time, and equals the transfers of the same holds.
    """

    hold = models.ForeignKey(
        Hold, on_delete=models.PROTECT, related_name="usage_records", verbose_name=_("hold")
    )
    corrects = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
        verbose_name=_("corrects"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="usage_records",
        verbose_name=_("person"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    model = models.CharField(_("model"), max_length=64)
    price = models.ForeignKey(
        Price, on_delete=models.PROTECT, related_name="+", verbose_name=_("price")
    )
    prompt_tokens = models.BigIntegerField(_("prompt tokens"), default=0)
    completion_tokens = models.BigIntegerField(_("output tokens"), default=0)
    source = models.CharField(_("measured"), max_length=12, choices=Source)
    list_cost = models.BigIntegerField(_("list cost"))
    charged = models.BigIntegerField(_("charged"))
    shortfall = models.BigIntegerField(_("shortfall"), default=0)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome)
    anomaly = models.CharField(_("anomaly"), max_length=200, blank=True)
    cause = models.CharField(_("cause"), max_length=128, db_index=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True, db_index=True)
    first_token_ms = models.PositiveIntegerField(_("first token (ms)"), null=True, blank=True)
    duration_ms = models.PositiveIntegerField(_("duration (ms)"), null=True, blank=True)
    # The hold's: a call belongs to the day it began on, however late it ended or was corrected.
    day = models.DateField(_("day"), db_index=True)
    created_at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)

    objects = UsageRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("usage record")
        verbose_name_plural = _("usage records")
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects__isnull=False)
                | Q(
                    prompt_tokens__gte=0,
                    completion_tokens__gte=0,
                    list_cost__gte=0,
                    charged__gte=0,
                    shortfall__gte=0,
                ),
                name="usage_not_negative",
            ),
            models.UniqueConstraint(
                fields=["hold"], condition=Q(corrects__isnull=True), name="usage_once_per_hold"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "created_at"], name="usage_by_person_and_time"),
            models.Index(fields=["day"], condition=~Q(anomaly=""), name="usage_anomalies"),
        ]

    def __str__(self) -> str:
        return self.cause

    @property
    def prompt_cost(self) -> int:
        """At list price, in nano-USD; with the output's it makes the list cost of a reply."""
        return self.prompt_tokens * self.price.input_nano

    @property
    def completion_cost(self) -> int:
        return self.completion_tokens * self.price.output_nano

    @property
    def markup_cost(self) -> int:
        """What the house's markup added."""
        return self.charged + self.shortfall - self.list_cost

    @property
    def borne(self) -> int:
        """What the person could not pay, as it comes off their receipt."""
        return -self.shortfall

    @property
    def is_counted(self) -> bool:
        """Whether it is among `objects.counted()`."""
        return self.source != Source.NONE or self.corrects_id is not None
