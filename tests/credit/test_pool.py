"""What is left at the upstream binds all calls from its first entry on."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from credit import days, ledger, pool
from credit.admission import hold_reply
from credit.endings import Ending, Outcome, Tokens
from credit.errors import KeyReused, ServiceOutOfCredit
from credit.models import Pool, PoolEntry
from tests.credit.books import LEASE, assert_books_balance, fill_pool, hold_for

pytestmark = pytest.mark.django_db

DONE = Ending(outcome=Outcome.DONE, reported=Tokens(31, 214))
COST = 133_050
TOP_UP, CORRECTION, SHOWN = PoolEntry.Kind


def note(kind, amount, **changes):
    told = {"actor": None, "reason": "for a test", "key": f"{kind}:{amount}"} | changes
    return pool.record(kind, amount=amount, **told)


def test_before_the_first_entry_nothing_is_bound(alice):
    ledger.settle(hold_for(alice).pk, ending=DONE)
    assert not Pool.objects.exists()


def test_calls_draw_on_the_pool_what_they_cost_there(alice):
    before = hold_for(alice, cause="chat:before")
    fill_pool(10**9)
    held = hold_for(alice, amount=600_000)
    assert Pool.objects.get().available == 10**9 - 600_000
    ledger.settle(held.pk, ending=DONE)
    ledger.settle(before.pk, ending=DONE)  # the top-up came after this call was paid for
    assert (Pool.objects.get().balance, Pool.objects.get().held) == (10**9 - COST, 0)
    assert_books_balance()


def test_when_the_pool_is_empty_the_service_is_out_of_credit_not_the_person(alice):
    fill_pool(600_000)
    hold_for(alice, amount=600_000)
    with pytest.raises(ServiceOutOfCredit) as refusal:
        hold_for(alice, amount=1, cause="chat:2")
    assert "not you" in refusal.value.message
    assert ledger.purse(alice).held == 600_000
    assert_books_balance()


def test_an_answer_shrinks_to_what_the_pool_affords(alice):
    fill_pool(100 * 150 + 300 * 600)
    _hold, cap = hold_reply(
        alice,
        model="gpt-4o-mini",
        prompt_tokens=100,
        cap=1000,
        cause="chat:1",
        request_id="",
        lease=LEASE,
    )
    assert cap == 300


def test_what_costs_more_than_was_held_brings_the_pool_below_nothing(alice):
    fill_pool(100_000)
    held = hold_for(alice, amount=100_000)
    ledger.settle(held.pk, ending=DONE)
    assert Pool.objects.get().balance == 100_000 - COST
    assert_books_balance()


def test_a_late_measurement_reaches_the_pool(alice):
    fill_pool(10**9)
    held = hold_for(alice, lease=-LEASE)
    ledger.dispatch(held.pk)
    ledger.settle(held.pk, ending=Ending(outcome=Outcome.DIED, counted=Tokens(30, 200)))
    ledger.settle(held.pk, ending=DONE)
    assert Pool.objects.get().balance == 10**9 - COST
    assert_books_balance()


def test_a_top_up_told_twice_counts_once(bob):
    first = note(TOP_UP, 5, actor=bob)
    assert note(TOP_UP, 5) == first
    assert Pool.objects.get().balance == 5
    with pytest.raises(KeyReused):
        note(TOP_UP, 6, key=first.idempotency_key)


def test_a_balance_shown_there_changes_nothing_and_tells_the_drift(alice):
    fill_pool(10**9)
    ledger.settle(hold_for(alice).pk, ending=DONE)
    hold_for(alice, amount=7, cause="chat:under way")
    entry = note(SHOWN, 10**9 - COST - 100)
    assert (entry.expected, entry.drift, entry.in_flight) == (10**9 - COST, -100, 7)
    note(CORRECTION, entry.drift)
    assert Pool.objects.get().balance == 10**9 - COST - 100
    assert note(SHOWN, 10**9 - COST - 100, key="later").drift == 0
    assert_books_balance()


def test_what_calls_must_have_cost_there_is_told_by_how_it_was_measured(alice):
    ledger.settle(hold_for(alice).pk, ending=DONE)
    stopped = Ending(outcome=Outcome.STOPPED, counted=Tokens(30, 7))
    ledger.settle(hold_for(alice).pk, ending=stopped)
    assert pool.costs(since=days.today()) == {"upstream": COST, "counted": 30 * 150 + 7 * 600}
    tomorrow = days.day_of(timezone.now() + timedelta(days=1))
    assert pool.costs(since=tomorrow) == {}


@pytest.mark.parametrize(
    ("kind", "amount", "changes"),
    [
        (TOP_UP, 0, {}),
        (TOP_UP, -1, {}),
        (TOP_UP, 1.0, {}),
        (CORRECTION, 5, {"reason": " "}),
        (SHOWN, True, {}),
    ],
)
def test_what_is_no_entry_is_refused(kind, amount, changes):
    with pytest.raises(ValueError):
        note(kind, amount, **changes)
    assert not Pool.objects.exists()


def test_entries_are_never_changed():
    note(TOP_UP, 5)
    with pytest.raises(IntegrityError), transaction.atomic():
        PoolEntry.objects.update(amount=6)
    with pytest.raises(IntegrityError), transaction.atomic():
        PoolEntry.objects.all().delete()
