"""U1 to U6 and U19: no word of an answer came. Told, free, and never asked twice for money."""

import asyncio
import contextlib
import socket

import pytest

from minitoolai import (
    Busy,
    Deadlines,
    Unauthorized,
    UnexpectedAnswer,
    Unreachable,
    Untrusted,
    UpstreamFault,
)
from tests.faults.asking import FREE, the_record, unbilled
from tests.faults.conftest import CANARY
from tests.minitoolai.conftest import self_signed_context
from tests.minitoolai.upstream import Upstream, plain, reply, stream

pytestmark = pytest.mark.django_db(transaction=True)

BUSY = {"Retry-After": "0"}


def assert_told_and_free(asked, error):
    assert asked.ending == ("failed", error.code, "")
    assert error.message in asked.page
    assert FREE in asked.page
    assert asked.row.charged == 0


def _nobody_listens():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest.mark.parametrize("where", ["nobody listens", "no such name"])
async def test_u1_an_unreachable_upstream(ask, in_order, where):
    url = _nobody_listens() if where == "nobody listens" else "http://no-such-host.invalid"
    asked = await ask("Hello", url=url)
    assert_told_and_free(asked, Unreachable)
    assert "Try again" in asked.page
    assert await unbilled() == 0
    await in_order(paid=0)


async def test_u1_an_upstream_that_is_back_at_once(ask, in_order, simulator):
    simulator.arm("u1", seconds=0.3)
    asked = await ask("Hello")
    assert asked.row.state == "done"
    await the_record()
    await in_order(paid=1)


@pytest.fixture
def deaf():
    """An address that lets nobody in: its queue of connections is full and never served."""
    with contextlib.ExitStack() as stack:
        door = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(2):
            caller = stack.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(door.getsockname())
        yield f"http://127.0.0.1:{door.getsockname()[1]}"


async def test_u1_an_upstream_that_lets_nobody_in(ask, in_order, deaf):
    asked = await ask("Hello", url=deaf, deadlines=Deadlines(connect=1))
    assert_told_and_free(asked, Unreachable)
    assert await unbilled() == 0
    await in_order(paid=0)


async def test_u1_an_upstream_that_cannot_prove_who_it_is(ask, raw, raw_in_order, tmp_path):
    impostor = Upstream()
    context = self_signed_context(tmp_path)
    context.sni_callback = lambda *hello: impostor.hellos.append(hello)
    await impostor.start(ssl=context)
    asked = await ask("Hello", url=impostor.url)
    await impostor.stop()
    assert_told_and_free(asked, Untrusted)
    assert (len(impostor.hellos), impostor.requests) == (1, [])
    await raw_in_order(paid=0)


@pytest.mark.parametrize("status", [401, 403])
async def test_u2_a_refused_key(ask, raw, raw_in_order, caplog, status):
    raw.answers(plain(f'{{"error": "Incorrect API key provided: {CANARY}"}}', status=status))
    asked = await ask("Hello", url=raw.url)
    assert_told_and_free(asked, Unauthorized)
    assert CANARY not in asked.page
    assert "Incorrect API key provided: [key]" in caplog.text
    assert (len(raw.requests), await unbilled()) == (1, 0)
    await raw_in_order(paid=0)


@pytest.mark.parametrize("status", [429, 503])
async def test_u3_a_busy_upstream_is_waited_for(ask, in_order, simulator, status):
    simulator.arm("u3", status=status, retry_after=1, times=1)
    asked = await ask("Hello")
    assert asked.seen == {"busy"}
    assert asked.row.state == "done"
    assert (await the_record()).charged == simulator.bill(CANARY)["total_nano"]
    await in_order(paid=1)


async def test_u3_a_busy_upstream_is_asked_three_times(ask, raw, raw_in_order):
    raw.answers(plain("slow down", status=429, headers=BUSY))
    asked = await ask("Hello", url=raw.url)
    assert_told_and_free(asked, Busy)
    assert len(raw.requests) == 3
    await the_record()
    await raw_in_order(paid=0)


async def test_u3_the_third_attempt_may_be_the_one(ask, raw, raw_in_order):
    busy = plain("slow down", status=503, headers=BUSY)
    raw.answers(busy, busy, stream(reply("Ok")))
    asked = await ask("Hello", url=raw.url)
    assert asked.ending == ("done", "", "Ok")
    await the_record()
    await raw_in_order(paid=1)


@pytest.mark.parametrize("when", ["86400", "Someday, 99 Nov 2026 12:00:00 GMT"])
async def test_u4_a_hopeless_retry_after_is_not_waited_for(ask, raw, raw_in_order, when):
    raw.answers(plain("slow down", status=429, headers={"Retry-After": when}))
    async with asyncio.timeout(15):  # shorter than the longest wait for a busy upstream
        asked = await ask("Hello", url=raw.url)
    assert_told_and_free(asked, Busy)
    assert len(raw.requests) == 1
    await raw_in_order(paid=0)


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_u5_a_fault_before_any_data_is_not_asked_again(ask, raw, raw_in_order, status):
    raw.answers(plain("<h1>Internal error</h1>", status=status))
    asked = await ask("Hello", url=raw.url)
    assert_told_and_free(asked, UpstreamFault)
    assert "Try again" in asked.page
    assert (len(raw.requests), await unbilled()) == (1, 1)
    await raw_in_order(paid=1)


async def test_u6_a_page_in_place_of_an_answer(ask, raw, raw_in_order, caplog):
    page = f"<!DOCTYPE html><p>Bearer {CANARY}</p>" + "<p>Checking your browser</p>" * 500
    raw.answers(plain(page, headers={"Content-Type": "text/html"}))
    asked = await ask("Hello", url=raw.url)
    assert_told_and_free(asked, UnexpectedAnswer)
    assert "Checking" not in asked.page
    [line] = [line for line in caplog.messages if "Checking" in line]
    assert len(line) < 300
    assert len(raw.requests) == 1
    await raw_in_order()


async def test_u19_a_redirect_is_not_followed(ask, raw, in_order):
    raw.answers(stream(reply("stolen")))
    asked = await ask(f"Hello [[fault:u19 to={raw.url}/latest/meta-data/]]")
    assert_told_and_free(asked, UnexpectedAnswer)
    assert raw.requests == []
    await in_order(paid=0)
