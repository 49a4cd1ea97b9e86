"""What an admin should hear of without looking: each thing once a period."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AlertQuerySet(models.QuerySet["Alert"]):
    def due(self, now: datetime) -> Self:
        return self.filter(told_at=None, due_at__lte=now).order_by("pk")

    def claim(self, pk: int, *, now: datetime, until: datetime) -> bool:
        """Take a due one to tell of it; whoever else looks meanwhile finds it is not due."""
        return self.due(now).filter(pk=pk).update(due_at=until, tries=F("tries") + 1) == 1


class Alert(models.Model):
    """`thing` says what it is about ("pool", "person:5"), `period` when it may come again.

    `facts` are what its words need; amounts in nano-USD.
    """

    class Kind(models.TextChoices):
        POOL = "pool", _("Pool running out")
        REFUSED = "refused", _("Pool could not bear a call")
        LIMIT = "limit", _("Limit being reached")
        DRIFT = "drift", _("Drift from the AI service's bill")
        SILENCE = "silence", _("Pictures stand still")
        KEY = "key", _("Key refused by the AI service")

    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    thing = models.CharField(max_length=64)
    period = models.CharField(max_length=32)
    # In hundredths of what there is; 0 where nothing fills up.
    level = models.PositiveSmallIntegerField(_("level"), default=0)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("when"), default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "thing", "period", "level"], name="alert_once_per_period"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(told_at=None), name="alert_untold")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.thing}"
