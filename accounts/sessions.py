"""Whether sign-ins still hold, for what outlives the requests that checked them."""

from collections.abc import Collection, Mapping
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User


def that_hold(session_keys: Collection[str]) -> dict[str, int]:
    """Which of these sessions sign somebody in, and whom (the person's id), in two queries."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    rows = store.get_model_class().objects.filter(
        session_key__in=session_keys, expire_date__gt=timezone.now()
    )
    contents = {row.session_key: row.get_decoded() for row in rows}
    user_ids = {content.get(SESSION_KEY) for content in contents.values()} - {None}
    people = {str(user.pk): user for user in User.objects.filter(pk__in=user_ids, is_active=True)}
    return {
        key: user.pk
        for key, content in contents.items()
        if (user := people.get(content.get(SESSION_KEY))) and _is_of(content, user)
    }


def _is_of(content: Mapping[str, Any], user: User) -> bool:
    """Whether a session was begun with the password that the person has now."""
    said = content.get(HASH_SESSION_KEY, "")
    valid = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(said, each) for each in valid)
