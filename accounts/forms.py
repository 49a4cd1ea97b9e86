"""Forms of signing in and of one's own account."""

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.contrib.auth import forms as auth_forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User

if TYPE_CHECKING:
    PersonSetPasswordForm = auth_forms.SetPasswordForm[User]
else:
    PersonSetPasswordForm = auth_forms.SetPasswordForm

PASSWORD_HELP = _("At least 8 characters, not only digits, and not a well-known one.")
AGAIN = _("The same once more")


class HouseForm(forms.BaseForm):
    """Dress the widgets: the house's class and words, and the form's own errors tied to them."""

    labels: ClassVar[dict[str, Any]] = {}
    help_texts: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["class"] = "input"

    def full_clean(self) -> None:
        super().full_clean()
        if self.non_field_errors():
            for field in self.fields.values():
                field.widget.attrs["aria-describedby"] = "form_errors"
        wrong = next((name for name in self.fields if name in self.errors), None)
        if wrong:
            self.focus(wrong)

    def focus(self, name: str) -> None:
        """Let one field, and no other, have the focus when the page opens."""
        for field in self.fields.values():
            field.widget.attrs.pop("autofocus", None)
        self.fields[name].widget.attrs["autofocus"] = True


class SignInForm(HouseForm, allauth_forms.LoginForm):
    labels = {"login": _("Username or e-mail"), "password": _("Password")}

    @property
    def has_mail(self) -> bool:
        """Whether a forgotten password can be mended by mail."""
        return bool(settings.HAS_MAIL)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        self.focus("login")


class ReauthenticateForm(HouseForm, allauth_forms.ReauthenticateForm):
    labels = {"password": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.focus("password")


class ChangePasswordForm(HouseForm, allauth_forms.ChangePasswordForm):
    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": AGAIN,
    }
    help_texts = {"password1": PASSWORD_HELP}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.focus("oldpassword")


class SetPasswordForm(HouseForm, allauth_forms.SetPasswordForm):
    labels = {"password1": _("New password"), "password2": AGAIN}
    help_texts = {"password1": PASSWORD_HELP}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.focus("password1")


class ResetPasswordForm(HouseForm, allauth_forms.ResetPasswordForm):
    labels = {"email": _("E-mail")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.focus("email")


class ResetPasswordKeyForm(HouseForm, allauth_forms.ResetPasswordKeyForm):
    labels = SetPasswordForm.labels
    help_texts = SetPasswordForm.help_texts

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.focus("password1")


class FirstAdminForm(HouseForm, auth_forms.BaseUserCreationForm[User]):
    labels = {
        "username": _("Username"),
        "email": _("E-mail (optional)"),
        "password1": _("Password"),
        "password2": AGAIN,
    }
    help_texts = {
        "username": _("Letters, digits and @ . + - _; capitals become small."),
        "password1": PASSWORD_HELP,
    }

    class Meta(auth_forms.BaseUserCreationForm.Meta):
        model = User
        fields = ("username", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"


class ChoosePasswordForm(HouseForm, PersonSetPasswordForm):
    labels = {"new_password1": _("Password"), "new_password2": AGAIN}
    help_texts = {"new_password1": PASSWORD_HELP}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.focus("new_password1")


class ProfileForm(HouseForm, forms.ModelForm[User]):
    labels = {
        "first_name": _("Name"),
        "email": _("E-mail"),
        "language": _("Language"),
    }
    help_texts = {
        "first_name": _("How you are shown to others. Empty: your username."),
        "email": _("Optional. You can sign in with it too."),
    }

    language = forms.ChoiceField(
        choices=[("", _("Same as the browser")), *settings.LANGUAGES], required=False
    )

    class Meta:
        model = User
        fields = ("first_name", "email", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "email"
