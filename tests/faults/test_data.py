"""D1 to D3: another program holds the SQLite file, or the disk is full."""

import sqlite3
from contextlib import contextmanager
from urllib.parse import unquote

import psutil
import pytest
import requests
from django.db import connection

from chat.models import Conversation, Message
from credit.models import Hold
from gateway import keys
from tests.faults.app import until
from tests.faults.rows import the_reply, the_reply_of, the_reply_when

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
LONG = "Tell of the tides [[tokens:4000]] [[slow:10]]"


def the_only_file():
    return unquote(str(connection.settings_dict["NAME"]))


@contextmanager
def write_lock():
    """Another program writes to the SQLite file, and takes its time."""
    other = sqlite3.connect(the_only_file(), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def is_whole():
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@contextmanager
def no_space_left(app):
    """The process can make no file longer, as on a full disk."""
    process = app.seen_from_outside
    before = process.rlimit(psutil.RLIMIT_FSIZE)
    process.rlimit(psutil.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        process.rlimit(psutil.RLIMIT_FSIZE, before)


def test_d1_a_short_lock_is_waited_for_and_stalls_nobody(
    start, wanda, bert, background, invariants
):
    app = start()
    page = wanda.open(app, wanda.ask(app, LONG))
    page.until_it_grows(the_reply())
    with write_lock():
        sending = background(bert.send, app, "Hello")
        for _ in range(30):
            page.until_it_grows(the_reply_of(wanda))
        page.ping()
        assert bert.get(f"{app.url}/").status_code == 200
        assert not sending.done()
    assert sending.result().status_code == 302
    wanda.stop_and_see(app, page)
    assert not app.logged("reply.progress_not_saved")
    invariants()


def test_d2_a_lock_that_outlasts_patience(start, wanda, bert, database_url, invariants):
    app = start(database_url=f"{database_url}?timeout=1")
    page = wanda.open(app, wanda.ask(app, LONG))
    page.until_it_grows(the_reply())
    with write_lock():
        refused = bert.send(app, "Grass on the sea wall")
        assert refused.status_code == 503
        assert "The database is busy." in refused.text
        assert "Grass on the sea wall" in refused.text
        until(lambda: app.logged("reply.progress_not_saved"))
        length = len(the_reply().text)
        page.until_it_grows(the_reply())
    until(lambda: len(the_reply().text) > length)
    assert Hold.objects.count() == 1
    assert not Conversation.objects.for_user(bert.user).exists()
    wanda.stop_and_see(app, page)
    invariants()


def test_d2_a_program_is_told_to_come_back(start, wanda, database_url, invariants):
    app = start(database_url=f"{database_url}?timeout=1")
    key = keys.make(wanda.user, name="a program", lifetime=None).secret
    with write_lock():
        answer = requests.post(
            f"{app.url}/api/chat-completions/",
            json={"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello"}]},
            headers={"Authorization": f"Bearer {key}"},
            timeout=30,
        )
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.json()["error"]["code"] == "busy"
    invariants()


def test_d3_the_disk_is_full_for_a_while(start, wire, wanda, bert, simulator, invariants):
    app = start(upstream=wire.url)
    page = wanda.open(app, wanda.ask(app, "Hello [[tokens:300]] [[slow:10]]"))
    page.until_it_grows(the_reply())
    wire.hold_back()  # so that the answer ends when the disk is full
    with no_space_left(app):
        wire.let_through()
        refused = bert.send(app, "Grass on the sea wall")
        assert refused.status_code == 503
        assert "Grass on the sea wall" in refused.text
        until(lambda: simulator.bill()["lines"])
        for _ in range(3):  # a while, in which the end is tried too
            assert bert.send(app, "Grass on the sea wall").status_code == 503
        assert the_reply().is_live
        assert the_reply().hold.is_open
    reply = the_reply_when(lambda reply: not reply.is_live)
    assert reply.state == Message.State.DONE
    page.until_it_shows(reply)
    assert is_whole()
    bert.ask(app, "Grass on the sea wall")
    until(lambda: not Message.objects.streaming().exists())
    invariants()
