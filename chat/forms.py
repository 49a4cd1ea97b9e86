"""What a person may send."""

from django import forms
from django.utils.translation import gettext_lazy as _

from credit import prices

# Characters; some 50,000 tokens. More belongs in a file.
LONGEST_PROMPT = 200_000


class PromptForm(forms.Form):
    """A prompt, the model to ask, and the browser's own id for this sending."""

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
    model = forms.CharField(max_length=40)
    client_id = forms.UUIDField()

    def clean_model(self) -> str:
        model: str = self.cleaned_data["model"]
        if model not in prices.offered_models("chat"):
            raise forms.ValidationError(_("This model is not offered here. Choose another."))
        return model
