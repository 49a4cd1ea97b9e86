"""Money set apart for one paid call, from before it starts until it is settled."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit import days
from credit.models.account import Account
from credit.models.drawn import DrawnOn
from credit.models.price import Kind, Price


class HoldQuerySet(models.QuerySet["Hold"]):
    def open(self) -> Self:
        """Those that keep money apart.

        The states stand in the statement itself: SQLite sees only then that a partial index will
        do, and need not read every hold there ever was.
        """
        return self.filter(
            models.Func(
                F("state"),
                template="%(expressions)s IN ('reserved', 'dispatched')",
                output_field=models.BooleanField(),
            )
        )

    def abandoned(self, before: datetime) -> Self:
        """Open, with a lease that ended before the given time."""
        return self.open().filter(lease_until__lt=before)

    def locked(self, pk: int) -> "Hold":
        """A hold with its price and account, the two rows that its end changes locked for it.

        On SQLite the transaction is the one writer from its beginning, and nothing is locked.
        """
        rows = self.select_for_update(of=("self", "account"), no_key=True)
        return rows.select_related("price", "account").get(pk=pk)


class Hold(DrawnOn):
    """`cause` names what is bought ("chat:message:<id>"); it outlives the thing it paid for."""

    class State(models.TextChoices):
        RESERVED = "reserved", _("Reserved")
        DISPATCHED = "dispatched", _("Sent")
        SETTLED = "settled", _("Settled")
        VOIDED = "voided", _("Released")
        RECOVERED = "recovered", _("Recovered")

    OPEN = (State.RESERVED, State.DISPATCHED)

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="holds", verbose_name=_("account")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    model = models.CharField(_("model"), max_length=64)
    price = models.ForeignKey(
        Price, on_delete=models.PROTECT, related_name="+", verbose_name=_("price")
    )
    markup = models.PositiveIntegerField(_("markup"), default=0)
    amount = models.BigIntegerField(_("amount"))
    # Whether the same amount is set apart in the pool; not if the call came before it.
    is_pooled = models.BooleanField(_("in the pool"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.RESERVED)
    cause = models.CharField(_("cause"), max_length=128, db_index=True)
    # One request may buy several pictures, each with a hold of its own.
    request_id = models.CharField(_("request"), max_length=64, blank=True, db_index=True)
    lease_until = models.DateTimeField(_("lease until"))
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    prompt_tokens = models.BigIntegerField(_("prompt tokens so far"), null=True, blank=True)
    completion_tokens = models.BigIntegerField(_("output tokens so far"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    day = models.DateField(_("day"), default=days.today)
    dispatched_at = models.DateTimeField(_("sent"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="hold_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(prompt_tokens__gte=0, completion_tokens__gte=0)
                | Q(prompt_tokens__isnull=True, completion_tokens__isnull=True),
                name="hold_progress_not_negative",
            ),
            models.UniqueConstraint(
                fields=["cause"],
                condition=Q(state__in=["reserved", "dispatched"]),
                name="hold_one_open_per_cause",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["reserved", "dispatched"]),
                name="hold_open_lease",
            ),
            models.Index(
                fields=["account"],
                condition=Q(state__in=["reserved", "dispatched"]),
                name="hold_open_account",
            ),
        ]

    def __str__(self) -> str:
        return self.cause

    def most_replies(self, usual: int) -> int:
        """How many replies the person may have at once; the group may allow fewer than usual."""
        most = self.group.most_replies if self.group else None
        return usual if most is None else min(usual, most)

    @property
    def is_open(self) -> bool:
        return self.state in Hold.OPEN
