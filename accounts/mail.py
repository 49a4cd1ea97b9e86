"""Whether this house can send mail; without it nobody resets a password by themselves."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def needs_mail(view: View) -> View:
    """The page does not exist where no mail server is set."""

    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        if not settings.HAS_MAIL:
            raise Http404
        return view(request, **kwargs)

    return wrapped
