"""X2: fifty prompts at the same moment, and credit for three of them."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from chat.models import Message
from credit.models import Account, Hold, Policy
from tests.credit.books import give
from tests.faults.app import until
from tests.faults.person import Person
from tests.faults.rows import locks_waited_for

pytestmark = pytest.mark.django_db(transaction=True)
SENDS, AFFORDED = 50, 3
STALLS = "Tell of the tides [[fault:u9 after=1]]"  # so that nothing is given back meanwhile
LEAST = {"MAX_OUTPUT_TOKENS": "256", "MAX_LIVE_REPLIES_PER_USER": "50"}


@pytest.fixture
def no_starting_credit(db):
    Policy.objects.update(starting_credit=0)


@pytest.fixture
def poor(no_starting_credit, alice, bob):
    """Somebody with credit for three prompts, each held for the same."""

    def with_credit(app):
        give(bob, 1_000_000_000)
        Person(bob).ask(app, STALLS)
        give(alice, AFFORDED * Hold.objects.get().amount)
        return Person(alice)

    return with_credit


@contextmanager
def all_at_once():
    """Whoever wants to take from a purse waits until several have looked into it."""
    if connection.vendor == "sqlite":  # has one writer at a time anyway
        yield
        return
    with transaction.atomic():
        list(Account.objects.people().select_for_update())
        yield
        until(lambda: locks_waited_for() > AFFORDED)


def statuses(person, app):
    with ThreadPoolExecutor(SENDS) as people:
        with all_at_once():
            sending = [people.submit(person.send, app, STALLS) for _ in range(SENDS)]
        return Counter(sent.result().status_code for sent in sending)


def stop_all(app):
    for reply in Message.objects.streaming().select_related("user"):
        Person(reply.user).stop(app, reply)


def test_x2_so_many_are_let_in_as_can_be_paid_for(start, poor, invariants):
    app = start(**LEAST)
    wanda = poor(app)
    assert statuses(wanda, app) == {302: AFFORDED, 402: SENDS - AFFORDED}
    account = Account.objects.get(user=wanda.user)
    assert account.available == 0
    stop_all(app)
    invariants()


@pytest.mark.postgresql  # a transaction that is IMMEDIATE from its first look cannot be raced
def test_x2_without_the_condition_the_race_is_lost(start, poor, invariants):
    """The last line holds even then: the database itself refuses to go below zero."""
    app = start(entry=("-m", "tests.faults.careless"), **LEAST)
    wanda = poor(app)
    assert statuses(wanda, app)[500] > 0
    assert "account_balance_covers_held" in app.log.read_text()
    stop_all(app)
    invariants()
