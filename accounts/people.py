"""What happens to a person's own record: its contact address and its sessions."""

from allauth.account.models import EmailAddress
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from accounts.models import User


@transaction.atomic
def save(user: User) -> User:
    """Save, and forget addresses the person no longer has: they would still sign in with them."""
    user.save()
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    return user


@transaction.atomic
def end_other_sessions(user: User, *, request: HttpRequest) -> None:
    """Sign this person out everywhere but here, where the session gets a new id."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    update_session_auth_hash(request, user)
