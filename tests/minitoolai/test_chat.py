"""Strange events and strange bytes: rows U12 to U18 of the fault matrix."""

import time

import pytest

from minitoolai import (
    Caps,
    Delta,
    ErrorInStream,
    Finish,
    StreamInterrupted,
    TooLarge,
    UnexpectedAnswer,
)
from tests.minitoolai.upstream import (
    DONE,
    chunk,
    event,
    flood,
    reply,
    stall,
    stream,
    text_of,
)


async def test_u12_one_malformed_event_is_skipped(upstream, client, listen):
    upstream.answers(stream(chunk("a"), b"data: {oops\n\n", reply("b")))
    events, error = await listen(client)
    assert (text_of(events), error) == ("ab", None)


async def test_u12_three_malformed_events_in_a_row_end_it(upstream, client, listen):
    upstream.answers(stream(chunk("a"), b"data: {oops\n\n" * 3, reply("b")))
    events, error = await listen(client)
    assert (text_of(events), type(error)) == ("a", StreamInterrupted)


async def test_u13_an_error_inside_the_stream(upstream, client, listen):
    upstream.answers(stream(chunk("a") + event({"error": {"message": "overloaded"}}) + chunk("b")))
    events, error = await listen(client)
    assert (text_of(events), type(error)) == ("a", ErrorInStream)


async def test_u14_characterscut_anywhere_arrive_whole(upstream, client, listen):
    data = reply("dijk 🌊", "漢字")
    upstream.answers(stream(*(data[i : i + 1] for i in range(len(data)))))
    events, error = await listen(client)
    assert (text_of(events), error) == ("dijk 🌊漢字", None)


async def test_u14_invalid_bytes_become_replacement_characters(upstream, client, listen):
    upstream.answers(stream(chunk("a?b").replace(b"?", b"\xff") + reply()))
    events, _ = await listen(client)
    assert text_of(events) == "a\ufffdb"


@pytest.mark.parametrize("newline", [b"\r", b"\r\n"])
async def test_u15_other_newlines_give_the_same_text(upstream, client, listen, newline):
    data = b": hello\n\n" + reply("a\u2028b\u0085c", "\n").replace(b"data: ", b"data:")
    upstream.answers(stream(data.replace(b"\n", newline)))
    events, error = await listen(client)
    assert (text_of(events), error) == ("a\u2028b\u0085c\n", None)


async def test_u16_what_follows_done_is_ignored(upstream, client, listen):
    upstream.answers(stream(reply("a"), DONE, chunk("late"), event({"error": "late"})))
    events, error = await listen(client)
    assert (text_of(events), error) == ("a", None)
    assert sum(isinstance(event, Finish) for event in events) == 1


async def test_u16_an_upstream_that_stays_after_done_delays_nobody(upstream, client, listen):
    upstream.answers(stream(reply("a"), then=stall))
    started = time.monotonic()
    _, error = await listen(client)
    assert error is None
    assert time.monotonic() - started < 1


async def test_u17_anendless_line_iscut_off(upstream, client, listen):
    upstream.answers(stream(chunk("a"), b"data: ", then=flood))
    events, error = await listen(client)
    assert (text_of(events), type(error), error.sent) == ("a", TooLarge, True)


async def test_u17_anendless_reply_iscut_off(upstream, open_client, listen):
    upstream.answers(stream(*[chunk("x" * 100)] * 20))
    events, error = await listen(open_client(caps=Caps(reply=1_000)))
    assert (len(text_of(events)), type(error)) == (1_000, TooLarge)


async def test_u17_anendless_stream_of_nothing_iscut_off(upstream, open_client, listen):
    upstream.answers(stream(*[b": nothing at all\n\n"] * 1_000))
    _, error = await listen(open_client(caps=Caps(stream=10_000)))
    assert type(error) is TooLarge


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
async def test_u17_a_compressed_answer_is_refused_unread(upstream, client, listen, encoding):
    upstream.answers(stream(then=flood, headers={"Content-Encoding": encoding}))
    events, error = await listen(client)
    assert (events, type(error)) == ([], UnexpectedAnswer)


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": -1, "completion_tokens": 3},
        {"prompt_tokens": 1e18, "completion_tokens": 3},
        {"prompt_tokens": 10**18, "completion_tokens": 3},
        {"prompt_tokens": "17", "completion_tokens": 3},
        {"prompt_tokens": True, "completion_tokens": 3},
        {"completion_tokens": 3},
        "many",
    ],
)
async def test_u18_unbelievable_usage_is_no_usage(upstream, client, listen, caplog, usage):
    upstream.answers(stream(reply("a", usage=usage)))
    events, error = await listen(client)
    assert error is None
    assert [type(event) for event in events] == [Delta, Finish]
    assert "usage" in caplog.text


async def test_u18_missing_usage_is_no_usage(upstream, client, listen):
    upstream.answers(stream(reply("a", usage=None)))
    events, _ = await listen(client)
    assert [type(event) for event in events] == [Delta, Finish]
