"""Anomalies as the books show them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from credit import ledger
from credit.endings import Ending, Outcome, Tokens
from credit.models import Account, Hold
from gateway import keys
from oversight import anomalies
from oversight.anomalies import Rule
from tests.credit.books import give, hold_for
from tests.oversight.conftest import DOLLAR, EACH

pytestmark = pytest.mark.django_db


def found(rule):
    return [anomaly for anomaly in anomalies.found() if anomaly.rule == rule]


def long_here(*people):
    opened = timezone.now() - timedelta(days=60)
    Account.objects.filter(user__in=people).update(created_at=opened)


def test_quiet_books_have_none(alice, spend):
    spend(alice, days_ago=1)
    assert anomalies.found() == []


def test_a_persons_unusual_day_is_found_beside_a_steady_ones(alice, bob, spend):
    for person in (alice, bob):
        give(person, 20 * DOLLAR)
    for days_ago in range(1, 16):
        spend(bob, times=12, model="gpt-4o", days_ago=days_ago)
    spend(bob, times=13, model="gpt-4o")
    spend(alice, times=13, model="gpt-4o", days_ago=2)
    long_here(alice, bob)
    (anomaly,) = found(Rule.UNUSUAL_DAY)
    assert (anomaly.user, anomaly.amount, anomaly.usual) == (alice, 130_000_000, 0)
    assert anomaly.account == alice.account
    assert f"user={alice.pk}" in anomaly.query


def test_an_old_unusual_day_is_not_told_for_ever(alice, spend):
    give(alice, 10 * DOLLAR)
    spend(alice, times=13, model="gpt-4o", days_ago=anomalies.LOOKED_BACK)
    long_here(alice)
    assert found(Rule.UNUSUAL_DAY) == []


def test_a_day_on_which_much_was_counted(alice, spend):
    spend(alice, times=40)
    spend(alice, times=1, counted=True)
    (anomaly,) = found(Rule.COUNTED)
    assert (anomaly.amount, anomaly.usual) == (EACH, 41 * EACH)


def test_money_set_apart_for_long(alice):
    held = hold_for(alice)
    assert found(Rule.OLD_HOLD) == []
    Hold.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    (anomaly,) = found(Rule.OLD_HOLD)
    assert (anomaly.user, anomaly.amount, anomaly.cause) == (alice, held.amount, held.cause)


def test_more_used_than_was_there(alice):
    held = hold_for(alice, amount=DOLLAR)
    ledger.settle(held.pk, ending=Ending(outcome=Outcome.DONE, reported=Tokens(0, 10_000)))
    assert found(Rule.SHORTFALL) == []
    left = ledger.purse(alice).balance
    held = hold_for(alice, amount=left, model="gpt-4o", cause="chat:message:2")
    ledger.settle(held.pk, ending=Ending(outcome=Outcome.DONE, reported=Tokens(0, 120_000)))
    (anomaly,) = found(Rule.SHORTFALL)
    assert (anomaly.user, anomaly.amount) == (alice, 1_200_000_000 - left)


def test_usage_that_cannot_be(alice, spend):
    give(alice, 10 * DOLLAR)
    spend(alice, times=600)  # more tokens than the model can take
    (anomaly,) = found(Rule.USAGE)
    assert "context window" in anomaly.about
    assert anomaly.user == alice


def test_a_new_key_that_spends(alice, spend):
    key = keys.make(alice, name="homework", lifetime=None).key
    assert found(Rule.FIRST_HOUR) == []
    spend(alice, key=key)
    (anomaly,) = found(Rule.FIRST_HOUR)
    assert (anomaly.user, anomaly.amount) == (alice, EACH)
    assert "homework" in anomaly.about
    key.created_at -= timedelta(hours=1)
    key.save()
    assert found(Rule.FIRST_HOUR) == []


def test_looking_takes_the_same_queries_for_many(alice, bob, spend, django_assert_num_queries):
    give(alice, 10 * DOLLAR)
    spend(alice, times=13, model="gpt-4o")
    with django_assert_num_queries(8):
        anomalies.found()
    give(bob, 10 * DOLLAR)
    spend(bob, times=13, model="gpt-4o")
    hold_for(bob)
    with django_assert_num_queries(8):
        anomalies.found()
