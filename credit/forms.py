"""The admin's forms: amounts are typed in dollars and kept in nano-USD."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from credit import days, vouchers
from credit.errors import KeyReused
from credit.models import Allowance, Policy, PoolEntry, Price
from credit.money import MAX_AMOUNT, from_usd, to_usd


class DollarField(forms.DecimalField):
    """Shows and reads dollars; its value is an integer of nano-USD."""

    def __init__(self, **kwargs: Any) -> None:
        limits: dict[str, Any] = {
            "min_value": 0,
            "max_value": to_usd(MAX_AMOUNT),
            "decimal_places": 9,
        }
        super().__init__(**(limits | kwargs))
        self.widget.attrs.setdefault("step", "any")

    def clean(self, value: Any) -> Any:
        dollars = super().clean(value)
        return None if dollars is None else from_usd(dollars)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        written = f"{to_usd(value):.9f}".rstrip("0")
        whole, _dot, decimals = written.partition(".")
        return f"{whole}.{decimals:0<2}"


class GrantForm(forms.Form):
    """`key` is made with the page, so that a double click gives once."""

    amount = DollarField(label=_("Amount in dollars"), min_value=Decimal("0.000000001"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Kept with the booking, for the person and for you."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class AdjustForm(GrantForm):
    """As giving, up or down."""

    amount = DollarField(
        label=_("Amount in dollars"),
        min_value=-to_usd(MAX_AMOUNT),
        help_text=_("Below zero takes it back, as far as it is free."),
    )

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if not amount:
            raise ValidationError(_("A correction changes something."))
        return amount


class VouchersForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("What they are for; those who redeem one see it too."),
    )
    amount = DollarField(label=_("Worth each in dollars"), min_value=Decimal("0.000000001"))
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=vouchers.MOST)
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: they do not expire."),
    )
    as_file = forms.BooleanField(
        label=_("As a CSV file"), required=False, help_text=_("Else as a page to print.")
    )

    def clean_last_day(self) -> datetime | None:
        """The moment they expire: the end of their last day."""
        last: date | None = self.cleaned_data["last_day"]
        return days.midnight(days.Period.DAY.end(last)) if last else None


class AllowanceForm(forms.ModelForm[Allowance]):
    amount = DollarField(label=_("Amount in dollars"), min_value=Decimal("0.000000001"))

    class Meta:
        model = Allowance
        fields = ("group", "amount", "period", "is_kept", "starts_on", "ends_on")


class LimitsForm(forms.Form):
    """Both may be left empty."""

    day = DollarField(label=_("Limit a day in dollars"), required=False)
    month = DollarField(
        label=_("Limit a month in dollars"),
        required=False,
        help_text=_(
            "Empty: as much as there is. What was spent in this day and month before counts."
        ),
    )


class PolicyForm(forms.ModelForm[Policy]):
    starting_credit = DollarField(
        label=_("Starting credit in dollars"),
        help_text=_("What each new person starts with. Those who are here already keep theirs."),
    )

    class Meta:
        model = Policy
        fields = ("starting_credit", "markup")


class PoolEntryForm(forms.ModelForm[PoolEntry]):
    """`key` is made with the page, so that a double click notes it once."""

    amount = DollarField(label=_("Amount in dollars"), min_value=-to_usd(MAX_AMOUNT))
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    class Meta:
        model = PoolEntry
        fields = ("kind", "amount", "reason", "idempotency_key")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind, amount = cleaned.get("kind"), cleaned.get("amount")
        if kind == PoolEntry.Kind.TOP_UP and amount is not None and amount <= 0:
            self.add_error("amount", _("A top-up adds something."))
        if kind == PoolEntry.Kind.CORRECTION:
            if amount == 0:
                self.add_error("amount", _("A correction changes something."))
            if not cleaned.get("reason"):
                self.add_error("reason", _("A correction needs a reason."))
        noted = PoolEntry.objects.filter(idempotency_key=self.booking_key).first()
        if noted is not None and (noted.kind, noted.amount) != (kind, amount):
            self.add_error(None, KeyReused(self.booking_key).message)
        return cleaned

    @property
    def booking_key(self) -> str:
        return f"admin:{self.cleaned_data.get('idempotency_key')}"


class PriceForm(forms.ModelForm[Price]):
    """A price is added, never changed: receipts keep the one that was in force."""

    class Meta:
        model = Price
        fields = (
            "model",
            "kind",
            "input_nano",
            "output_nano",
            "flat_nano",
            "markup",
            "is_offered",
            "effective_from",
        )
        help_texts = {
            "input_nano": _("In billionths of a dollar: $0.15 per million tokens is 150."),
            "output_nano": _("In billionths of a dollar."),
            "flat_nano": _("In billionths of a dollar: $0.0015 is 1,500,000."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        known = Price.objects.filter(model=cleaned.get("model")).first()
        if known is not None and known.kind != cleaned.get("kind"):
            raise ValidationError(
                _("The model %(model)s is priced as another kind."),
                params={"model": known.model},
            )
        return cleaned
