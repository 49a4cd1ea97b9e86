"""What was used on a day, summed up: a cache of the usage records, so that pages need not add."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from credit.models.drawn import DrawnOn
from credit.models.price import Kind
from credit.models.usage import Source, UsageRecord


class DayTotalQuerySet(models.QuerySet["DayTotal"]):
    def charged(self, *, user: int | None, day: date) -> int:
        """What a person was charged for the calls of a day, in nano-USD."""
        sums = self.filter(user=user, day=day).aggregate(nano=Sum("charged", default=0))
        return int(sums["nano"])

    def add(self, record: UsageRecord) -> None:
        """Count a new record in.

        The caller has locked the person's account: nobody else can make the same row meanwhile.
        """
        key = {name: getattr(record, name) for name in DayTotal.KEY}
        amounts = {name: getattr(record, name) for name in DayTotal.SUMS}
        amounts["calls"] = int(record.corrects_id is None)
        if not self.filter(**key).update(**{name: F(name) + amounts[name] for name in amounts}):
            self.create(**key, **amounts)


class DayTotal(DrawnOn):
    """Sums over the counted usage records of a day, by whose, of what and how measured."""

    KEY = ("day", "user_id", "group_id", "key_id", "kind", "model", "source")
    SUMS = ("prompt_tokens", "completion_tokens", "list_cost", "charged", "shortfall")

    day = models.DateField(_("day"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    model = models.CharField(_("model"), max_length=64)
    source = models.CharField(_("measured"), max_length=12, choices=Source)
    calls = models.BigIntegerField(_("calls"))
    prompt_tokens = models.BigIntegerField(_("prompt tokens"))
    completion_tokens = models.BigIntegerField(_("output tokens"))
    list_cost = models.BigIntegerField(_("list cost"))
    charged = models.BigIntegerField(_("charged"))
    shortfall = models.BigIntegerField(_("shortfall"))

    objects = DayTotalQuerySet.as_manager()

    class Meta:
        verbose_name = _("day's total")
        verbose_name_plural = _("days' totals")
        constraints = [
            models.UniqueConstraint(
                "user",
                "day",
                "kind",
                "model",
                "source",
                Coalesce("group", 0),
                Coalesce("key", 0),
                name="total_once_per_day",
            ),
        ]
        indexes = [
            # In the order that pages group by: a span of days is summed up without sorting it.
            models.Index(
                fields=["day", "kind", "model", "source", "group"], name="total_by_day_and_model"
            ),
            models.Index(
                fields=["group", "day"], condition=Q(group__isnull=False), name="total_by_group"
            ),
            models.Index(
                fields=["key", "day"], condition=Q(key__isnull=False), name="total_by_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.model}"
