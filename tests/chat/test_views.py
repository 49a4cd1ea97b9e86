"""Who may see and do what in the chat, and what they are told when it can't be done."""

import uuid

import pytest
from django.urls import reverse

from chat import pages, replies
from chat.models import Conversation, Message
from chat.replies import Result
from credit import ledger
from credit.endings import Outcome
from credit.models import Account

# The asynchronous views ask the database in threads of their own, which see committed rows only.
pytestmark = pytest.mark.django_db(transaction=True)

HTMX = {"HX-Request": "true"}


def prompt(text="Hello", model="gpt-4o-mini"):
    return {"text": text, "model": model, "client_id": str(uuid.uuid4())}


@pytest.fixture
def told(alice, send):
    """A conversation of Alice's with one finished answer."""
    begun = send(alice, "What is a dike?")
    result = Result(state=Message.State.DONE, outcome=Outcome.DONE, text="A **wall**.")
    replies.finish(begun.reply, result=result)
    return Conversation.objects.get(pk=begun.reply.conversation_id)


def addresses(conversation):
    reply = conversation.messages.get(role="assistant")
    yield "get", reverse("chat:conversation", args=[conversation.pk])
    yield "post", reverse("chat:send", args=[conversation.pk])
    yield "post", reverse("chat:stop", args=[conversation.pk, reply.pk])
    yield "post", reverse("chat:retry", args=[conversation.pk, reply.pk])
    yield "post", reverse("chat:again", args=[conversation.pk, reply.pk])
    yield "post", reverse("chat:show", args=[conversation.pk, reply.pk])
    yield "get", reverse("chat:conversations") + f"?after={conversation.pk}"


def test_the_owner_sees_the_turns_and_what_they_cost(client, alice, told):
    client.force_login(alice)
    page = client.get(reverse("chat:conversation", args=[told.pk])).content.decode()
    assert "What is a dike?" in page
    assert "<p>A <strong>wall</strong>.</p>" in page
    assert "tokens" in page
    assert "$0.0000" in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_stranger_finds_nothing(client, bob, told, headers):
    client.force_login(bob)
    for method, address in addresses(told):
        answer = getattr(client, method)(address, prompt(), headers=headers)
        assert answer.status_code == 404, address


def test_a_guest_is_sent_to_sign_in(client, told):
    for method, address in addresses(told):
        answer = getattr(client, method)(address, prompt())
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (prompt(text="   "), "Write something first."),
        (prompt(text="x" * 200_001), "too long"),
        (prompt(model="gpt-9"), "not offered"),
    ],
)
def test_a_bad_prompt_is_told_in_words_and_kept(client, alice, told, sent, said):
    client.force_login(alice)
    address = reverse("chat:send", args=[told.pk])
    fragment = client.post(address, sent, headers=HTMX)
    assert fragment.status_code == 422
    assert said in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    page = client.post(address, sent)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert sent["text"].strip() in page.content.decode()


def test_a_prompt_without_its_id_is_refused(client, alice, told):
    client.force_login(alice)
    sent = prompt() | {"client_id": "not a uuid"}
    answer = client.post(reverse("chat:send", args=[told.pk]), sent, headers=HTMX)
    assert answer.status_code == 422


def test_without_credit_the_prompt_is_kept_and_nothing_is_sent(client, alice, told):
    client.force_login(alice)
    account = Account.objects.get(user=alice)
    Account.objects.reserve(account.pk, amount=ledger.purse(alice).available)
    answer = client.post(reverse("chat:send", args=[told.pk]), prompt("Please?"))
    assert answer.status_code == 402
    assert "Not enough credit" in answer.content.decode()
    assert "Please?" in answer.content.decode()
    assert told.messages.count() == 2


def test_stopping_a_reply_that_has_ended_changes_nothing(client, alice, told):
    client.force_login(alice)
    reply = told.messages.get(role="assistant")
    address = reverse("chat:stop", args=[told.pk, reply.pk])
    assert client.post(address, headers=HTMX).status_code == 204
    assert client.post(address).status_code == 302
    reply.refresh_from_db()
    assert reply.state == Message.State.DONE


def fill(conversation, turns):
    """Let the path that is shown go on for so many turns."""
    made, tip = [], conversation.tip
    for number in range(turns):
        tip = Message(
            conversation=conversation,
            user=conversation.user,
            role="user",
            text=f"turn {number}.",
            parent=tip,
        )
        made.append(tip)
    Message.objects.bulk_create(made)
    Conversation.objects.filter(pk=conversation.pk).update(tip=tip)
    conversation.refresh_from_db()


def test_a_long_conversation_opens_at_its_end_and_earlier_turns_follow(client, alice, told):
    client.force_login(alice)
    fill(told, 50)
    address = reverse("chat:conversation", args=[told.pk])
    page = client.get(address).content.decode()
    assert "turn 49." in page
    assert "turn 19." not in page
    oldest = pages.newest_turns(told).messages[0]
    fragment = client.get(f"{address}?before={oldest.pk}", headers=HTMX).content.decode()
    assert "turn 19." in fragment
    assert "turn 20." not in fragment
    assert "<html" not in fragment


def test_a_page_takes_the_same_queries_however_long_the_conversation(
    client, alice, told, django_assert_max_num_queries
):
    client.force_login(alice)
    address = reverse("chat:conversation", args=[told.pk])
    client.get(address)
    with django_assert_max_num_queries(14) as short:
        client.get(address)
    fill(told, 200)
    Conversation.objects.bulk_create(
        Conversation(user=alice, title=f"c {n}", model="gpt-4o-mini") for n in range(100)
    )
    with django_assert_max_num_queries(len(short)):
        client.get(address)


def test_the_sidebar_goes_on_where_it_ended(client, alice, told):
    client.force_login(alice)
    Conversation.objects.bulk_create(
        Conversation(user=alice, title=f"talk {n}.", model="gpt-4o-mini") for n in range(60)
    )
    first = pages.listed(alice)
    rest = client.get(reverse("chat:conversations"), {"after": first.last.pk}).content.decode()
    shown = {row.conversation.title for row in first.rows}
    assert len(shown) == 40
    assert not any(title in rest for title in shown)
    assert rest.count('id="c-') == 21


def test_the_first_page_says_what_can_be_done(client, alice):
    client.force_login(alice)
    page = client.get(reverse("chat:home"))
    assert page.status_code == 200
    assert "What would you like to know?" in page.content.decode()


def test_a_conversations_cost_is_the_sum_of_its_answers_and_leads_to_them(
    client, alice, told, send
):
    send_again = send(alice, "And then?", conversation=told)
    result = Result(state=Message.State.STOPPED, outcome=Outcome.STOPPED, text="Rest.")
    replies.finish(send_again.reply, result=result)
    send(alice, "Elsewhere")
    sent = [m.charged for m in told.messages.filter(role="assistant")]
    assert len(sent) == 2
    assert pages.charged(alice, told.pk) == sum(sent) > 0
    client.force_login(alice)
    page = client.get(reverse("chat:conversation", args=[told.pk])).content.decode()
    statement = reverse("credit:statement") + f"?cause=chat:conversation:{told.pk}"
    assert statement in page
    lines = client.get(statement).content.decode()
    assert lines.count('<th scope="row">') == 2
    assert reverse("chat:message", args=[send_again.reply.pk]) in lines


def test_a_message_is_found_by_its_id_alone(client, alice, bob, told):
    reply = told.messages.get(role="assistant")
    client.force_login(alice)
    answer = client.get(reverse("chat:message", args=[reply.pk]))
    assert answer.url.endswith(f"/c/{told.pk}/#m-{reply.pk}")
    client.force_login(bob)
    assert client.get(reverse("chat:message", args=[reply.pk])).status_code == 404
