"""What is left at the upstream, and what the admin notes of it."""

from datetime import timedelta
from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import freshness
from accounts.models import User
from credit import days, pool
from credit.admin.permissions import AdminsOnly
from credit.forms import PoolEntryForm
from credit.models import Pool, PoolEntry, Source
from credit.money import exact_dollars


@admin.register(Pool)
class PoolAdmin(AdminsOnly):
    list_display = ("__str__", "balance_", "held_", "available_")
    fields = (("balance_", "held_", "available_"), "costs")

    @admin.display(description=_("balance"))
    def balance_(self, row: Pool) -> str:
        return exact_dollars(row.balance)

    @admin.display(description=_("reserved"))
    def held_(self, row: Pool) -> str:
        return exact_dollars(row.held)

    @admin.display(description=_("available"))
    def available_(self, row: Pool) -> str:
        return exact_dollars(row.available)

    @admin.display(description=_("cost there in 30 days"))
    def costs(self, row: Pool) -> str:
        """By how it was measured: what was not measured upstream is where a drift comes from."""
        nano = pool.costs(since=days.today() - timedelta(days=30))
        said = [f"{Source(name).label}: {exact_dollars(nano[name])}" for name in sorted(nano)]
        return "; ".join(said) or exact_dollars(0)


@admin.register(PoolEntry)
class PoolEntryAdmin(AdminsOnly):
    form = PoolEntryForm
    list_display = ("created_at", "kind", "amount_", "expected_", "drift_", "actor", "reason")
    list_filter = ("kind", "created_at")
    list_select_related = ("actor",)
    ordering = ("-pk",)

    def get_fields(self, request: HttpRequest, obj: PoolEntry | None = None) -> Any:
        if obj is None:
            return ("kind", "amount", "reason", "idempotency_key")
        return (
            "created_at",
            "kind",
            "amount_",
            "expected_",
            "in_flight_",
            "drift_",
            "actor",
            "reason",
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if self.has_add_permission(request):
            freshness.require(request)
        return super().add_view(request, form_url, extra_context)

    def save_model(
        self, request: HttpRequest, obj: PoolEntry, form: PoolEntryForm, change: bool
    ) -> None:
        noted = pool.record(
            PoolEntry.Kind(obj.kind),
            amount=obj.amount,
            actor=cast(User, request.user),
            reason=obj.reason,
            key=form.booking_key,
        )
        obj.pk = noted.pk

    @admin.display(description=_("amount"))
    def amount_(self, entry: PoolEntry) -> str:
        return exact_dollars(entry.amount)

    @admin.display(description=_("expected before"))
    def expected_(self, entry: PoolEntry) -> str:
        return exact_dollars(entry.expected)

    @admin.display(description=_("reserved for calls under way"))
    def in_flight_(self, entry: PoolEntry) -> str:
        return exact_dollars(entry.in_flight)

    @admin.display(description=_("drift"))
    def drift_(self, entry: PoolEntry) -> str:
        return "" if entry.drift is None else exact_dollars(entry.drift)
