"""P10: a browser that stops reading is let go of, and costs nobody else anything."""

import base64
import json
import os
import socket
from contextlib import contextmanager

import pytest

from tests.faults.app import until
from tests.faults.rows import the_reply, the_reply_when

# It takes the quarter of a minute that a reader is given, and has nothing to do with databases.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
SMALL = 2048  # bytes that the deaf one's kernel takes in
MIB = 2**20


@contextmanager
def a_deaf_socket(person, app, conversation):
    """A socket of the conversation that follows everything and never reads; its own port."""
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        deaf.connect(("127.0.0.1", int(app.port)))
        key = base64.b64encode(os.urandom(16)).decode()
        deaf.sendall(
            f"GET /ws/c/{conversation}/ HTTP/1.1\r\nHost: 127.0.0.1:{app.port}\r\n"
            f"Origin: {app.url}\r\nCookie: {person.cookies['Cookie']}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        assert deaf.recv(12) == b"HTTP/1.1 101"  # the last that is read
        said = json.dumps({"watch": []}).encode()
        deaf.sendall(bytes([0x81, 0x80 | len(said), 0, 0, 0, 0]) + said)  # masked by nothing
        yield deaf.getsockname()[1]


def has_connection(app, port):
    connections = app.seen_from_outside.net_connections("tcp")
    return any(each.raddr and each.raddr.port == port for each in connections)


@pytest.mark.parametrize("backend", ["daphne", "uvicorn"])
def test_p10_who_never_reads_is_let_go_of(start, wanda, invariants, backend):
    app = start("serve", "--server", backend)
    conversation = wanda.ask(app, "Tell of the tides [[tokens:4000]] [[slow:10]]")
    page = wanda.open(app, conversation)
    page.until_it_grows(the_reply())
    with a_deaf_socket(wanda, app, conversation) as port:
        until(lambda: has_connection(app, port))
        before = app.seen_from_outside.memory_info().rss
        until(lambda: not has_connection(app, port), within=60)
        grown = app.seen_from_outside.memory_info().rss - before
    assert the_reply().is_live
    page.until_it_grows(the_reply())
    assert grown < 10 * MIB
    wanda.stop(app, the_reply())
    page.until_it_shows(the_reply_when(lambda reply: not reply.is_live))
    invariants()
