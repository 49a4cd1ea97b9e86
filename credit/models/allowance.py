"""Credit that a group's people get at the start of each day or month."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Group
from credit import days
from credit.days import Period


class AllowanceQuerySet(models.QuerySet["Allowance"]):
    def on(self, day: date) -> Self:
        """Those in force on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Allowance(models.Model):
    """`amount` nano-USD for each member, once a period."""

    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="allowances", verbose_name=_("group")
    )
    amount = models.BigIntegerField(_("amount"))
    period = models.CharField(
        _("period"), max_length=8, choices=Period, default=Period.MONTH, help_text=_("How often.")
    )
    is_kept = models.BooleanField(
        _("what is left is kept"),
        default=False,
        help_text=_("Unticked: what was not spent in its period lapses when the next one begins."),
    )
    starts_on = models.DateField(_("from"), default=days.today)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = AllowanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("allowance")
        verbose_name_plural = _("allowances")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="allowance_amount_positive")
        ]

    def __str__(self) -> str:
        return f"{self.group}, {self.get_period_display()}"
