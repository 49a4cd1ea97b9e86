from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from credit import ledger
from credit.endings import Ending, Outcome, Tokens
from credit.models import Hold, UsageRecord
from credit.settlement import finish
from tests.credit.books import LEASE, assert_books_balance, hold_for

pytestmark = pytest.mark.django_db

DOLLAR = 1_000_000_000
DONE = Ending(outcome=Outcome.DONE, reported=Tokens(31, 214), counted=Tokens(31, 214))
COST = 133_050


def _later(**kwargs):
    return timezone.now() + LEASE + ledger.ORPHAN_GRACE + timedelta(**kwargs)


def test_f12_a_call_never_sent_is_freed_when_its_lease_ends(poor):
    hold = hold_for(poor)
    assert ledger.sweep(_later(seconds=-5)) == 0
    assert ledger.sweep(_later(seconds=1)) == 1
    hold.refresh_from_db()
    assert hold.state == Hold.State.VOIDED
    assert ledger.purse(poor).available == 1_000_000
    assert_books_balance()


def test_a_call_is_not_sent_after_its_lease(poor):
    hold = hold_for(poor)
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        assert ledger.dispatch(hold.pk) is False


def test_a_call_that_was_surely_not_accepted_is_sent_again(poor):
    hold = hold_for(poor)
    assert ledger.dispatch(hold.pk)
    assert ledger.dispatch(hold.pk)


def test_a_reply_whose_process_died_costs_its_last_saved_progress(poor):
    hold = hold_for(poor)
    ledger.dispatch(hold.pk)
    assert ledger.heartbeat([hold.pk], lease=LEASE, progress={hold.pk: Tokens(30, 200)}) == 1
    assert ledger.sweep(_later(seconds=1)) == 1
    record = UsageRecord.objects.get(hold=hold)
    assert (record.charged, record.source, record.outcome) == (124_500, "recovered", "died")
    assert_books_balance()


def test_a_reply_whose_process_died_before_any_output_costs_nothing(poor):
    hold = hold_for(poor)
    ledger.dispatch(hold.pk)
    ledger.sweep(_later(seconds=1))
    assert ledger.purse(poor).available == 1_000_000
    assert_books_balance()


def test_a_picture_whose_owner_vanished_is_free_for_good(alice):
    hold = hold_for(alice, model="realvision", amount=1_500_000)
    ledger.dispatch(hold.pk)
    ledger.sweep(_later(seconds=1))
    assert ledger.settle(hold.pk, ending=Ending(outcome=Outcome.PICTURE_DONE)) is None
    assert ledger.purse(alice).balance == DOLLAR
    assert_books_balance()


def test_f12_a_reply_of_twenty_minutes_is_not_swept_while_its_heart_beats(poor):
    hold = hold_for(poor)
    ledger.dispatch(hold.pk)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(120):
            clock.shift(timedelta(seconds=10))
            ledger.heartbeat([hold.pk], lease=LEASE)
            assert ledger.sweep() == 0
        clock.shift(LEASE + ledger.ORPHAN_GRACE + timedelta(seconds=1))
        assert ledger.sweep() == 1


def test_a_heartbeat_keeps_the_progress_it_was_not_told(poor):
    first, second = hold_for(poor, amount=1), hold_for(poor, amount=1, cause="chat:message:2")
    ids = [first.pk, second.pk]
    told = {first.pk: Tokens(1, 2), second.pk: Tokens(3, 4)}
    assert ledger.heartbeat(ids, lease=LEASE, progress=told) == 2
    assert ledger.heartbeat(ids, lease=LEASE, progress={second.pk: Tokens(3, 5)}) == 2
    assert ledger.heartbeat(ids, lease=LEASE) == 2
    assert ledger.heartbeat([], lease=LEASE) == 0
    progress = Hold.objects.order_by("pk").values_list("prompt_tokens", "completion_tokens")
    assert list(progress) == [(1, 2), (3, 5)]


@pytest.fixture
def recovered(poor):
    """Alice's hold of 600,000, recovered at 124,500."""
    hold = hold_for(poor, amount=600_000)
    ledger.dispatch(hold.pk)
    ledger.heartbeat([hold.pk], lease=LEASE, progress={hold.pk: Tokens(30, 200)})
    ledger.sweep(_later(seconds=1))
    return hold


def test_a_late_measurement_books_the_difference_once(poor, recovered):
    for _ in range(3):
        assert ledger.settle(recovered.pk, ending=DONE) is None
    assert ledger.purse(poor).balance == 1_000_000 - COST
    receipt = ledger.receipt(recovered.pk)
    assert (receipt.charged, receipt.prompt_tokens, receipt.completion_tokens) == (COST, 31, 214)
    assert (receipt.source, receipt.outcome) == ("upstream", "done")
    correction = UsageRecord.objects.get(corrects__isnull=False)
    assert (correction.charged, correction.completion_tokens) == (COST - 124_500, 14)
    assert_books_balance()


def test_a_late_measurement_may_give_back(poor, recovered):
    ledger.settle(recovered.pk, ending=Ending(outcome=Outcome.DONE, reported=Tokens(30, 100)))
    purse = ledger.purse(poor)
    assert (purse.balance, purse.spent_today) == (1_000_000 - 64_500, 64_500)
    assert_books_balance()


def test_a_late_refusal_gives_all_back(poor, recovered):
    assert ledger.void(recovered.pk) is False
    assert ledger.purse(poor).balance == 1_000_000
    assert ledger.receipt(recovered.pk).charged == 0
    assert_books_balance()


def test_a_late_measurement_takes_only_what_is_free(poor, recovered):
    hold_for(poor, amount=875_000, cause="chat:message:2")  # leaves 500
    ledger.settle(recovered.pk, ending=DONE)
    receipt = ledger.receipt(recovered.pk)
    assert (receipt.charged, receipt.shortfall) == (125_000, COST - 125_000)
    assert_books_balance()


def test_what_is_given_back_late_lessens_the_shortfall_first(poor):
    hold = hold_for(poor, amount=100_000)
    hold_for(poor, amount=900_000, cause="chat:message:2")
    ledger.dispatch(hold.pk)
    ledger.heartbeat([hold.pk], lease=LEASE, progress={hold.pk: Tokens(30, 200)})
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        ledger.heartbeat(Hold.objects.exclude(pk=hold.pk).values_list("pk", flat=True), lease=LEASE)
        assert ledger.sweep() == 1
    assert ledger.receipt(hold.pk).shortfall == 24_500
    ledger.settle(hold.pk, ending=Ending(outcome=Outcome.DONE, reported=Tokens(30, 175)))
    receipt = ledger.receipt(hold.pk)
    assert (receipt.charged, receipt.shortfall) == (100_000, 9_500)
    assert_books_balance()


def test_an_owner_who_finds_the_death_after_the_sweep_books_what_they_know(poor, recovered):
    dead = Ending(outcome=Outcome.DIED, counted=Tokens(30, 300))
    for _ in range(2):
        assert ledger.settle(recovered.pk, ending=dead) is None
    receipt = ledger.receipt(recovered.pk)
    assert (receipt.charged, receipt.source) == (184_500, "recovered")
    assert_books_balance()


def test_one_broken_orphan_does_not_keep_the_others_waiting(poor):
    broken = hold_for(poor, amount=1)
    ledger.dispatch(broken.pk)
    ledger.heartbeat([broken.pk], lease=LEASE, progress={broken.pk: Tokens(1, 2**62)})
    hold_for(poor, amount=1, cause="chat:message:2")
    assert ledger.sweep(_later(seconds=1)) == 1
    broken.refresh_from_db()
    assert broken.is_open
    assert_books_balance()


def test_an_open_hold_has_no_receipt(poor):
    assert ledger.receipt(hold_for(poor).pk) is None


def test_a_hold_that_shows_life_after_the_sweep_looked_is_left_alone(alice):
    held = hold_for(alice, lease=-LEASE)
    seen_dead_at = timezone.now()
    ledger.heartbeat([held.pk], lease=LEASE)
    died = Ending(outcome=Outcome.DIED)
    assert finish(held.pk, ending=died, expired_before=seen_dead_at) is None
    held.refresh_from_db()
    assert held.is_open
    assert_books_balance()
