"""The one door to each row, and the form that stands beside every page of pictures."""

import uuid
from typing import Any

from django.shortcuts import get_object_or_404

from accounts.http import AuthenticatedHttpRequest
from credit import prices
from images import forms
from images.forms import MakeForm
from images.models import ImageJob, ImageJobQuerySet

MOST_PICKED = 500


def job_of(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> ImageJob:
    return get_object_or_404(ImageJob.objects.for_user(request.user), pk=pk)


def picked(request: AuthenticatedHttpRequest) -> ImageJobQuerySet:
    """The person's own of the pictures that the form names."""
    keys = [key for text in request.POST.getlist("pick")[:MOST_PICKED] if (key := uuid_in(text))]
    return ImageJob.objects.for_user(request.user).filter(pk__in=keys)


def uuid_in(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def make_form(request: AuthenticatedHttpRequest, **kwargs: Any) -> MakeForm:
    return MakeForm(models=prices.offered_models("image", user=request.user), **kwargs)


def initial(request: AuthenticatedHttpRequest) -> dict[str, Any]:
    """The usual settings, or those of the picture named by `?from=`."""
    pk = uuid_in(request.GET.get("from", ""))
    job = ImageJob.objects.for_user(request.user).filter(pk=pk).first() if pk else None
    return forms.from_job(job) if job else forms.defaults()


def form_context(form: MakeForm) -> dict[str, Any]:
    each = form.price_each
    return {"form": form, "each": each, "price": form.count_now * each, "area": "pictures"}
