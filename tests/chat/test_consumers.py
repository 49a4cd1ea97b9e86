"""The socket shows a conversation to its owner, catches up, follows, and closes with a reason."""

import asyncio
import json
import uuid

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import path, reverse

from accounts import people
from accounts.models import User
from chat import admission, pages, replies
from chat.consumers import ConversationConsumer
from chat.models import Conversation, Message
from chat.notices import ReplyNotice, board
from chat.replies import Result
from chat.runner import runner
from chat.sockets import Sockets
from chat.threads import in_thread
from credit.endings import Outcome
from tests.page import Page

pytestmark = pytest.mark.django_db(transaction=True)

BEAT, WITHIN = 0.05, 30  # seconds


def route(**options):
    return URLRouter(
        [path("ws/c/<uuid:conversation_id>/", ConversationConsumer.as_asgi(**options))]
    )


QUICK, UNHURRIED = route(sockets=Sockets(every=BEAT)), route()


def session_of(user):
    client = Client()
    client.force_login(user)
    return client.session


@pytest.fixture
async def open_socket():
    opened = []

    async def open_one(user, conversation_id, query="", *, route=QUICK):
        socket = WebsocketCommunicator(route, f"/ws/c/{conversation_id}/{query}")
        session = await in_thread(session_of)(user) if user.is_authenticated else None
        socket.scope |= {"user": user, "session": session}
        assert (await socket.connect())[0]
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
    await in_thread(replies.finish)(begun.reply, result=result)


def tell(begun, *, is_beginning, **more):
    reply = begun.reply
    notice = ReplyNotice(
        is_beginning=is_beginning,
        user_id=reply.user_id,
        conversation_id=reply.conversation_id,
        message_id=reply.pk,
        line=pages.begun_line(reply.conversation) if is_beginning else "",
        **more,
    )
    board.tell(notice)


async def receive(socket, kind):
    """The next frame of a kind; the others between are let go."""
    async with asyncio.timeout(WITHIN):
        while True:
            frame = json.loads(await socket.receive_from(timeout=WITHIN))
            if isinstance(frame, dict) and frame["t"] == kind:
                return frame


async def watch(socket, *ids, last=None):
    said = {"watch": [str(each) for each in ids], "last": last and str(last)}
    await socket.send_to(text_data=json.dumps(said))


async def test_a_reply_that_ended_while_the_page_was_away_is_shown_whole(alice, open_socket):
    begun = await begin(alice)
    await finish(begun)
    socket = await open_socket(alice, begun.reply.conversation_id)
    await watch(socket, begun.reply.pk)
    page = Page()
    while not page.whole:
        page.step(await receive(socket, "step"))
    assert page.html == "<p>A <strong>wall</strong>.</p>\n"
    end = await receive(socket, "end")
    assert end["ok"]
    assert 'data-state="done"' in end["html"]


async def test_what_began_and_ended_while_the_page_was_away_is_shown(alice, open_socket):
    first = await begin(alice)
    await finish(first)
    second = await begin(alice, first.reply.conversation)
    await finish(second)
    socket = await open_socket(alice, first.reply.conversation_id)
    await socket.send_to(text_data=json.dumps({"watch": [], "last": str(first.reply.pk)}))
    turns = (await receive(socket, "turns"))["html"]
    assert str(second.prompt.pk) in turns
    assert turns.count('data-state="done"') == 2


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
    tell(begun, is_beginning=False)
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
    tell(begun, is_beginning=True)
    line, purse = f'id="c-{begun.reply.conversation_id}"', 'id="purse"'
    began = (await receive(socket, "swap"))["html"]
    assert line in began
    assert purse not in began
    tell(begun, is_beginning=False)
    ended = (await receive(socket, "swap"))["html"]
    assert line in ended
    assert purse in ended
    tell(begun, is_beginning=True)
    assert (await receive(socket, "turns"))["html"]


async def test_a_stranger_and_nobody_are_told_the_same(alice, bob, open_socket):
    begun = await begin(alice)
    for conversation in (begun.reply.conversation_id, uuid.uuid4()):
        socket = await open_socket(bob, conversation)
        assert (await socket.receive_output())["code"] == 4404


def lock_out(user):
    people.lock_out(User.objects.filter(pk=user.pk))


def sign_out(user):
    session = Session.objects.get()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.pk
    client.post(reverse("account_logout"))


async def code_of(socket):
    """The code that a socket is closed with."""
    async with asyncio.timeout(WITHIN):
        while (output := await socket.receive_output(WITHIN))["type"] == "websocket.send":
            pass
    return output["code"]


@pytest.mark.parametrize("end", [lock_out, sign_out])
async def test_whoever_is_signed_out_is_shown_no_more(alice, open_socket, end):
    begun = await begin(alice)
    socket = await open_socket(alice, begun.reply.conversation_id, route=UNHURRIED)
    await watch(socket)
    await receive(socket, "turns")
    await in_thread(end)(alice)
    assert await code_of(socket) == 4401


@pytest.mark.parametrize("model", [Session, User])
async def test_a_sign_in_that_ends_unheard_is_noticed_at_the_next_beat(alice, open_socket, model):
    begun = await begin(alice)
    socket = await open_socket(alice, begun.reply.conversation_id)
    await receive(socket, "beat")
    ended = {Session: Session.objects.all().delete, User: User.objects.filter(pk=alice.pk).update}
    await in_thread(ended[model])(**({"is_active": False} if model is User else {}))
    assert await code_of(socket) == 4401


async def test_a_reply_whose_notice_was_lost_is_shown_at_the_next_beat(alice, open_socket):
    first = await begin(alice)
    await finish(first)
    socket = await open_socket(alice, first.reply.conversation_id)
    await watch(socket)
    conversation = await in_thread(Conversation.objects.get)(pk=first.reply.conversation_id)
    second = await begin(alice, conversation)
    assert f'id="m-{second.reply.pk}"' in (await receive(socket, "turns"))["html"]
    await finish(second)
    assert (await receive(socket, "end"))["id"] == str(second.reply.pk)


async def test_a_reply_that_came_and_went_unheard_is_asked_for_after_a_beat(alice, open_socket):
    first = await begin(alice)
    await finish(first)
    socket = await open_socket(alice, first.reply.conversation_id)
    await watch(socket, last=first.reply.pk)
    assert (await receive(socket, "beat"))["tip"] == str(first.reply.pk)
    conversation = await in_thread(Conversation.objects.get)(pk=first.reply.conversation_id)
    second = await begin(alice, conversation)
    await finish(second)
    while (await receive(socket, "beat"))["tip"] != str(second.reply.pk):
        pass
    await watch(socket, last=first.reply.pk)
    assert f'id="m-{second.reply.pk}"' in (await receive(socket, "turns"))["html"]


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


async def test_a_page_that_says_too_much_is_closed(alice, open_socket):
    begun = await begin(alice)
    socket = await open_socket(alice, begun.reply.conversation_id, route=UNHURRIED)
    for _ in range(40):
        await watch(socket)
    assert await code_of(socket) == 4429


async def test_a_page_in_another_language_renders_a_new_reply_itself(alice, open_socket):
    begun = await begin(alice)
    socket = await open_socket(alice, begun.reply.conversation_id, "?lang=nl")
    tell(begun, is_beginning=True, html="<i>English</i>", language="en")
    assert ">Jij<" in (await receive(socket, "turns"))["html"]
    tell(begun, is_beginning=True, html="<i>Nederlands</i>", language="nl")
    assert (await receive(socket, "turns"))["html"] == "<i>Nederlands</i>"


async def test_nothing_runs_after_the_browser_has_gone(alice, open_socket):
    begun = await begin(alice)
    socket = await open_socket(alice, begun.reply.conversation_id)
    await watch(socket)
    await receive(socket, "turns")
    await socket.disconnect()
    assert runner.get(begun.reply.pk) is None
    assert socket.future.done()
