"""The admin panel as part of this house: one sign-in, its own script policy."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from allauth.account.decorators import secure_admin_login
from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

# Django's admin loads its own scripts by plain tags, which know no nonce; none of them is inline.
own_scripts = csp_replace({"script-src": [SELF]})


View = TypeVar("View", bound=Callable[..., HttpResponseBase])

# Brought along by Django and allauth, and not used here.
HIDDEN_MODELS = ("auth.group", "account.emailaddress", "account.emailconfirmation")


class HouseAdminSite(admin.AdminSite):
    site_header = site_title = _("Admin")
    index_title = _("All lists")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        is_one = isinstance(model_or_iterable, type)
        models: Any = [model_or_iterable] if is_one else model_or_iterable
        shown = [model for model in models if model._meta.label_lower not in HIDDEN_MODELS]
        super().register(shown, admin_class, **options)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        return cast(View, own_scripts(super().admin_view(view, cacheable)))

    @method_decorator(secure_admin_login)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Guests go to the house's sign-in with its rate limits; members are refused."""
        return super().login(request, extra_context)

    def logout(  # type: ignore[override]  # the stubs allow no redirect
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_logout")

    def password_change(  # type: ignore[override]  # the stubs allow no redirect
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")
