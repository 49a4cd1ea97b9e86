"""The batches of vouchers: how many of each were made, used, and can still be."""

from django.db.models import Count
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from credit.models import VoucherBatch
from credit.money import to_usd
from credit.tables import Cell, as_csv
from oversight import listing
from oversight.doors import admins_only


@admins_only
@require_safe
def vouchers(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    numbers = {"made": Count("vouchers"), "used": Count("vouchers__redeemed_at")}
    batches = VoucherBatch.objects.select_related("actor").annotate(**numbers)
    if "csv" in request.GET:
        head = [_("Made on"), _("Name"), _("Worth each (USD)"), _("Made"), _("Used"), _("Expires")]
        return as_csv("vouchers", head=head, rows=map(_cells, batches.order_by("-pk")))
    context = {
        "place": "vouchers",
        "area": "admin",
        "page": listing.newest_first(batches, after=request.GET.get("after", "")),
        "now": timezone.now(),
    }
    return render(request, "oversight/vouchers.html", context)


def _cells(batch: VoucherBatch) -> list[Cell]:
    numbers = (batch.made, batch.used)  # type: ignore[attr-defined]
    return [batch.created_at, batch.name, to_usd(batch.amount), *numbers, batch.expires_at]
