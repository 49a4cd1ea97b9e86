"""/pictures/ itself: reading it shows the gallery, sending a form to it orders pictures."""

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedHttpRequest
from images.views import gallery, making


@login_required
@require_http_methods(["GET", "POST"])
def pictures(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    return making.make(request) if request.method == "POST" else gallery.gallery(request)
