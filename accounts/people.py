"""What happens to a person: saved, locked out, let in, signed out elsewhere."""

from typing import Any, Final

from allauth.account.models import EmailAddress
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest

from accounts import trail
from accounts.models import Group, User
from accounts.signals import sign_ins_changed


@transaction.atomic
def save(user: User) -> User:
    """Save, and forget addresses the person no longer has: they would still sign in with them."""
    before = _facts(user.pk)
    user.save()
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    _note(user, before, _facts(user.pk))
    return user


@transaction.atomic
def save_group(group: Group) -> Group:
    """Save under a name that may be new."""
    before = Group.objects.filter(pk=group.pk).first()
    group.save()
    trail.record(
        trail.Kind.GROUP,
        thing=f"group:{group.pk}",
        subject=group,
        before={"name": before.name} if before else {},
        after={"name": group.name},
    )
    return group


def lock_out(people: QuerySet[User]) -> int:
    """Refuse these people from now on; sessions they have stay dead when let in again."""
    ids = list(people.values_list("pk", flat=True))
    with transaction.atomic():
        _note_access(people, is_active=False)
        changed = people.update(is_active=False, session_epoch=F("session_epoch") + 1)
    sign_ins_changed.send(User, user_ids=ids)
    return changed


@transaction.atomic
def let_in(people: QuerySet[User]) -> int:
    _note_access(people, is_active=True)
    return people.update(is_active=True)


@transaction.atomic
def end_other_sessions(user: User, *, request: HttpRequest) -> None:
    """Sign this person out everywhere but here, where the session gets a new id."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    update_session_auth_hash(request, user)
    sign_ins_changed.send(User, user_ids=[user.pk])


# What of a person is for the audit log, and under which heading.
_NOTED: Final = {
    "is_active": trail.Kind.ACCESS,
    "username": trail.Kind.ACCESS,
    "email": trail.Kind.ACCESS,
    "is_superuser": trail.Kind.ROLE,
    "group__name": trail.Kind.MEMBERSHIP,
}


def _facts(pk: int | None) -> dict[str, Any]:
    """Of a person as the database has them; nothing of one who is new."""
    found = User.objects.filter(pk=pk) if pk else User.objects.none()
    return found.values(*_NOTED).first() or {}


def _note(user: User, before: dict[str, Any], after: dict[str, Any]) -> None:
    for kind in dict.fromkeys(_NOTED.values()):
        names = [name for name in _NOTED if _NOTED[name] == kind]
        trail.record(
            kind,
            thing=f"person:{user.pk}",
            subject=user,
            before={name: before[name] for name in names if name in before},
            after={name: after[name] for name in names},
        )


def _note_access(people: QuerySet[User], *, is_active: bool) -> None:
    for person in people.exclude(is_active=is_active):
        was, now = _facts(person.pk), {**_facts(person.pk), "is_active": is_active}
        _note(person, was, now)
