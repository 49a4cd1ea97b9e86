"""What happens around every request: its id, its log line, its messages under htmx."""

import time
import uuid
from collections.abc import Awaitable, Callable

import structlog
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

logger = structlog.get_logger(__name__)

Handler = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


class RequestLogMiddleware:
    """Give each request an id, bind it to every log line, and log the request once at its end."""

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        started = time.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=request.request_id):  # type: ignore[attr-defined]
            response = await self.get_response(request)
            logger.info(
                "request.finished",
                method=request.method,
                path=request.path,
                status=response.status_code,
                ms=round((time.monotonic() - started) * 1000, 1),
            )
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response


class HtmxMessagesMiddleware:
    """Turn messages and redirects into htmx answers, so that no view needs to know."""

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return await self.get_response(request)
