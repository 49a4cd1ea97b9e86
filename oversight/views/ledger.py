"""Every transfer, newest first: searched, and never changed."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from credit import tables
from credit.models import Account, Transfer
from credit.money import to_usd
from oversight import listing
from oversight.doors import admins_only


@admins_only
@require_safe
def ledger(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """All, of one kind, or what `q` finds: a person, a group of calls' request, a cause."""
    searched, code = request.GET.get("q", "").strip(), request.GET.get("code", "")
    rows = _searched(searched) if searched else Transfer.objects.all()
    if code in Transfer.Code:
        rows = rows.filter(code=code)
    rows = rows.select_related("source__user", "destination__user", "actor", "hold")
    if "csv" in request.GET:
        return tables.as_csv("ledger", head=_head(), rows=_told(rows))
    context = {
        "place": "ledger",
        "area": "admin",
        "searched": searched,
        "code": code,
        "codes": Transfer.Code.choices,
        "page": listing.newest_first(rows, after=request.GET.get("after", "")),
    }
    return render(request, "oversight/ledger.html", context)


def _searched(words: str) -> QuerySet[Transfer]:
    """By the accounts' keys: their indexes are found, whatever else is asked."""
    named = User.objects.filter(Q(username=words.lower()) | Q(first_name__icontains=words))
    accounts = list(Account.objects.filter(user__in=named).values_list("pk", flat=True)[:100])
    found = Q(source__in=accounts) | Q(destination__in=accounts)
    return Transfer.objects.filter(found | Q(cause=words) | Q(hold__request_id=words))


def _head() -> list[str]:
    return [
        *(_("When"), _("What for"), _("From"), _("To"), _("Amount (USD)")),
        *(_("Reason"), _("By"), _("Cause"), _("Request")),
    ]


def _told(rows: QuerySet[Transfer]) -> Iterator[list[tables.Cell]]:
    for row in tables.newest_first(rows):
        yield [
            *(row.created_at, row.get_code_display(), str(row.source), str(row.destination)),
            *(to_usd(row.amount), row.reason, str(row.actor or ""), row.cause),
            row.hold.request_id if row.hold else "",
        ]
