"""What each model costs, cost and will cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from credit.models import Policy, Price
from credit.tables import Cell, as_csv
from oversight.doors import admins_only


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A model's prices, newest first: those to come, the one in force if any, those before."""

    model: str
    coming: Sequence[Price]
    now: Price | None
    before: Sequence[Price]

    @property
    def copied(self) -> str:
        """The query that fills the form of a new price with the newest one."""
        newest = [*self.coming, *([self.now] if self.now else [])][0]
        names = ("model", "kind", "input_nano", "output_nano", "flat_nano")
        markup = {} if newest.markup is None else {"markup": newest.markup}
        return urlencode({name: getattr(newest, name) for name in names} | markup)


@admins_only
@require_safe
def prices(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    rows = list(Price.objects.order_by("kind", "model", "-effective_from", "-pk"))
    if "csv" in request.GET:
        return as_csv("prices", head=_head(), rows=map(_cells, rows))
    return _render_prices(request, rows)


def _render_prices(request: AuthenticatedHttpRequest, rows: Sequence[Price]) -> HttpResponse:
    each = groupby(rows, key=lambda price: price.model)
    context = {
        "place": "prices",
        "area": "admin",
        "tariffs": [_tariff(model, list(found)) for model, found in each],
        "policy": Policy.objects.get(),
    }
    return render(request, "oversight/prices.html", context)


def _tariff(model: str, newest_first: Sequence[Price]) -> Tariff:
    now = timezone.now()
    begun = [price for price in newest_first if price.effective_from <= now]
    return Tariff(
        model=model,
        coming=[price for price in newest_first if price.effective_from > now],
        now=begun[0] if begun else None,
        before=begun[1:],
    )


def _head() -> list[Cell]:
    return [
        *(_("Model"), _("In force from"), _("Per prompt token (billionths of a dollar)")),
        *(
            _("Per output token (billionths of a dollar)"),
            _("Per picture (billionths of a dollar)"),
        ),
        *(_("Markup (hundredths of a percent)"), _("Offered")),
    ]


def _cells(price: Price) -> list[Cell]:
    return [
        *(price.model, price.effective_from, price.input_nano, price.output_nano),
        *(price.flat_nano, price.markup, _("yes") if price.is_offered else _("no")),
    ]
