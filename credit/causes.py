"""What calls were for, as the apps that made them tell: where it is shown, and its other calls.

A cause is `app:thing:id`. The apps above this one say here what theirs mean, so that the books can
point at things that they know nothing of.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User

# The ids of the holds that paid for a thing of this person's.
Finder = Callable[[User, UUID], QuerySet[Any, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """`page` is the name of an address that takes the id; `find` is for what has many causes."""

    page: str
    find: Finder | None = None


_things: dict[str, Thing] = {}


def tell(kind: str, *, page: str, find: Finder | None = None) -> None:
    """Make a kind of cause known (`chat:message`)."""
    _things[kind] = Thing(page=page, find=find)


def address(cause: str) -> str:
    """Where the thing is shown; empty when nobody told."""
    thing, key = _parts(cause)
    return reverse(thing.page, args=[key]) if thing and key else ""


def calls(user: User, cause: str) -> Q:
    """Narrows transfers to those that paid for this."""
    thing, key = _parts(cause)
    if thing and thing.find and key:
        return Q(hold__in=thing.find(user, key))
    return Q(cause=cause)


def _parts(cause: str) -> tuple[Thing | None, UUID | None]:
    kind, _colon, key = cause.rpartition(":")
    try:
        return _things.get(kind), UUID(key)
    except ValueError:
        return None, None
