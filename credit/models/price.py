"""What a model costs from a date on; a new price is a new row, so old receipts stay true."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Basis points: eleven times the list price.
MOST_MARKUP = 100_000


class Kind(models.TextChoices):
    CHAT = "chat", _("Chat")
    IMAGE = "image", _("Picture")


class PriceQuerySet(models.QuerySet["Price"]):
    def in_force(self, at: datetime) -> Self:
        """Prices whose date has come, newest first."""
        return self.filter(effective_from__lte=at).order_by("-effective_from", "-pk")


class Price(models.Model):
    """Nano-USD per prompt token, per output token and per picture."""

    model = models.CharField(_("model"), max_length=64)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    input_nano = models.BigIntegerField(_("per prompt token"), default=0)
    output_nano = models.BigIntegerField(_("per output token"), default=0)
    flat_nano = models.BigIntegerField(_("per picture"), default=0)
    markup = models.PositiveIntegerField(
        _("markup"),
        null=True,
        blank=True,
        help_text=_("In hundredths of a percent: 10% is 1000. Empty: as the money rules say."),
    )
    is_offered = models.BooleanField(
        _("offered"), default=True, help_text=_("Untick to switch the model off from this date on.")
    )
    effective_from = models.DateTimeField(_("in force from"), default=timezone.now)

    objects = PriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["model", "-effective_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(input_nano__gte=0, output_nano__gte=0, flat_nano__gte=0),
                name="price_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(markup=None) | Q(markup__lte=MOST_MARKUP), name="price_markup_bounded"
            ),
            models.UniqueConstraint(
                fields=["model", "effective_from"], name="price_one_per_model_and_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} ({self.effective_from:%Y-%m-%d})"

    def cost(self, *, prompt_tokens: int, completion_tokens: int) -> int:
        """At list price, exact: each price is a whole number of nano-USD per token."""
        return prompt_tokens * self.input_nano + completion_tokens * self.output_nano
