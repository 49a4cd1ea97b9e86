"""How allauth behaves here: nobody signs up, and failed sign-ins are counted fairly."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts import freshness, links
from accounts.models import User
from accounts.signals import sign_ins_changed

KNOWN_PLACE_SECONDS = 30 * 24 * 3600


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("This name and password do not go together."),
        "email_password_mismatch": _("This name and password do not go together."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "incorrect_password": _("That is not your password."),
        "enter_current_password": _("That is not your current password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are added by the admin; nobody signs up by themselves."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        freshness.confirm(request)
        for name in filter(None, (user.username, user.email)):
            cache.set(self._place_key(request, name), True, KNOWN_PLACE_SECONDS)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.language:
            speak(response, language=user.language)
        return response

    def reauthenticate(self, user: User, password: str) -> bool:
        is_theirs: bool = super().reauthenticate(user, password)
        if is_theirs:
            freshness.confirm(self.request)
        return is_theirs

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        links.void(user)
        sign_ins_changed.send(User, user_ids=[user.pk])

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The configured address wins over the Host header of whoever asked for the mail."""
        address = urlsplit(super().get_reset_password_from_key_url(key))
        base: str = links.base_url(self.request)
        return base + str(address.path)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count tries per address and per name-and-address; then, slowly, per name.

        The last count would let a stranger lock a person out, so it leaves alone the
        addresses this person has signed in from before.
        """
        super().pre_authenticate(request, **credentials)
        name = _name_in(credentials)
        if cache.get(self._place_key(request, name)):
            return
        if not ratelimit.consume(request, action="login_failed_anywhere", key=name):
            raise self.validation_error("too_many_login_attempts")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth's own key holds no address (one stranger locks a person out) but the Host
        # header with its port (which a stranger varies to start counting anew).
        return f"{_name_in(credentials)}|{self.get_client_ip(request)}"

    def _place_key(self, request: HttpRequest, name: str) -> str:
        place = f"{name.lower()}|{self.get_client_ip(request)}"
        return salted_hmac("accounts.adapter.place", place, algorithm="sha256").hexdigest()


def speak(response: HttpResponse, *, language: str) -> None:
    """Carry the person's language in Django's cookie; "" leaves it to the browser again."""
    if not language:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _name_in(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "").strip().lower()
