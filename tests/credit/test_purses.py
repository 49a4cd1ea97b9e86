import pytest
import time_machine

from credit import ledger
from credit.endings import Ending, Outcome, Tokens
from tests.credit.books import LEASE, give, hold_for

pytestmark = pytest.mark.django_db

DOLLAR = 1_000_000_000
DONE = Ending(outcome=Outcome.DONE, reported=Tokens(31, 214), counted=Tokens(31, 214))
COST = 133_050


def test_the_day_is_the_sites_own(poor, settings):
    settings.TIME_ZONE = "Europe/Amsterdam"
    with time_machine.travel("2026-11-22T22:30:00Z"):  # 23:30 in Amsterdam
        ledger.settle(hold_for(poor).pk, ending=DONE)
        assert ledger.purse(poor).spent_today == COST
    with time_machine.travel("2026-11-22T23:30:00Z"):  # half past midnight there
        assert ledger.purse(poor).spent_today == 0


def test_a_call_belongs_to_the_day_it_began_on(poor, settings):
    settings.TIME_ZONE = "Europe/Amsterdam"
    with time_machine.travel("2026-11-22T22:59:50Z", tick=False) as clock:
        began = hold_for(poor)
        ledger.dispatch(began.pk)
        ledger.heartbeat([began.pk], lease=LEASE, progress={began.pk: Tokens(30, 200)})
        clock.move_to("2026-11-22T23:02:00Z")  # past midnight
        ledger.sweep()
        ledger.settle(began.pk, ending=DONE)
        assert ledger.purse(poor).spent_today == 0
        clock.move_to("2026-11-22T22:59:50Z")
        assert ledger.purse(poor).spent_today == COST


def test_the_meter_shows_what_is_left_of_the_last_credit(poor):
    hold = hold_for(poor, amount=1_000_000)
    ledger.settle(hold.pk, ending=Ending(outcome=Outcome.DONE, reported=Tokens(2_000, 0)))
    purse = ledger.purse(poor)
    assert (purse.share, purse.is_low) == (70, False)
    give(poor, 1_000_000)
    assert ledger.purse(poor).share == 100


def test_an_empty_purse_is_low(alice, no_starting_credit):
    purse = ledger.purse(alice)
    assert (purse.available, purse.share, purse.is_low) == (0, 0, True)


def test_reading_a_purse_takes_a_constant_number_of_queries(alice, django_assert_num_queries):
    for number in range(3):
        ledger.settle(hold_for(alice, cause=f"chat:{number}").pk, ending=DONE)
    with django_assert_num_queries(2):
        ledger.purse(alice)


def test_each_person_has_an_account_of_their_own(alice, bob):
    ledger.settle(hold_for(alice).pk, ending=DONE)
    assert ledger.purse(bob).balance == DOLLAR
