"""The groups, and one of them: its people, what they may use and spend, changed in place."""

from http import HTTPStatus

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import freshness
from accounts.http import AuthenticatedHttpRequest
from accounts.models import Group, User
from credit import budgets, days, opening
from credit.group_rules import set_rules
from credit.limits import set_limits
from credit.models import Account, Allowance, DayTotal
from oversight import house, spending
from oversight.doors import admins_only
from oversight.forms import InPlaceLimitsForm, RulesForm
from oversight.slices import SliceForm


@admins_only
@require_safe
def groups(request: AuthenticatedHttpRequest) -> HttpResponse:
    part = SliceForm({}).chosen()
    spent = spending.charged_each(part.of(DayTotal.objects.all()), "group__group")
    rows = Group.objects.select_related("account").annotate(size=Count("members"))
    context = {
        "place": "groups",
        "area": "admin",
        "rows": [(group, spent.get(group.pk, 0)) for group in rows],
        "part": part,
    }
    return render(request, "oversight/groups.html", context)


@admins_only
@require_safe
def group(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    return _render_group(request, _account(pk))


@admins_only
@require_POST
def limit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """What its people may spend together in a day and in a month."""
    freshness.require(request)
    account = _account(pk)
    form = InPlaceLimitsForm(account, request.POST)
    if not form.is_valid():
        return _render_group(request, account, limits=form)
    set_limits(account, day=form.cleaned_data["day"], month=form.cleaned_data["month"])
    return _saved(request, account)


@admins_only
@require_POST
def rule(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """What its people may use, each of them."""
    freshness.require(request)
    account = _account(pk)
    form = RulesForm(account, request.POST)
    if not form.is_valid():
        return _render_group(request, account, rules=form)
    set_rules(account, **form.cleaned_data)
    return _saved(request, account)


def _account(pk: int) -> Account:
    group = get_object_or_404(Group, pk=pk)
    account = opening.open_group(group)
    account.group = group
    return account


def _saved(request: AuthenticatedHttpRequest, account: Account) -> HttpResponse:
    messages.success(request, _("Saved."))
    account.refresh_from_db()
    if request.htmx:
        return _render_group(request, account)
    return redirect("oversight:group", account.group_id)


def _render_group(
    request: AuthenticatedHttpRequest,
    account: Account,
    *,
    limits: InPlaceLimitsForm | None = None,
    rules: RulesForm | None = None,
) -> HttpResponse:
    part = SliceForm({"group": account.group_id}).chosen()
    members = User.objects.filter(group=account.group_id).select_related("account")
    sums = DayTotal.objects.filter(user__in=members, group=account)
    spent = spending.charged_each(part.of(sums), "user")
    context = {
        "place": "groups",
        "area": "admin",
        "account": account,
        "group": account.group,
        "part": part,
        "paces": house.recent(DayTotal.objects.filter(group=account)).paces,
        "limits": budgets.in_force([account], days.today()),
        "members": [(user, spent.get(user.pk, 0)) for user in members.order_by("username")],
        "balance": members.aggregate(nano=Sum("account__balance", default=0))["nano"],
        "allowances": Allowance.objects.filter(group=account.group_id).on(days.today()),
        "limits_form": limits or InPlaceLimitsForm(account),
        "rules_form": rules or RulesForm(account),
    }
    template = "oversight/group.html" + ("#group" if request.htmx else "")
    is_refused = limits is not None or rules is not None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, template, context, status=status)
