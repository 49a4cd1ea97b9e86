"""The invariants notice what they are there to notice."""

import uuid

import pytest
from django.utils import timezone

from chat import admission, replies
from chat.models import Message
from chat.replies import Result
from credit import ledger
from credit.endings import Outcome, Tokens
from credit.models import Account
from tests.credit.books import LEASE
from tests.faults.invariants import assert_invariants

pytestmark = pytest.mark.django_db
PAID = {"lines": [{"nano": 7}]}


def begun(user):
    return admission.begin(
        None,
        user=user,
        client_id=uuid.uuid4(),
        text="Hello",
        model="gpt-4o-mini",
        request_id=uuid.uuid4().hex,
    ).reply


def end(reply, outcome=Outcome.DONE, *, text="Dikes keep the sea out.", reported=None):
    result = Result(state=Message.State.DONE, outcome=outcome, text=text, reported=reported)
    replies.finish(reply, result=result)


def be_taken_for_dead(reply, *, saved):
    """Its hold is swept while it still runs."""
    ledger.heartbeat([reply.hold_id], lease=-LEASE, progress={reply.hold_id: saved})
    assert ledger.sweep(timezone.now() + ledger.ORPHAN_GRACE) == 1


def test_a_reply_that_went_well_is_in_order(alice):
    end(begun(alice))
    assert_invariants(PAID)


def test_a_refusal_that_was_billed_upstream_is_in_order_when_it_is_told_of(alice):
    end(begun(alice), Outcome.REFUSED, text="")
    assert_invariants(PAID)


def test_i1_a_call_that_was_paid_twice(alice):
    end(begun(alice))
    with pytest.raises(AssertionError, match="I1"):
        assert_invariants({"lines": [{"nano": 7}] * 2})


def test_i2_a_hold_that_was_never_settled(alice):
    begun(alice)
    with pytest.raises(AssertionError, match="I2"):
        assert_invariants()


def test_i3_a_charge_for_words_that_were_lost(alice):
    reply = begun(alice)
    end(reply)
    Message.objects.filter(pk=reply.pk).update(text="")
    with pytest.raises(AssertionError, match="I3"):
        assert_invariants()


def test_i3_a_charge_beyond_the_hold(alice):
    reply = begun(alice)
    end(reply, reported=Tokens(100_000, 10))
    with pytest.raises(AssertionError, match="I3"):
        assert_invariants()


def test_i4_a_balance_that_is_not_the_sum_of_its_transfers(alice):
    end(begun(alice))
    Account.objects.filter(user=alice).update(balance=7)
    with pytest.raises(AssertionError, match="I4"):
        assert_invariants()


def test_i5_a_call_that_was_billed_upstream_and_forgotten(alice):
    end(begun(alice), Outcome.NOT_SENT, text="")
    with pytest.raises(AssertionError, match="I5"):
        assert_invariants(PAID)


def test_i5_a_call_that_was_swept_as_free_and_measured_later_is_charged(alice):
    reply = begun(alice)
    be_taken_for_dead(reply, saved=Tokens(0, 0))
    end(reply)
    assert_invariants(PAID)


def test_i5_a_charge_that_was_taken_back_is_none(alice):
    reply = begun(alice)
    be_taken_for_dead(reply, saved=Tokens(9, 4))
    end(reply, Outcome.NOT_SENT, text="")
    with pytest.raises(AssertionError, match="I5"):
        assert_invariants(PAID)
