"""The buttons for another answer, the next attempt and an earlier version, and what they show."""

import re
import uuid

import pytest
from django.urls import reverse

from chat import again, pages, replies
from chat.models import Message
from chat.replies import Result
from credit.endings import Outcome
from credit.models import Hold

# The asynchronous views ask the database in threads of their own, which see committed rows only.
pytestmark = pytest.mark.django_db(transaction=True)

HTMX = {"HX-Request": "true"}
STOPPED = Result(state=Message.State.STOPPED, outcome=Outcome.STOPPED, text="One, two, ")


def end(begun, result=STOPPED):
    replies.finish(begun.reply, result=result)
    return Message.objects.get(pk=begun.reply.pk)


def another(reply, model="gpt-4o-mini"):
    return again.another(reply, model=model, client_id=uuid.uuid4(), request_id="r")


def address(name, reply):
    return reverse(f"chat:{name}", args=[reply.conversation_id, reply.pk])


def turns_of(html):
    return re.findall(r'<article class="turn[^"]*" id="m-([^"]+)"', html)


@pytest.fixture
def two(alice, client, send):
    """Two versions of an answer; the first was followed by another question."""
    client.force_login(alice)
    first = send(alice, "Count")
    end(first)
    later = send(alice, "And then?", conversation=first.reply.conversation)
    end(later)
    second = another(first.reply)
    end(second)
    return first, later, second


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_another_answer_takes_the_place_of_the_first(client, alice, send, headers):
    client.force_login(alice)
    first = send(alice, "Count")
    end(first)
    wish = {"model": "gpt-4.1", "client_id": str(uuid.uuid4())}
    answers = [client.post(address("again", first.reply), wish, headers=headers) for _ in range(2)]
    second = Message.objects.exclude(pk=first.reply.pk).get(role="assistant")
    assert second.model == "gpt-4.1"
    assert Hold.objects.count() == 2
    page = client.get(reverse("chat:conversation", args=[second.conversation_id])).content.decode()
    assert turns_of(page) == [str(first.prompt.pk), str(second.pk)]
    assert "2/2" in page
    for answer in answers:
        if headers:
            assert turns_of(answer.content.decode()) == turns_of(page)
            assert "2/2" in answer.content.decode()
        else:
            assert answer.url.endswith(f"#m-{second.pk}")


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"model": "gpt-9", "client_id": str(uuid.uuid4())},
        {"model": "gpt-4.1", "client_id": "x"},
    ],
)
def test_a_wish_that_is_none_buys_nothing(client, alice, send, wish):
    client.force_login(alice)
    reply = end(send(alice))
    assert client.post(address("again", reply), wish, headers=HTMX).status_code == 422
    assert client.post(address("retry", reply), {"attempt": "x"}, headers=HTMX).status_code == 422
    assert Hold.objects.count() == 1


def test_an_earlier_version_is_shown_with_what_followed_it(client, two):
    first, later, second = two
    page = reverse("chat:conversation", args=[first.reply.conversation_id])
    shown = [first.prompt.pk, first.reply.pk, later.prompt.pk, later.reply.pk]
    assert turns_of(client.get(page).content.decode()) == [
        str(first.prompt.pk), str(second.reply.pk)
    ]  # fmt: skip
    for _ in range(2):  # a double click stays there
        answer = client.post(address("show", first.reply), headers=HTMX)
        assert turns_of(answer.content.decode()) == [str(pk) for pk in shown[1:]]
    assert turns_of(client.get(page).content.decode()) == [str(pk) for pk in shown]
    assert client.post(address("show", second.reply)).url == f"{page}#m-{second.reply.pk}"
    assert str(later.reply.pk) not in client.get(page).content.decode()


def test_an_answer_is_continued_once_however_often_one_clicks(client, alice, send):
    client.force_login(alice)
    reply = end(send(alice))
    for _ in range(2):
        answer = client.post(address("retry", reply), {"attempt": 1}, headers=HTMX)
        assert 'data-attempt="2"' in answer.content.decode()
        assert "One, two," in answer.content.decode()
    assert Hold.objects.count() == 2


def test_an_answer_that_is_whole_is_not_continued(client, alice, send):
    client.force_login(alice)
    done = Result(state=Message.State.DONE, outcome=Outcome.DONE, text="All.")
    reply = end(send(alice), done)
    answer = client.post(address("retry", reply), {"attempt": 1}, headers=HTMX)
    assert answer.status_code == 409


def test_versions_and_attempts_take_no_more_queries(client, two, django_assert_max_num_queries):
    first, _, second = two
    page = reverse("chat:conversation", args=[first.reply.conversation_id])
    end(again.next_attempt(Message.objects.get(pk=second.reply.pk), seen=1, request_id="r"))
    client.get(page)
    with django_assert_max_num_queries(16) as few:
        client.get(page)
    third = another(first.reply)
    end(third)
    for _ in range(4):
        reply = Message.objects.get(pk=third.reply.pk)
        end(again.next_attempt(reply, seen=reply.attempt, request_id="r"))
    with django_assert_max_num_queries(len(few)):
        client.get(page)


# --- What a page is told -------------------------------------------------------------------------


def news(user, begun, *, shown=(), last=None):
    return pages.news(user, begun.reply.conversation_id, shown=shown, last=last, language="en")


def test_a_page_that_knows_all_is_told_nothing(alice, two):
    first, _, second = two
    assert news(alice, first, last=second.reply.pk) == pages.News("", [])


def test_a_page_that_shows_another_path_is_told_the_chosen_one(alice, two):
    first, later, second = two
    told = news(alice, first, last=later.reply.pk)
    assert turns_of(told.html) == [str(first.prompt.pk), str(second.reply.pk)]


def test_a_reply_that_streams_on_another_path_is_not_pushed_upon_a_page(alice, two):
    first, _, second = two
    hidden = another(first.reply)
    again.show(Message.objects.get(pk=second.reply.pk))
    told = turns_of(news(alice, first, last=second.reply.pk).html)
    assert str(hidden.reply.pk) not in told
    assert news(alice, first, shown=[hidden.reply.pk], last=second.reply.pk).live == [
        hidden.reply.pk
    ]


def test_nobody_is_told_of_another_persons_replies(bob, two):
    first, _, _ = two
    assert news(bob, first, shown=[first.reply.pk]) == pages.News("", [])


def test_a_version_under_way_is_followed_when_it_is_chosen(alice, two):
    first, _, _ = two
    live = another(first.reply)
    told = pages.branch(live.reply.pk, language="en")
    assert turns_of(told.html) == [str(live.reply.pk)]
    assert told.live == [live.reply.pk]
