"""Passing on that a sign-in may have ended, so that open sockets look at once."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from accounts.signals import sign_ins_changed
from chat.notices import SignInNotice, board
from chat.threads import soon


def connect() -> None:
    """Listen to what accounts tells; called once, when the app is ready."""
    sign_ins_changed.connect(_hear_of_some, dispatch_uid="chat.sign_ins")
    user_logged_out.connect(_hear_of_one, dispatch_uid="chat.sign_ins")


def _hear_of_some(sender: object, *, user_ids: Iterable[int], **kwargs: Any) -> None:
    for user_id in user_ids:
        _tell_when_committed(SignInNotice(user_id=user_id))


def _hear_of_one(sender: object, *, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """Django says this before it ends the session, so the session is named."""
    if user is not None and (key := request.session.session_key):
        _tell_when_committed(SignInNotice(user_id=user.pk, session_key=key))


def _tell_when_committed(notice: SignInNotice) -> None:
    transaction.on_commit(lambda: soon(board.tell, notice))
