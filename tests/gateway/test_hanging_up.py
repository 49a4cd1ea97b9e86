"""A stream that ends early: its program hangs up, or its key is revoked."""

import socket

import pytest

from credit.models import Hold
from gateway import keys
from gateway.models import ApiKey
from tests.gateway.conftest import settled, until
from tests.gateway.server import CHAT, Program
from tests.simulator.caller import chat_body

pytestmark = pytest.mark.django_db(transaction=True)


def hang_up_mid_stream(program):
    body = chat_body("Count the dikes [[tokens:1000]] [[slow:10]]")
    got, how = program.raw("", body=body, until=b'"content"')
    assert how == "left"
    return got


@pytest.mark.parametrize("backend", ["daphne", "uvicorn"])
def test_who_hangs_up_pays_for_what_came_and_the_upstream_is_let_go(
    serve, new_key, alice, upstream, backend
):
    program = Program(serve(backend).url, new_key(alice).secret)
    hang_up_mid_stream(program)
    [line] = until(lambda: upstream.bill()["lines"])
    assert "hung up" in line["ending"]
    [record] = settled(alice)
    assert (record.outcome, record.source) == ("hung_up", "counted")
    price = record.prompt_tokens * 150 + record.completion_tokens * 600
    assert 0 < record.charged == price < 1000 * 600
    assert Hold.objects.get().state == Hold.State.SETTLED


def test_who_hangs_up_before_the_first_word_pays_for_the_prompt(program, alice, upstream):
    body = chat_body("Wait a moment [[first:3000]]")
    with socket.create_connection(program.address) as line:
        line.sendall(program.raw_request(CHAT, body))
        until(lambda: Hold.objects.filter(state=Hold.State.DISPATCHED).exists())
        until(lambda: not line.settimeout(0.3) and silent(line))
    [record] = settled(alice)
    assert (record.outcome, record.completion_tokens) == ("hung_up", 0)
    assert record.charged == record.prompt_tokens * 150 > 0


def silent(line):
    try:
        return not line.recv(1)
    except TimeoutError:
        return True


def test_a_revoked_key_ends_its_stream(server, new_key, alice):
    made = new_key(alice)
    program = Program(server.url, made.secret)
    with socket.create_connection(program.address, timeout=20) as line:
        line.sendall(program.raw_request(CHAT, chat_body("Slowly [[tokens:999]] [[slow:20]]")))
        got = line.recv(100)
        keys.revoke(ApiKey.objects.filter(pk=made.key.pk))
        while part := line.recv(65_536):
            got += part
    assert b"invalid_api_key" in got
    assert b"[DONE]" not in got
    [record] = settled(alice)
    assert record.outcome == "stopped"
