"""What things cost, and the house's money rules."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import freshness
from credit import rules
from credit.admin.permissions import AdminsOnly
from credit.forms import PolicyForm, PriceForm
from credit.models import Policy, Price
from credit.money import exact_dollars


@admin.register(Price)
class PriceAdmin(AdminsOnly):
    form = PriceForm
    list_display = (
        "model",
        "kind",
        "input_nano",
        "output_nano",
        "flat_nano",
        "markup",
        "is_offered",
        "effective_from",
    )
    list_filter = ("kind", "model")

    def save_model(
        self, request: HttpRequest, obj: Price, form: forms.ModelForm[Price], change: bool
    ) -> None:
        rules.save(form)

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
    list_display = ("__str__", "starting_credit_", "markup")

    def save_model(
        self, request: HttpRequest, obj: Policy, form: forms.ModelForm[Policy], change: bool
    ) -> None:
        rules.save(form)

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
