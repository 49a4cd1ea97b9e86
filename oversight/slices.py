"""Which part of the spending a page shows: days, and whose, of what; all of it in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Group, User
from credit import days
from credit.models import DayTotal, Kind, Source, UsageRecord
from minitoolai.catalog import CHAT_MODELS, IMAGE_MODELS

SPANS: Final = (7, 30, 90)  # days
USUAL: Final = 30
LONGEST: Final = 366

Rows = TypeVar("Rows", DayTotal, UsageRecord)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """From the first to the last day, both included; what is not said is not narrowed."""

    first: date
    last: date
    group: Group | None = None
    kind: str = ""
    model: str = ""
    user: User | None = None
    source: str = ""

    @property
    def length(self) -> int:
        """In days."""
        return (self.last - self.first).days + 1

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.length)]

    @property
    def span(self) -> int | None:
        """The number of days, if it is one of SPANS and ends today."""
        return self.length if self.length in SPANS and self.last == days.today() else None

    @property
    def before(self) -> "Slice":
        """As many days right before."""
        length = timedelta(days=self.length)
        return replace(self, first=self.first - length, last=self.last - length)

    def of(self, rows: QuerySet[Rows]) -> QuerySet[Rows]:
        """The totals or records in it."""
        wanted = Q(day__gte=self.first, day__lte=self.last)
        for name in ("kind", "model", "user", "source"):
            if value := getattr(self, name):
                wanted &= Q(**{name: value})
        if self.group is not None:
            wanted &= Q(group__group=self.group)
        return rows.filter(wanted)

    def query(self, **changes: object) -> str:
        """The address's query, with these fields in place of its own."""
        told = {
            "since": self.first,
            "until": self.last,
            "group": self.group.pk if self.group else "",
            "kind": self.kind,
            "model": self.model,
            "user": self.user.pk if self.user else "",
            "source": self.source,
        } | changes
        return urlencode({name: value for name, value in told.items() if value not in ("", None)})


class SliceForm(forms.Form):
    """Either the last so many `days`, or since and until."""

    days = forms.TypedChoiceField(
        choices=[(span, span) for span in SPANS], coerce=int, required=False, empty_value=None
    )
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("To"), required=False)
    group = forms.ModelChoiceField(
        Group.objects.all(), label=_("Group"), required=False, empty_label=_("All groups")
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *Kind.choices], required=False
    )
    model = forms.ChoiceField(
        label=_("Model"),
        choices=[("", _("All models")), *((name, name) for name in [*CHAT_MODELS, *IMAGE_MODELS])],
        required=False,
    )
    user = forms.ModelChoiceField(User.objects.all(), required=False, widget=forms.HiddenInput)
    source = forms.ChoiceField(
        label=_("Measured"), choices=[("", _("However measured")), *Source.choices], required=False
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial, auto_id="show-%s", label_suffix="")
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = _bounds(cleaned)
        if first > last:
            raise ValidationError(_("The first day comes after the last one."))
        if (last - first).days >= LONGEST:
            raise ValidationError(_("A year at most."))
        return cleaned | {"first": first, "last": last}

    def shown(self, part: Slice) -> "SliceForm":
        """The form to show: what is wrong with it, or what it came to."""
        if self.errors:
            return self
        told = {name: getattr(part, name) for name in ("group", "kind", "model", "user", "source")}
        return SliceForm(None, initial={**told, "since": part.first, "until": part.last})

    def chosen(self) -> Slice:
        """What is asked for; where that makes no sense, the usual days of everything."""
        told: dict[str, Any] = {"first": _last_days(USUAL), "last": days.today()}
        if self.is_valid():
            names = ("first", "last", "group", "kind", "model", "user", "source")
            told = {name: self.cleaned_data[name] for name in names}
        return Slice(**told)


def _bounds(cleaned: Mapping[str, Any]) -> tuple[date, date]:
    last = cleaned.get("until") or days.today()
    if span := cleaned.get("days"):
        return _last_days(span), days.today()
    return cleaned.get("since") or last - timedelta(days=USUAL - 1), last


def _last_days(number: int) -> date:
    return days.today() - timedelta(days=number - 1)
