"""One-time links: issue one, and redeem it so that exactly one of several tries wins."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts import people, trail
from accounts.models import OneTimeLink, User

LIFETIMES = {
    OneTimeLink.Purpose.FIRST_ADMIN: timedelta(days=1),
    OneTimeLink.Purpose.SET_PASSWORD: timedelta(days=7),
}


class LinkSpentError(Exception):
    """The link was used, replaced or ran out between showing its form and sending it."""


@transaction.atomic
def issue(
    purpose: OneTimeLink.Purpose, *, user: User | None = None, created_by: User | None = None
) -> str:
    """Make a link and void a person's earlier ones; returns its token (256 bits).

    Links for the first admin stay side by side, as each of several web processes prints its own.
    """
    if user is not None:
        void(user)
    token = secrets.token_urlsafe(32)
    OneTimeLink.objects.create(
        digest=OneTimeLink.digest_of(token),
        purpose=purpose,
        user=user,
        created_by=created_by,
        expires_at=timezone.now() + LIFETIMES[purpose],
    )
    if user is not None:
        trail.record(
            trail.Kind.ACCESS,
            thing=f"person:{user.pk}",
            subject=user,
            before={},
            after={"link": True},
            actor=created_by,
        )
    return token


def url(token: str, *, base: str) -> str:
    """The address to hand out; `base` is scheme and host, without a slash at its end."""
    return base + reverse("accounts:welcome", args=[token])


def base_url(request: HttpRequest) -> str:
    """Scheme and host for links to hand out: the configured ones, else those of this request."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


@transaction.atomic
def first_admin_url(base: str) -> str | None:
    """A new link that makes the first admin, or None when an active admin exists."""
    if User.objects.active_admins().exists():
        return None
    return url(issue(OneTimeLink.Purpose.FIRST_ADMIN), base=base)


def void(user: User) -> None:
    """Make this person's unused links worthless."""
    OneTimeLink.objects.live().for_person(user).update(expires_at=timezone.now())


@transaction.atomic
def make_first_admin(link: OneTimeLink, *, admin: User) -> User:
    """Save the unsaved `admin` as the house's first; raises LinkSpentError for all but one."""
    _claim(link)
    if User.objects.active_admins().exists():
        raise LinkSpentError
    admin.is_staff = admin.is_superuser = True
    return people.save(admin)


@transaction.atomic
def set_password(link: OneTimeLink, *, password: str) -> User:
    """Give the person their password and end their sessions; may raise LinkSpentError."""
    _claim(link)
    user = User.objects.get(one_time_links=link)
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


def _claim(link: OneTimeLink) -> None:
    """Use up all live links of this end in one conditional update; the loser finds none left."""
    now = timezone.now()
    unused = OneTimeLink.objects.filter(purpose=link.purpose, user=link.user, used_at=None)
    if not OneTimeLink.objects.live().filter(pk=link.pk).exists():
        raise LinkSpentError
    if not unused.filter(expires_at__gt=now).update(used_at=now):
        raise LinkSpentError
