"""What a person says of a new key: its name, and how long it shall work."""

from datetime import timedelta
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from gateway.models import ApiKey

_LIFETIMES: Final = {
    "": (_("Until it is revoked"), None),
    "7": (_("7 days"), timedelta(days=7)),
    "30": (_("30 days"), timedelta(days=30)),
    "90": (_("90 days"), timedelta(days=90)),
    "365": (_("A year"), timedelta(days=365)),
}


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=ApiKey._meta.get_field("name").max_length,
        help_text=_("What will use it, so that you know it again: “Raspberry Pi”, “homework”."),
        error_messages={"required": _("Give the key a name.")},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    lifetime = forms.ChoiceField(
        label=_("Works"),
        required=False,
        choices=[(days, label) for days, (label, _span) in _LIFETIMES.items()],
        widget=forms.Select(attrs={"class": "input"}),
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data, auto_id="key-%s", label_suffix="")  # type: ignore[arg-type]

    @property
    def lifetime_chosen(self) -> timedelta | None:
        """How long the key of the valid form works; None is for ever."""
        return _LIFETIMES[self.cleaned_data["lifetime"]][1]
