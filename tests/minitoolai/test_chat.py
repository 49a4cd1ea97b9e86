"""Strange events and strange bytes: rows U12 to U18 of the fault matrix."""

import asyncio

import pytest

from minitoolai import (
    Caps,
    Delta,
    ErrorInStream,
    Finish,
    SenselessUsage,
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


async def test_u12_malformed_events_apart_do_not_add_up(upstream, client, listen):
    oops = b"data: {oops\n\n"
    upstream.answers(stream(oops * 2, chunk("a"), oops * 2, reply("b")))
    events, error = await listen(client)
    assert (text_of(events), error) == ("ab", None)


@pytest.mark.parametrize(
    "data",
    [
        "[]",
        "7",
        '"text"',
        "[" * 100_000,
        '{"choices": {"a": 1}}',
        '{"choices": ["a"]}',
        '{"choices": [{"delta": "a"}]}',
        '{"choices": [{"delta": {"content": 7}}]}',
        '{"choices": [{"delta": {}, "finish_reason": 7}]}',
    ],
)
async def test_u12_json_of_another_shape_is_malformed_too(upstream, client, listen, data):
    upstream.answers(stream(event(data) * 3, reply("b")))
    events, error = await listen(client)
    assert (events, type(error)) == ([], StreamInterrupted)


@pytest.mark.parametrize("data", ["{}", '{"choices": null}', '{"choices": [{}], "error": null}'])
async def test_events_that_say_nothing_are_nothing(upstream, client, listen, data):
    upstream.answers(stream(event(data) * 5, reply("b")))
    events, error = await listen(client)
    assert (text_of(events), error) == ("b", None)


async def test_u13_an_error_inside_the_stream(upstream, client, listen):
    upstream.answers(stream(chunk("a") + event({"error": {"message": "overloaded"}}) + chunk("b")))
    events, error = await listen(client)
    assert (text_of(events), type(error)) == ("a", ErrorInStream)


async def test_u14_characters_cut_anywhere_arrive_whole(upstream, client, listen):
    data = reply("dijk 🌊", "漢字")
    upstream.answers(stream(*(data[i : i + 1] for i in range(len(data)))))
    events, error = await listen(client)
    assert (text_of(events), error) == ("dijk 🌊漢字", None)


async def test_u14_invalid_bytes_become_replacement_characters(upstream, client, listen):
    upstream.answers(stream(chunk("a?b").replace(b"?", b"\xff") + reply()))
    events, _ = await listen(client)
    assert text_of(events) == "a\ufffdb"


async def test_u14_what_a_database_refuses_becomes_replacement_characters(upstream, client, listen):
    payload = r'{"choices":[{"index":0,"delta":{"content":"a\u0000b\ud83dc😀"}}]}'
    upstream.answers(stream(event(payload), reply()))
    events, error = await listen(client)
    assert (text_of(events), error) == ("a\ufffdb\ufffdc😀", None)


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
    async with asyncio.timeout(30):  # half of what silence is given
        _, error = await listen(client)
    assert error is None


async def test_u17_an_endless_line_is_cut_off(upstream, client, listen):
    upstream.answers(stream(chunk("a"), b"data: ", then=flood))
    events, error = await listen(client)
    assert (text_of(events), type(error), error.sent) == ("a", TooLarge, True)


async def test_u17_an_endless_reply_is_cut_off(upstream, open_client, listen):
    upstream.answers(stream(*[chunk("x" * 100)] * 20))
    events, error = await listen(open_client(caps=Caps(reply=1_000)))
    assert (len(text_of(events)), type(error)) == (1_000, TooLarge)


async def test_u17_an_endless_stream_of_nothing_is_cut_off(upstream, open_client, listen):
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
async def test_u18_unbelievable_usage_is_told_as_such(upstream, client, listen, usage):
    upstream.answers(stream(reply("a", usage=usage)))
    events, error = await listen(client)
    assert error is None
    assert [type(event) for event in events] == [Delta, SenselessUsage, Finish]
    assert events[1].raw == str(usage)


async def test_u18_missing_usage_is_no_usage(upstream, client, listen):
    upstream.answers(stream(reply("a", usage=None)))
    events, _ = await listen(client)
    assert [type(event) for event in events] == [Delta, Finish]
