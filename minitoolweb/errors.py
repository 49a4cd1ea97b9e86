"""Error pages: each carries the request id; under htmx an error is a toast and the page stays."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.html import format_html
from django.utils.translation import gettext as _

from chat.threads import replace_dead_connections
from minitoolweb.middleware import toast

AGAIN_IN = 5  # seconds

# The last resort, when not even a template can be rendered.
BARE_PAGE = "<!doctype html><title>{status}</title><h1>{status}</h1><p>{text}<p>{request_id}"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _render_error(request, status=400, text=_("That request could not be understood."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _render_error(request, status=403, text=_("You may not do that."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _render_error(request, status=404, text=_("There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Also for a database that is locked, full or away: nothing was done, and it will be back."""
    if isinstance(sys.exception(), OperationalError):
        replace_dead_connections()
        text = _("The database is busy. Try again in a moment.")
        response = _render_error(request, status=503, text=text)
        response["Retry-After"] = str(AGAIN_IN)
        return response
    return _render_error(request, status=500, text=_("Something went wrong on our side."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _("This page was open too long. Reload it and try again.")
    return _render_error(request, status=403, text=text)


def _render_error(request: HttpRequest, *, status: int, text: str) -> HttpResponse:
    request_id = getattr(request, "request_id", "")
    if getattr(request, "htmx", False):
        shown = format_html('<p class="error">{}</p>', text)  # by who asked without htmx's help
        response = HttpResponse(shown, status=status, headers={"HX-Reswap": "none"})
        toast(response, [{"level": "error", "text": text, "request_id": request_id}])
        return response
    context = {"status": status, "text": text, "request_id": request_id}
    if status == 503:  # a page would ask the database, for the purse in its header
        return HttpResponse(BARE_PAGE.format(**context), status=status)
    page: str
    try:
        page = loader.render_to_string("error.html", context, request)
    except Exception:
        if status != 500:
            raise
        # The page shares the broken part, such as the database behind the purse in its header.
        page = BARE_PAGE.format(**context)
    return HttpResponse(page, status=status)
