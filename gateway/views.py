"""The page where people keep their keys: made and shown once, listed, revoked."""

import uuid
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import freshness, links
from accounts.http import AuthenticatedHttpRequest
from gateway import keys
from gateway.forms import KeyForm
from gateway.keys import NewKey
from gateway.models import ApiKey

_MOST_ENDED: Final = 10  # keys that no longer work, on the page


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def key_list(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    return _make(request) if request.method == "POST" else _render_keys(request, form=KeyForm())


def _make(request: AuthenticatedHttpRequest) -> HttpResponse:
    """A key works without a password from then on, so making one asks for it now and then."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _render_keys(request, form=form)
    freshness.require(request)
    try:
        made = keys.make(
            request.user, name=form.cleaned_data["name"], lifetime=form.lifetime_chosen
        )
    except keys.TooManyKeys:
        form.add_error(None, _too_many())
        return _render_keys(request, form=form)
    return _render_keys(request, form=KeyForm(), made=made)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Asks first where the browser could not; then the key is refused at once."""
    key = get_object_or_404(ApiKey.objects.for_user(request.user), pk=pk)
    if request.method != "POST":
        return render(request, "gateway/revoke.html", {"key": key})
    keys.revoke(ApiKey.objects.filter(pk=key.pk))
    messages.success(request, _("“%(name)s” is revoked.") % {"name": key.name})
    return _render_keys(request, form=KeyForm()) if request.htmx else redirect("gateway:keys")


def _too_many() -> str:
    words = ngettext(
        "You have %(most)d key that works, and may have no more: revoke one first.",
        "You have %(most)d keys that work, and may have no more: revoke one first.",
        keys.MOST_LIVE,
    )
    return words % {"most": keys.MOST_LIVE}


def _render_keys(
    request: AuthenticatedHttpRequest, *, form: KeyForm, made: NewKey | None = None
) -> HttpResponse:
    """The secret of a new key stands in this answer alone."""
    mine = ApiKey.objects.for_user(request.user).newest_first()
    context = {
        "live": mine.live(),
        "ended": mine.ended()[:_MOST_ENDED],
        "form": form,
        "made": made,
        "base_url": links.base_url(request),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    template = "gateway/keys.html#keys" if request.htmx else "gateway/keys.html"
    return render(request, template, context, status=status)
