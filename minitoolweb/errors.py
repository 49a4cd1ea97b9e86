"""Error pages: each carries the request id; under htmx an error is a toast and the page stays."""

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

from minitoolweb.middleware import toast

# The last resort, when not even a template can be rendered.
BARE_PAGE = "<!doctype html><title>{status}</title><h1>{status}</h1><p>{text}<p>{request_id}"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _render_error(request, status=400, text=_("That request could not be understood."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _render_error(request, status=403, text=_("You may not do that."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _render_error(request, status=404, text=_("There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    return _render_error(request, status=500, text=_("Something went wrong on our side."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _("This page was open too long. Reload it and try again.")
    return _render_error(request, status=403, text=text)


def _render_error(request: HttpRequest, *, status: int, text: str) -> HttpResponse:
    request_id = getattr(request, "request_id", "")
    if getattr(request, "htmx", False):
        response = HttpResponse(status=status, headers={"HX-Reswap": "none"})
        toast(response, [{"level": "error", "text": text, "request_id": request_id}])
        return response
    context = {"status": status, "text": text, "request_id": request_id}
    page: str
    try:
        page = loader.render_to_string("error.html", context, request)
    except Exception:
        if status != 500:
            raise
        # The page shares the broken part, such as the database behind the purse in its header.
        page = BARE_PAGE.format(**context)
    return HttpResponse(page, status=status)
