"""What a person, a group or an API key may spend in a day and in a month."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import time_machine

from accounts.models import Group
from credit import ledger, opening
from credit.admission import hold_reply
from credit.endings import Ending, Outcome, Tokens
from credit.errors import LimitReached
from credit.limits import set_limits, set_own_limits
from credit.models import Account, Window
from tests.credit.books import LEASE, assert_books_balance, hold_for

pytestmark = pytest.mark.django_db

DONE = Ending(outcome=Outcome.DONE, reported=Tokens(31, 214))
COST = 133_050


@dataclass
class Program:
    """An API key, as the books know it."""

    name: str = "a script"
    pk: uuid.UUID = field(default_factory=uuid.uuid4)


@pytest.fixture
def group(alice, bob):
    """Alice and Bob are in class 4B."""
    group = Group.objects.create(name="4B")
    for person in (alice, bob):
        person.group = group
        person.save()
    return opening.open_group(group)


def limit(user, **limits):
    set_limits(opening.open_account(user), **({"day": None, "month": None} | limits))


def spend(user, cause, amount=1_000_000, key=None):
    """One call to its end."""
    held = ledger.hold(
        user,
        kind="chat",
        model="gpt-4o-mini",
        amount=amount,
        cause=cause,
        request_id="",
        lease=LEASE,
        key=key,
    )
    return ledger.settle(held.pk, ending=DONE)


@pytest.mark.parametrize("period", ["day", "month"])
def test_a_limit_counts_what_is_held_and_then_what_was_charged(alice, period):
    limit(alice, **{period: 500_000})
    first = hold_for(alice, amount=400_000)
    with pytest.raises(LimitReached) as refusal:
        hold_for(alice, amount=100_001, cause="chat:2")
    error = refusal.value
    assert (error.whose, error.period, error.limit) == ("user", period, 500_000)
    assert (error.left, error.needed) == (100_000, 100_001)
    ledger.settle(first.pk, ending=DONE)
    hold_for(alice, amount=500_000 - COST, cause="chat:3")
    assert_books_balance()


def test_a_group_is_bounded_together(alice, bob, group):
    set_limits(group, day=500_000, month=None)
    hold_for(alice, amount=300_000, cause="chat:alice")
    with pytest.raises(LimitReached) as refusal:
        hold_for(bob, amount=300_000, cause="chat:bob")
    assert refusal.value.whose == "group"
    hold_for(bob, amount=200_000, cause="chat:bob")
    assert_books_balance()


def test_who_is_in_no_group_is_bounded_by_none(bob, group):
    set_limits(group, day=0, month=None)
    bob.group = None
    bob.save()
    hold_for(bob)
    assert_books_balance()


def test_an_api_key_is_bounded_by_itself(alice):
    key, other = Program(), Program()
    set_limits(opening.open_key(key), day=None, month=2 * COST)
    spend(alice, "program:1", amount=COST, key=key)
    with pytest.raises(LimitReached) as refusal:
        spend(alice, "program:2", amount=COST + 1, key=key)
    assert refusal.value.whose == "key"
    spend(alice, "program:3", key=other)
    hold_for(alice)
    assert_books_balance()


def test_all_limits_hold_at_once_and_none_is_used_by_who_was_refused(alice, group):
    key = Program()
    limit(alice, day=900_000, month=900_000)
    set_limits(group, day=800_000, month=900_000)
    set_limits(opening.open_key(key), day=900_000, month=700_000)
    with pytest.raises(LimitReached) as refusal:
        spend(alice, "program:1", amount=700_001, key=key)
    assert (refusal.value.whose, refusal.value.period) == ("key", "month")
    assert not Window.objects.filter(held__gt=0).exists()
    assert ledger.purse(alice).held == 0
    spend(alice, "program:2", amount=700_000, key=key)
    assert set(Window.objects.values_list("spent", "held")) == {(COST, 0)}
    assert Window.objects.count() == 6
    assert_books_balance()


def test_f20_an_answer_shrinks_to_what_the_limit_leaves(alice):
    limit(alice, day=100 * 150 + 300 * 600 + 599)
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


def test_a_limit_set_in_the_middle_counts_what_came_before(alice):
    open_since = hold_for(alice, amount=200_000)
    spend(alice, "chat:2")
    limit(alice, day=COST + 300_000)
    with pytest.raises(LimitReached):
        hold_for(alice, amount=100_001, cause="chat:3")
    ledger.settle(open_since.pk, ending=DONE)
    assert set(Window.objects.values_list("spent", "held")) == {(2 * COST, 0)}
    assert_books_balance()


def test_a_group_limit_set_in_the_middle_frees_what_was_held_before(alice, group):
    open_since = hold_for(alice, amount=200_000)
    set_limits(group, day=None, month=10**9)
    ledger.void(open_since.pk)
    assert Window.objects.get().held == 0
    assert_books_balance()


def test_a_limit_lifted_leaves_nothing_behind(alice):
    limit(alice, day=500_000, month=500_000)
    held = hold_for(alice, amount=400_000)
    limit(alice, month=500_000)
    assert Window.objects.get().period == "month"
    hold_for(alice, amount=100_000, cause="chat:2")
    ledger.settle(held.pk, ending=DONE)
    limit(alice)
    hold_for(alice, cause="chat:3")
    assert_books_balance()


def test_what_costs_more_than_was_held_may_pass_the_limit_and_is_counted(alice):
    limit(alice, day=100_000)
    held = hold_for(alice, amount=100_000)
    ledger.settle(held.pk, ending=DONE)
    window = Window.objects.get()
    assert (window.spent, window.held) == (COST, 0)
    with pytest.raises(LimitReached) as refusal:
        hold_for(alice, amount=1, cause="chat:2")
    assert refusal.value.left == 0


def test_a_late_correction_is_counted_where_the_call_began(alice):
    limit(alice, day=10**9)
    held = hold_for(alice, lease=-LEASE)
    ledger.dispatch(held.pk)
    ledger.settle(held.pk, ending=Ending(outcome=Outcome.DIED, counted=Tokens(30, 200)))
    ledger.settle(held.pk, ending=DONE)
    assert Window.objects.get().spent == COST
    assert_books_balance()


@pytest.mark.parametrize("amount", [-1, 1.0, True, 10**16])
def test_only_a_whole_amount_can_be_a_limit(alice, amount):
    with pytest.raises(ValueError):
        limit(alice, day=amount)


# --- The calendar -----------------------------------------------------------------------------


def _at(moment):
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "last", "first", "period"),
    [
        ("Europe/Amsterdam", "2026-11-22T22:59:59", "2026-11-22T23:00:00", "day"),
        ("Europe/Amsterdam", "2026-03-29T21:59:59", "2026-03-29T22:00:00", "day"),  # 23 hours
        ("Europe/Amsterdam", "2026-10-25T22:59:59", "2026-10-25T23:00:00", "day"),  # 25 hours
        ("Europe/Amsterdam", "2026-10-31T22:59:59", "2026-10-31T23:00:00", "month"),
        ("Europe/Amsterdam", "2028-02-29T22:59:59", "2028-02-29T23:00:00", "month"),
        ("Europe/Amsterdam", "2026-12-31T22:59:59", "2026-12-31T23:00:00", "month"),
        ("Pacific/Auckland", "2026-11-22T10:59:59", "2026-11-22T11:00:00", "day"),
        ("America/Santiago", "2026-09-06T03:59:59", "2026-09-06T04:00:00", "day"),  # no midnight
    ],
)
def test_f14_a_period_ends_at_the_sites_own_midnight(alice, settings, zone, last, first, period):
    settings.TIME_ZONE = zone
    with time_machine.travel(_at(last), tick=False) as clock:
        limit(alice, **{period: COST})
        spend(alice, "chat:1", amount=COST)
        with pytest.raises(LimitReached) as refusal:
            spend(alice, "chat:2", amount=1)
        assert refusal.value.renews_at == _at(first)
        clock.move_to(_at(first))
        spend(alice, "chat:3", amount=COST)
        assert Window.objects.count() == 2
        assert_books_balance()


def test_f14_a_call_over_midnight_is_trued_up_where_it_began(alice):
    with time_machine.travel("2026-11-30T22:59:59Z", tick=False) as clock:
        limit(alice, day=500_000, month=500_000)
        held = hold_for(alice, amount=500_000)
        clock.move_to("2026-12-01T00:10:00Z")
        hold_for(alice, amount=500_000, cause="chat:2")
        ledger.settle(held.pk, ending=DONE)
        used = Window.objects.order_by("start", "period").values_list("start__day", "spent", "held")
        assert list(used) == [(1, COST, 0), (30, COST, 0), (1, 0, 500_000), (1, 0, 500_000)]
        assert_books_balance()


def test_f14_a_clock_put_back_finds_yesterdays_use(alice):
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False) as clock:
        limit(alice, day=COST)
        spend(alice, "chat:1", amount=COST)
        clock.move_to("2026-11-23T12:00:00Z")
        spend(alice, "chat:2", amount=COST)
        clock.move_to("2026-11-22T13:00:00Z")
        with pytest.raises(LimitReached):
            spend(alice, "chat:3", amount=1)
        assert_books_balance()


# --- One's own limit --------------------------------------------------------------------------


def own(user, **limits):
    set_own_limits(opening.open_account(user), **({"day": None, "month": None} | limits))


@pytest.mark.parametrize(("admins", "ones_own", "whose"), [(10, 9, "own"), (9, 10, "user")])
def test_the_lower_of_ones_own_and_the_admins_limit_binds(alice, admins, ones_own, whose):
    limit(alice, month=admins * COST)
    own(alice, month=ones_own * COST)
    with pytest.raises(LimitReached) as refusal:
        spend(alice, "chat:1", amount=9 * COST + 1)
    assert (refusal.value.whose, refusal.value.limit) == (whose, 9 * COST)
    spend(alice, "chat:2", amount=9 * COST)
    assert_books_balance()


def test_ones_own_limit_counts_what_came_before_and_may_be_raised_again(alice):
    spend(alice, "chat:1", amount=COST)
    own(alice, day=COST)
    with pytest.raises(LimitReached):
        spend(alice, "chat:2", amount=1)
    own(alice, day=2 * COST)
    spend(alice, "chat:3", amount=COST)
    assert Window.objects.get().spent == 2 * COST
    assert_books_balance()


def test_lifting_one_of_the_two_limits_leaves_the_other(alice):
    limit(alice, day=5 * COST)
    own(alice, day=COST)
    held = hold_for(alice, amount=COST)
    limit(alice)
    own(alice, day=3 * COST)
    limit(alice, day=2 * COST)
    own(alice)
    assert Window.objects.get().held == COST
    ledger.settle(held.pk, ending=DONE)
    limit(alice)
    assert not Window.objects.exists()
    assert_books_balance()


# --- How it is told ---------------------------------------------------------------------------


@pytest.mark.parametrize("whose", ["own", "user", "group", "key"])
@pytest.mark.parametrize("period", ["day", "month"])
def test_a_refusal_says_which_limit_and_when_it_begins_anew(alice, group, whose, period):
    key = Program()
    accounts = {"user": opening.open_account(alice), "group": group, "key": opening.open_key(key)}
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        set_to = {"day": None, "month": None} | {period: 10_000_000}
        if whose == "own":
            set_own_limits(accounts["user"], **set_to)
        else:
            set_limits(accounts[whose], **set_to)
        with pytest.raises(LimitReached) as refusal:
            spend(alice, "program:1", amount=20_000_000, key=key)
    told = refusal.value.message
    renewal = "November 23" if period == "day" else "December 1"
    assert f"a {period}" in told
    assert told.endswith(f"It begins anew on {renewal}.")
    words = {"user": "your limit", "group": "group's", "key": "API key's", "own": "allow yourself"}
    assert words[whose] in told


def test_keys_have_a_name_in_the_books(alice):
    spend(alice, "program:1", key=Program(name="Nightly report"))
    assert str(Account.objects.get(kind="key")) == "Nightly report"
