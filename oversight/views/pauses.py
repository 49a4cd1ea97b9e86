"""What is worth a look, and one click to pause whose it is."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from credit import pauses
from credit.models import Account
from credit.money import to_usd
from credit.tables import Cell, as_csv
from gateway.models import ApiKey
from oversight import anomalies
from oversight.doors import admins_only


@admins_only
@require_safe
def anomaly_list(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    found = anomalies.found()
    if "csv" in request.GET:
        head = [_("Day"), _("What"), _("Who"), _("Amount (USD)"), _("About it")]
        rows: list[list[Cell]] = [
            [each.day, each.rule.label, str(each.user or ""), to_usd(each.amount), each.about]
            for each in found
        ]
        return as_csv("anomalies", head=head, rows=rows)
    context = {
        "place": "anomalies",
        "area": "admin",
        "anomalies": found,
        "anomaly_count": len(found),
        "looked_back": anomalies.LOOKED_BACK,
    }
    return render(request, "oversight/anomalies.html", context)


@admins_only
@require_POST
def pause(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """At once and without asking for a password: money may be running out meanwhile."""
    account = get_object_or_404(Account, pk=pk, kind__in=_PAUSABLE)
    if request.POST.get("do") == "resume":
        pauses.resume(account)
        messages.success(request, _("%(owner)s may spend again.") % {"owner": account})
    else:
        pauses.pause(account)
        messages.success(request, _("%(owner)s is paused.") % {"owner": account})
    if (origin := request.POST.get("from")) in _LISTS:
        return redirect(f"oversight:{origin}")
    return _to_owner(account)


_LISTS = ("anomalies", "overview")  # that have the button
_PAUSABLE = (Account.Kind.USER, Account.Kind.GROUP, Account.Kind.KEY)


def _to_owner(account: Account) -> HttpResponse:
    """The page of the person or group whose it is."""
    if account.group_id is not None:
        return redirect("oversight:group", account.group_id)
    if account.user_id is not None:
        return redirect("oversight:person", account.user_id)
    return redirect("oversight:person", get_object_or_404(ApiKey, pk=account.key).user_id)
