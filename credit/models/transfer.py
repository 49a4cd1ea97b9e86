"""The ledger: each row moves an amount from one account to another and never changes again."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.models.account import Account
from credit.models.hold import Hold


class Transfer(models.Model):
    """Append-only by database trigger; a mistake is mended by another transfer."""

    class Code(models.TextChoices):
        STARTING = "starting", _("Starting credit")
        GRANT = "grant", _("Credit added")
        CHARGE = "charge", _("Use")
        SHORTFALL = "shortfall", _("Shortfall")
        LATE = "late", _("Use, settled late")
        LATE_SHORTFALL = "late_shortfall", _("Shortfall, settled late")
        ADJUSTMENT = "adjustment", _("Adjustment")
        REVERSAL = "reversal", _("Reversal")
        VOUCHER = "voucher", _("Voucher")
        ALLOWANCE = "allowance", _("Allowance")
        LAPSE = "lapse", _("Allowance, lapsed")

    BY_HAND = (Code.GRANT, Code.ADJUSTMENT, Code.REVERSAL)
    REVERSIBLE = (Code.STARTING, Code.GRANT, Code.ADJUSTMENT, Code.VOUCHER, Code.ALLOWANCE)

    source = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="outgoing", verbose_name=_("from")
    )
    destination = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="incoming", verbose_name=_("to")
    )
    amount = models.BigIntegerField(_("amount"))
    code = models.CharField(_("what for"), max_length=16, choices=Code)
    cause = models.CharField(_("cause"), max_length=128, blank=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    hold = models.ForeignKey(
        Hold,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="transfers",
        verbose_name=_("hold"),
    )
    idempotency_key = models.CharField(_("idempotency key"), max_length=128, unique=True)
    created_at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_amount_positive"),
            models.CheckConstraint(
                condition=~Q(source=F("destination")), name="transfer_accounts_differ"
            ),
            models.CheckConstraint(
                condition=~Q(code__in=["grant", "adjustment", "reversal"]) | ~Q(reason=""),
                name="transfer_manual_has_reason",
            ),
            models.UniqueConstraint(
                fields=["hold", "code"], name="transfer_once_per_hold_and_code"
            ),
        ]
        indexes = [
            models.Index(fields=["source", "created_at"], name="transfer_out_by_time"),
            models.Index(fields=["destination", "created_at"], name="transfer_in_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} {self.pk}"
