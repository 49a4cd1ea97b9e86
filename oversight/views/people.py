"""Everybody, and one person: what they have and spend, changed in place."""

from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.db.models import Q, QuerySet, Sum
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import freshness
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from credit import ledger, statements
from credit.errors import LedgerError
from credit.limits import set_limits
from credit.models import DayTotal
from credit.money import exact_dollars, to_usd
from credit.tables import Cell, as_csv
from oversight import person as persons
from oversight.doors import admins_only
from oversight.forms import InPlaceLimitsForm, MoneyForm
from oversight.slices import Slice, SliceForm

PAGE: Final = 50


@admins_only
@require_safe
def people(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """By name, from a name on."""
    searched, after = request.GET.get("q", "").strip(), request.GET.get("after", "")
    found = _searched(searched).select_related("group", "account").order_by("username")
    if "csv" in request.GET:
        return _as_csv(found)
    rows = list(found.filter(username__gt=after)[: PAGE + 1])
    shown, part = rows[:PAGE], SliceForm({}).chosen()
    context = {
        "place": "people",
        "area": "admin",
        "searched": searched,
        "part": part,
        "rows": _with_spent(shown, part),
        "following": shown[-1].username if rows[PAGE:] else "",
    }
    return render(request, "oversight/people.html", context)


@admins_only
@require_safe
def person(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    return _render_person(request, _person(pk))


@admins_only
@require_POST
def give(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Give credit, or take some back; once for the key that was made with the page."""
    freshness.require(request)
    user, form = _person(pk), MoneyForm(request.POST)
    if not form.is_valid() or not _book(request, user, form):
        return _render_person(request, user, money=form)
    told = {"person": user.display_name, "amount": exact_dollars(form.cleaned_data["amount"])}
    said = _("%(person)s was given %(amount)s.")
    if form.cleaned_data["do"] == "take":
        said = _("%(amount)s was taken back from %(person)s.")
    messages.success(request, said % told)
    return _done(request, user)


@admins_only
@require_POST
def limit(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    freshness.require(request)
    user = _person(pk)
    account = ledger.open_account(user)
    form = InPlaceLimitsForm(account, request.POST)
    if not form.is_valid():
        return _render_person(request, user, limits=form)
    set_limits(account, day=form.cleaned_data["day"], month=form.cleaned_data["month"])
    messages.success(request, _("Saved."))
    return _done(request, user)


def _person(pk: int) -> User:
    return get_object_or_404(User.objects.select_related("group"), pk=pk)


def _book(request: AuthenticatedHttpRequest, user: User, form: MoneyForm) -> bool:
    told = form.cleaned_data
    by = {"actor": request.user, "reason": told["reason"], "key": f"grant:{told['key']}"}
    try:
        if told["do"] == "take":
            ledger.adjust(user, amount=-told["amount"], **by)
        else:
            ledger.grant(user, amount=told["amount"], **by)
    except LedgerError as error:
        form.add_error(None, error.message)
        return False
    return True


def _done(request: AuthenticatedHttpRequest, user: User) -> HttpResponse:
    return _render_person(request, user) if request.htmx else redirect("oversight:person", user.pk)


def _render_person(
    request: AuthenticatedHttpRequest,
    user: User,
    *,
    money: MoneyForm | None = None,
    limits: InPlaceLimitsForm | None = None,
) -> HttpResponse:
    seen = persons.read(user)
    after = statements.find(seen.account, request.GET.get("after", ""))
    context = {
        "place": "people",
        "area": "admin",
        "person": seen,
        "account": seen.account,
        "part": SliceForm({"user": user.pk}).chosen(),
        "statement": statements.page(seen.account, statements.Filters(), after=after),
        "after": after,
        "money": money or MoneyForm(),
        "limits_form": limits or InPlaceLimitsForm(seen.account),
    }
    template = "oversight/person.html" + ("#person" if request.htmx else "")
    is_refused = money is not None or limits is not None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, template, context, status=status)


def _searched(words: str) -> QuerySet[User]:
    if not words:
        return User.objects.all()
    return User.objects.filter(
        Q(username__icontains=words)
        | Q(first_name__icontains=words)
        | Q(email__icontains=words)
        | Q(group__name__icontains=words)
    )


def _with_spent(users: list[User], part: Slice) -> list[tuple[User, int]]:
    rows = part.of(DayTotal.objects.filter(user__in=users)).order_by().values_list("user")
    spent = {pk: int(nano) for pk, nano in rows.annotate(Sum("charged"))}
    return [(user, spent.get(user.pk, 0)) for user in users]


def _as_csv(found: QuerySet[User]) -> HttpResponseBase:
    head = [_("Person"), _("Name"), _("Group"), _("Balance (USD)"), _("Spent, 30 days (USD)")]
    return as_csv(
        "people", head=head, rows=map(_cells, _with_spent(list(found), SliceForm({}).chosen()))
    )


def _cells(told: tuple[User, int]) -> list[Cell]:
    user, spent = told
    account = getattr(user, "account", None)
    balance = to_usd(account.balance) if account else None
    return [user.username, user.first_name, str(user.group or ""), balance, to_usd(spent)]
