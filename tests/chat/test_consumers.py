"""The socket shows a conversation to its owner, catches up, follows, and closes with a reason."""

import asyncio
import json
import uuid

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import path

from accounts import people
from accounts.models import User
from chat import admission, notices, replies
from chat.consumers import ConversationConsumer
from chat.models import Message
from chat.replies import Result
from chat.runner import runner
from chat.threads import in_thread
from credit.endings import Outcome

pytestmark = pytest.mark.django_db(transaction=True)


BEAT = 0.05  # seconds
QUICK = path("ws/c/<uuid:conversation_id>/", ConversationConsumer.as_asgi(beat_interval=BEAT))


def session_of(user):
    client = Client()
    client.force_login(user)
    return client.session


@pytest.fixture
async def open_socket():
    opened = []

    async def open_one(user, conversation_id, query=""):
        socket = WebsocketCommunicator(URLRouter([QUICK]), f"/ws/c/{conversation_id}/{query}")
        session = await in_thread(session_of)(user) if user.is_authenticated else None
        socket.scope |= {"user": user, "session": session}
        connected, _ = await socket.connect()
        assert connected
        opened.append(socket)
        return socket

    yield open_one
    for socket in opened:
        await socket.disconnect()
    if connection.vendor == "postgresql":
        # The communicator keeps Channels from giving its threads' connections back to the pool.
        await asyncio.to_thread(connection.close_pool)


async def begin(user, conversation=None):
    return await in_thread(admission.begin)(
        conversation,
        user=user,
        client_id=uuid.uuid4(),
        text="Hello",
        model="gpt-4o-mini",
        request_id=uuid.uuid4().hex,
    )


async def finish(begun, text="A **wall**."):
    result = Result(state=Message.State.DONE, outcome=Outcome.DONE, text=text)
    await in_thread(replies.finish)(begun.reply.pk, attempt=1, result=result)


async def receive(socket, kind):
    """The next frame of a kind; the others between are let go."""
    while True:
        frame = json.loads(await socket.receive_from(timeout=5))
        if frame["t"] == kind:
            return frame


async def watch(socket, *ids):
    await socket.send_to(text_data=json.dumps({"watch": [str(each) for each in ids]}))


async def test_a_reply_that_ended_while_the_page_was_away_is_shown_whole(alice, open_socket):
    begun = await begin(alice)
    await finish(begun)
    socket = await open_socket(alice, begun.reply.conversation_id)
    await watch(socket, begun.reply.pk)
    while not (step := await receive(socket, "step")).get("whole"):
        assert step["reset"]
    assert step["done"] + step["tail"] == "<p>A <strong>wall</strong>.</p>\n"
    end = await receive(socket, "end")
    assert end["ok"]
    assert 'data-state="done"' in end["html"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?lang=nl", ["Antwoord kopiëren", "Resterend tegoed"]),
        ("?lang=en", ["Copy the answer", "Credit left"]),
        ("?lang=xx", ["Copy the answer", "Credit left"]),
        ("", ["Copy the answer", "Credit left"]),
    ],
)
async def test_it_speaks_the_language_of_its_page(alice, open_socket, query, words):
    begun = await begin(alice)
    await finish(begun)
    socket = await open_socket(alice, begun.reply.conversation_id, query)
    await watch(socket, begun.reply.pk)
    assert words[0] in (await receive(socket, "end"))["html"]
    await notices.tell(
        alice.pk,
        "purse.moved",
        conversation_id=begun.reply.conversation_id,
        message_id=begun.reply.pk,
    )
    assert words[1] in (await receive(socket, "swap"))["html"]


async def test_a_reply_begun_since_the_page_was_made_is_shown(alice, open_socket):
    begun = await begin(alice)
    socket = await open_socket(alice, begun.reply.conversation_id)
    await watch(socket)
    turns = await receive(socket, "turns")
    assert f'id="m-{begun.prompt.pk}"' in turns["html"]
    assert f'id="m-{begun.reply.pk}"' in turns["html"]


async def test_a_second_page_hears_of_a_new_reply_and_of_the_purse(alice, open_socket):
    begun = await begin(alice)
    socket = await open_socket(alice, begun.reply.conversation_id)
    await watch(socket)
    assert (await receive(socket, "turns"))["html"]
    await notices.tell(
        alice.pk,
        "reply.begun",
        conversation_id=begun.reply.conversation_id,
        message_id=begun.reply.pk,
    )
    assert (await receive(socket, "turns"))["html"]
    swap = await receive(socket, "swap")
    assert 'id="purse"' in swap["html"]
    assert f'id="c-{begun.reply.conversation_id}"' in swap["html"]


async def test_a_stranger_and_nobody_are_told_the_same(alice, bob, open_socket):
    begun = await begin(alice)
    for conversation in (begun.reply.conversation_id, uuid.uuid4()):
        socket = await open_socket(bob, conversation)
        assert (await socket.receive_output())["code"] == 4404


def lock_out(user):
    people.lock_out(User.objects.filter(pk=user.pk))


def sign_out(user):
    Session.objects.all().delete()


@pytest.mark.parametrize("end", [lock_out, sign_out])
async def test_whoever_is_signed_out_is_shown_no_more(alice, open_socket, end):
    begun = await begin(alice)
    socket = await open_socket(alice, begun.reply.conversation_id)
    await receive(socket, "beat")
    await in_thread(end)(alice)
    while (output := await socket.receive_output())["type"] == "websocket.send":
        pass
    assert output["code"] == 4401


async def test_a_guest_is_told_to_sign_in(open_socket):
    socket = await open_socket(AnonymousUser(), uuid.uuid4())
    assert (await socket.receive_output())["code"] == 4401


async def test_another_persons_reply_cannot_be_followed(alice, bob, open_socket):
    theirs, mine = await begin(alice), await begin(bob)
    await finish(theirs, "secret")
    socket = await open_socket(bob, mine.reply.conversation_id)
    await watch(socket, theirs.reply.pk)
    turns = await receive(socket, "turns")
    assert f'id="m-{mine.reply.pk}"' in turns["html"]
    await finish(mine, "mine")
    assert (await receive(socket, "end"))["id"] == str(mine.reply.pk)


@pytest.mark.parametrize("said", ["hello", "[]", '{"watch": 5}', '{"watch": ["x"]}', "[" * 9999])
async def test_what_cannot_be_understood_closes_the_socket(alice, open_socket, said):
    begun = await begin(alice)
    socket = await open_socket(alice, begun.reply.conversation_id)
    await socket.send_to(text_data=said)
    assert (await socket.receive_output())["code"] == 4400


async def test_nothing_runs_after_the_browser_has_gone(alice, open_socket):
    begun = await begin(alice)
    socket = await open_socket(alice, begun.reply.conversation_id)
    await watch(socket)
    await receive(socket, "turns")
    await socket.disconnect()
    assert runner.get(begun.reply.pk) is None
    assert socket.future.done()
