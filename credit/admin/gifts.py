"""Allowances for groups, and batches of vouchers."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import freshness
from accounts.models import User
from credit import rules, vouchers
from credit.admin.permissions import AdminsOnly
from credit.forms import AllowanceForm, VouchersForm
from credit.models import Allowance, VoucherBatch
from credit.money import exact_dollars
from credit.tables import as_csv


@admin.register(Allowance)
class AllowanceAdmin(AdminsOnly):
    """Given to each member in the running period, and in each one that follows."""

    form = AllowanceForm
    list_display = ("group", "amount_", "period", "is_kept", "starts_on", "ends_on")
    list_select_related = ("group",)

    def save_model(
        self,
        request: HttpRequest,
        obj: Allowance,
        form: forms.ModelForm[Allowance],
        change: bool,
    ) -> None:
        rules.save(form)

    @admin.display(description=_("amount"), ordering="amount")
    def amount_(self, allowance: Allowance) -> str:
        return exact_dollars(allowance.amount)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if self.has_module_permission(request):
            freshness.require(request)
        return super().changeform_view(request, object_id, form_url, extra_context)


@admin.register(VoucherBatch)
class VoucherBatchAdmin(AdminsOnly):
    list_display = ("created_at", "name", "amount_", "made", "used", "expires_at", "actor")
    list_select_related = ("actor",)
    ordering = ("-pk",)
    fields = ("name", "amount_", ("made", "used"), "expires_at", "actor", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[VoucherBatch]:
        batches: QuerySet[VoucherBatch] = super().get_queryset(request)
        return batches.annotate(made=Count("vouchers"), used=Count("vouchers__redeemed_at"))

    @admin.display(description=_("worth each"), ordering="amount")
    def amount_(self, batch: VoucherBatch) -> str:
        return exact_dollars(batch.amount)

    @admin.display(description=_("made"))
    def made(self, batch: VoucherBatch) -> int:
        return cast(int, batch.made)  # type: ignore[attr-defined]

    @admin.display(description=_("used"))
    def used(self, batch: VoucherBatch) -> int:
        return cast(int, batch.used)  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Make a batch and show its codes in the answer itself: kept nowhere, never shown again."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        freshness.require(request)
        form = VouchersForm(request.POST or None)
        if not form.is_valid():
            return self._render_form(request, form)
        told = form.cleaned_data
        codes = vouchers.issue(
            told["name"],
            amount=told["amount"],
            count=told["count"],
            expires_at=told["last_day"],
            actor=cast(User, request.user),
        )
        if told["as_file"]:
            file = as_csv("vouchers", head=["code"], rows=([code] for code in codes))
            return cast(HttpResponse, file)
        return self._render_sheet(request, form, codes)

    def _render_form(self, request: HttpRequest, form: VouchersForm) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": gettext("Make vouchers"),
            "submit": gettext("Make vouchers"),
            "form": form,
            "opts": self.opts,
        }
        status = 422 if form.is_bound else 200
        template = "admin/credit/account/form.html"
        return TemplateResponse(request, template, context, status=status)

    def _render_sheet(
        self, request: HttpRequest, form: VouchersForm, codes: list[str]
    ) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": form.cleaned_data["name"],
            "amount": form.cleaned_data["amount"],
            "expires_at": form.cleaned_data["last_day"],
            "codes": codes,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/credit/voucherbatch/sheet.html", context)
