"""What a person may send."""

from django import forms
from django.utils.translation import gettext_lazy as _

from minitoolai.catalog import CHAT_MODELS

# Characters; some 50,000 tokens. More belongs in a file.
LONGEST_PROMPT = 200_000


class AskForm(forms.Form):
    """The model to ask, and an id for this sending; a button may name another model."""

    instead = forms.CharField(required=False)
    model = forms.CharField()
    client_id = forms.UUIDField()

    def clean_model(self) -> str:
        model: str = self.cleaned_data.pop("instead", "") or self.cleaned_data["model"]
        if model not in CHAT_MODELS:
            raise forms.ValidationError(_("This model is not offered here. Choose another."))
        return model


class AttemptForm(forms.Form):
    """The attempt at a reply that the person saw end."""

    attempt = forms.IntegerField(min_value=1)


class PromptForm(AskForm):
    """A prompt besides."""

    text = forms.CharField(
        max_length=LONGEST_PROMPT,
        strip=True,
        error_messages={
            "required": _("Write something first."),
            "max_length": _(
                "That is too long: at most %(limit_value)d characters, and this has %(show_value)d."
            ),
        },
    )
