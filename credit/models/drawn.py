"""What calls draw on besides the person's own money, told alike wherever calls are told of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from credit.models.account import Account


class DrawnOn(models.Model):
    """The accounts of the person's group at that time, and of the API key that asked."""

    group = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("group"),
    )
    key = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("API key"),
    )

    class Meta:
        abstract = True
