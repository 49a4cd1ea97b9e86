"""The admin's first page: how the house stands and where the money went."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from credit.models import Account, DayTotal, Kind
from credit.money import to_usd
from credit.tables import Cell as CsvCell
from credit.tables import as_csv
from oversight import anomalies, house, spending
from oversight.doors import admins_only
from oversight.slices import SPANS, Slice, SliceForm
from oversight.spending import Cell, Spender, Table

_LOOKED_BACK: Final = 2  # days
_SHOWN: Final = 5  # anomalies on this page; the others on their own


@admins_only
@require_safe
def overview(request: AuthenticatedHttpRequest) -> HttpResponse:
    form = SliceForm(request.GET)
    part = form.chosen()
    form = form.shown(part)
    cells = spending.cells(part)
    found = anomalies.found(looked_back=_LOOKED_BACK)
    recent = house.recent()
    before = spending.charged_each(part.before.of(DayTotal.objects.all()), "group")
    charged = sum(cell.charged for cell in cells)
    context = {
        "place": "overview",
        "area": "admin",
        "form": form,
        "fields": [form[name] for name in ("since", "until", "group", "kind", "model")],
        "spans": SPANS,
        "part": part,
        "standing": house.standing(recent),
        "paces": recent.paces,
        "drifts": house.drifts(),
        "holds": house.open_holds(),
        "anomalies": found[:_SHOWN],
        "anomaly_count": len(found),
        "charged": charged,
        "change": spending.change(charged, sum(before.values())),
        "is_empty": not charged and not before,
        "share_counted": spending.share_counted(cells),
        "models": spending.by_day(part, cells, spending.model_series(part)),
        "sources": spending.by_day(part, cells, spending.source_series),
        "kinds": _kinds(cells),
        "groups": _groups(cells, before),
        "people": spending.top_people(part),
    }
    return render(request, "oversight/overview.html", context)


@admins_only
@require_safe
def table(request: AuthenticatedHttpRequest, name: str) -> HttpResponseBase:
    """One of the page's tables, as it stands under the same address, as CSV."""
    part = SliceForm(request.GET).chosen()
    if name not in _TABLES:
        raise Http404
    head, rows = _TABLES[name](part)
    return as_csv(name, head=head, rows=rows)


def _kinds(cells: Iterable[Cell]) -> list[tuple[Kind, spending.Sums]]:
    return [(Kind(kind), sums) for kind, sums in spending.by(cells, lambda c: c.kind).items()]


def _groups(cells: Sequence[Cell], before: Mapping[int | None, int]) -> list[Spender]:
    """Every group that spent something; those in none come as one more."""
    now = spending.by(cells, lambda cell: cell.group)
    accounts = Account.objects.filter(pk__in=[pk for pk in now if pk]).select_related("group")
    names = {account.pk: account.group for account in accounts}
    return [
        Spender(
            pk=group.pk if (group := names.get(pk or 0)) else 0,
            name=str(group or _("In no group")),
            about="",
            calls=sums.calls,
            charged=sums.charged,
            before=before.get(pk, 0),
        )
        for pk, sums in now.items()
    ]


Told = tuple[Sequence[CsvCell], Iterable[Sequence[CsvCell]]]


def _by_day(table: Table) -> Told:
    head = [_("Day"), *table.series]
    return head, [[day, *map(to_usd, amounts)] for day, amounts in table.rows]


def _models_table(part: Slice) -> Told:
    cells = spending.cells(part)
    return _by_day(spending.by_day(part, cells, spending.model_series(part)))


def _sources_table(part: Slice) -> Told:
    return _by_day(spending.by_day(part, spending.cells(part), spending.source_series))


def _kinds_table(part: Slice) -> Told:
    rows = _kinds(spending.cells(part))
    head = [_("Kind"), _("Calls"), _("Charged (USD)")]
    return head, [[kind.label, sums.calls, to_usd(sums.charged)] for kind, sums in rows]


def _spenders(spenders: Iterable[Spender]) -> Told:
    head = [_("Who"), _("Group"), _("Calls"), _("Charged (USD)"), _("Before (USD)")]
    return head, [
        [who.name, who.about, who.calls, to_usd(who.charged), to_usd(who.before)]
        for who in spenders
    ]


def _groups_table(part: Slice) -> Told:
    before = spending.charged_each(part.before.of(DayTotal.objects.all()), "group")
    return _spenders(_groups(spending.cells(part), before))


def _drifts_table(part: Slice) -> Told:
    head = [_("When"), _("Shown (USD)"), _("Expected (USD)"), _("Drift (USD)")]
    return head, [
        [
            seen.entry.created_at,
            *map(to_usd, (seen.entry.amount, seen.entry.expected)),
            to_usd(seen.entry.drift or 0),
        ]
        for seen in house.drifts()
    ]


_TABLES: Final[dict[str, Callable[[Slice], Told]]] = {
    "models": _models_table,
    "measures": _sources_table,
    "kinds": _kinds_table,
    "groups": _groups_table,
    "people": lambda part: _spenders(spending.top_people(part)),
    "drift": _drifts_table,
}
