"""Many processes at once, each with a connection of its own, on whichever database is chosen."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Group
from credit import ledger, opening
from credit.limits import set_limits
from credit.models import Account, Hold, Policy, Transfer, UsageRecord, Window
from gateway import keys
from tests.credit.books import assert_books_balance, fill_pool, give, hold_for
from tests.credit.racers import race
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_starting_credit(no_starting_credit):
    pass


def test_f1_money_for_a_hundred_admits_exactly_a_hundred(alice, database_url):
    give(alice, 100 * 5_000)
    ends = race(
        "hold", database_url=database_url, processes=12, users=[alice.pk], tries=60, amount=5_000
    )
    assert sum(map(Counter, ends), Counter()) == {"admitted": 100, "refused": 620}
    assert Hold.objects.count() == 100
    assert ledger.purse(alice).available == 0
    assert_books_balance()


def test_f2_the_very_first_requests_of_a_person_open_one_account(alice, database_url):
    Policy.objects.update(starting_credit=10 * 5_000)
    ends = race(
        "hold", database_url=database_url, processes=12, users=[alice.pk], tries=3, amount=5_000
    )
    assert sum(map(Counter, ends), Counter()) == {"admitted": 10, "refused": 26}
    assert Account.objects.people().count() == 1
    assert Transfer.objects.filter(code="starting").count() == 1
    assert_books_balance()


@pytest.fixture
def class_of_four(db):
    """Four people with money enough, and the account of their group."""
    group = Group.objects.create(name="4B")
    people = [UserFactory(group=group) for _ in range(4)]
    for person in people:
        give(person, 10**9)
    return people, opening.open_group(group)


@pytest.mark.parametrize("period", ["day", "month"])
def test_f2_a_groups_limit_admits_exactly_what_fits(class_of_four, database_url, period):
    people, group = class_of_four
    set_limits(group, **({"day": None, "month": None} | {period: 100 * 5_000}))
    users = [person.pk for person in people]
    ends = race("hold", database_url=database_url, processes=12, users=users, tries=20, amount=5000)
    assert sum(map(Counter, ends), Counter()) == {"admitted": 100, "refused": 140}
    assert_books_balance()


def test_f1_a_pool_for_a_hundred_admits_exactly_a_hundred(class_of_four, database_url):
    people, _group = class_of_four
    fill_pool(100 * 5_000)
    users = [person.pk for person in people]
    ends = race("hold", database_url=database_url, processes=12, users=users, tries=20, amount=5000)
    assert sum(map(Counter, ends), Counter()) == {"admitted": 100, "refused": 140}
    assert_books_balance()


@pytest.mark.parametrize("tightest", ["person", "key", "group", "pool"])
def test_f1_of_all_that_bounds_a_call_the_tightest_admits_exactly_what_fits(
    class_of_four, database_url, tightest
):
    [alice, *_others], group = class_of_four
    made = keys.make(alice, name="Script", lifetime=None).key
    room = dict.fromkeys(("person", "key", "group", "pool"), 60 * 5_000) | {tightest: 40 * 5_000}
    set_limits(ledger.open_account(alice), day=room["person"], month=None)
    set_limits(opening.open_key(made), day=None, month=room["key"])
    set_limits(group, day=room["group"], month=None)
    fill_pool(room["pool"])
    told = {"users": [alice.pk], "tries": 8, "amount": 5_000, "key": str(made.pk)}
    ends = race("hold", database_url=database_url, processes=8, **told)
    assert sum(map(Counter, ends), Counter()) == {"admitted": 40, "refused": 24}
    assert_books_balance()


def test_looking_before_taking_lets_all_pass_a_limit_for_one(class_of_four, database_url):
    _people, group = class_of_four
    set_limits(group, day=5_000, month=None)
    window = Window.objects.get()
    taken = race(
        "hold_carelessly",
        database_url=database_url,
        processes=12,
        window=window.pk,
        limit=5_000,
        amount=5_000,
    )
    assert taken == [True] * 12


def test_limits_set_in_a_storm_of_calls_count_every_one_of_them(class_of_four, database_url):
    people, group = class_of_four
    fill_pool(10**12)
    users = [person.pk for person in people]
    errors = race(
        "churn", database_url=database_url, processes=8, users=users, rounds=60, group=group.pk
    )
    assert errors == [[]] * 8
    assert UsageRecord.objects.filter(group=group).exists()
    set_limits(group, day=10**9, month=10**9)
    assert Window.objects.filter(spent__gt=0).count() == 2
    assert_books_balance()


def test_f13_of_settle_and_void_and_sweep_exactly_one_closes_a_hold(alice, database_url):
    give(alice, 30 * 100_000)
    holds = [hold_for(alice, amount=100_000, cause=f"race:{n}").pk for n in range(30)]
    won = race("finish", database_url=database_url, processes=12, holds=holds)
    assert sum(len(closed) for closed in won) == 30
    assert UsageRecord.objects.count() == 30
    assert not Hold.objects.open().exists()
    assert ledger.purse(alice).held == 0
    assert_books_balance()


def test_f11_a_payment_told_twelve_times_at_once_counts_once(alice, database_url):
    booked = race("grant", database_url=database_url, processes=12, user=alice.pk, key="payment")
    assert len(set(booked)) == 1
    assert ledger.purse(alice).balance == 7
    assert_books_balance()


def test_f15_after_a_storm_of_holds_overruns_and_grants_the_books_balance(alice, database_url):
    errors = race("churn", database_url=database_url, processes=8, users=[alice.pk], rounds=40)
    assert errors == [[]] * 8
    assert UsageRecord.objects.filter(shortfall__gt=0).exists()
    assert_books_balance()


@pytest.mark.parametrize(
    ("during", "left", "charged"),
    [
        ("holding", 0, 0),
        ("held", 1, 0),
        ("streaming", 1, 124_500),
        ("settling", 1, 124_500),
        ("settled", 0, 133_050),
    ],
)
def test_f12_after_a_kill_the_sweep_puts_the_money_right(
    alice, database_url, during, left, charged
):
    give(alice, 1_000_000)
    fill_pool(10**9)
    set_limits(opening.open_account(alice), day=10**9, month=10**9)
    race("die", database_url=database_url, processes=1, user=alice.pk, during=during)
    assert Hold.objects.open().count() == left
    assert_books_balance()
    assert ledger.sweep(timezone.now() + timedelta(minutes=2)) == left
    purse = ledger.purse(alice)
    assert (purse.held, purse.balance) == (0, 1_000_000 - charged)
    assert_books_balance()
