"""What is left of the house's own credit at the upstream, which all calls draw on."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PoolQuerySet(models.QuerySet["Pool"]):
    def left(self) -> models.QuerySet[Any, Any]:
        """The one amount that new calls may still draw, as a subquery; empty without a pool."""
        return self.annotate(left=F("balance") - F("held")).values("left")[:1]

    def reserve(self, *, amount: int) -> bool:
        """Set an amount apart if the pool can bear it."""
        bearing = self.filter(balance__gte=F("held") + amount)
        return bearing.update(held=F("held") + amount) == 1

    def move(self, *, balance: int = 0, held: int = 0) -> None:
        """Add to the balance and to what is set apart; either may be less than nothing."""
        self.update(balance=F("balance") + balance, held=F("held") + held)


class Pool(models.Model):
    """One row, made by the first entry: a cache of the entries, less what the calls since cost.

    The balance is what the upstream's site should show, at list prices, with no call under way. It
    may fall below nothing: what was used was used.
    """

    balance = models.BigIntegerField(_("balance"), default=0)
    held = models.BigIntegerField(_("reserved"), default=0)

    objects = PoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("pool")
        verbose_name_plural = _("pool")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="pool_single_row"),
            models.CheckConstraint(condition=Q(held__gte=0), name="pool_held_not_negative"),
        ]

    def __str__(self) -> str:
        return str(_("Pool"))

    @property
    def available(self) -> int:
        return self.balance - self.held


class PoolEntry(models.Model):
    """Append-only: what the admin did or saw at the upstream, and what was expected there then."""

    class Kind(models.TextChoices):
        TOP_UP = "top_up", _("Topped up at the AI service")
        CORRECTION = "correction", _("Correction")
        SHOWN = "shown", _("Balance shown there")

    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    amount = models.BigIntegerField(_("amount"))
    expected = models.BigIntegerField(_("expected before"))
    in_flight = models.BigIntegerField(_("reserved for calls under way"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    idempotency_key = models.CharField(_("idempotency key"), max_length=128, unique=True)
    created_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("pool entry")
        verbose_name_plural = _("pool entries")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="correction") | Q(kind="top_up", amount__gt=0) | Q(kind="shown"),
                name="pool_entry_top_up_positive",
            ),
            models.CheckConstraint(
                condition=~Q(kind="correction") | (~Q(reason="") & ~Q(amount=0)),
                name="pool_entry_correction_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def drift(self) -> int | None:
        """How much more the upstream's site showed than was expected, calls under way apart."""
        return self.amount - self.expected if self.kind == PoolEntry.Kind.SHOWN else None
