"""Request types for views behind a sign-in."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class AuthenticatedHttpRequest(HttpRequest):
    """What a view behind `login_required` gets; `request_id` is set by the project's middleware."""

    user: User
    htmx: HtmxDetails
    request_id: str
