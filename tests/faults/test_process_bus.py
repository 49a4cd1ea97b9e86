"""P11 to P13: the bus between processes loses news, dies, comes back empty or falls silent."""

import random
from urllib.parse import urlsplit

import pytest

from chat.models import Message
from tests.faults.app import until
from tests.faults.relay import Relay
from tests.faults.rows import the_reply, the_reply_when

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.redis,
    pytest.mark.postgresql,
]
SLOW = "Tell of the tides [[tokens:{}]] [[slow:10]]"
LONG, SHORT = SLOW.format(4000), SLOW.format(400)


def lossy(share):
    """A filter for what Redis says: this share of the messages to subscribers is lost."""
    chance = random.Random(7)

    def filter_one():
        rest = b""

        def keep(piece):
            nonlocal rest
            rest += piece
            kept = b""
            while end := _end_of_reply(rest, 0):
                reply, rest = rest[:end], rest[end:]
                is_lost = b"\r\nmessage\r\n" in reply[:20] and chance.random() < share
                kept += b"" if is_lost else reply
            return kept

        return keep

    return filter_one


def _end_of_reply(data, start):
    """Where the reply of Redis that begins there ends; None while it has not all come."""
    line = data.find(b"\r\n", start)
    if line < 0:
        return None
    kind, number, after = data[start : start + 1], data[start + 1 : line], line + 2
    if kind == b"*":
        for _ in range(int(number)):
            if (after := _end_of_reply(data, after)) is None:
                return None
    elif kind == b"$" and int(number) >= 0:
        after += int(number) + 2
    return after if after <= len(data) else None


@pytest.fixture
def behind(grown):
    """Settings of the grown shape with a relay in front of Redis."""

    def settings(relay):
        return {"REDIS_URL": f"redis://127.0.0.1:{relay.port}{urlsplit(grown['REDIS_URL']).path}"}

    return settings


@pytest.fixture
def redis_port(grown):
    return urlsplit(grown["REDIS_URL"]).port


@pytest.fixture
def two(start):
    """Two web processes with these settings."""
    return lambda settings: [start("serve", "--no-work", **settings) for _ in range(2)]


def test_the_filter_loses_messages_and_nothing_else():
    keep = lossy(1)()
    answer, message = (
        b"*2\r\n$4\r\nPONG\r\n:1\r\n",
        b"*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\n\r\n\r\n",
    )
    said = answer + message + b"$-1\r\n"
    assert b"".join(keep(said[at : at + 1]) for at in range(len(said))) == answer + b"$-1\r\n"


@pytest.mark.parametrize("share", [0.2, 1])
def test_p11_the_bus_loses_messages(share, behind, redis_port, two, wanda, invariants):
    with Relay(redis_port, filter=lossy(share)) as bus:
        here, there = two(behind(bus))
        page = wanda.open(there, wanda.ask(here, SHORT))
        page.until_it_grows(the_reply())
        reply = the_reply_when(lambda reply: not reply.is_live)
        page.until_it_shows(reply)
    assert reply.state == Message.State.DONE
    assert page.codes in ([], [1006])  # the test's own going
    invariants()


@pytest.mark.parametrize("fail", ["cut", "hold_back"])
def test_p12_p13_the_bus_fails_in_the_middle_and_comes_back(
    fail, behind, redis_port, two, wanda, invariants
):
    """Cut: Redis is down, and comes back without its subscribers. Held back: it never answers."""
    with Relay(redis_port) as bus:
        here, there = two(behind(bus))
        conversation = wanda.ask(here, LONG)
        page = wanda.open(there, conversation)
        page.until_it_grows(the_reply())
        getattr(bus, fail)()
        for _ in range(3):
            page.until_it_grows(the_reply())
        bus.let_through()
        page.until_it_grows(the_reply())
        wanda.stop(there, the_reply())
        page.until_it_shows(the_reply_when(lambda reply: not reply.is_live))
        assert_it_is_not_deaf(page, wanda, here)
    invariants()


@pytest.mark.parametrize("fail", ["cut", "hold_back"])
def test_p12_p13_the_bus_has_failed_before_the_start(
    fail, behind, redis_port, two, wanda, invariants
):
    with Relay(redis_port) as bus:
        getattr(bus, fail)()
        here, there = two(behind(bus))
        page = wanda.open(there, wanda.ask(here, LONG))
        for _ in range(3):
            page.until_it_grows(the_reply())
        bus.let_through()
        wanda.stop(here, the_reply())
        page.until_it_shows(the_reply_when(lambda reply: not reply.is_live))
        assert_it_is_not_deaf(page, wanda, here)
    invariants()


def assert_it_is_not_deaf(page, person, app):
    """A prompt sent elsewhere shows on the page, without a reload."""
    before = page.frames.count("turns")
    person.ask(app, "And the moon? [[tokens:5]]", conversation=page.conversation)
    until(lambda: page.frames.count("turns") > before)
    until(lambda: not Message.objects.streaming().exists())
