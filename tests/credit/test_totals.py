"""Each day's use, summed up as it is booked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from credit import ledger
from credit.endings import Ending, Outcome, Tokens
from credit.models import DayTotal
from tests.credit.books import LEASE, assert_books_balance, hold_for

pytestmark = pytest.mark.django_db

DONE = Ending(outcome=Outcome.DONE, reported=Tokens(31, 214))
COST = 133_050


def _settle(user, cause, ending=DONE):
    return ledger.settle(hold_for(user, cause=cause).pk, ending=ending)


def test_calls_of_a_kind_are_one_row(alice, bob):
    for number in range(3):
        _settle(alice, f"chat:{number}")
    _settle(bob, "chat:bob")
    total = DayTotal.objects.get(user=alice)
    assert (total.calls, total.charged, total.list_cost) == (3, 3 * COST, 3 * COST)
    assert (total.prompt_tokens, total.completion_tokens) == (93, 642)
    assert_books_balance()


def test_each_way_of_measuring_has_a_row_of_its_own(alice):
    _settle(alice, "chat:1")
    _settle(alice, "chat:2", Ending(outcome=Outcome.STOPPED, counted=Tokens(30, 7)))
    assert set(DayTotal.objects.values_list("source", "charged")) == {
        ("upstream", COST),
        ("counted", 30 * 150 + 7 * 600),
    }


def test_what_was_free_from_the_start_is_not_counted(alice):
    ledger.void(hold_for(alice).pk)
    assert not DayTotal.objects.exists()


def test_a_late_refund_is_counted_against(alice):
    hold = hold_for(alice)
    ledger.dispatch(hold.pk)
    ledger.heartbeat([hold.pk], lease=-LEASE, progress={hold.pk: Tokens(30, 200)})
    ledger.sweep(timezone.now() + ledger.ORPHAN_GRACE + timedelta(seconds=1))
    ledger.void(hold.pk)
    assert dict(DayTotal.objects.values_list("source", "charged")) == {
        "recovered": 124_500,
        "none": -124_500,
    }
    assert sum(DayTotal.objects.values_list("calls", flat=True)) == 1
    assert ledger.purse(alice).spent_today == 0
    assert_books_balance()
