"""What an admin sets in place, on a person's and a group's page."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from credit.forms import GrantForm, LimitsForm
from credit.models import Account
from minitoolai.catalog import CHAT_MODELS, IMAGE_MODELS


class _InPlace(forms.Form):
    """Drawn as the house's own fields."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxSelectMultiple | forms.HiddenInput):
                field.widget.attrs["class"] = "input"


class MoneyForm(_InPlace, GrantForm):
    """Given, or taken back, as the button says that was pressed."""

    do = forms.ChoiceField(choices=[("give", ""), ("take", "")], widget=forms.HiddenInput)


class InPlaceLimitsForm(_InPlace, LimitsForm):
    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        initial = {"day": account.day_limit, "month": account.month_limit}
        super().__init__(*args, initial=initial, auto_id="limits-%s", **kwargs)


class RulesForm(_InPlace):
    """Every model ticked is the same as no rule about models."""

    models = forms.MultipleChoiceField(
        label=_("Models"), required=False, widget=forms.CheckboxSelectMultiple
    )
    pictures = forms.IntegerField(
        label=_("Pictures a day for each person"), min_value=0, max_value=10_000, required=False
    )
    replies = forms.IntegerField(
        label=_("Replies at once for each person"), min_value=1, max_value=100, required=False
    )
    output = forms.IntegerField(
        label=_("Output tokens of a reply"),
        min_value=16,
        max_value=1_000_000,
        required=False,
        help_text=_("Empty: as many as the site allows."),
    )

    def __init__(self, group: Account, *args: Any, **kwargs: Any) -> None:
        known = [*CHAT_MODELS, *IMAGE_MODELS]
        allowed = group.allowed_models
        initial = {
            "models": known if allowed is None else allowed,
            "pictures": group.most_pictures,
            "replies": group.most_replies,
            "output": group.most_output,
        }
        super().__init__(*args, initial=initial, auto_id="rules-%s", **kwargs)
        cast(forms.MultipleChoiceField, self.fields["models"]).choices = [
            (name, name) for name in known
        ]

    def clean_models(self) -> Sequence[str] | None:
        chosen: list[str] = self.cleaned_data["models"]
        return None if len(chosen) == len(CHAT_MODELS) + len(IMAGE_MODELS) else chosen
