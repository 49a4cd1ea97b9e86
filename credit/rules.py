"""Prices, money rules and allowances, saved from a form together with who changed them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import Model
from django.forms import ModelForm

from accounts import trail
from credit.models import Allowance, Policy, Price

Row = TypeVar("Row", bound=Model)

_KINDS: Final[Mapping[type[Model], trail.Kind]] = {
    Price: trail.Kind.PRICE,
    Policy: trail.Kind.RULES,
    Allowance: trail.Kind.ALLOWANCE,
}


@transaction.atomic
def save(form: ModelForm[Row]) -> Row:
    """What a valid form says; the audit log gets what it changes."""
    is_new = form.instance._state.adding
    row = form.save()
    trail.record(
        _KINDS[type(row)],
        thing=f"{row._meta.model_name}:{row.pk}",
        subject=row,
        before={} if is_new else _plain(form.initial, form.changed_data),
        after=_plain(form.cleaned_data, form.cleaned_data if is_new else form.changed_data),
    )
    return row


def _plain(values: Mapping[str, Any], names: Iterable[str]) -> trail.Facts:
    return {name: _said(values.get(name)) for name in names}


def _said(value: Any) -> trail.Value:
    return value if value is None or isinstance(value, bool | int) else str(value)
