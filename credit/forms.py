"""Amounts typed in dollars and kept in nano-USD, and the form that gives a person credit."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from credit.models import Policy, Price
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


class PolicyForm(forms.ModelForm[Policy]):
    starting_credit = DollarField(
        label=_("Starting credit in dollars"),
        help_text=_("What each new person starts with. Those who are here already keep theirs."),
    )

    class Meta:
        model = Policy
        fields = ("starting_credit",)


class PriceForm(forms.ModelForm[Price]):
    """A price is added, never changed: receipts keep the one that was in force."""

    class Meta:
        model = Price
        fields = ("model", "kind", "input_nano", "output_nano", "flat_nano", "effective_from")
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
