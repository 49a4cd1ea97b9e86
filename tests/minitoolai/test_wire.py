"""Connecting, and answers that are refusals: rows U1 to U6 and U19 of the fault matrix."""

import asyncio
import socket
import time

import aiohttp
import httpx
import pytest
import time_machine

from minitoolai import (
    BadRequest,
    Busy,
    Client,
    Delta,
    Retrying,
    Unauthorized,
    UnexpectedAnswer,
    Unreachable,
    Untrusted,
    UpstreamFault,
)
from minitoolai.wire import name_failure, retry_after
from tests.minitoolai.conftest import KEY
from tests.minitoolai.upstream import (
    Upstream,
    plain,
    reply,
    stream,
    text_of,
)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid"])
async def test_u1_unreachable_is_told_soon_and_nothing_was_sent(listen, host):
    client = Client(api_key=KEY, base_url=f"http://{host}:{_free_port()}")
    events, error = await listen(client)
    await client.aclose()
    assert (events, type(error), error.sent) == ([], Unreachable, False)


async def test_u1_a_refused_connection_is_tried_again(listen):
    port = _free_port()
    late = Upstream()
    late.answers(stream(reply("Ok")))
    client = Client(api_key=KEY, base_url=f"http://127.0.0.1:{port}")
    listening = asyncio.create_task(listen(client))
    await asyncio.sleep(0.05)  # the first attempt is refused at once
    late._server = await asyncio.start_server(late._accept, "127.0.0.1", port)
    events, error = await listening
    await client.aclose()
    await late.stop()
    assert (text_of(events), error, len(late.requests)) == ("Ok", None, 1)


async def test_u1_a_bad_certificate_is_not_tried_again(self_signed, listen):
    client = Client(api_key=KEY, base_url=self_signed.url)
    events, error = await listen(client)
    await client.aclose()
    assert (events, type(error), error.sent, error.retryable) == ([], Untrusted, False, False)
    assert (len(self_signed.hellos), self_signed.requests) == (1, [])


@pytest.mark.parametrize(
    ("status", "kind", "sent"),
    [
        (400, BadRequest, False),
        (401, Unauthorized, False),
        (402, BadRequest, False),
        (403, Unauthorized, False),
        (404, BadRequest, False),
        (500, UpstreamFault, True),
        (502, UpstreamFault, True),
        (302, UnexpectedAnswer, False),
    ],
)
async def test_u2_u5_a_refusal_has_its_own_error_and_one_request(
    upstream, client, listen, status, kind, sent
):
    upstream.answers(plain("<h1>no</h1>", status=status))
    events, error = await listen(client)
    assert (events, type(error), error.sent) == ([], kind, sent)
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_u3_busy_is_waited_for(upstream, client, listen, status):
    busy = plain("slow down", status=status, headers={"Retry-After": "0"})
    upstream.answers(busy, busy, stream(reply("Ok")))
    events, error = await listen(client)
    assert error is None
    assert events[:3] == [Retrying(2, 0.0), Retrying(3, 0.0), Delta("Ok")]


async def test_u3_retry_after_is_honoured(upstream, client, listen):
    upstream.answers(plain("", status=429, headers={"Retry-After": "1"}), stream(reply("Ok")))
    started = time.monotonic()
    events, _ = await listen(client)
    assert events[0] == Retrying(2, 1.0)
    assert time.monotonic() - started >= 1


async def test_u3_three_attempts_and_no_more(upstream, client, listen):
    upstream.answers(plain("", status=429, headers={"Retry-After": "0"}))
    events, error = await listen(client)
    assert (len(events), type(error), error.sent, len(upstream.requests)) == (2, Busy, False, 3)


@pytest.mark.parametrize("value", ["86400", "21", "next Tuesday", "-5", "nan", "inf", ""])
async def test_u4_an_absurd_retry_after_ends_it_at_once(upstream, client, listen, value):
    upstream.answers(plain("", status=429, headers={"Retry-After": value}))
    async with asyncio.timeout(20):  # the longest wait for a busy upstream
        events, error = await listen(client)
    assert (events, type(error), len(upstream.requests)) == ([], Busy, 1)
    assert 20 < error.retry_after <= 86_400


@pytest.mark.parametrize(
    "body", ["<!DOCTYPE html>\n<h1>Welcome</h1>\n", '{"status": "error"}', "oops"]
)
async def test_u6_a_page_in_place_of_a_stream(upstream, client, listen, caplog, body):
    upstream.answers(plain(body + "x" * 5_000, headers={"Content-Type": "text/html"}))
    events, error = await listen(client)
    assert (events, type(error)) == ([], UnexpectedAnswer)
    assert all(len(record.getMessage()) < 300 for record in caplog.records)


async def test_u19_a_redirect_is_not_followed(upstream, client, listen):
    other = Upstream()
    other.answers(stream(reply("stolen")))
    await other.start()
    upstream.answers(plain("", status=302, headers={"Location": f"{other.url}/"}))
    events, error = await listen(client)
    await other.stop()
    assert (events, type(error), other.requests) == ([], UnexpectedAnswer, [])


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(None, None), ("0", 0), ("7", 7), ("999999999999", 86_400), ("1.5", 3_600), ("soon", 3_600)],
)
def test_retry_after_in_seconds(value, seconds):
    headers = httpx.Headers({} if value is None else {"Retry-After": value})
    assert retry_after(headers) == seconds


@pytest.mark.parametrize("zone", ["GMT", "-0000"])
@time_machine.travel("2026-11-22T12:00:00Z", tick=False)
def test_retry_after_as_a_date(zone):
    for clock, seconds in (("12:00:10", 10), ("11:00:00", 0)):
        headers = httpx.Headers({"Retry-After": f"Sun, 22 Nov 2026 {clock} {zone}"})
        assert retry_after(headers) == seconds


@pytest.mark.parametrize("kind", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_a_transport_that_tells_no_cause_is_taken_at_its_word(kind):
    assert type(name_failure(kind("x"))) is Unreachable


def test_only_the_connector_proves_that_nothing_was_sent():
    """httpx-aiohttp calls a connection that was cut after sending a ConnectTimeout."""
    error = httpx.ConnectTimeout("x")
    error.__cause__ = aiohttp.ServerDisconnectedError()
    assert name_failure(error).sent
    error.__cause__ = aiohttp.ConnectionTimeoutError()
    assert not name_failure(error).sent
