"""The books in the admin panel: read by admins, changed only by adding to them."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import freshness
from accounts.models import User
from credit import ledger
from credit.errors import LedgerError
from credit.forms import GrantForm, PolicyForm, PriceForm
from credit.models import Account, Hold, Policy, Price, Transfer, UsageRecord
from credit.money import exact_dollars


class AdminsOnly(admin.ModelAdmin[Any]):
    """Money is for admins, not for mere staff; by default they read and nothing more."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Account)
class AccountAdmin(AdminsOnly):
    list_display = ("owner", "kind", "balance_", "held_", "available_", "give")
    list_filter = ("kind",)
    list_select_related = ("user",)
    search_fields = ("user__username", "user__first_name", "user__email")
    ordering = ("kind", "pk")
    fields = ("owner", "kind", ("balance_", "held_", "available_"), "created_at", "give")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.grant_view)
        return [
            path("grant/<int:user_id>/", view, name="credit_account_grant"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Everybody is listed, also who has never been here: their account is opened now."""
        if self.has_module_permission(request):
            for person in User.objects.filter(account=None):
                ledger.open_account(person)
        return super().changelist_view(request, extra_context)

    @admin.display(description=_("account"), ordering="user__username")
    def owner(self, account: Account) -> str:
        return str(account)

    @admin.display(description=_("balance"), ordering="balance")
    def balance_(self, account: Account) -> str:
        return exact_dollars(account.balance)

    @admin.display(description=_("reserved"), ordering="held")
    def held_(self, account: Account) -> str:
        return exact_dollars(account.held)

    @admin.display(description=_("available"))
    def available_(self, account: Account) -> str:
        return exact_dollars(account.available)

    @admin.display(description="")
    def give(self, account: Account) -> SafeString | str:
        if account.user_id is None:
            return ""
        url = reverse("admin:credit_account_grant", args=[account.user_id])
        return format_html('<a href="{}">{}</a>', url, gettext("Give credit"))

    def grant_view(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Give one person credit, with a reason; the books keep who gave it and why."""
        if not self.has_module_permission(request):
            raise PermissionDenied
        freshness.require(request)
        person = get_object_or_404(User, pk=user_id)
        form = GrantForm(request.POST or None)
        if form.is_valid() and self._grant(request, person, form):
            return redirect("admin:credit_account_changelist")
        return self._render_grant(request, person, form)

    def _grant(self, request: HttpRequest, person: User, form: GrantForm) -> bool:
        amount, reason = form.cleaned_data["amount"], form.cleaned_data["reason"]
        try:
            transfer = ledger.grant(
                person,
                amount=amount,
                actor=cast(User, request.user),
                reason=reason,
                key=f"grant:{form.cleaned_data['key']}",
            )
        except LedgerError as error:
            form.add_error(None, error.message)
            return False
        given = {"amount": exact_dollars(amount), "person": person}
        self.log_change(request, transfer.destination, gettext("Gave %(amount)s.") % given)
        messages.success(request, gettext("%(person)s was given %(amount)s.") % given)
        return True

    def _render_grant(self, request: HttpRequest, person: User, form: GrantForm) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": gettext("Give credit to %(person)s") % {"person": person},
            "person": person,
            "purse": ledger.purse(person),
            "form": form,
            "opts": self.opts,
        }
        status = 422 if form.is_bound else 200
        template = "admin/credit/account/grant.html"
        return TemplateResponse(request, template, context, status=status)


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
    fields = (
        ("created_at", "code", "amount_"),
        ("source", "destination"),
        ("reason", "actor"),
        ("cause", "hold", "idempotency_key"),
    )

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
    list_filter = ("kind", "source", "outcome", "model", "created_at")
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


@admin.register(Price)
class PriceAdmin(AdminsOnly):
    form = PriceForm
    list_display = ("model", "kind", "input_nano", "output_nano", "flat_nano", "effective_from")
    list_filter = ("kind", "model")

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


@admin.register(Policy)
class PolicyAdmin(AdminsOnly):
    form = PolicyForm
    list_display = ("__str__", "starting_credit_")

    @admin.display(description=_("starting credit"))
    def starting_credit_(self, policy: Policy) -> str:
        return exact_dollars(policy.starting_credit)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if self.has_change_permission(request):
            freshness.require(request)
        return super().change_view(request, object_id, form_url, extra_context)
