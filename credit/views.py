"""What a person sees of their own money: spending, limits, statement; and vouchers taken in."""

from http import HTTPStatus

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AuthenticatedHttpRequest
from credit import budgets, ledger, limits, notes, spending, statements, tables, vouchers
from credit.errors import VoucherRefused
from credit.member_forms import FiltersForm, OwnLimitsForm, VoucherForm
from credit.models import UsageRecord
from credit.money import dollars, to_usd
from credit.statements import Line
from credit.tables import Cell


@login_required
@never_cache
@require_GET
def spend(request: AuthenticatedHttpRequest) -> HttpResponse:
    return _render_spend(request)


@login_required
@require_GET
def purse(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The purse as it is now, or 204 when it is as the page shows it."""
    mine = ledger.purse(request.user)
    if request.GET.get("seen") == mine.seen:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "components/purse.html", {"purse": mine})


@login_required
@require_GET
def receipt(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What one answer or picture cost, each attempt by itself."""
    cause = request.GET.get("cause", "")
    records = list(UsageRecord.objects.for_cause(request.user, cause))
    if not records:
        raise Http404
    context = {"records": records, "sum": sum(record.charged for record in records)}
    template = "credit/receipt.html#receipt" if request.htmx else "credit/receipt.html"
    return render(request, template, context)


@login_required
@require_POST
def mark_note_read(request: AuthenticatedHttpRequest, transfer_id: int) -> HttpResponse:
    """Then back to the page that showed it."""
    notes.mark_read(request.user, transfer_id)
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else "credit:spend")


@login_required
@require_POST
def redeem(request: AuthenticatedHttpRequest) -> HttpResponse:
    form = VoucherForm(request.POST)
    if not ratelimit.consume(request, action="voucher"):
        form.refuse(_("Too many tries. Wait ten minutes, then try again."))
        return _render_spend(request, voucher=form, status=HTTPStatus.TOO_MANY_REQUESTS)
    if not form.is_valid():
        return _render_spend(request, voucher=form)
    try:
        given = vouchers.redeem(request.user, form.cleaned_data["code"])
    except VoucherRefused as error:
        form.refuse(error.message)
        return _render_spend(request, voucher=form)
    told = {"amount": dollars(given.amount), "name": given.reason}
    messages.success(request, _("“%(name)s” gave you %(amount)s.") % told)
    return redirect("credit:spend")


@login_required
@require_POST
def set_own_limits(request: AuthenticatedHttpRequest) -> HttpResponse:
    account = ledger.open_account(request.user)
    form = OwnLimitsForm(account, request.POST)
    if not form.is_valid():
        return _render_spend(request, own=form)
    limits.set_own_limits(account, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("credit:spend")


@login_required
@never_cache
@require_GET
def statement(request: AuthenticatedHttpRequest) -> HttpResponse:
    form = FiltersForm(request.user, request.GET)
    account = ledger.open_account(request.user)
    after = statements.find(account, request.GET["after"]) if "after" in request.GET else None
    if "after" in request.GET and after is None:
        raise Http404
    page = statements.page(account, form.filters, after=after)
    context = {
        "area": "spend",
        "form": form,
        "query": form.query,
        "page": page,
        "after": after,
    }
    return render(request, "credit/statement.html", context)


@login_required
@require_GET
def statement_file(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """The whole statement, or what the filters leave of it, as a CSV file."""
    form = FiltersForm(request.user, request.GET)
    lines = statements.lines(ledger.open_account(request.user), form.filters)
    head = [
        _("When"),
        _("What"),
        _("Model"),
        _("Prompt tokens"),
        _("Output tokens"),
        _("Measured"),
        _("Amount in dollars"),
        _("Balance in dollars"),
        _("Reason"),
        _("Cause"),
        _("Request"),
    ]
    return tables.as_csv("statement", head=head, rows=map(_cells, lines))


def _cells(line: Line) -> list[Cell]:
    transfer, usage = line.transfer, line.usage
    return [
        transfer.created_at,
        transfer.get_code_display(),
        usage.model if usage else "",
        usage.prompt_tokens if usage else None,
        usage.completion_tokens if usage else None,
        usage.get_source_display() if usage else "",
        to_usd(line.amount),
        to_usd(line.balance),
        transfer.reason,
        transfer.cause,
        usage.request_id if usage else "",
    ]


def _render_spend(
    request: AuthenticatedHttpRequest,
    *,
    voucher: VoucherForm | None = None,
    own: OwnLimitsForm | None = None,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> HttpResponse:
    """The page; in htmx only the form that was refused."""
    if request.htmx:
        part = "voucher" if voucher else "own"
        shown = {"voucher": voucher, "own": own}
        return render(request, f"credit/spend.html#{part}", shown, status=status)
    budget = budgets.read(request.user)
    context = {
        "area": "spend",
        "spending": spending.of(request.user, last=_range(request)),
        "ranges": spending.RANGES,
        "range": _range(request),
        "limits": budget.limits,
        "voucher": voucher or VoucherForm(),
        "own": own or OwnLimitsForm(budget.person),
    }
    return render(request, "credit/spend.html", context, status=status if voucher or own else 200)


def _range(request: AuthenticatedHttpRequest) -> int:
    """How many days to show."""
    asked = request.GET.get("days", "")
    return int(asked) if asked in map(str, spending.RANGES) else spending.RANGES[1]
