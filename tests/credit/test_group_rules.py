"""What the people of a group may use, and a purse that is paused."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import Group
from credit import ledger, opening, pauses, prices
from credit.admission import hold_reply
from credit.errors import ModelNotAllowed, Paused, TooManyPictures
from credit.models import Account, Hold
from tests.credit.books import LEASE, assert_books_balance, hold_for
from tests.credit.test_limits import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(alice):
    """Alice is in class 4B."""
    alice.group = Group.objects.create(name="4B")
    alice.save()
    return opening.open_group(alice.group)


def bind(group, **rules):
    Account.objects.filter(pk=group.pk).update(**rules)


def reply(user, *, model="gpt-4o-mini", cause="chat:message:1", cap=1000):
    return hold_reply(
        user,
        model=model,
        prompt_tokens=10,
        cap=cap,
        cause=cause,
        request_id="r",
        lease=LEASE,
    )


def picture(user, *, count=1, first=1):
    return ledger.hold_each(
        user,
        kind="image",
        model="realvision",
        amount=1_500_000,
        causes=[f"images:job:{first + number}" for number in range(count)],
        request_id="r",
        lease=LEASE,
    )


def test_a_group_uses_the_models_it_may(alice, group):
    bind(group, allowed_models=["gpt-4o-mini"])
    reply(alice)
    with pytest.raises(ModelNotAllowed):
        reply(alice, model="gpt-4o", cause="chat:message:2")
    with pytest.raises(ModelNotAllowed):
        picture(alice)
    assert Hold.objects.count() == 1
    assert_books_balance()


def test_a_picker_shows_what_the_persons_group_may_use(alice, bob, group):
    bind(group, allowed_models=["gpt-4o-mini", "realvision"])
    assert prices.offered_models("chat", user=alice) == ["gpt-4o-mini"]
    assert prices.offered_models("image", user=alice) == ["realvision"]
    assert len(prices.offered_models("chat", user=bob)) > 1
    assert len(prices.offered_models("chat")) > 1


def test_a_group_without_any_model_is_offered_none(alice, group):
    bind(group, allowed_models=[])
    assert prices.offered_models("chat", user=alice) == []


def test_what_is_offered_takes_one_query(alice, group, django_assert_num_queries):
    with django_assert_num_queries(1):
        prices.offered_models("chat", user=alice)


def test_a_groups_replies_are_no_longer_than_it_says(alice, group):
    bind(group, most_output=300)
    assert reply(alice)[1] == 300
    assert reply(alice, cap=200, cause="chat:message:2")[1] == 200


def test_a_groups_person_has_as_many_replies_at_once_as_it_says(alice, group):
    assert reply(alice)[0].most_replies(3) == 3
    bind(group, most_replies=2)
    assert reply(alice, cause="chat:message:2")[0].most_replies(3) == 2
    bind(group, most_replies=9)
    assert reply(alice, cause="chat:message:3")[0].most_replies(3) == 3


def test_pictures_a_day_are_counted_a_person_and_begin_anew_at_midnight(alice, bob, group):
    bob.group = alice.group
    bob.save()
    bind(group, most_pictures=2)
    evening = datetime(2026, 3, 28, 23, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))
    with time_machine.travel(evening, tick=False) as clock:
        first, _second = picture(alice, count=2)
        with pytest.raises(TooManyPictures) as refusal:
            picture(alice, first=3)
        assert (refusal.value.most, refusal.value.left) == (2, 0)
        picture(bob, first=10)
        ledger.void(first.pk)
        picture(alice, first=4)  # one that failed counts for nothing
        clock.shift(3600)
        with pytest.raises(TooManyPictures) as refusal:
            picture(alice, count=3, first=5)
        assert refusal.value.left == 2
        picture(alice, count=2, first=5)
    assert_books_balance()


def test_only_groups_have_rules(alice):
    person = opening.open_account(alice)
    with pytest.raises(Exception, match="account_rules_are_a_groups"):
        bind(person, most_output=1)


@pytest.mark.parametrize("whose", ["user", "group", "key"])
def test_who_is_paused_spends_nothing_new_until_they_are_let_go_on(alice, group, whose):
    key = Program()
    accounts = {
        "user": opening.open_account(alice),
        "group": group,
        "key": opening.open_key(key),
    }
    under_way = hold_for(alice)
    assert pauses.pause(accounts[whose])
    assert not pauses.pause(accounts[whose])
    with pytest.raises(Paused) as refusal:
        ledger.hold(
            alice,
            kind="chat",
            model="gpt-4o-mini",
            amount=1,
            cause="chat:message:2",
            request_id="r",
            lease=LEASE,
            key=key,
        )
    assert refusal.value.whose == whose
    assert ledger.void(under_way.pk)
    assert pauses.resume(accounts[whose])
    assert not pauses.resume(accounts[whose])
    hold_for(alice, cause="chat:message:2")
    assert_books_balance()


def test_a_pause_that_comes_after_the_purse_was_read_still_holds(alice):
    account = opening.open_account(alice)
    pauses.pause(account)
    assert not Account.objects.reserve(account.pk, amount=1)
