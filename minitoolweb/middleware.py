"""What happens around every request: its id, its log line, its messages and redirects in htmx."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event
from servestatic.middleware import ServeStaticMiddleware

from accounts import trail
from minitoolweb.logs import route_of

logger = structlog.get_logger(__name__)

Handler = Callable[[HttpRequest], Any]


class _Middleware:
    """Works in a synchronous and in an asynchronous chain; subclasses fill in `around`."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)  # type: ignore[type-var]


class RequestLogMiddleware(_Middleware):
    """Give each request an id, bind it to every log line, and log the request once at its end."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        if self.is_async:
            return self._acall(request)
        started = time.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=_id_of(request)):
            response: HttpResponseBase = self.get_response(request)
            return _finish(request, response, started=started)

    async def _acall(self, request: HttpRequest) -> HttpResponseBase:
        started = time.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=_id_of(request)):
            try:
                response: HttpResponseBase = await self.get_response(request)
            except asyncio.CancelledError:  # the browser went away first
                _log(request, "request.abandoned", started=started)
                raise
            return _finish(request, response, started=started)


def _finish(
    request: HttpRequest, response: HttpResponseBase, *, started: float
) -> HttpResponseBase:
    event = "request.streaming" if response.streaming else "request.finished"
    _log(request, event, started=started, status=response.status_code)
    response["X-Request-ID"] = _id_of(request)
    return response


def _log(request: HttpRequest, event: str, *, started: float, **facts: object) -> None:
    """One line a request, by route and never by path or query; what is merely noise as debug."""
    route = route_of(request)
    ms = round((time.monotonic() - started) * 1000, 1)
    is_noise = request.path in ("/healthz", "/readyz") or request.path.startswith(
        settings.STATIC_URL
    )
    log = logger.debug if is_noise else logger.info
    log(event, method=request.method, route=route, ms=ms, **facts)


def _id_of(request: HttpRequest) -> str:
    return request.request_id  # type: ignore[attr-defined, no-any-return]


class ActorMiddleware(_Middleware):
    """Whatever a request changes, the audit log says that the one who asked has done it."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self._acall(request)
        with trail.acting(lambda: request.user):
            response: HttpResponseBase = self.get_response(request)
            return response

    async def _acall(self, request: HttpRequest) -> HttpResponseBase:
        with trail.acting(lambda: request.user):
            response: HttpResponseBase = await self.get_response(request)
            return response


class StaticFilesMiddleware(ServeStaticMiddleware):  # type: ignore[misc]
    """Serves static files in an asynchronous chain; a synchronous one is never asked for any."""

    sync_capable = True

    def __init__(self, get_response: Handler) -> None:
        if not iscoroutinefunction(get_response):
            raise MiddlewareNotUsed
        super().__init__(get_response)


class HtmxMessagesMiddleware(_Middleware):
    """Turn messages and redirects into htmx answers, so that no view needs to know.

    A redirect becomes a navigation of the whole page (`HX-Redirect`), its messages wait for that
    page. On any other answer the messages ride along as one `toast` event:
    `{"toast": {"messages": [{"level": "success", "text": "…"}]}}`.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self._acall(request)
        return for_htmx(request, self.get_response(request))

    async def _acall(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = await self.get_response(request)
        # Messages may have to be read from the session, which is in the database.
        return await sync_to_async(for_htmx)(request, response)


def for_htmx(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    patch_vary_headers(response, ["HX-Request"])
    if not request.htmx:  # type: ignore[attr-defined]
        return response
    if 300 <= response.status_code < 400 and "Location" in response:
        return _client_redirect(request, response)
    if "HX-Redirect" in response or "HX-Refresh" in response or "HX-Location" in response:
        return response
    waiting = [{"level": m.level_tag, "text": str(m.message)} for m in get_messages(request)]
    return toast(response, waiting) if waiting else response


def toast(response: HttpResponseBase, messages: list[dict[str, str]]) -> HttpResponseBase:
    """Show `messages` (level, text) in the browser as soon as `response` arrives."""
    return trigger_client_event(response, "toast", {"messages": messages})


def _client_redirect(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    redirect = HttpResponseClientRedirect(_destination(request, response["Location"]))
    redirect.cookies = response.cookies
    for header in ("Vary", "Cache-Control"):
        if header in response:
            redirect[header] = response[header]
    return redirect


def _destination(request: HttpRequest, location: str) -> str:
    """Where to go; after sign-in back to the page seen, not to the fragment that was asked for."""
    login = resolve_url(settings.LOGIN_URL)
    seen = request.htmx.current_url_abs_path  # type: ignore[attr-defined]
    if urlsplit(location).path != login or not seen:
        return location
    return f"{login}?{urlencode({'next': seen})}"
