"""The audit log: who changed what, written in the transaction of the change itself.

Within a request the one who asks is the actor, so that no verb has to be told.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from accounts.models import AuditEntry, User

Kind = AuditEntry.Kind
Value = str | int | bool | None | list[str]
Facts = Mapping[str, Value]
Somebody = AbstractBaseUser | AnonymousUser

# A call, as a request's lazy user must not be looked at on the event loop, where contexts change.
_acting: ContextVar[Callable[[], Somebody] | None] = ContextVar("acting", default=None)


@contextmanager
def acting(user: Callable[[], Somebody]) -> Iterator[None]:
    """Whoever this is has done what is recorded meanwhile."""
    token = _acting.set(user)
    try:
        yield
    finally:
        _acting.reset(token)


def record(
    kind: AuditEntry.Kind,
    *,
    thing: str,
    subject: object,
    before: Facts,
    after: Facts,
    actor: User | None = None,
    reason: str = "",
) -> None:
    """Note what differs between `before` and `after`, in the caller's transaction; else nothing.

    Without an actor, in a request or told, the system itself did it.
    """
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if names:
        AuditEntry.objects.create(
            kind=kind,
            actor=actor or _requester(),
            thing=thing,
            subject=str(subject)[:200],
            before={name: before[name] for name in names if name in before},
            after={name: after[name] for name in names if name in after},
            reason=reason,
        )


def _requester() -> User | None:
    ask = _acting.get()
    user = ask() if ask else None
    return User(pk=user.pk) if user is not None and user.is_authenticated else None
