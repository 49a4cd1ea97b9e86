"""Links that show pictures to whoever has them: made, listed, revoked, and what a guest sees."""

import uuid
from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AuthenticatedHttpRequest
from images import archive
from images.models import MEDIA_TYPES, Collection, ShareLink
from images.views.doors import job_of, uuid_in
from images.views.files import harmless, stored

DAYS = (7, 30, 365)
MOST_SHOWN = 500
_SALT = "images.share"


@login_required
@require_GET
def shares(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    rows = list(ShareLink.objects.for_user(request.user).select_related("job", "collection")[:200])
    for row in rows:
        row.token = _token(row)  # type: ignore[attr-defined]
    return render(request, "images/shares.html", {"shares": rows, "area": "pictures"})


@login_required
@require_POST
def share(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Make a link to a picture, a collection or a contact sheet of one's own."""
    days = request.POST.get("days", "")
    lasts = timedelta(days=int(days) if days in map(str, DAYS) else DAYS[1])
    ShareLink.objects.create(
        user=request.user,
        shows_recipe="recipe" in request.POST,
        expires_at=timezone.now() + lasts,
        **_what(request),
    )
    return redirect("images:shares")


def _what(request: AuthenticatedHttpRequest) -> dict[str, object]:
    if pk := uuid_in(request.POST.get("job", "")):
        job = job_of(request, pk)
        return {"batch": job.batch} if "sheet" in request.POST else {"job": job}
    own = Collection.objects.for_user(request.user)
    number = request.POST.get("collection", "")
    if not number.isdecimal():
        raise Http404
    return {"collection": get_object_or_404(own, pk=int(number[:18]))}


@login_required
@require_POST
def revoke(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    links = ShareLink.objects.for_user(request.user).filter(pk=pk, revoked_at=None)
    links.update(revoked_at=timezone.now())
    return redirect("images:shares")


# --- For guests -----------------------------------------------------------------------------------


@require_GET
def shared(request: AuthenticatedHttpRequest, token: str) -> HttpResponse:
    """What the link shows, to anybody."""
    link = _link(token)
    context = {"link": link, "token": token, "jobs": link.pictures()[:MOST_SHOWN]}
    response = render(request, "images/shared.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def shared_file(
    request: AuthenticatedHttpRequest, token: str, pk: uuid.UUID, size: str
) -> HttpResponseBase:
    """A file of a shared picture, without metadata unless the recipe is shared too."""
    link = _link(token)
    job = get_object_or_404(link.pictures(), pk=pk)
    if size != "original":
        return harmless(stored(job, size), keep="private, max-age=3600")
    try:
        data = archive.download(job, recipe=link.shows_recipe)
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(data, content_type=MEDIA_TYPES[job.media_type])
    response["Content-Disposition"] = f'inline; filename="{archive.name_of(job)}"'
    return harmless(response, keep="private, max-age=3600")


def _token(link: ShareLink) -> str:
    """Made anew from the row whenever it is shown: the database alone opens nothing."""
    return signing.dumps(link.pk.hex, salt=_SALT)


def _link(token: str) -> ShareLink:
    try:
        pk = uuid_in(signing.loads(token, salt=_SALT))
    except signing.BadSignature:
        raise Http404 from None
    return get_object_or_404(ShareLink.objects.working(timezone.now()), pk=pk)
