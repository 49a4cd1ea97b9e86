"""The design system on one page, for who builds with it."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest

# Pixels; the picture sizes that show how rows of tiles fill.
TILES = [(1152, 768), (768, 1152), (1024, 1024), (1344, 256), (832, 1216), (256, 1344), (900, 700)]


@login_required
@require_safe
def styleguide(request: AuthenticatedHttpRequest) -> HttpResponse:
    if not request.user.is_staff:
        raise PermissionDenied
    return render(request, "styleguide.html", {"tiles": TILES})
