"""Searches with a name."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import AuthenticatedHttpRequest
from images.filters import Filters
from images.models import SavedSearch


@login_required
@require_POST
def save(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Keep what the gallery's address says under a name; the same name takes the new one."""
    filters = Filters.read(QueryDict(request.POST.get("query", "")))
    name = request.POST.get("name", "").strip()[:80]
    if name and filters and parse_qsl(filters.query):
        SavedSearch.objects.update_or_create(
            user=request.user, name=name, defaults={"query": filters.query[:500]}
        )
        messages.success(request, _("Saved as “%(name)s”.") % {"name": name})
    return redirect(reverse("images:gallery") + f"?{filters.query}")


@login_required
@require_POST
def forget(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    SavedSearch.objects.filter(user=request.user, pk=pk).delete()
    return redirect("images:gallery")
