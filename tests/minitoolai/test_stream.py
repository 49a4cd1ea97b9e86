"""Streams that break, stall or never end: rows U7 to U11 of the fault matrix."""

import asyncio
import contextlib
import time

import httpx
import pytest

from minitoolai import (
    AnswerLost,
    Client,
    Deadlines,
    Finish,
    Stalled,
    StreamInterrupted,
    Usage,
)
from tests.minitoolai.upstream import (
    DONE,
    USAGE,
    chunk,
    endless,
    reply,
    reset,
    stall,
    stream,
    text_of,
)


@pytest.mark.parametrize("count", [0, 1, 5])
async def test_u7_a_reset_keeps_what_came(upstream, client, listen, count):
    upstream.answers(stream(*[chunk("ab")] * count, then=reset))
    events, error = await listen(client)
    assert text_of(events) == "ab" * count
    assert (type(error), error.sent, error.retryable) == (StreamInterrupted, True, True)
    assert len(upstream.requests) == 1


async def test_u7_a_connection_cut_before_any_answer_is_not_tried_again(upstream, client, listen):
    async def cut(connection):
        connection.reset()

    upstream.answers(cut)
    _, error = await listen(client)
    assert (type(error), error.sent, len(upstream.requests)) == (AnswerLost, True, 1)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        chunk("Ok"),
        chunk("Ok")[:-20],
        chunk("Ok") + chunk(finish="stop"),
        chunk("Ok") + chunk(finish="stop") + chunk(usage=USAGE),
        chunk("Ok") + DONE,
    ],
)
async def test_u8_a_clean_end_without_finish_and_done_is_not_done(upstream, client, listen, body):
    upstream.answers(stream(body))
    events, error = await listen(client)
    assert type(error) is StreamInterrupted
    assert not any(isinstance(event, Finish) for event in events)


async def test_u8_wherever_the_bytes_end_whole_events_are_kept_and_only_done_is_done(listen):
    pieces = ["dijk ", "🌊", "\n\n", "漢字"]
    data = reply(*pieces)
    ends = [data.index(chunk(piece)) + len(chunk(piece)) - len(b"\n\n") for piece in pieces]
    is_done = data.index(b"[DONE]") + len(b"[DONE]")

    async def cut_at(size):
        yield data[:size]

    for size in range(len(data) + 1):
        answer = httpx.Response(200, content=cut_at(size))
        transport = httpx.MockTransport(lambda _, answer=answer: answer)
        async with contextlib.aclosing(Client(api_key="key", transport=transport)) as client:
            events, error = await listen(client)
        assert text_of(events) == "".join(pieces[: sum(end <= size for end in ends)])
        assert (error is None) == (size >= is_done)


async def test_u8_a_missing_last_chunk_is_an_interruption(upstream, client, listen):
    async def script(connection):
        body = chunk("Ok")
        await connection.send(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(body), body)
        )

    upstream.answers(script)
    events, error = await listen(client)
    assert (text_of(events), type(error)) == ("Ok", StreamInterrupted)


async def test_u8_the_last_newlines_may_be_missing(upstream, client, listen):
    upstream.answers(stream(reply("Ok").rstrip(b"\n")))
    events, error = await listen(client)
    assert (text_of(events), error) == ("Ok", None)


@pytest.mark.parametrize("count", [0, 3])
async def test_u9_a_stall_ends_by_our_own_clock(upstream, hasty, listen, count):
    upstream.answers(stream(*[chunk("ab")] * count, then=stall))
    started = time.monotonic()
    events, error = await listen(hasty)
    assert (text_of(events), type(error), error.sent) == ("ab" * count, Stalled, True)
    assert time.monotonic() - started > 0.3


async def test_u9_silence_before_the_answer(upstream, hasty, listen):
    upstream.answers(stall)
    events, error = await listen(hasty)
    assert (events, type(error), error.sent) == ([], Stalled, True)
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("drop", [b"x", b": keepalive\n\n"])
async def test_u10_bytes_without_an_event_do_not_help(upstream, hasty, listen, drop):
    async def drip(connection):
        with contextlib.suppress(ConnectionError):
            while True:
                await connection.send(drop)
                await asyncio.sleep(0.02)

    upstream.answers(stream(chunk("ab"), then=drip))
    events, error = await listen(hasty)
    assert (text_of(events), type(error)) == ("ab", Stalled)


async def test_the_whole_reply_has_a_deadline_too(upstream, open_client, listen):
    upstream.answers(stream(then=endless))
    _, error = await listen(open_client(deadlines=Deadlines(total=0.3)))
    assert type(error) is Stalled


async def test_each_event_is_given_its_own_time(upstream, hasty, listen):
    async def slowly(connection):
        for _ in range(8):
            await connection.send(chunk("a"))
            await asyncio.sleep(0.1)
        await connection.send(reply())

    upstream.answers(stream(then=slowly))
    events, error = await listen(hasty)  # whose deadline is half of what all of it takes
    assert (text_of(events), error) == ("a" * 8, None)


async def test_a_reader_who_takes_long_is_no_stall(upstream, hasty):
    upstream.answers(stream(chunk("a"), chunk("b") + chunk(finish="stop") + DONE))
    heard = []
    async for heard_event in hasty.chat(model="gpt-4o", messages=[]):
        heard.append(heard_event)
        await asyncio.sleep(0.5)  # longer than the deadline between events
    assert (text_of(heard), type(heard[-1])) == ("ab", Finish)


async def test_u11_a_reply_that_never_ends_is_cut_at_the_cap(upstream, client, listen):
    gone = asyncio.Event()

    async def watch(connection):
        with contextlib.suppress(ConnectionError):
            while True:
                await connection.send(chunk("ab"))
                await asyncio.sleep(0)
        gone.set()

    upstream.answers(stream(then=watch))
    events, error = await listen(client, max_completion_tokens=7)
    assert (text_of(events), error, events[-1].reason) == ("ab" * 7, None, "length")
    async with asyncio.timeout(5):
        await gone.wait()


async def test_u11_a_reply_as_long_as_the_cap_is_no_longer(upstream, client, listen):
    upstream.answers(stream(reply("a", "b", "c", finish="stop")))
    events, _ = await listen(client, max_completion_tokens=3)
    assert (text_of(events), events[-1].reason) == ("abc", "stop")
    assert any(isinstance(event, Usage) for event in events)


async def test_u11_the_caller_can_stop_a_reply_that_never_ends(upstream, client):
    gone = asyncio.Event()

    async def watch(connection):
        sending = asyncio.create_task(endless(connection))
        await connection.hung_up()
        gone.set()
        await sending

    upstream.answers(stream(then=watch))
    chat = client.chat(model="gpt-4o", messages=[])
    async for _ in chat:
        break
    await chat.aclose()
    await asyncio.wait_for(gone.wait(), 30)


async def test_a_cancelled_listener_hangs_up_too(upstream, client, listen):
    gone, heard = asyncio.Event(), asyncio.Event()

    async def watch(connection):
        heard.set()
        await connection.hung_up()
        gone.set()

    upstream.answers(stream(chunk("a"), then=watch))
    listening = asyncio.create_task(listen(client))
    await heard.wait()
    listening.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await listening
    await asyncio.wait_for(gone.wait(), 30)


async def test_cancelled_before_the_answer_hangs_up_too(upstream, client, listen):
    asked, gone = asyncio.Event(), asyncio.Event()

    async def never(connection):
        asked.set()
        await connection.hung_up()
        gone.set()

    upstream.answers(never)
    listening = asyncio.create_task(listen(client))
    await asked.wait()
    listening.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await listening
    await asyncio.wait_for(gone.wait(), 0.5)
