"""Whether a sign-in still holds, for what outlives the request that checked it."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from accounts.models import User


def still_holds(session_key: str | None, user: User) -> bool:
    """Whether this session is still this person's, as the next request would find."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    return bool(get_user(request).pk == user.pk)
