"""The one door to each row, and the form that stands beside every page of pictures."""

import uuid
from typing import Any

from django.shortcuts import get_object_or_404

from accounts.http import AuthenticatedHttpRequest
from credit import prices
from images import forms
from images.forms import MakeForm
from images.models import ImageJob, ImageJobQuerySet, Studio

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
    offers = prices.offers("image", user=request.user)
    return MakeForm(prices={name: offer.flat for name, offer in offers.items()}, **kwargs)


def initial(request: AuthenticatedHttpRequest) -> dict[str, Any]:
    """The usual settings, or those of the picture named by `?from=`."""
    pk = uuid_in(request.GET.get("from", ""))
    job = ImageJob.objects.for_user(request.user).filter(pk=pk).first() if pk else None
    if job:
        return forms.from_job(job)
    remembered: dict[str, Any] = Studio.objects.of(request.user).settings
    return forms.defaults() | remembered


def form_context(form: MakeForm) -> dict[str, Any]:
    return {"form": form, "each": form.price_each, "price": form.price_now, "area": "pictures"}
