"""Everybody, and one person's page: money, limits and a pause, changed in place."""

import uuid
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from chat import admission, replies
from chat.models import Message
from chat.replies import Result
from credit import ledger, opening, pauses
from credit.endings import Outcome, Tokens
from credit.limits import set_limits
from credit.models import Account, Transfer
from gateway import keys
from oversight import person
from tests.credit.books import assert_books_balance, hold_for
from tests.credit.test_limits import Program
from tests.oversight.conftest import DOLLAR, EACH
from tests.oversight.test_overview import lines, read

pytestmark = pytest.mark.django_db

PEOPLE = reverse("oversight:people")
HTMX = {"HX-Request": "true"}


def page_of(user):
    return reverse("oversight:person", args=[user.pk])


def give(client, user, headers=None, **changes):
    told = {"amount": "0.5", "reason": "For the fair", "key": str(uuid.uuid4()), "do": "give"}
    return client.post(reverse("oversight:give", args=[user.pk]), told | changes, headers=headers)


def test_people_are_listed_with_what_they_have_and_spent(admin, alice, bob, group, spend):
    spend(alice, times=3)
    page = read(admin, PEOPLE)
    assert "$0.9982" in page
    assert page_of(bob) in page
    assert page_of(bob) not in read(admin, PEOPLE, q="4b")
    assert "Nobody here has that name" in read(admin, PEOPLE, q="nobody-of-that-name")


def test_the_list_goes_on_after_a_name(admin, alice, bob):
    assert page_of(alice) not in read(admin, PEOPLE, after="alice")
    assert page_of(bob) in read(admin, PEOPLE, after="alice")


def test_people_as_csv(admin, alice, spend):
    spend(alice)
    rows = lines(admin.get(PEOPLE, {"csv": "1", "q": "alice"}))
    assert rows[1] == ["alice", "", "", "0.999400000", "0.000600000"]


@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "htmx"])
def test_credit_is_given_in_place(admin, root, alice, headers):
    answer = give(admin, alice, headers=headers)
    assert answer.status_code == (200 if headers else 302)
    transfer = Transfer.objects.get(code="grant")
    assert (transfer.amount, transfer.actor, transfer.reason) == (DOLLAR // 2, root, "For the fair")
    assert "$1.50" in read(admin, page_of(alice))
    assert_books_balance()


def test_credit_is_taken_back_as_far_as_it_is_free(admin, alice):
    assert give(admin, alice, do="take").status_code == 302
    assert ledger.purse(alice).balance == DOLLAR // 2
    answer = give(admin, alice, do="take", amount="0.6")
    assert answer.status_code == 422
    assert "Not enough credit" in answer.content.decode()
    assert ledger.purse(alice).balance == DOLLAR // 2
    assert_books_balance()


def test_a_double_click_gives_once(admin, alice):
    key = str(uuid.uuid4())
    for _ in range(2):
        give(admin, alice, key=key)
    assert ledger.purse(alice).balance == DOLLAR + DOLLAR // 2


@pytest.mark.parametrize(
    "wrong", [{"amount": "-1"}, {"amount": ""}, {"reason": ""}, {"key": "x"}, {"do": "keep"}]
)
@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "htmx"])
def test_what_makes_no_sense_is_shown_again(admin, alice, wrong, headers):
    answer = give(admin, alice, headers=headers, **wrong)
    assert answer.status_code == 422
    assert ledger.purse(alice).balance == DOLLAR


def test_limits_are_set_in_place(admin, alice):
    url = reverse("oversight:limit_person", args=[alice.pk])
    assert admin.post(url, {"day": "0.25", "month": ""}).status_code == 302
    assert opening.open_account(alice).day_limit == 250_000_000
    assert "$0.0000 of $0.2500" in read(admin, page_of(alice))
    answer = admin.post(url, {"day": "-1", "month": ""}, headers=HTMX)
    assert answer.status_code == 422
    assert opening.open_account(alice).day_limit == 250_000_000


def test_the_admins_password_is_asked_before_money_or_limits_move(client, root, alice):
    client.force_login(root)
    assert "reauthenticate" in give(client, alice)["Location"]
    url = reverse("oversight:limit_person", args=[alice.pk])
    assert "reauthenticate" in client.post(url, {"day": "1"})["Location"]
    assert ledger.purse(alice).balance == DOLLAR


@pytest.mark.parametrize("origin", ["", "anomalies", "overview"])
def test_one_click_pauses_and_another_lets_go_on(admin, root, alice, origin):
    account = opening.open_account(alice)
    url = reverse("oversight:pause", args=[account.pk])
    answer = admin.post(url, {"from": origin})
    assert answer["Location"] == (reverse(f"oversight:{origin}") if origin else page_of(alice))
    account.refresh_from_db()
    assert account.paused_at
    assert "paused since" in read(admin, page_of(alice))
    admin.post(url, {"do": "resume"})
    account.refresh_from_db()
    assert account.paused_at is None
    noted = AuditEntry.objects.filter(kind="pause").order_by("pk")
    assert [(entry.actor, entry.after) for entry in noted] == [
        (root, {"paused": True}),
        (root, {"paused": False}),
    ]


def test_a_keys_pause_leads_to_its_person(admin, alice):
    key = keys.make(alice, name="homework", lifetime=None).key
    account = opening.open_key(key)
    answer = admin.post(reverse("oversight:pause", args=[account.pk]))
    assert answer["Location"] == page_of(alice)


def test_the_house_is_not_paused(admin):
    house = Account.objects.house(Account.Kind.USAGE)
    assert admin.post(reverse("oversight:pause", args=[house.pk])).status_code == 404


def test_a_pause_of_somebody_paused_is_noted_once(alice):
    account = opening.open_key(Program())
    assert pauses.pause(account)
    assert not pauses.pause(account)
    assert AuditEntry.objects.filter(kind="pause").count() == 1


def test_conversations_are_told_by_number_and_cost_alone(admin, alice):
    begun = admission.begin(
        None,
        user=alice,
        client_id=uuid.uuid4(),
        text="My secret diary",
        model="gpt-4o-mini",
        request_id="1",
    )
    result = Result(
        state=Message.State.DONE,
        outcome=Outcome.DONE,
        text="Dear diary",
        reported=Tokens(10, 1000),
    )
    replies.finish(begun.reply, result=result)
    (talk,) = person.read(alice).talks
    assert (talk.messages, talk.charged) == (2, 10 * 150 + EACH)
    page = read(admin, page_of(alice))
    assert "1 conversation" in page
    assert "diary" not in page


def test_a_person_is_shown_with_keys_limits_and_statement(admin, alice, group, spend):
    keys.make(alice, name="homework", lifetime=None)
    set_limits(group, day=None, month=2 * DOLLAR)
    spend(alice, times=3)
    hold_for(alice, amount=200_000)
    page = unescape(admin.get(page_of(alice)).content.decode())
    for words in ("homework", "$0.0020 of $2.0000", "−$0.0018", "$0.9982", "$0.0002 of it"):
        assert words in page


def test_nobody_there_is_not_found(admin):
    assert admin.get(reverse("oversight:person", args=[0])).status_code == 404


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def test_the_pages_take_the_same_queries_however_much_there_is(admin, alice, bob, spend):
    spend(alice)
    urls = (PEOPLE, page_of(alice))
    few = [queries(admin, url) for url in urls if admin.get(url)]
    spend(bob)
    for _ in range(3):
        spend(alice)
    keys.make(alice, name="homework", lifetime=None)
    assert [queries(admin, url) for url in urls] == few
    assert max(few) < 20
