"""What a limited account has used of one day or one month; a new period is a new row."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from credit.days import Period
from credit.models.account import Account


class WindowQuerySet(models.QuerySet["Window"]):
    def reserve(self, pk: int, *, amount: int, limit: int) -> bool:
        """Set an amount apart if it fits under the limit."""
        fitting = self.filter(pk=pk, spent__lte=limit - amount - F("held"))
        return fitting.update(held=F("held") + amount) == 1

    def in_order(self) -> Self:
        """Locked one after the other, always in the same order: nobody waits in a circle."""
        return self.select_for_update(no_key=True).order_by("pk")


class Window(models.Model):
    """Nano-USD of the calls that began in the period: a cache of their records and open holds."""

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="windows", verbose_name=_("account")
    )
    period = models.CharField(_("period"), max_length=8, choices=Period)
    start = models.DateField(_("from"))
    spent = models.BigIntegerField(_("spent"), default=0)
    held = models.BigIntegerField(_("reserved"), default=0)

    objects = WindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit's use")
        verbose_name_plural = _("limits' use")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "period", "start"], name="window_once_per_period"
            ),
            models.CheckConstraint(condition=Q(held__gte=0), name="window_held_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.account}, {self.get_period_display()}, {self.start}"
