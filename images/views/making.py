"""Ordering pictures: the form, sending it, once more, and leaving the line."""

import random
import uuid
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from accounts.http import AuthenticatedHttpRequest
from credit.errors import LedgerError
from images import forms, jobs, queue, styles
from images import gallery as pages
from images.forms import MakeForm
from images.models import ImageJob, Studio
from images.views.doors import form_context, job_of, make_form
from images.views.gallery import render_gallery


def make(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    form = make_form(request, data=request.POST)
    if not form.is_valid():
        return _render_refused(request, form=form)
    try:
        order = jobs.submit_set(
            request.user,
            batch=form.cleaned_data["batch"],
            images=form.images(),
            request_id=request.request_id,
        )
    except LedgerError as error:
        return _render_refused(request, form=_refused_again(request, error.message))
    except jobs.AlreadyOrdered:
        message = _("This form was sent before, with other settings. Press the button again.")
        return _render_refused(request, form=_refused_again(request, message))
    Studio.objects.of(request.user)
    Studio.objects.filter(user=request.user).update(settings=form.remembered())
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
    if "surprise" in data:
        data["prompt"] = _(random.choice(styles.IDEAS))  # noqa: S311  guards nothing
    shown = make_form(request, initial={**forms.defaults(), **data, "batch": uuid.uuid4()})
    return render(request, "images/gallery.html#form", form_context(shown))


@login_required
@require_POST
def cancel(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Out of the line, with the money back; what was handed over goes on."""
    job = job_of(request, pk)
    if queue.cancel(job):
        job.refresh_from_db()
    else:
        messages.info(request, _("Too late to cancel: the provider has begun. Failing is free."))
    return _render_tile(request, job)


@login_required
@require_POST
def retry(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The same recipe as a new order, in the place of the one that failed."""
    job = job_of(request, pk)
    try:
        shown = jobs.retry(job, request_id=request.request_id)
    except LedgerError as error:
        messages.error(request, error.message)
        shown = job
    return _render_tile(request, shown, instead_of=job)


@login_required
@require_POST
def dismiss(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """A picture that did not come leaves the gallery."""
    job = job_of(request, pk)
    jobs.dismiss(job)
    job.refresh_from_db()
    return _render_tile(request, job)


# --- Answers -------------------------------------------------------------------------------------


def _fresh(request: AuthenticatedHttpRequest) -> MakeForm:
    """What was sent, ready to be sent once more under a new id."""
    return make_form(request, initial={**request.POST.dict(), "batch": uuid.uuid4()})


def _refused_again(request: AuthenticatedHttpRequest, message: str) -> MakeForm:
    """The valid form that could not be carried out, with the reason and a new id."""
    form = make_form(request, data={**request.POST.dict(), "batch": uuid.uuid4()})
    form.add_error(None, message)
    return form


def _render_refused(request: AuthenticatedHttpRequest, *, form: MakeForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if request.htmx:
        return render(request, "images/gallery.html#form", form_context(form), status=status)
    return render_gallery(request, form=form, status=status)


def _render_made(request: AuthenticatedHttpRequest, *, order: jobs.Order) -> HttpResponse:
    made = sorted(order.jobs, key=lambda job: job.created_at, reverse=True)
    pages.number_in_line(request.user, made)
    context = {"made": made, "is_waiting": True, "was_refused": "was_refused" in request.POST}
    context |= form_context(_fresh(request))
    return render(request, "images/gallery.html#made", context)


def _render_tile(
    request: AuthenticatedHttpRequest, job: ImageJob, *, instead_of: ImageJob | None = None
) -> HttpResponse:
    if not request.htmx:
        return redirect("images:gallery")
    pages.number_in_line(request.user, [job])
    context = {"job": job, "place": instead_of or job, "is_waiting": True}
    return render(request, "images/gallery.html#moved", context)
