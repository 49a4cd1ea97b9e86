"""What tests of processes read in the database, and do to it."""

from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F

from chat.models import Message
from credit.models import Account, Hold
from tests.faults.app import until


def the_reply():
    """The one reply there is."""
    return Message.objects.with_receipts().select_related("hold").get(role=Message.Role.ASSISTANT)


def the_reply_of(person):
    return Message.objects.with_receipts().get(user=person.user, role=Message.Role.ASSISTANT)


def the_reply_when(met):
    """The one reply, once it is as wanted."""
    until(lambda: Message.objects.filter(role=Message.Role.ASSISTANT).exists() and met(the_reply()))
    return the_reply()


def wait_for_every_end():
    until(lambda: not Message.objects.streaming().exists())


def is_settled():
    return not Hold.objects.open().exists() and not Account.objects.exclude(held=0).exists()


def let_leases_run_out():
    """As if a while had passed: where others might own a reply, a sweep waits for its lease."""
    Message.objects.streaming().update(lease_until=F("lease_until") - timedelta(minutes=1))


@contextmanager
def nobody_else_may_write():
    """Within it no other connection can change a reply: on SQLite none can change anything."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            list(Message.objects.select_for_update())
        yield


def locks_waited_for():
    """How many statements wait for a row that somebody else has locked; PostgreSQL only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees its first
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]
