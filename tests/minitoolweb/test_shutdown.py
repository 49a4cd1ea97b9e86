"""The end of a server with a reply under way, as a browser with an open socket sees it."""

import json
import os
import re
import signal
import sqlite3
import uuid
from contextlib import contextmanager
from urllib.request import Request

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.minitoolweb.serving import WITHIN, manage
from tests.page import kind

SIGN_IN = """
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.conf import settings
from accounts.models import User
from credit.ledger import open_account
user = User.objects.create_user("alice")
open_account(user)
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print("session:", session.session_key)
"""
TOKEN = "a" * 32


@pytest.fixture
def cookies(data):
    """What a signed-in browser sends along."""
    done = manage("shell", "-c", SIGN_IN, data=data)
    assert done.returncode == 0, done.stderr
    session = re.search(r"session: (\w+)", done.stdout)[1]
    return {"Cookie": f"session={session}; csrf={TOKEN}"}


def send(server, cookies, prompt):
    """Begin a conversation with this prompt; return its address."""
    form = f"text={prompt}&model=gpt-4o-mini&client_id={uuid.uuid4()}&csrfmiddlewaretoken={TOKEN}"
    request = Request(server.url + "/", data=form.encode(), headers=cookies)
    with server.browser.open(request, timeout=WITHIN) as page:
        return page.url


@contextmanager
def watch(server, cookies, conversation):
    """The socket of the conversation's page, once the reply under way is arriving over it."""
    address = f"ws{server.url[4:]}/ws/c/{conversation.rstrip('/').rsplit('/', 1)[1]}/"
    with connect(address, origin=server.url, additional_headers=cookies) as ours:
        ours.send(json.dumps({"watch": []}))
        while kind(json.loads(ours.recv(timeout=WITHIN))) != "step":
            pass
        yield ours


def ending(ours):
    """All that is still received: the types of the frames, and the code the socket closes with."""
    kinds = []
    try:
        while True:
            kinds.append(kind(json.loads(ours.recv(timeout=WITHIN))))
    except ConnectionClosed as closed:
        return kinds, closed.rcvd.code


def states(data):
    with sqlite3.connect(data / "db.sqlite3") as database:
        replies = database.execute("SELECT state FROM chat_message WHERE role = 'assistant'")
        found = [state for (state,) in replies]
        open_holds = database.execute("SELECT COALESCE(SUM(held), 0) FROM credit_account")
        held = open_holds.fetchone()[0]
    database.close()
    return found, held


@pytest.mark.parametrize("backend", ["daphne", "uvicorn"])
def test_a_reply_that_ends_in_time_is_seen_to_its_end(serve, data, cookies, backend):
    server = serve("--server", backend)
    conversation = send(server, cookies, "Hello [[tokens:60]] [[slow:20]]")
    with watch(server, cookies, conversation) as ours:
        server.process.send_signal(signal.SIGTERM)
        kinds, code = ending(ours)
    assert "end" in kinds
    assert code == 1012
    assert server.process.wait(WITHIN) == 0
    assert states(data) == (["done"], 0)


@pytest.mark.parametrize("backend", ["daphne", "uvicorn"])
def test_a_reply_that_takes_too_long_is_interrupted_and_settled(
    serve,
    data,
    cookies,
    backend,
):
    server = serve("--server", backend, SHUTDOWN_GRACE="1")
    conversation = send(server, cookies, "Hello [[tokens:2000]] [[slow:50]]")
    with watch(server, cookies, conversation) as ours:
        server.process.send_signal(signal.SIGTERM)
        _kinds, code = ending(ours)
    assert code == 1012
    assert server.process.wait(WITHIN) == 0
    assert states(data) == (["interrupted"], 0)


def test_ctrl_c_in_a_terminal_spares_the_simulator_until_the_reply_is_done(serve, data, cookies):
    server = serve()
    conversation = send(server, cookies, "Hello [[tokens:60]] [[slow:20]]")
    with watch(server, cookies, conversation) as ours:
        os.killpg(server.process.pid, signal.SIGINT)  # to all of the group, as a terminal does
        ending(ours)
    assert server.process.wait(WITHIN) == 0
    assert states(data) == (["done"], 0)


def test_a_second_signal_ends_it_at_once(serve, data, cookies):
    server = serve(SHUTDOWN_GRACE="3600")
    conversation = send(server, cookies, "Hello [[tokens:2000]] [[slow:100]]")
    with watch(server, cookies, conversation):
        server.process.send_signal(signal.SIGINT)
        while "shutdown.begun" not in server.process.stderr.readline():
            pass
        assert server.end(signal.SIGINT) == 128 + signal.SIGINT
