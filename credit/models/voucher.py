"""Credit on paper: whoever types a code first has it. The codes themselves are kept nowhere."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class VoucherBatch(models.Model):
    """Vouchers that were made together, each worth `amount` nano-USD."""

    name = models.CharField(_("name"), max_length=80)
    amount = models.BigIntegerField(_("worth each"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("batch of vouchers")
        verbose_name_plural = _("batches of vouchers")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="voucher_amount_positive")
        ]

    def __str__(self) -> str:
        return self.name

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


class VoucherQuerySet(models.QuerySet["Voucher"]):
    def take(self, pk: int, *, user: User, at: datetime) -> bool:
        """Mark a voucher as redeemed; False when it was already.

        The condition is on the row's own columns: PostgreSQL looks at those again when it has
        waited for another's change, but not at what a join or subquery said.
        """
        return self.filter(pk=pk, redeemed_at=None).update(redeemed_by=user, redeemed_at=at) == 1


class Voucher(models.Model):
    """Only the code's SHA-256 is kept; the code is long and random."""

    batch = models.ForeignKey(
        VoucherBatch, on_delete=models.PROTECT, related_name="vouchers", verbose_name=_("batch")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    redeemed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("used by"),
    )
    redeemed_at = models.DateTimeField(_("used"), null=True, blank=True)

    objects = VoucherQuerySet.as_manager()

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        constraints = [
            models.CheckConstraint(
                condition=Q(redeemed_by=None, redeemed_at=None)
                | Q(redeemed_by__isnull=False, redeemed_at__isnull=False),
                name="voucher_redeemed_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.pk}"
