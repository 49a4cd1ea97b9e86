"""The audit log: who changed what, and when; read, and nothing more."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop, pgettext
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, User
from accounts.trail import Value
from credit.admin.permissions import AdminsOnly
from credit.money import exact_dollars
from credit.tables import as_csv, newest_first

_AMOUNTS: Final = (
    "balance",
    "day_limit",
    "month_limit",
    "own_day_limit",
    "own_month_limit",
    "amount",
    "starting_credit",
)
_NAMES: Final = {
    "balance": gettext_noop("balance"),
    "day_limit": gettext_noop("limit a day"),
    "own_day_limit": gettext_noop("own limit a day"),
    "own_month_limit": gettext_noop("own limit a month"),
    "month_limit": gettext_noop("limit a month"),
    "amount": gettext_noop("amount"),
    "starting_credit": gettext_noop("starting credit"),
    "count": gettext_noop("How many"),
    "is_paused": gettext_noop("paused"),
    "is_live": gettext_noop("works"),
    "is_active": gettext_noop("active"),
    "is_superuser": gettext_noop("admin"),
    "username": gettext_noop("username"),
    "email": gettext_noop("e-mail"),
    "group": gettext_noop("group"),
    "group__name": gettext_noop("group"),
    "name": gettext_noop("name"),
    "link": gettext_noop("one-time link"),
    "model": gettext_noop("model"),
    "kind": gettext_noop("kind"),
    "input_nano": gettext_noop("per prompt token"),
    "output_nano": gettext_noop("per output token"),
    "flat_nano": gettext_noop("per picture"),
    "markup": gettext_noop("markup"),
    "is_offered": gettext_noop("offered"),
    "effective_from": gettext_noop("in force from"),
    "period": gettext_noop("period"),
    "is_kept": gettext_noop("what is left is kept"),
    "starts_on": gettext_noop("from"),
    "ends_on": gettext_noop("until"),
    "allowed_models": gettext_noop("models allowed"),
    "most_output": gettext_noop("output tokens a reply"),
    "most_pictures": gettext_noop("pictures a day"),
    "most_replies": gettext_noop("replies at once"),
}


@admin.register(AuditEntry)
class AuditEntryAdmin(AdminsOnly):
    change_list_template = "admin/accounts/auditentry/change_list.html"
    list_display = ("created_at", "actor_", "kind", "subject", "changes", "reason")
    list_display_links = None
    list_filter = ("kind", "created_at", ("actor", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("actor",)
    search_fields = ("subject", "=thing", "actor__username", "actor__first_name", "reason")
    search_help_text = _("Who or what was changed, by whom, or why.")
    ordering = ("-pk",)
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.csv_view)
        return [path("csv/", view, name="accounts_auditentry_csv"), *super().get_urls()]

    def csv_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """The entries that the list shows under the same filters."""
        found: QuerySet[AuditEntry] = self.get_changelist_instance(request).get_queryset(request)
        head = [gettext(name) for name in ("when", "by", "what", "of", "changes", "reason")]
        return as_csv("audit-log", head=head, rows=_rows(found))

    @admin.display(description=_("by"), ordering="actor__username")
    def actor_(self, entry: AuditEntry) -> str:
        return _who(entry.actor)

    @admin.display(description=_("changes"))
    def changes(self, entry: AuditEntry) -> SafeString:
        return format_html_join("", "<div>{}</div>", ([line] for line in in_words(entry)))


def in_words(entry: AuditEntry) -> list[str]:
    """A line for each field that changed: "limit a day: $1.00 → $2.00"."""
    changed = {**entry.before, **entry.after}
    names = [*(name for name in _NAMES if name in changed), *sorted(changed.keys() - _NAMES.keys())]
    return [_line(name, entry.before, entry.after) for name in names]


def _line(name: str, before: dict[str, Value], after: dict[str, Value]) -> str:
    now = _said(name, after.get(name))
    if name in before:
        now = f"{_said(name, before[name])} → {now}"
    return f"{gettext(_NAMES[name]) if name in _NAMES else name}: {now}"


def _said(name: str, value: Value) -> str:
    match value:
        case None | "":
            return "–"
        case True:
            return gettext("yes")
        case False:
            return gettext("no")
        case int() if name in _AMOUNTS:
            return exact_dollars(value)
        case list():
            return ", ".join(value)
        case _:
            return str(value)


def _who(actor: User | None) -> str:
    return str(actor) if actor else pgettext("actor", "the system")


def _rows(found: QuerySet[AuditEntry]) -> Iterator[list[str | datetime]]:
    for entry in newest_first(found):
        words = "; ".join(in_words(entry))
        kind = entry.get_kind_display()
        yield [entry.created_at, _who(entry.actor), kind, entry.subject, words, entry.reason]
