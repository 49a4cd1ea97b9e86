"""P1 to P5: a process is killed at every point of a reply's life; the next one puts it right."""

import socket
from contextlib import contextmanager

import pytest

from chat.models import Message
from minitoolai import tokens
from tests.faults.app import until
from tests.faults.relay import Relay
from tests.faults.rows import let_leases_run_out, nobody_else_may_write, the_reply, the_reply_when

pytestmark = pytest.mark.django_db(transaction=True)
STALLS = "Tell of the tides [[fault:u9 after={}]]"


@pytest.fixture
def restart():
    """Start a process again that was killed, when its leases have run out."""

    def again(app):
        let_leases_run_out()
        app.start()
        return the_reply_when(lambda reply: not reply.is_live)

    return again


@contextmanager
def a_full_house():
    """The address of an upstream that lets nobody in: connecting hangs, nothing can be sent."""
    with (
        socket.create_server(("127.0.0.1", 0), backlog=0) as door,
        socket.create_connection(door.getsockname()),
        socket.socket() as waiting,
    ):
        waiting.setblocking(False)
        waiting.connect_ex(door.getsockname())
        yield f"http://127.0.0.1:{door.getsockname()[1]}"


def test_p1_killed_before_the_upstream_was_called(start, wanda, restart, invariants, simulator):
    with a_full_house() as upstream:
        app = start(upstream=upstream)
        conversation = wanda.ask(app, "Hello")
        assert the_reply().hold.is_open
        app.kill()
    reply = restart(app)
    assert (reply.state, reply.text, reply.charged) == (Message.State.INTERRUPTED, "", 0)
    page = wanda.get(f"{app.url}/c/{conversation}/").text
    assert "Nothing was charged." in page
    assert "Try again" in page
    assert simulator.bill()["lines"] == []
    invariants()


def test_p2_killed_before_the_first_word(start, wanda, restart, invariants, simulator):
    app = start()
    simulator.arm("u9", after=0)
    conversation = wanda.ask(app, "Hello")
    until(lambda: not simulator.armed())
    app.kill()
    reply = restart(app)
    assert (reply.state, reply.text, reply.charged) == (Message.State.INTERRUPTED, "", 0)
    assert "Try again" in wanda.get(f"{app.url}/c/{conversation}/").text
    assert len(until(lambda: simulator.bill()["lines"])) == 1
    invariants()


def test_p3_killed_in_the_middle(start, wanda, restart, invariants):
    app = start()
    page = wanda.open(app, wanda.ask(app, STALLS.format(60)))
    saved = the_reply_when(lambda reply: tokens.count_text(reply.text) >= 60).text
    app.kill()
    reply = restart(app)
    assert (reply.state, reply.text) == (Message.State.INTERRUPTED, saved)
    assert reply.usage.source == "recovered"
    assert reply.charged == reply.prompt_tokens * 150 + tokens.count_text(saved) * 600
    page.until_it_shows(reply)
    invariants()


def test_p4_killed_when_all_had_arrived_and_nothing_was_settled(
    start, wanda, restart, invariants, simulator
):
    app = start()
    conversation = wanda.ask(app, STALLS.format(20).replace("]]", " seconds=1]]"))
    whole = the_reply_when(lambda reply: tokens.count_text(reply.text) >= 20)
    with nobody_else_may_write():
        until(lambda: simulator.bill()["lines"])
        app.kill()
    reply = restart(app)
    assert reply.state == Message.State.INTERRUPTED
    assert reply.text.startswith(whole.text)
    assert reply.text in wanda.get(f"{app.url}/c/{conversation}/").text
    invariants()


def test_p5_killed_when_it_was_settled_and_nobody_had_been_told(start, wanda, invariants):
    app = start()
    with Relay(app.port) as wire:
        page = wanda.open(wire, wanda.ask(app, STALLS.format(20).replace("]]", " seconds=1]]")))
        page.until_it_grows(the_reply())
        wire.hold_back()
        reply = the_reply_when(lambda reply: not reply.is_live)
        app.kill()
        wire.cut()
        assert "end" not in page.frames
        app.start()
        wire.let_through()
        page.until_it_shows(reply)
    assert reply.state == Message.State.DONE
    invariants()
