"""The forms of one's own money: a voucher's code, limits of one's own, a statement's filters."""

from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import HouseForm
from accounts.models import User
from credit.days import Period
from credit.forms import DollarField
from credit.models import Account, DayTotal, Kind
from credit.money import dollars
from credit.statements import OTHER, Filters


class VoucherForm(HouseForm, forms.Form):
    code = forms.CharField(
        label=_("Code of the voucher"),
        max_length=80,
        error_messages={"required": _("Type the code that is on the voucher.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="voucher-%s", label_suffix="")

    def refuse(self, reason: str) -> None:
        self.add_error("code", reason)
        self.focus("code")


class OwnLimitsForm(HouseForm, forms.Form):
    """Each at most what the admin allows; empty for none."""

    day = DollarField(label=_("At most a day, in dollars"), required=False)
    month = DollarField(label=_("At most a month, in dollars"), required=False)

    def __init__(self, account: Account, data: Any = None) -> None:
        self._account = account
        initial = {str(period): account.own_limit(period) for period in Period}
        super().__init__(data, initial=initial, auto_id="own-%s", label_suffix="")
        for field in self.fields.values():
            field.widget.attrs["inputmode"] = "decimal"

    def clean_day(self) -> int | None:
        return self._below(Period.DAY)

    def clean_month(self) -> int | None:
        return self._below(Period.MONTH)

    def _below(self, period: Period) -> int | None:
        wanted: int | None = self.cleaned_data[str(period)]
        most = self._account.set_limit(period)
        if wanted is not None and most is not None and wanted > most:
            raise ValidationError(
                _("The administrator allows you at most %(most)s."),
                params={"most": dollars(most)},
            )
        return wanted


_KINDS: Final = [
    ("", _("Everything")),
    (Kind.CHAT, _("Chat")),
    (Kind.IMAGE, _("Pictures")),
    (OTHER, _("Credit given and taken")),
]


class FiltersForm(HouseForm, forms.Form):
    """What stands in the statement's address; what makes no sense there filters nothing."""

    kind = forms.ChoiceField(label=_("What"), choices=_KINDS, required=False)
    model = forms.ChoiceField(label=_("Model"), required=False)
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("Until"), required=False)
    cause = forms.CharField(max_length=128, required=False, widget=forms.HiddenInput)

    def __init__(self, user: User, data: Any) -> None:
        super().__init__(data, auto_id="filter-%s", label_suffix="")
        used = DayTotal.objects.filter(user=user).order_by("model").values_list("model", flat=True)
        self.fields["model"].choices = [  # type: ignore[attr-defined]
            ("", _("All models")),
            *((name, name) for name in used.distinct()),
        ]
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(
                format="%Y-%m-%d", attrs={"type": "date", "class": "input"}
            )
        self.is_valid()

    @property
    def filters(self) -> Filters:
        return Filters(**self._said)

    @property
    def query(self) -> str:
        """The filters as they stand in an address."""
        return urlencode(self._said)

    @property
    def _said(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}
