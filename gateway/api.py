"""The addresses for programs: JSON in, JSON or server-sent events out, a key on each request."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import aclosing
from functools import partial, wraps
from typing import Any

import structlog
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from accounts import links
from chat.threads import in_thread
from credit.endings import Outcome
from credit.errors import LedgerError
from gateway import admission, asks, bearer, pictures, refusals
from gateway.admission import Admitted
from gateway.call import Call
from gateway.calls import calls
from gateway.fields import read_body
from gateway.refusals import Refused
from images.models import MEDIA_TYPES, ImageJob

logger = structlog.get_logger(__name__)

View = Callable[..., Coroutine[Any, Any, HttpResponseBase]]
JOB_REFUSED = {"status": "error", "jobid": None, "signature": None}
STATUS_REFUSED = {"status": "error", "image_url": None}


def endpoint(*methods: str, beside: dict[str, Any] | None = None) -> Callable[[View], View]:
    """Every end of a request is told in JSON and in English; `beside` stands next to an error.

    Exempt from CSRF checks, as no cookie is ever looked at.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        async def answer(request: HttpRequest, **parts: Any) -> HttpResponseBase:
            with translation.override("en"):
                try:
                    if request.method not in methods:
                        raise refusals.method_not_allowed(*methods)
                    response = await view(request, **parts)
                except Exception as error:
                    response = _refusal(error, beside=beside or {}).response()
            response.setdefault("Cache-Control", "no-store")
            return response

        return answer

    return decorate


def _refusal(error: Exception, *, beside: dict[str, Any]) -> Refused:
    match error:
        case Refused():
            refused = error
        case LedgerError():
            refused = refusals.from_ledger(error)
        case OperationalError():
            logger.error("gateway.busy", exc_info=error)
            refused = refusals.busy()
        case _:
            logger.error("gateway.crashed", exc_info=error)
            refused = refusals.broken()
    refused.extra = beside
    return refused


class EventStream(StreamingHttpResponse):
    """The events of a call; whoever stops reading them has hung up."""

    def __init__(self, call: Call) -> None:
        super().__init__(content_type="text/event-stream; charset=utf-8")
        self["X-Accel-Buffering"] = "no"
        self.is_async = True
        self._call = call

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async with aclosing(self._call.events()) as events:
            async for data in events:
                yield data


@endpoint("POST")
async def chat_completions(request: HttpRequest) -> HttpResponseBase:
    call = await calls.begin(partial(_admit, request))
    try:
        await call.opened()
    except BaseException:
        call.end_early(Outcome.HUNG_UP)
        raise
    return EventStream(call)


def _admit(request: HttpRequest) -> Admitted:
    key = bearer.authenticate(request)
    ask = asks.read_chat(read_body(request))
    return admission.admit(ask, key=key, request_id=_id_of(request))


@endpoint("POST", beside=JOB_REFUSED)
async def order_picture(request: HttpRequest) -> HttpResponseBase:
    return await in_thread(_order_picture)(request)


def _order_picture(request: HttpRequest) -> HttpResponse:
    key = bearer.authenticate(request)
    image = asks.read_picture(read_body(request))
    receipt = pictures.order(image, key=key, request_id=_id_of(request))
    job = {"jobid": receipt.number, "signature": receipt.signature}
    return JsonResponse({"status": "success", **job})


@endpoint("POST", beside=STATUS_REFUSED)
async def picture_status(request: HttpRequest) -> HttpResponseBase:
    """Needs no key: the signature is the secret, as with the provider."""
    return await in_thread(_picture_status)(request)


def _picture_status(request: HttpRequest) -> HttpResponse:
    found = pictures.find(asks.read_status(read_body(request)))
    if found is None:
        raise refusals.not_found("There is no picture of this number and signature.")
    status = pictures.status(found)
    url, message = None, "success"
    if status == "success":
        path = reverse("gateway:picture_file", args=[pictures.link_token(found)])
        url = links.base_url(request) + path
    else:
        message = str(found.job.get_state_display()) if status == "pending" else found.job.reason
    return JsonResponse({"status": status, "image_url": url, "message": message})


@endpoint("GET", "HEAD")
async def picture_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """The stored original, to whoever has its address; it says nothing of whose it is."""
    return await in_thread(_picture_file)(token)


def _picture_file(token: str) -> HttpResponse:
    job = pictures.job_for(token)
    content = _content(job) if job is not None else None
    if job is None or content is None:
        raise refusals.not_found("There is no picture at this address, or no longer.")
    name = f"{job.model}-{job.created_at:%Y%m%d}-{job.pk.hex[:8]}.{job.media_type}"
    return HttpResponse(
        content,
        content_type=MEDIA_TYPES[job.media_type],
        headers={
            "Cache-Control": "private, max-age=3600",
            "Content-Disposition": f'inline; filename="{name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _content(job: ImageJob) -> bytes | None:
    try:
        with default_storage.open(job.path("original")) as stored:
            content: bytes = stored.read()
    except FileNotFoundError:
        return None
    return content


@endpoint("GET", "HEAD", "POST")
async def unknown(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Any other address below /api/: told in JSON, and only to who has a key."""
    await in_thread(bearer.authenticate)(request)
    raise refusals.not_found("There is nothing at this address.")


def _id_of(request: HttpRequest) -> str:
    return request.request_id  # type: ignore[attr-defined, no-any-return]
