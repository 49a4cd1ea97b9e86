"""The gallery with its form, the viewer, the files; none of them waits for the upstream."""

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from accounts.http import AuthenticatedHttpRequest
from credit import prices
from credit.errors import LedgerError
from images import forms, jobs
from images import gallery as pages
from images.forms import MakeForm
from images.models import MEDIA_TYPES, ImageJob

SIZES = ("original", "640", "320")
MOST_ASKED = 500


@login_required
@require_http_methods(["GET", "POST"])
def gallery(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    if request.method == "POST":
        return _make(request)
    if request.htmx and request.GET.get("after"):
        return _render_more(request, after=request.GET["after"])
    return _render_gallery(request, form=_form(request, initial=_initial(request)))


def _make(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    form = _form(request, data=request.POST)
    if not form.is_valid():
        return _render_refused(request, form=form)
    try:
        order = jobs.submit(
            request.user,
            batch=form.cleaned_data["batch"],
            image=form.image(),
            count=form.cleaned_data["count"],
            request_id=request.request_id,
        )
    except LedgerError as error:
        return _render_refused(request, form=_refused_again(request, error.message))
    except jobs.AlreadyOrdered:
        message = _("This form was sent before, with other settings. Press the button again.")
        return _render_refused(request, form=_refused_again(request, message))
    if not request.htmx:
        return redirect(reverse("images:gallery") + f"?from={order.jobs[0].pk}")
    return _render_made(request, order=order) if order.is_new else HttpResponseClientRefresh()


@login_required
@require_POST
def form(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """The form as typed, with the price of another count or model, or the shape on its side."""
    data = request.POST.dict()
    if "swap" in data:
        data["size"] = forms.swapped(str(data.get("size", "")))
    shown = _form(request, initial={**forms.defaults(), **data, "batch": uuid.uuid4()})
    return render(request, "images/gallery.html#form", _form_context(shown))


@login_required
@require_POST
def changes(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """Of the waiting tiles that a page shows: those that tell something else by now, or 204."""
    seen = set(request.POST.getlist("seen")[:MOST_ASKED])
    keys = [key for tile in seen if (key := _uuid(tile.partition(":")[0]))]
    asked = list(ImageJob.objects.for_user(request.user).filter(pk__in=keys).newest_first())
    pages.number_in_line(request.user, asked)
    changed = [job for job in asked if job.shown not in seen]
    if not changed and any(job.is_pending for job in asked):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return _render_changes(request, changed=changed, asked=asked)


@login_required
@require_GET
def viewer(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    job = _job(request, pk)
    if not job.is_done:
        raise Http404
    newer, older = pages.neighbours(job)
    shown = _form(request, initial=forms.from_job(job))
    context = {"job": job, "newer": newer, "older": older, **_form_context(shown)}
    return render(request, "images/viewer.html", context)


@login_required
@require_GET
def file(request: AuthenticatedHttpRequest, pk: uuid.UUID, size: str) -> HttpResponseBase:
    """The stored bytes, for their owner alone; they never change, so a browser may keep them."""
    job = _job(request, pk)
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


def _job(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> ImageJob:
    return get_object_or_404(ImageJob.objects.for_user(request.user), pk=pk)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


# --- The form ------------------------------------------------------------------------------------


def _form(request: AuthenticatedHttpRequest, **kwargs: Any) -> MakeForm:
    return MakeForm(models=prices.offered_models("image", user=request.user), **kwargs)


def _initial(request: AuthenticatedHttpRequest) -> dict[str, Any]:
    """The usual settings, or those of the picture named by `?from=`."""
    pk = _uuid(request.GET.get("from", ""))
    job = ImageJob.objects.for_user(request.user).filter(pk=pk).first() if pk else None
    return forms.from_job(job) if job else forms.defaults()


def _fresh(request: AuthenticatedHttpRequest) -> MakeForm:
    """What was sent, ready to be sent once more under a new id."""
    return _form(request, initial={**request.POST.dict(), "batch": uuid.uuid4()})


def _refused_again(request: AuthenticatedHttpRequest, message: str) -> MakeForm:
    """The valid form that could not be carried out, with the reason and a new id."""
    form = _form(request, data={**request.POST.dict(), "batch": uuid.uuid4()})
    form.add_error(None, message)
    return form


def _form_context(form: MakeForm) -> dict[str, Any]:
    each = form.price_each
    return {"form": form, "each": each, "price": form.count_now * each, "area": "pictures"}


# --- Answers -------------------------------------------------------------------------------------


def _render_gallery(
    request: AuthenticatedHttpRequest, *, form: MakeForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    after = request.GET.get("after", "")
    page = pages.page(request.user, after=after)
    context = {"page": page, "after": after, "is_waiting": page.has_pending}
    if not after:
        context["newest"], context["page"] = pages.split_newest(page)
    return render(request, "images/gallery.html", context | _form_context(form), status=status)


def _render_refused(request: AuthenticatedHttpRequest, *, form: MakeForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if request.htmx:
        return render(request, "images/gallery.html#form", _form_context(form), status=status)
    return _render_gallery(request, form=form, status=status)


def _render_made(request: AuthenticatedHttpRequest, *, order: jobs.Order) -> HttpResponse:
    made = sorted(order.jobs, key=lambda job: job.created_at, reverse=True)
    pages.number_in_line(request.user, made)
    context = {"made": made, "is_waiting": True, "was_refused": "was_refused" in request.POST}
    context |= _form_context(_fresh(request))
    return render(request, "images/gallery.html#made", context)


def _render_more(request: AuthenticatedHttpRequest, *, after: str) -> HttpResponse:
    page = pages.page(request.user, after=after)
    context = {"page": page, "ongoing": pages.month_of(after), "is_waiting": True}
    return render(request, "images/gallery.html#more", context)


def _render_changes(
    request: AuthenticatedHttpRequest, *, changed: list[ImageJob], asked: list[ImageJob]
) -> HttpResponse:
    context = {
        "changed": changed,
        "ready": [job for job in changed if job.is_done],
        "ended": [job for job in changed if not job.is_pending],
        "is_waiting": any(job.is_pending for job in asked),
    }
    return render(request, "images/gallery.html#changes", context)
