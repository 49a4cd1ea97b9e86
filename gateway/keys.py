"""A key's life: made, recognised, used, revoked."""

import secrets
import string
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import trail
from accounts.models import User
from gateway.models import ApiKey, digest_of

MOST_LIVE: Final = 20  # keys of one person
SCHEME: Final = "mt-"
_LOOK_ALIKE: Final = "0O1Il"
_LETTERS: Final = "".join(sorted({*string.ascii_letters, *string.digits} - {*_LOOK_ALIKE}))
_LENGTH: Final = 40  # 233 bits; 186 of them stay unseen when the prefix is shown
_PREFIX: Final = 8
_LONGEST: Final = 100  # characters of anything offered as a key
_NOTE_EVERY: Final = timedelta(minutes=1)


class TooManyKeys(Exception):
    """The person has MOST_LIVE keys that work."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """`secret` is the whole key: shown once, and never written down here."""

    key: ApiKey
    secret: str = field(repr=False)


@transaction.atomic
def make(user: User, *, name: str, lifetime: timedelta | None) -> NewKey:
    """A new key that spends this person's credit, for ever or for a time. May raise TooManyKeys."""
    if ApiKey.objects.for_user(user).live().count() >= MOST_LIVE:
        raise TooManyKeys
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    now = timezone.now()
    key = ApiKey.objects.create(
        user=user,
        name=name,
        prefix=letters[:_PREFIX],
        digest=digest_of(SCHEME + letters),
        created_at=now,
        expires_at=now + lifetime if lifetime else None,
    )
    _note(key, before={}, after={"is_live": True})
    return NewKey(key, SCHEME + letters)


def recognise(secret: str) -> ApiKey | None:
    """The key with its person, if it works now; asked afresh each time, so that none lingers."""
    if not secret.isascii() or len(secret) > _LONGEST:
        return None
    key = ApiKey.objects.usable().select_related("user").filter(digest=digest_of(secret)).first()
    if key is not None:
        _note_use(key)
    return key


def _note_use(key: ApiKey) -> None:
    """Remember the time, at most once a minute."""
    now = timezone.now()
    before = now - _NOTE_EVERY
    if key.last_used_at is None or key.last_used_at <= before:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=before)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


@transaction.atomic
def revoke(keys: QuerySet[ApiKey]) -> int:
    """Refuse these from now on, for good; returns how many still worked or could have."""
    working = list(keys.filter(revoked_at=None).select_related("user"))
    for key in working:
        _note(key, before={"is_live": True}, after={"is_live": False})
    return keys.filter(revoked_at=None).update(revoked_at=timezone.now())


def _note(key: ApiKey, *, before: trail.Facts, after: trail.Facts) -> None:
    subject = f"{key.name} ({key.user})"
    trail.record(trail.Kind.KEY, thing=f"key:{key.pk}", subject=subject, before=before, after=after)
