"""The ledger, the holds and the usage records: read, and undone only by adding."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import freshness
from accounts.models import User
from credit import ledger
from credit.admin.permissions import AdminsOnly
from credit.errors import LedgerError
from credit.models import Hold, Transfer, UsageRecord
from credit.money import exact_dollars


@admin.register(Transfer)
class TransferAdmin(AdminsOnly):
    list_display = ("created_at", "code", "source", "destination", "amount_", "reason", "cause")
    list_filter = ("code", "created_at")
    list_select_related = ("source__user", "destination__user")
    search_fields = (
        "=cause",
        "source__user__username",
        "destination__user__username",
        "=hold__request_id",
    )
    ordering = ("-pk",)
    show_full_result_count = False
    actions = ("reverse",)
    fields = (
        ("created_at", "code", "amount_"),
        ("source", "destination"),
        ("reason", "actor"),
        ("cause", "hold", "idempotency_key"),
    )

    @admin.action(description=_("Reverse"), permissions=["view"])
    def reverse(self, request: HttpRequest, queryset: QuerySet[Transfer]) -> None:
        """Undo what was given or taken by hand; what cannot be undone is told."""
        freshness.require(request)
        for transfer in queryset.select_related("source", "destination"):
            reason = gettext("Undoes transfer %(number)s") % {"number": transfer.pk}
            try:
                ledger.reverse(transfer, actor=cast(User, request.user), reason=reason)
            except LedgerError as error:
                messages.error(request, f"{transfer}: {error.message}")
            else:
                self.log_change(request, transfer, gettext("Reversed."))
                messages.success(request, f"{transfer}: {gettext('Reversed.')}")

    @admin.display(description=_("amount"), ordering="amount")
    def amount_(self, transfer: Transfer) -> str:
        return exact_dollars(transfer.amount)


@admin.register(Hold)
class HoldAdmin(AdminsOnly):
    list_display = ("created_at", "account", "model", "amount_", "state", "lease_until", "cause")
    list_filter = ("state", "kind", "model")
    list_select_related = ("account__user",)
    search_fields = ("=cause", "=request_id", "account__user__username")
    ordering = ("-pk",)
    show_full_result_count = False
    exclude = ("amount",)
    readonly_fields = ("amount_",)

    @admin.display(description=_("amount"), ordering="amount")
    def amount_(self, hold: Hold) -> str:
        return exact_dollars(hold.amount)


class UnbilledFilter(admin.SimpleListFilter):
    """What the house may owe the upstream without anybody having paid for it."""

    title = _("billing upstream")
    parameter_name = "unbilled"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        return [("yes", gettext("Perhaps billed, charged to nobody"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[UsageRecord]
    ) -> QuerySet[UsageRecord]:
        if self.value() != "yes":
            return queryset
        return queryset.filter(pk__in=UsageRecord.objects.unbilled().values("pk"))


@admin.register(UsageRecord)
class UsageRecordAdmin(AdminsOnly):
    list_display = (
        "created_at",
        "user",
        "model",
        "charged_",
        "prompt_tokens",
        "completion_tokens",
        "source",
        "outcome",
        "anomaly",
    )
    list_filter = (UnbilledFilter, "kind", "source", "outcome", "model", "created_at")
    list_select_related = ("user",)
    search_fields = ("=cause", "=request_id", "user__username")
    ordering = ("-pk",)
    show_full_result_count = False
    exclude = ("list_cost", "charged", "shortfall")
    readonly_fields = ("list_cost_", "charged_", "shortfall_")

    @admin.display(description=_("list cost"), ordering="list_cost")
    def list_cost_(self, record: UsageRecord) -> str:
        return exact_dollars(record.list_cost)

    @admin.display(description=_("charged"), ordering="charged")
    def charged_(self, record: UsageRecord) -> str:
        return exact_dollars(record.charged)

    @admin.display(description=_("shortfall"), ordering="shortfall")
    def shortfall_(self, record: UsageRecord) -> str:
        return exact_dollars(record.shortfall)
