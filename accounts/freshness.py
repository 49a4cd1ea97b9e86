"""Whether this session's person has shown their password lately; asked before weighty acts."""

import time
from datetime import timedelta

from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest

SESSION_KEY = "password_shown_at"
LASTS = timedelta(hours=1)


def confirm(request: HttpRequest) -> None:
    request.session[SESSION_KEY] = time.time()


def is_fresh(request: HttpRequest) -> bool:
    shown_at = request.session.get(SESSION_KEY, 0)
    return bool(time.time() - shown_at < LASTS.total_seconds())


def require(request: HttpRequest) -> None:
    """Send the person to type their password first; what they posted goes on afterwards."""
    if not is_fresh(request):
        raise ReauthenticationRequired
