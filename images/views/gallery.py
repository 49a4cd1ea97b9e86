"""The gallery and what changes in it; nothing here waits for the upstream."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from images import forms, news
from images import gallery as pages
from images.filters import Filters
from images.forms import MakeForm
from images.models import Collection, ImageJob, SavedSearch
from images.views.doors import form_context, initial, make_form, uuid_in
from minitoolai import catalog

MOST_ASKED = 500


@login_required
@require_GET
def gallery(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    if request.htmx and request.GET.get("after"):
        return _render_more(request, after=request.GET["after"])
    return render_gallery(request, form=make_form(request, initial=initial(request)))


@login_required
@require_POST
def changes(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """Of the waiting tiles that a page shows: those that tell something else by now, or 204."""
    seen = set(request.POST.getlist("seen")[:MOST_ASKED])
    keys = [key for tile in seen if (key := uuid_in(tile.partition(":")[0]))]
    asked = list(ImageJob.objects.for_user(request.user).filter(pk__in=keys).newest_first())
    pages.number_in_line(request.user, asked)
    changed = [job for job in asked if job.shown not in seen]
    if not changed and any(job.is_pending for job in asked):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    if any(not job.is_pending for job in changed):
        news.seen(request.user)
    return _render_changes(request, changed=changed, asked=asked)


# --- Answers -------------------------------------------------------------------------------------


def render_gallery(
    request: AuthenticatedHttpRequest, *, form: MakeForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    after, filters = request.GET.get("after", ""), Filters.read(request.GET)
    page = pages.page(request.user, after=after, filters=filters)
    context = {"page": page, "after": after, "is_waiting": page.has_pending}
    if not after:
        context["news"] = news.take(request.user, shown=page.jobs)
        context["newest"], context["page"] = pages.split_newest(page)
    context |= sifting(request.user, filters) | form_context(form)
    return render(request, "images/gallery.html", context, status=status)


def sifting(user: User, filters: Filters) -> dict[str, Any]:
    """What the bar above the gallery offers."""
    return {
        "filters": filters,
        "months": pages.months(user),
        "collections": list(Collection.objects.for_user(user)),
        "searches": list(SavedSearch.objects.filter(user=user)),
        "models": catalog.IMAGE_MODELS,
        "schedulers": catalog.SCHEDULERS,
        "sizes": forms.size_choices(filters.size),
    }


def _render_more(request: AuthenticatedHttpRequest, *, after: str) -> HttpResponse:
    filters = Filters.read(request.GET)
    page = pages.page(request.user, after=after, filters=filters)
    context = {"page": page, "ongoing": pages.month_of(after), "is_waiting": True}
    context["filters"] = filters
    return render(request, "images/gallery.html#more", context)


def _render_changes(
    request: AuthenticatedHttpRequest, *, changed: list[ImageJob], asked: list[ImageJob]
) -> HttpResponse:
    context = {
        "changed": [job for job in changed if job.binned_at is None],
        "gone": [job for job in changed if job.binned_at is not None],
        "ready": [job for job in changed if job.is_done],
        "ended": [job for job in changed if not job.is_pending and job.binned_at is None],
        "is_waiting": any(job.is_pending for job in asked),
    }
    return render(request, "images/gallery.html#changes", context)
