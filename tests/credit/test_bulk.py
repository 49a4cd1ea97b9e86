import time
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Group
from credit import bulk, ledger, opening, pauses
from credit.bulk import Act, Wish
from credit.models import Account, Transfer
from tests.credit.books import assert_books_balance, fill_pool, give
from tests.credit.racers import race
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
URL = "/admin/credit/account/bulk/"


@pytest.fixture
def boss(client, db):
    client.force_login(UserFactory(username="boss", is_staff=True, is_superuser=True))
    session = client.session
    session["password_shown_at"] = time.time()
    session.save()
    return client


@pytest.fixture
def four(db):
    """A group's four people, of whom each has a dollar."""
    group = Group.objects.create(name="4B")
    people = [UserFactory(group=group) for _ in range(4)]
    for person in people:
        give(person, 10**9)
    return [opening.open_account(person) for person in people], opening.open_group(group)


def wish(act, **more):
    return Wish(act=act, key="k", reason="Well done", **more)


def balances():
    return list(Account.objects.people().order_by("pk").values_list("balance", flat=True))


def form(accounts, **more):
    given = {"accounts": [account.pk for account in accounts], "key": uuid4(), "reason": "Sports"}
    return given | more


def test_a_group_stands_for_its_people_once_each(four):
    people, group = four
    assert bulk.people_of([people[0], group]) == people


def test_members_who_have_never_been_here_get_their_account(four):
    _people, group = four
    UserFactory(group=group.group)
    UserFactory(group=group.group, is_active=False)
    assert len(bulk.people_of([group])) == 5


def test_planning_changes_nothing_and_says_what_the_pool_lacks(four):
    people, _group = four
    fill_pool(6 * 10**9)
    plan = bulk.plan(wish(Act.GRANT, amount=10**9), people)
    assert (plan.total, plan.uncovered) == (4 * 10**9, 2 * 10**9)
    assert balances() == [10**9] * 4
    assert bulk.plan(wish(Act.GRANT, amount=10**8), people).uncovered == 0


def test_giving_twice_under_one_key_gives_once(four):
    people, _group = four
    for _ in range(2):
        bulk.carry_out(wish(Act.GRANT, amount=5), people)
    assert balances() == [10**9 + 5] * 4
    assert AuditEntry.objects.filter(reason="Well done").count() == 4


def test_who_has_too_little_is_left_out_and_told_of(four):
    people, _group = four
    ledger.adjust(people[1].user, amount=-5, actor=None, reason="before", key="before")
    people[1].refresh_from_db()
    take = wish(Act.TAKE, amount=10**9)
    assert [line.account for line in bulk.plan(take, people).left_out] == [people[1]]
    done = bulk.carry_out(take, people)
    assert [line.account for line in done.left_out] == [people[1]]
    assert balances() == [0, 10**9 - 5, 0, 0]


def test_all_or_nothing_when_something_fails(four):
    people, _group = four
    with pytest.raises(ValueError, match="reason"):
        bulk.carry_out(Wish(act=Act.GRANT, key="k", amount=5), people)
    assert balances() == [10**9] * 4


def test_limits_and_pauses_for_many(four):
    people, _group = four
    bulk.carry_out(wish(Act.LIMIT, day=5, month=None), people)
    pauses.pause(people[0])
    people[0].refresh_from_db()
    assert [one.account for one in bulk.plan(wish(Act.PAUSE), people).left_out] == [people[0]]
    bulk.carry_out(wish(Act.PAUSE), people)
    assert Account.objects.filter(day_limit=5, paused_at__isnull=False).count() == 4
    bulk.carry_out(wish(Act.RESUME), people)
    assert not Account.objects.filter(paused_at__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_a_double_click_in_many_processes_gives_once(four, database_url):
    people, _group = four
    accounts = [account.pk for account in people]
    done = race("give_to_many", database_url=database_url, processes=8, accounts=accounts)
    assert done == [4] * 8
    assert balances() == [10**9 + 7] * 4
    assert_books_balance()


def test_the_preview_comes_before_the_deed(boss, four):
    people, group = four
    fill_pool(10**12)
    asked = form([group], act="grant", amount="1")
    preview = boss.post(URL, asked).content.decode()
    assert "$1.0000 to 4 people: $4.0000." in preview
    assert "The pool covers it." in preview
    assert balances()[:4] == [10**9] * 4
    for _ in range(2):
        done = boss.post(URL, asked | {"confirm": "yes"})
        assert done.status_code == 200
    assert Transfer.objects.filter(reason="Sports").count() == 4
    assert Transfer.objects.filter(actor__username="boss").count() == 4


def test_a_gift_needs_amount_and_reason(boss, four):
    answer = boss.post(URL, form(four[0], act="grant", reason=""))
    assert answer.status_code == 422
    assert "Say how much." in answer.content.decode()
    assert "Say why." in answer.content.decode()


def test_the_list_offers_it_for_those_who_are_ticked(boss, four):
    people, _group = four
    ticked = {"action": "act_on_many", "_selected_action": [account.pk for account in people[:2]]}
    page = boss.post(reverse("admin:credit_account_changelist"), ticked).content.decode()
    assert page.count('name="accounts"') == 2


def test_members_do_not_get_there(client, alice, four):
    client.force_login(alice)
    assert client.post(URL, form(four[0], act="pause", confirm="yes")).status_code in (302, 403)
    assert not Account.objects.filter(paused_at__isnull=False).exists()


def test_a_preview_for_many_takes_no_query_a_person(boss, four, django_assert_max_num_queries):
    people, group = four
    with django_assert_max_num_queries(20):
        boss.post(URL, form([group], act="grant", amount="1"))
