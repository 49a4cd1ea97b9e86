"""One change to many people: what, a preview of what it does to whom, and what came of it."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import freshness
from accounts.models import User
from credit import bulk
from credit.admin.permissions import AdminsOnly
from credit.bulk import Act, Plan, Wish
from credit.forms import DollarField
from credit.models import Account


class BulkForm(forms.Form):
    """`key` is made with the page, so that a double click does it once."""

    accounts = forms.ModelMultipleChoiceField(
        Account.objects.filter(kind__in=[Account.Kind.USER, Account.Kind.GROUP]),
        widget=forms.MultipleHiddenInput,
        error_messages={"required": _("Choose people or groups first.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    act = forms.ChoiceField(label=_("What"), choices=Act.choices, widget=forms.RadioSelect)
    amount = DollarField(
        label=_("Amount in dollars"), required=False, help_text=_("For each person.")
    )
    day = DollarField(label=_("Limit a day in dollars"), required=False)
    month = DollarField(
        label=_("Limit a month in dollars"),
        required=False,
        help_text=_("Both replace what was set before; empty: as much as there is."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Kept with the booking, for the person and for you."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("act") in (Act.GRANT, Act.TAKE):
            if not cleaned.get("amount"):
                self.add_error("amount", _("Say how much."))
            if not cleaned.get("reason", "").strip():
                self.add_error("reason", _("Say why."))
        return cleaned

    def wish(self, actor: User) -> Wish:
        told = self.cleaned_data
        return Wish(
            act=Act(told["act"]),
            key=str(told["key"]),
            amount=told["amount"] or 0,
            day=told["day"],
            month=told["month"],
            reason=told["reason"],
            actor=actor,
        )


class BulkAdmin(AdminsOnly):
    """Gives a list of accounts its action on many."""

    actions = ("act_on_many",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.bulk_view)
        return [path("bulk/", view, name="credit_account_bulk"), *super().get_urls()]

    @admin.action(description=_("Give, take back, limit or pause…"), permissions=["view"])
    def act_on_many(self, request: HttpRequest, queryset: QuerySet[Account]) -> HttpResponse:
        chosen = [account.pk for account in queryset]
        return self._render_bulk(request, BulkForm(initial={"accounts": chosen}))

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """`?accounts=` names people and groups by the keys of their accounts."""
        if not self.has_module_permission(request):
            raise PermissionDenied
        freshness.require(request)
        if request.method != "POST":
            chosen = request.GET.getlist("accounts")
            return self._render_bulk(request, BulkForm(initial={"accounts": chosen}))
        form = BulkForm(request.POST)
        if not form.is_valid() or "change" in request.POST:
            return self._render_bulk(request, form, status=422 if form.errors else 200)
        wish = form.wish(cast(User, request.user))
        people = bulk.people_of(form.cleaned_data["accounts"])
        is_done = "confirm" in request.POST
        plan = bulk.carry_out(wish, people) if is_done else bulk.plan(wish, people)
        return self._render_bulk(request, form, plan=plan, is_done=is_done)

    def _render_bulk(
        self,
        request: HttpRequest,
        form: BulkForm,
        *,
        plan: Plan | None = None,
        is_done: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": gettext("Many people at once"),
            "form": form,
            "plan": plan,
            "is_done": is_done,
            "opts": self.opts,
        }
        template = "admin/credit/account/bulk.html"
        return TemplateResponse(request, template, context, status=status)
