"""What the database says at the end; `python -m tests.soak.rows`, with the bill on its stdin."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minitoolweb.settings")
django.setup()

from django.db.models import Sum  # noqa: E402

from chat.models import Message  # noqa: E402
from credit.models import Outcome, Source, UsageRecord  # noqa: E402
from tests.faults.invariants import assert_invariants  # noqa: E402


def read(bill):
    replies = Message.objects.filter(role=Message.Role.ASSISTANT).select_related("parent")
    died = set(UsageRecord.objects.filter(outcome=Outcome.DIED).values_list("hold", flat=True))
    reported = UsageRecord.objects.filter(source=Source.UPSTREAM)
    return {
        "replies": [
            {
                "id": str(reply.pk),
                "path": f"/c/{reply.conversation_id}/",
                "prompt": reply.parent.text,
                "state": reply.state,
                "died": reply.hold_id in died,
                "text": reply.text,
                "html": reply.html,
            }
            for reply in replies
        ],
        "reported": list(reported.values_list("prompt_tokens", "completion_tokens")),
        "charged": UsageRecord.objects.aggregate(all=Sum("charged"))["all"] or 0,
        "broken": broken(bill),
    }


def broken(bill):
    """The invariant that does not hold, in words; empty when all do."""
    try:
        assert_invariants(bill)
    except AssertionError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    json.dump(read(json.load(sys.stdin)), sys.stdout)
