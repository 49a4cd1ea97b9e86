"""What happens to a person: saved, locked out, let in, signed out elsewhere."""

from allauth.account.models import EmailAddress
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest

from accounts.models import User
from accounts.signals import sign_ins_changed


@transaction.atomic
def save(user: User) -> User:
    """Save, and forget addresses the person no longer has: they would still sign in with them."""
    user.save()
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    return user


def lock_out(people: QuerySet[User]) -> int:
    """Refuse these people from now on; sessions they have stay dead when let in again."""
    ids = list(people.values_list("pk", flat=True))
    changed = people.update(is_active=False, session_epoch=F("session_epoch") + 1)
    sign_ins_changed.send(User, user_ids=ids)
    return changed


def let_in(people: QuerySet[User]) -> int:
    return people.update(is_active=True)


@transaction.atomic
def end_other_sessions(user: User, *, request: HttpRequest) -> None:
    """Sign this person out everywhere but here, where the session gets a new id."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    update_session_auth_hash(request, user)
    sign_ins_changed.send(User, user_ids=[user.pk])
