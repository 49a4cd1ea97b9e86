"""One picture by itself."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import AuthenticatedHttpRequest
from images import forms
from images import gallery as pages
from images.filters import Filters
from images.models import Collection
from images.views.doors import form_context, job_of, make_form
from images.views.shares import DAYS


@login_required
@require_GET
def viewer(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    job = job_of(request, pk)
    if not job.is_done:
        raise Http404
    filters = Filters.read(request.GET)
    newer, older = pages.neighbours(job, filters=filters)
    shown = make_form(request, initial=forms.from_job(job))
    context = {
        "job": job,
        "newer": newer,
        "older": older,
        "query": filters.query,
        "kept_in": list(Collection.objects.filter(jobs=job)),
        "share_days": DAYS,
        **form_context(shown),
    }
    return render(request, "images/viewer.html", context)
