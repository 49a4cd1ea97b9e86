"""Who has money, who gets some, and what they may spend of it."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import freshness
from accounts.models import Group, User
from credit import ledger, opening
from credit.admin.bulk import BulkAdmin
from credit.errors import LedgerError
from credit.forms import AdjustForm, GrantForm, LimitsForm
from credit.limits import set_limits
from credit.models import Account, Transfer
from credit.money import exact_dollars


@admin.register(Account)
class AccountAdmin(BulkAdmin):
    list_display = ("owner", "kind", "balance_", "held_", "available_", "limits", "give")
    list_filter = ("kind", "user__group")
    list_select_related = ("user", "group")
    search_fields = ("user__username", "user__first_name", "user__email", "group__name", "name")
    ordering = ("kind", "pk")
    fields = (
        "owner",
        "kind",
        ("balance_", "held_", "available_"),
        "limits",
        "created_at",
        "give",
    )

    def get_urls(self) -> list[URLPattern]:
        protected = self.admin_site.admin_view
        return [
            path("grant/<int:user_id>/", protected(self.grant_view), name="credit_account_grant"),
            path(
                "adjust/<int:user_id>/",
                protected(self.adjust_view),
                name="credit_account_adjust",
            ),
            path(
                "limits/<int:account_id>/",
                protected(self.limits_view),
                name="credit_account_limits",
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Everybody is listed, also who has never been here: their account is opened now."""
        if self.has_module_permission(request):
            for person in User.objects.filter(account=None):
                ledger.open_account(person)
            for group in Group.objects.filter(account=None):
                opening.open_group(group)
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
        give, adjust = (
            reverse(f"admin:credit_account_{verb}", args=[account.user_id])
            for verb in ("grant", "adjust")
        )
        words = (gettext("Give credit"), gettext("Put right"))
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>', give, words[0], adjust, words[1]
        )

    @admin.display(description=_("limits"))
    def limits(self, account: Account) -> SafeString | str:
        if not account.may_be_limited:
            return ""
        url = reverse("admin:credit_account_limits", args=[account.pk])
        return format_html('<a href="{}">{}</a>', url, _limits_in_words(account))

    def limits_view(self, request: HttpRequest, account_id: int) -> HttpResponse:
        """Set what a person, a group or an API key may spend in a day and in a month."""
        if not self.has_module_permission(request):
            raise PermissionDenied
        freshness.require(request)
        account = get_object_or_404(Account, pk=account_id)
        if not account.may_be_limited:
            raise Http404
        initial = {"day": account.day_limit, "month": account.month_limit}
        form = LimitsForm(request.POST or None, initial=initial)
        if form.is_valid():
            set_limits(account, day=form.cleaned_data["day"], month=form.cleaned_data["month"])
            account.refresh_from_db()
            self.log_change(request, account, _limits_in_words(account))
            messages.success(request, f"{account}: {_limits_in_words(account)}")
            return redirect("admin:credit_account_changelist")
        return self._render_form(
            request,
            form,
            title=gettext("Limits of %(owner)s") % {"owner": account},
            submit=gettext("Save"),
        )

    def grant_view(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Give one person credit, with a reason; the books keep who gave it and why."""
        return self._hand(
            request,
            user_id,
            GrantForm(request.POST or None),
            book=ledger.grant,
            title=gettext("Give credit to %(person)s"),
            done=gettext("%(person)s was given %(amount)s."),
            log=gettext("Gave %(amount)s."),
            submit=gettext("Give credit"),
        )

    def adjust_view(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Put one person's balance right, up or down."""
        return self._hand(
            request,
            user_id,
            AdjustForm(request.POST or None),
            book=ledger.adjust,
            title=gettext("Put %(person)s's balance right"),
            done=gettext("The balance of %(person)s was changed by %(amount)s."),
            log=gettext("Adjusted by %(amount)s."),
            submit=gettext("Save"),
        )

    def _hand(
        self,
        request: HttpRequest,
        user_id: int,
        form: GrantForm,
        *,
        book: Callable[..., Transfer],
        title: str,
        done: str,
        log: str,
        submit: str,
    ) -> HttpResponse:
        if not self.has_module_permission(request):
            raise PermissionDenied
        freshness.require(request)
        person = get_object_or_404(User, pk=user_id)
        if form.is_valid() and self._book(request, person, form, book):
            told = {"amount": exact_dollars(form.cleaned_data["amount"]), "person": person}
            self.log_change(request, ledger.open_account(person), log % told)
            messages.success(request, done % told)
            return redirect("admin:credit_account_changelist")
        return self._render_form(
            request,
            form,
            title=title % {"person": person},
            submit=submit,
            person=person,
            purse=ledger.purse(person),
        )

    def _book(
        self, request: HttpRequest, person: User, form: GrantForm, book: Callable[..., Transfer]
    ) -> bool:
        told = form.cleaned_data
        actor, key = cast(User, request.user), f"grant:{told['key']}"
        try:
            book(person, amount=told["amount"], actor=actor, reason=told["reason"], key=key)
        except LedgerError as error:
            form.add_error(None, error.message)
            return False
        return True

    def _render_form(
        self, request: HttpRequest, form: forms.Form, *, title: str, **more: object
    ) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": title,
            "form": form,
            "opts": self.opts,
            **more,
        }
        status = 422 if form.is_bound else 200
        template = "admin/credit/account/form.html"
        return TemplateResponse(request, template, context, status=status)


def _limits_in_words(account: Account) -> str:
    said = []
    if account.day_limit is not None:
        said.append(gettext("%(limit)s a day") % {"limit": exact_dollars(account.day_limit)})
    if account.month_limit is not None:
        said.append(gettext("%(limit)s a month") % {"limit": exact_dollars(account.month_limit)})
    return ", ".join(said) or gettext("No limit")
