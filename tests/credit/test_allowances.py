"""A group's people get their allowance once a period."""

import pytest
import time_machine

from accounts.models import Group
from credit import allowances, ledger
from credit.endings import Ending, Outcome, Tokens
from credit.models import Allowance, Transfer
from tests.credit.books import assert_books_balance, hold_for
from tests.credit.racers import race

HALF = 500_000_000
DONE = Ending(outcome=Outcome.DONE, reported=Tokens(31, 214))
COST = 133_050


@pytest.fixture
def group(alice, bob, no_starting_credit):
    group = Group.objects.create(name="4B")
    for person in (alice, bob):
        person.group = group
        person.save()
    return group


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False) as clock:
        yield clock


def allow(group, **changes):
    return Allowance.objects.create(group=group, amount=HALF, **changes)


@pytest.mark.django_db
def test_everybody_in_the_group_gets_it_once_a_month(alice, bob, group, clock):
    allow(group)
    assert [allowances.give_due() for _ in range(3)] == [2, 0, 0]
    assert [ledger.purse(person).balance for person in (alice, bob)] == [HALF, HALF]
    gift = Transfer.objects.filter(code="allowance").first()
    assert (gift.reason, gift.cause.endswith(":2026-11-01")) == ("4B", True)
    assert_books_balance()


@pytest.mark.django_db
def test_who_joins_later_gets_it_too_and_who_is_locked_out_does_not(alice, bob, group, clock):
    bob.group = None
    bob.save()
    allow(group)
    assert allowances.give_due() == 1
    bob.group = group
    bob.is_active = False
    bob.save()
    assert allowances.give_due() == 0
    bob.is_active = True
    bob.save()
    assert allowances.give_due() == 1


@pytest.mark.django_db
def test_what_was_not_spent_lapses(alice, group, clock):
    allow(group)
    allowances.give_due()
    ledger.settle(hold_for(alice).pk, ending=DONE)
    clock.move_to("2026-11-30T23:00:00Z")  # the first of December in Amsterdam
    allowances.give_due()
    assert ledger.purse(alice).balance == HALF
    assert Transfer.objects.get(code="lapse", source__user=alice).amount == HALF - COST
    assert_books_balance()


@pytest.mark.django_db
def test_what_was_given_otherwise_does_not_lapse(alice, group, clock):
    allow(group)
    allowances.give_due()
    ledger.grant(alice, amount=7, actor=None, reason="well done", key="k")
    ledger.settle(
        hold_for(alice, amount=HALF, model="gpt-4o").pk, ending=_using(HALF // 10_000 - 1)
    )
    clock.move_to("2026-12-01T12:00:00Z")
    allowances.give_due()
    assert ledger.purse(alice).balance == HALF + 7


def _using(tokens):
    return Ending(outcome=Outcome.DONE, reported=Tokens(0, tokens))


@pytest.mark.django_db
def test_what_is_set_apart_for_a_call_does_not_lapse(alice, group, clock):
    allow(group)
    allowances.give_due()
    held = hold_for(alice, amount=HALF)
    clock.move_to("2026-12-01T12:00:00Z")
    allowances.give_due()
    assert not Transfer.objects.filter(code="lapse", source__user=alice).exists()
    ledger.settle(held.pk, ending=DONE)
    assert ledger.purse(alice).balance == 2 * HALF - COST
    assert_books_balance()


@pytest.mark.django_db
def test_what_is_left_may_be_kept(alice, group, clock):
    allow(group, is_kept=True)
    allowances.give_due()
    clock.move_to("2026-12-01T12:00:00Z")
    allowances.give_due()
    assert ledger.purse(alice).balance == 2 * HALF


@pytest.mark.django_db
def test_an_allowance_may_be_for_each_day_and_for_a_time(alice, group, clock):
    allow(group, period="day", is_kept=True, starts_on="2026-11-23", ends_on="2026-11-24")
    given = []
    for day in range(22, 27):
        clock.move_to(f"2026-11-{day}T12:00:00Z")
        given.append(allowances.give_due())
    assert given == [0, 2, 2, 0, 0]
    assert ledger.purse(alice).balance == 2 * HALF


@pytest.mark.django_db(transaction=True)
def test_twelve_who_give_it_at_once_give_it_once(alice, bob, group, database_url):
    allow(group)
    race("give_due", database_url=database_url, processes=12)
    assert [ledger.purse(person).balance for person in (alice, bob)] == [HALF, HALF]
    assert_books_balance()
