"""The rows behind every figure: one a paid call, with what it used and cost."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from credit import tables
from credit.models import UsageRecord
from credit.money import to_usd
from oversight import listing
from oversight.doors import admins_only
from oversight.slices import SPANS, Slice, SliceForm


@admins_only
@require_safe
def usage(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """The records of a slice; with `q`, those of one request or cause, whenever they were."""
    form = SliceForm(request.GET)
    part = form.chosen()
    form = form.shown(part)
    searched = request.GET.get("q", "").strip()
    rows = _searched(searched) if searched else part.of(UsageRecord.objects.all())
    if "csv" in request.GET:
        return _as_csv(rows)
    page = listing.newest_days_first(
        rows.select_related("user"), after=request.GET.get("after", "")
    )
    return _render_page(request, form, part, page, searched)


def _searched(words: str) -> QuerySet[UsageRecord]:
    return UsageRecord.objects.filter(Q(request_id=words) | Q(cause=words))


def _render_page(
    request: AuthenticatedHttpRequest,
    form: SliceForm,
    part: Slice,
    page: listing.Page[UsageRecord],
    searched: str,
) -> HttpResponse:
    names = ("since", "until", "group", "kind", "model", "source")
    context = {
        "place": "usage",
        "area": "admin",
        "form": form,
        "fields": [form[name] for name in names],
        "kept": [("user", part.user.pk)] if part.user else [],
        "part": part,
        "spans": SPANS,
        "page": page,
        "searched": searched,
    }
    return render(request, "oversight/usage.html", context)


def _as_csv(rows: QuerySet[UsageRecord]) -> HttpResponseBase:
    head = [
        *(_("When"), _("Person"), _("Kind"), _("Model"), _("Prompt tokens"), _("Output tokens")),
        *(_("Measured"), _("List cost (USD)"), _("Charged (USD)"), _("Shortfall (USD)")),
        *(_("Ended"), _("Cause"), _("Request")),
    ]
    return tables.as_csv("usage", head=head, rows=_told(rows.select_related("user")))


def _told(rows: QuerySet[UsageRecord]) -> Iterator[list[tables.Cell]]:
    for row in tables.newest_first(rows):
        yield [
            *(row.created_at, row.user.username, row.get_kind_display(), row.model),
            *(row.prompt_tokens, row.completion_tokens, row.get_source_display()),
            *map(to_usd, (row.list_cost, row.charged, row.shortfall)),
            *(row.get_outcome_display(), row.cause, row.request_id),
        ]
