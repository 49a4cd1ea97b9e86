"""Signed-in people and the rows of their replies, straight from the database of a site.

`people make COUNT` prints for each a session key and the id of an empty conversation;
`people rows` prints what every reply in the database ended as.
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minitoolweb.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib import auth  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import transaction  # noqa: E402

from accounts.models import User  # noqa: E402
from chat.models import Conversation, Message  # noqa: E402
from credit import ledger  # noqa: E402

MODEL = "gpt-4o-mini"


def make(count):
    with transaction.atomic():
        return [_person(number) for number in range(count)]


def _person(number):
    user = User.objects.create(username=f"bench{number}", password=make_password(None))
    ledger.open_account(user)
    session = SessionStore()
    session[auth.SESSION_KEY] = str(user.pk)
    session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    conversation = Conversation.objects.create(user=user, title="Bench", model=MODEL)
    return {"session": session.session_key, "conversation": str(conversation.pk)}


def rows():
    replies = Message.objects.filter(role=Message.Role.ASSISTANT)
    return {
        str(pk): {"state": state, "text": text, "html": html}
        for pk, state, text, html in replies.values_list("pk", "state", "text", "html")
    }


if __name__ == "__main__":
    print(json.dumps(make(int(sys.argv[2])) if sys.argv[1] == "make" else rows()))
