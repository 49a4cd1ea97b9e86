"""Stored bytes, for their owner alone."""

import uuid
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET

from accounts.http import AuthenticatedHttpRequest
from images import archive, ranges
from images.files import SIZES
from images.models import MEDIA_TYPES, ImageJob
from images.views.doors import job_of

FOR_EVER = "private, max-age=31536000, immutable"


@login_required
@require_GET
def file(request: AuthenticatedHttpRequest, pk: uuid.UUID, size: str) -> HttpResponseBase:
    """As it came; they never change, so a browser may keep them. `?download` adds the recipe."""
    job = job_of(request, pk)
    if not job.is_done or size not in SIZES:
        raise Http404
    if "download" in request.GET:
        return _download(job)
    etag = f'"{job.sha256}-{size}"'
    response = get_conditional_response(request, etag=etag) or _part(request, job, size, etag=etag)
    response["ETag"] = etag
    return harmless(response, keep=FOR_EVER)


def _download(job: ImageJob) -> HttpResponseBase:
    try:
        data = archive.download(job)
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(data, content_type=MEDIA_TYPES[job.media_type])
    response["Content-Disposition"] = f'attachment; filename="{archive.name_of(job)}"'
    return harmless(response, keep="private, no-store")


def harmless(response: HttpResponseBase, *, keep: str) -> HttpResponseBase:
    """Whatever the bytes are, a browser shows them as a picture or not at all."""
    response["Cache-Control"] = keep
    if not isinstance(response, HttpResponseNotModified):
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _part(request: HttpRequest, job: ImageJob, size: str, *, etag: str) -> HttpResponse:
    """All of it, or the one range of bytes that was asked for."""
    response = stored(job, size)
    asked = request.headers.get("Range", "")
    if "X-Accel-Redirect" in response or request.headers.get("If-Range", etag) != etag:
        return response
    response["Accept-Ranges"] = "bytes"
    whole = len(response.content)
    try:
        span = ranges.read(asked, length=whole)
    except ranges.Unsatisfiable:
        response = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        response["Content-Range"] = f"bytes */{whole}"
        return response
    if span:
        response.content = response.content[span.start : span.stop]
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{whole}"
    return response


def stored(job: ImageJob, size: str) -> HttpResponse:
    """The file itself, or where the proxy in front finds it; 404 when it is lost or unknown."""
    path = job.path(size)
    if size not in SIZES:
        raise Http404
    content_type = MEDIA_TYPES[path.rpartition(".")[2]]
    if settings.ACCEL_PREFIX:
        response = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = f"{settings.ACCEL_PREFIX}/{path}"
        return response
    try:
        with default_storage.open(path) as content:
            return HttpResponse(content.read(), content_type=content_type)
    except FileNotFoundError:
        raise Http404 from None
