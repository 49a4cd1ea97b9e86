from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from credit import ledger
from credit.endings import Ending, Outcome, StillUnknown, Tokens
from credit.models import Account, Hold, Policy, Price, Transfer, UsageRecord
from tests.credit.books import LEASE, assert_books_balance, hold_for

pytestmark = pytest.mark.django_db

DOLLAR = 1_000_000_000
DONE = Ending(outcome=Outcome.DONE, reported=Tokens(31, 214), counted=Tokens(31, 214))
COST = 133_050


# --- People -----------------------------------------------------------------------------------


def test_a_new_person_starts_with_the_credit_that_the_admin_set(alice, bob):
    assert ledger.purse(alice).balance == DOLLAR
    Policy.objects.update(starting_credit=5)
    assert ledger.purse(bob).balance == 5
    assert_books_balance()


def test_the_starting_credit_is_given_once(alice):
    ledger.open_account(alice)
    ledger.open_account(alice)
    assert ledger.purse(alice).balance == DOLLAR


def test_a_later_starting_credit_is_not_for_who_came_before(alice, no_starting_credit):
    ledger.open_account(alice)
    Policy.objects.update(starting_credit=DOLLAR)
    assert ledger.purse(alice).balance == 0


def test_a_grant_says_who_gave_it_and_why(alice, bob):
    transfer = ledger.grant(alice, amount=7, actor=bob, reason=" Homework ", key="k")
    assert (transfer.amount, transfer.actor, transfer.reason) == (7, bob, "Homework")
    assert ledger.purse(alice).balance == DOLLAR + 7
    assert_books_balance()


def test_the_same_grant_sent_five_times_counts_once(alice):
    sent = [
        ledger.grant(alice, amount=7, actor=None, reason="once", key="payment-1") for _ in range(5)
    ]
    assert len(set(sent)) == 1
    assert ledger.purse(alice).balance == DOLLAR + 7


def test_a_grant_key_cannot_stand_for_two_grants(alice, bob):
    ledger.grant(alice, amount=7, actor=None, reason="first", key="k")
    with pytest.raises(ledger.KeyReused):
        ledger.grant(alice, amount=8, actor=None, reason="first", key="k")
    with pytest.raises(ledger.KeyReused):
        ledger.grant(bob, amount=7, actor=None, reason="first", key="k")
    assert_books_balance()


@pytest.mark.parametrize("amount", [0, -1, 1.5, True, 10**16, "7", None])
def test_f8_only_a_whole_amount_within_reason_can_be_granted(alice, amount):
    with pytest.raises(ValueError):
        ledger.grant(alice, amount=amount, actor=None, reason="odd", key="k")


def test_a_grant_needs_a_reason(alice):
    with pytest.raises(ValueError):
        ledger.grant(alice, amount=7, actor=None, reason="  ", key="k")


# --- Holding ----------------------------------------------------------------------------------


def test_a_hold_sets_money_apart_and_pins_the_price(poor):
    hold = hold_for(poor, amount=600_000)
    purse = ledger.purse(poor)
    assert (purse.balance, purse.held, purse.available) == (1_000_000, 600_000, 400_000)
    assert (hold.state, hold.price.input_nano, hold.request_id) == ("reserved", 150, "request-1")
    assert_books_balance()


def test_a_hold_beyond_what_is_available_is_refused(poor):
    hold_for(poor, amount=600_000)
    with pytest.raises(ledger.InsufficientCredit) as refusal:
        hold_for(poor, amount=400_001, cause="chat:message:2")
    assert (refusal.value.available, refusal.value.needed) == (400_000, 400_001)
    assert "$0.0004" in refusal.value.message
    hold_for(poor, amount=400_000, cause="chat:message:3")
    assert_books_balance()


@pytest.mark.parametrize("amount", [-1, 1.0, True, 18_446_744_073_686_646_784])
def test_f8_only_a_whole_amount_within_reason_can_be_held(poor, amount):
    with pytest.raises(ValueError):
        hold_for(poor, amount=amount)
    assert_books_balance()


def test_f21_a_model_without_a_price_cannot_be_used(alice):
    with pytest.raises(ledger.ModelNotPriced) as refusal:
        hold_for(alice, model="gpt-unpriced")
    assert "gpt-unpriced" in refusal.value.message
    assert not Hold.objects.exists()


def test_a_picture_model_cannot_be_held_as_chat(alice):
    with pytest.raises(ledger.ModelNotPriced):
        ledger.hold(
            alice, kind="chat", model="realvision", amount=1, cause="c", request_id="", lease=LEASE
        )


def test_one_thing_cannot_be_paid_for_twice_at_a_time(poor):
    first = hold_for(poor, amount=1)
    with pytest.raises(ledger.AlreadyHeld):
        hold_for(poor, amount=1)
    ledger.void(first.pk)
    hold_for(poor, amount=1)
    assert_books_balance()


def test_one_request_may_buy_several_pictures(poor):
    for number in range(3):
        hold_for(poor, amount=1, model="realvision", cause=f"images:job:{number}")
    assert Hold.objects.filter(request_id="request-1").count() == 3


def test_a_hold_is_undone_with_the_callers_transaction(poor):
    with transaction.atomic():
        hold_for(poor, amount=600_000)
        transaction.set_rollback(True)
    assert ledger.purse(poor).held == 0
    assert_books_balance()


# --- Settling ---------------------------------------------------------------------------------


def test_settling_charges_the_use_and_frees_the_rest(poor):
    hold = hold_for(poor, amount=600_000)
    assert ledger.dispatch(hold.pk)
    record = ledger.settle(hold.pk, ending=DONE)
    assert (record.charged, record.shortfall, record.source) == (COST, 0, "upstream")
    assert (record.cause, record.request_id) == ("chat:message:1", "request-1")
    purse = ledger.purse(poor)
    assert (purse.balance, purse.held, purse.spent_today) == (1_000_000 - COST, 0, COST)
    assert_books_balance()


def test_f6_a_charge_is_tokens_times_price_for_every_model(alice):
    for number, price in enumerate(Price.objects.filter(kind="chat")):
        hold = hold_for(alice, model=price.model, amount=50_000_000, cause=f"chat:{number}")
        record = ledger.settle(hold.pk, ending=DONE)
        assert record.charged == 31 * price.input_nano + 214 * price.output_nano
    assert_books_balance()


def test_a_use_of_nothing_leaves_a_record_and_no_transfer(poor):
    hold = hold_for(poor)
    record = ledger.settle(hold.pk, ending=Ending(outcome=Outcome.DONE, reported=Tokens(0, 0)))
    assert record.charged == 0
    assert not Transfer.objects.filter(hold=hold).exists()
    assert_books_balance()


def test_f13_a_hold_is_finished_once(poor):
    hold = hold_for(poor)
    assert ledger.settle(hold.pk, ending=DONE) is not None
    assert ledger.settle(hold.pk, ending=DONE) is None
    assert ledger.void(hold.pk) is False
    assert ledger.dispatch(hold.pk) is False
    assert ledger.sweep(timezone.now() + timedelta(days=1)) == 0
    assert ledger.purse(poor).balance == 1_000_000 - COST
    assert_books_balance()


def test_voiding_gives_everything_back_and_says_why(poor):
    hold = hold_for(poor)
    assert ledger.void(hold.pk, outcome=Outcome.REFUSED)
    assert ledger.purse(poor).available == 1_000_000
    record = UsageRecord.objects.get(hold=hold)
    assert (record.outcome, record.charged, record.source) == ("refused", 0, "none")
    assert_books_balance()


def test_an_ending_that_is_charged_cannot_be_voided(poor):
    with pytest.raises(ValueError):
        ledger.void(hold_for(poor).pk, outcome=Outcome.STOPPED)


def test_while_the_ending_is_unknown_the_hold_stays(poor):
    hold = hold_for(poor, model="realvision")
    with pytest.raises(StillUnknown):
        ledger.settle(hold.pk, ending=Ending(outcome=Outcome.UNKNOWN))
    hold.refresh_from_db()
    assert hold.is_open
    assert_books_balance()


def test_a_picture_costs_its_flat_price(alice):
    hold = hold_for(alice, model="realvision", amount=1_500_000)
    record = ledger.settle(hold.pk, ending=Ending(outcome=Outcome.PICTURE_DONE))
    assert (record.charged, record.source, record.kind) == (1_500_000, "flat", "image")
    assert_books_balance()


def test_a_price_change_leaves_running_calls_alone(poor):
    hold = hold_for(poor)
    Price.objects.create(model="gpt-4o-mini", kind="chat", input_nano=9_999, output_nano=9_999)
    record = ledger.settle(hold.pk, ending=DONE)
    assert record.charged == COST
    later = hold_for(poor, amount=1, cause="chat:message:2")
    assert later.price.input_nano == 9_999


def test_f12_an_overrun_takes_what_is_free_and_never_another_hold(poor):
    other = hold_for(poor, amount=500_000, cause="chat:message:other")
    hold = hold_for(poor, amount=100_000)
    huge = Ending(outcome=Outcome.DONE, reported=Tokens(0, 2_000))  # 1,200,000
    record = ledger.settle(hold.pk, ending=huge)
    assert (record.list_cost, record.charged, record.shortfall) == (1_200_000, 500_000, 700_000)
    purse = ledger.purse(poor)
    assert (purse.balance, purse.held, purse.available) == (500_000, 500_000, 0)
    assert Account.objects.house("shortfall").balance == -700_000
    assert_books_balance()
    assert ledger.settle(other.pk, ending=DONE).shortfall == 0
    assert_books_balance()


def test_f7_an_overrun_never_brings_a_person_below_zero(poor):
    hold = hold_for(poor, amount=1_000_000)
    ledger.settle(hold.pk, ending=Ending(outcome=Outcome.DONE, reported=Tokens(0, 16_000)))
    assert ledger.purse(poor).balance == 0
    assert_books_balance()


def test_f3_a_stopped_reply_is_charged_once_for_prompt_and_output(poor):
    hold = hold_for(poor)
    ledger.dispatch(hold.pk)
    ending = Ending(outcome=Outcome.HUNG_UP, counted=Tokens(30, 7))
    record = ledger.settle(hold.pk, ending=ending)
    assert (record.charged, record.source) == (30 * 150 + 7 * 600, "counted")
    assert Transfer.objects.filter(hold=hold).count() == 1
    assert_books_balance()


def test_f18_an_error_after_output_gives_no_refund(poor):
    hold = hold_for(poor)
    record = ledger.settle(hold.pk, ending=Ending(outcome=Outcome.BROKEN, counted=Tokens(30, 200)))
    assert record.charged == 124_500
    assert_books_balance()


def test_f9_a_negative_usage_cannot_refund(poor):
    hold = hold_for(poor)
    ending = Ending(outcome=Outcome.DONE, reported=Tokens(-1_000_000, 3), counted=Tokens(30, 200))
    record = ledger.settle(hold.pk, ending=ending)
    assert (record.charged, record.source) == (124_500, "counted")
    assert record.anomaly.startswith("usage below zero")
    assert_books_balance()


def test_timings_are_kept(poor):
    hold = hold_for(poor)
    ending = Ending(
        outcome=Outcome.DONE, reported=Tokens(1, 1), first_token_ms=400, duration_ms=2_100
    )
    record = ledger.settle(hold.pk, ending=ending)
    assert (record.first_token_ms, record.duration_ms) == (400, 2_100)
