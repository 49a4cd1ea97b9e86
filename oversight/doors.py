"""Who may look: admins, and nobody else."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from accounts.http import AuthenticatedHttpRequest

Given = ParamSpec("Given")


def admins_only(
    view: Callable[Concatenate[AuthenticatedHttpRequest, Given], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Given], HttpResponseBase]:
    """A guest is sent to sign in; anybody else who is no admin is refused."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Given.args, **kwargs: Given.kwargs
    ) -> HttpResponseBase:
        if not request.user.is_superuser:
            raise PermissionDenied
        return view(cast(AuthenticatedHttpRequest, request), *args, **kwargs)

    return never_cache(login_required(guarded))
