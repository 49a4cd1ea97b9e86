"""What pictures are kept in: collections, and the bin."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from images import bin
from images.models import Collection, ImageJob


@login_required
@require_GET
def collections(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    rows = Collection.objects.for_user(request.user).with_covers()
    context = {"collections": rows, "area": "pictures"}
    return render(request, "images/collections.html", context)


@login_required
@require_POST
def collection(request: AuthenticatedHttpRequest, pk: int) -> HttpResponseBase:
    """Rename it, or take it apart: its pictures stay in the gallery."""
    row = get_object_or_404(Collection.objects.for_user(request.user), pk=pk)
    if request.POST.get("do") == "delete":
        row.delete()
        messages.success(request, _("The collection is gone; its pictures are not."))
    elif name := request.POST.get("name", "").strip()[:80]:
        _rename(request, row, name=name)
    return redirect("images:collections")


def _rename(request: AuthenticatedHttpRequest, row: Collection, *, name: str) -> None:
    try:
        with transaction.atomic():
            Collection.objects.filter(pk=row.pk).update(name=name)
    except IntegrityError:
        messages.error(request, _("You have a collection of that name."))


@login_required
@require_http_methods(["GET", "POST"])
def thrown_away(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """The bin, newest first; a POST removes all of it for good."""
    rows = ImageJob.objects.for_user(request.user).binned()
    if request.method == "POST":
        while bin.empty(rows):
            pass
        messages.success(request, _("The bin is empty."))
        return redirect("images:bin")
    shown = list(rows.order_by("-binned_at")[: bin.MOST_AT_ONCE])
    context = {"jobs": shown, "days": bin.KEPT.days, "area": "pictures"}
    return render(request, "images/bin.html", context)
