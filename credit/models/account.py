"""Who has money: people, and the house's own accounts that it comes from and goes to."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class AccountQuerySet(models.QuerySet["Account"]):
    def people(self) -> Self:
        return self.filter(kind=Account.Kind.USER)

    def house(self, kind: "Account.Kind") -> "Account":
        """The house's one account of this kind; a migration made it."""
        return self.get(kind=kind, user=None)

    def reserve(self, pk: int, *, amount: int) -> bool:
        """Set an amount apart if the account can bear it; the one admission primitive."""
        affordable = self.filter(pk=pk, balance__gte=F("held") + amount)
        return affordable.update(held=F("held") + amount) == 1

    def credit(self, pk: int, *, amount: int) -> None:
        """Add money that is not for a call: a grant, say."""
        self.filter(pk=pk).update(balance=F("balance") + amount, topped_up_to=F("balance") + amount)

    def release(self, pk: int, *, amount: int) -> None:
        self.filter(pk=pk).update(held=F("held") - amount)


class Account(models.Model):
    """Balance and reserved part, in nano-USD: a cache of the transfers and the open holds."""

    class Kind(models.TextChoices):
        USER = "user", _("Person")
        FUNDING = "funding", _("Funding")
        USAGE = "usage", _("Usage")
        SHORTFALL = "shortfall", _("Shortfall")
        CORRECTION = "correction", _("Correction")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="account",
        verbose_name=_("person"),
    )
    balance = models.BigIntegerField(_("balance"), default=0)
    held = models.BigIntegerField(_("reserved"), default=0)
    # What the meter shows as full: the balance right after the last credit.
    topped_up_to = models.BigIntegerField(_("topped up to"), default=0)
    allow_negative = models.BooleanField(_("may go below zero"), default=False)
    created_at = models.DateTimeField(_("opened"), auto_now_add=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(condition=Q(held__gte=0), name="account_held_not_negative"),
            models.CheckConstraint(
                condition=Q(allow_negative=True) | Q(balance__gte=F("held")),
                name="account_balance_covers_held",
            ),
            models.CheckConstraint(
                condition=Q(kind="user", user__isnull=False, allow_negative=False)
                | (~Q(kind="user") & Q(user__isnull=True)),
                name="account_person_or_house",
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(user__isnull=True), name="account_one_house_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user) if self.user else self.get_kind_display()

    @property
    def available(self) -> int:
        """What can still be set apart, in nano-USD."""
        return self.balance - self.held

    @property
    def share_left(self) -> int:
        """What can still be set apart, in hundredths of what there was after the last credit."""
        whole = max(self.topped_up_to, self.balance)
        return round(100 * self.available / whole) if whole > 0 else 0


class Policy(models.Model):
    """The house's money rules, one row; set in the admin."""

    starting_credit = models.BigIntegerField(
        _("starting credit"), help_text=_("What each new person starts with.")
    )

    class Meta:
        verbose_name = _("money rule")
        verbose_name_plural = _("money rules")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="policy_single_row"),
            models.CheckConstraint(
                condition=Q(starting_credit__gte=0), name="policy_starting_credit_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Money rules"))
