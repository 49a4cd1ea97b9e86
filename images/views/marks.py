"""What one does with pictures, one or many: mark, throw away, put back, keep together, take out."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AuthenticatedHttpRequest
from images import archive, bin
from images.models import Collection, CollectionItem, ImageJob, ImageJobQuerySet
from images.views.doors import job_of, picked

MARKS = {"favourite": "is_favourite", "sensitive": "is_sensitive"}


@login_required
@require_POST
def mark(request: AuthenticatedHttpRequest, pk: uuid.UUID, name: str) -> HttpResponseBase:
    """Turn a picture's mark on or off."""
    job = job_of(request, pk)
    if name not in MARKS or not job.is_done:
        raise Http404
    setattr(job, MARKS[name], not getattr(job, MARKS[name]))
    job.save(update_fields=[MARKS[name]])
    if not request.htmx:
        return redirect(job)
    context = {"job": job, "is_waiting": True}
    part = "marks" if "viewer" in request.POST else "tile"
    template = "images/viewer.html" if part == "marks" else "images/gallery.html"
    return render(request, f"{template}#{part}", context)


@login_required
@require_POST
def act(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """Do with all picked pictures what the pressed button says."""
    jobs, verb = picked(request), request.POST.get("do", "")
    if verb == "zip":
        return _zip(jobs)
    if verb == "compare":
        return _compare(jobs)
    if verb in ("favourite", "sensitive"):
        _toggle(jobs.done(), MARKS[verb])
        return _render_tiles(request, jobs.done())
    if verb == "collect":
        return _collect(request, jobs)
    if verb in ("bin", "restore"):
        return _move(request, jobs, verb=verb)
    raise Http404


def _toggle(jobs: ImageJobQuerySet, field: str) -> None:
    """On for all; off when all have it already."""
    jobs.update(**{field: jobs.filter(**{field: False}).exists()})


def _move(request: AuthenticatedHttpRequest, jobs: ImageJobQuerySet, *, verb: str) -> HttpResponse:
    keys = list(jobs.values_list("pk", flat=True))
    count = bin.throw_away(jobs) if verb == "bin" else bin.put_back(jobs)
    if "viewer" in request.POST or not request.htmx:
        text = {
            "bin": ngettext("%(count)s picture is in the bin.", "%(count)s are in the bin.", count),
            "restore": ngettext(
                "%(count)s picture is back.", "%(count)s pictures are back.", count
            ),
        }
        messages.success(request, text[verb] % {"count": count})
        return redirect("images:bin" if "from_bin" in request.POST else "images:gallery")
    return _render_tiles(request, ImageJob.objects.for_user(request.user).filter(pk__in=keys))


def _collect(request: AuthenticatedHttpRequest, jobs: ImageJobQuerySet) -> HttpResponse:
    """Into a collection of that name, which is made if there is none."""
    name = request.POST.get("collection", "").strip()[:80]
    if not name:
        messages.error(request, _("Give the collection a name."))
        return HttpResponse(status=204) if request.htmx else redirect("images:gallery")
    with transaction.atomic():
        collection, _made = Collection.objects.get_or_create(user=request.user, name=name)
        items = [CollectionItem(collection=collection, job=job) for job in jobs.done()]
        CollectionItem.objects.bulk_create(items, ignore_conflicts=True)
    messages.success(request, _("Added to “%(name)s”.") % {"name": name})
    return HttpResponse(status=204) if request.htmx else redirect("images:gallery")


def _zip(jobs: ImageJobQuerySet) -> HttpResponseBase:
    rows = list(jobs.done().newest_first())
    if not rows:
        return redirect("images:gallery")
    response = StreamingHttpResponse(archive.pack(rows), content_type="application/zip")
    name = f"pictures-{timezone.localdate():%Y%m%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _compare(jobs: ImageJobQuerySet) -> HttpResponse:
    two = list(jobs.done().newest_first().values_list("pk", flat=True)[:2])
    return redirect("images:compare", *two) if len(two) == 2 else redirect("images:gallery")


@login_required
@require_GET
def compare(request: AuthenticatedHttpRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponseBase:
    """Two pictures over each other, and what differs in their recipes."""
    left, right = job_of(request, pk), job_of(request, other)
    if not (left.is_done and right.is_done):
        raise Http404
    context = {"left": left, "right": right, "rows": archive.differences(left, right)}
    return render(request, "images/compare.html", context | {"area": "pictures"})


def _render_tiles(request: AuthenticatedHttpRequest, jobs: ImageJobQuerySet) -> HttpResponse:
    """Each in its place: what was thrown away leaves a way back, so that nothing moves."""
    return render(request, "images/gallery.html#tiles", {"moved": jobs, "is_waiting": True})
