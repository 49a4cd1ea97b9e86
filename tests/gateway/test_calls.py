"""Calls are the process's own: settled when it stops, when it dies, when nobody reads them."""

import asyncio
import socket
import uuid
from contextlib import aclosing
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.threads import in_thread
from credit import ledger
from credit.endings import Outcome
from credit.models import Account, Hold, UsageRecord
from gateway import admission
from gateway.asks import read_chat
from gateway.calls import Calls
from gateway.refusals import Refused
from tests.gateway.conftest import settled, until
from tests.gateway.server import CHAT, Program
from tests.simulator.caller import chat_body

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Count the sluices [[tokens:1000]] [[slow:10]]"


@pytest.fixture
def admit(upstream, new_key, alice):
    """What a request does in a thread: read, and hold the money."""
    made = new_key(alice)

    def admit(prompt):
        ask = read_chat(chat_body(prompt))
        return admission.admit(ask, key=made.key, request_id=uuid.uuid4().hex)

    return admit


async def read(called):
    return b"".join([data async for data in called.events()])


async def test_a_call_is_read_to_its_end(admit, alice):
    calls = Calls()
    called = await calls.begin(lambda: admit("Hello"))
    await called.opened()
    assert (await read(called)).endswith(b"data: [DONE]\n\n")
    await calls.drain(5)
    assert len(calls) == 0


async def test_a_stop_lets_calls_end_then_cuts_and_settles_them(admit, alice):
    calls = Calls()
    called = await calls.begin(lambda: admit(LONG))
    await called.opened()
    reading = asyncio.create_task(read(called))
    await calls.drain(0.2)
    got = await reading
    assert b'"code":"restarting"' in got
    assert not got.endswith(b"[DONE]\n\n")
    record = await UsageRecord.objects.aget()
    assert (record.outcome, record.source) == ("cut", "counted")
    assert record.completion_tokens > 0
    with pytest.raises(Refused) as refused:
        await calls.begin(lambda: admit("Hello"))
    assert refused.value.status == 503
    assert refused.value.headers["Retry-After"]


async def test_whoever_leaves_while_being_admitted_gets_the_money_back(admit, alice):
    calls = Calls()
    began = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slowly():
        loop.call_soon_threadsafe(began.set)
        return admit("Hello")

    asking = asyncio.create_task(calls.begin(slowly))
    await began.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    [record] = await in_thread(until)(lambda: list(UsageRecord.objects.all()))
    assert (record.outcome, record.charged) == ("not_sent", 0)


async def test_what_nobody_reads_is_let_go(admit, alice):
    calls = Calls(patience=0.1)
    called = await calls.begin(lambda: admit("Count [[tokens:1000]]"))
    await called.opened()
    await calls.drain(5)
    record = await UsageRecord.objects.aget()
    assert record.outcome == "hung_up"
    assert record.completion_tokens < 200


async def test_leaving_a_full_backlog_to_its_end_costs_nothing_twice(admit, alice):
    calls = Calls()
    called = await calls.begin(lambda: admit("Hello"))
    await called.opened()
    events = called.events()
    await anext(events)
    await events.aclose()
    await calls.drain(5)
    assert await UsageRecord.objects.acount() == 1


async def test_hanging_up_while_the_upstream_is_busy_is_free(admit, alice, upstream):
    upstream.arm("u3", retry_after=10, times=1)
    calls = Calls()
    called = await calls.begin(lambda: admit("Hello"))
    opening = asyncio.create_task(called.opened())
    await in_thread(until)(lambda: called.is_waiting)
    called.end_early(Outcome.HUNG_UP)
    with pytest.raises(Refused):
        await opening
    await calls.drain(5)
    record = await UsageRecord.objects.aget()
    assert (record.outcome, record.charged) == ("not_sent", 0)


async def test_long_calls_keep_their_lease_and_note_how_far_they_are(admit, alice):
    calls = Calls(look_every=0.05, renew_every=0.05)
    called = await calls.begin(lambda: admit(LONG))
    await called.opened()
    hold = await Hold.objects.aget()
    async with asyncio.timeout(5), aclosing(called.events()) as events:
        async for _ in events:
            renewed = await Hold.objects.aget()
            if renewed.completion_tokens:
                break
    assert renewed.lease_until > hold.lease_until
    assert renewed.prompt_tokens == called.admitted.ask.prompt_tokens
    await calls.drain(5)


@pytest.mark.parametrize("backend", ["daphne", "uvicorn"])
def test_a_told_server_settles_its_calls_before_it_goes(serve, new_key, alice, backend):
    server = serve(backend)
    program = Program(server.url, new_key(alice).secret)
    with socket.create_connection(program.address, timeout=20) as line:
        line.sendall(program.raw_request(CHAT, chat_body("Count [[tokens:300]] [[slow:5]]")))
        until(lambda: b'"content"' in line.recv(65_536))
        server.process.terminate()
        got = b""
        while part := line.recv(65_536):
            got += part
    assert b"[DONE]" in got
    assert server.process.wait(10) == 0
    [record] = settled(alice)
    assert (record.outcome, record.source) == ("done", "upstream")


@pytest.mark.parametrize("backend", ["daphne", "uvicorn"])
def test_what_takes_longer_than_the_grace_time_is_cut_and_told_so(serve, new_key, alice, backend):
    server = serve(backend, SHUTDOWN_GRACE="1")
    program = Program(server.url, new_key(alice).secret)
    with socket.create_connection(program.address, timeout=20) as line:
        line.sendall(program.raw_request(CHAT, chat_body(LONG)))
        until(lambda: b'"content"' in line.recv(65_536))
        server.process.terminate()
        got = b""
        while part := line.recv(65_536):
            got += part
    assert b'"code":"restarting"' in got
    assert server.process.wait(10) == 0
    [record] = settled(alice)
    assert (record.outcome, record.source) == ("cut", "counted")


def test_a_killed_servers_calls_are_charged_for_what_had_come(serve, new_key, alice):
    server = serve("daphne")
    program = Program(server.url, new_key(alice).secret)
    with socket.create_connection(program.address, timeout=20) as line:
        body = chat_body("Count [[tokens:1000]] [[slow:20]]")
        line.sendall(program.raw_request(CHAT, body))
        until(lambda: line.recv(65_536) and Hold.objects.get().completion_tokens, within=15)
        server.process.kill()
        server.process.wait(10)
    hold = Hold.objects.get()
    assert Account.objects.get(user=alice).held == hold.amount
    assert ledger.sweep(timezone.now() + timedelta(minutes=2)) == 1
    [record] = settled(alice)
    assert (record.outcome, record.source) == ("died", "recovered")
    assert record.charged == hold.prompt_tokens * 150 + hold.completion_tokens * 600 > 0


def test_prompts_replies_and_keys_are_in_no_log(serve, new_key, alice):
    server = serve("daphne")
    made = new_key(alice)
    program = Program(server.url, made.secret)
    answer = program.chat("The secret word is kwartelkoning")
    program.chat("The secret word is kwartelkoning [[fault:u7 after=3]]")
    program.post(CHAT, {"model": "kwartelkoning"})
    program.request("POST", CHAT, {}, headers={"Authorization": "Bearer mt-verradersleutel"})
    server.end()
    log = server.log.read_text()
    assert "gateway.call_finished" in log
    assert "kwartelkoning" not in log
    assert made.secret[3:] not in log
    assert "verradersleutel" not in log
    assert answer.text[:40] not in log
