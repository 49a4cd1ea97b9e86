"""Stored bytes, for their owner alone."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET

from accounts.http import AuthenticatedHttpRequest
from images.models import MEDIA_TYPES, ImageJob
from images.views.doors import job_of

SIZES = ("original", "640", "320")


@login_required
@require_GET
def file(request: AuthenticatedHttpRequest, pk: uuid.UUID, size: str) -> HttpResponseBase:
    """The stored bytes, for their owner alone; they never change, so a browser may keep them."""
    job = job_of(request, pk)
    if not job.is_done or size not in SIZES:
        raise Http404
    etag = f'"{job.sha256}-{size}"'
    response = get_conditional_response(request, etag=etag) or _stored(job, size)
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    if isinstance(response, HttpResponseNotModified):
        return response
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if "download" in request.GET:
        name = f"{job.model}-{job.created_at:%Y%m%d}-{job.pk.hex[:8]}"
        extension = _extension(job.path(size))
        response["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return response


def _stored(job: ImageJob, size: str) -> HttpResponse:
    path = job.path(size)
    try:
        with default_storage.open(path) as stored:
            content = stored.read()
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(content, content_type=MEDIA_TYPES[_extension(path)])


def _extension(path: str) -> str:
    return path.rpartition(".")[2]
