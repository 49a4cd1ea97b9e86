"""U7 to U10: an answer that breaks off or falls silent. What came is kept, told of and charged."""

import asyncio
import contextlib

import pytest

from minitoolai import AnswerLost, Stalled, StreamInterrupted, tokens
from tests.faults.asking import FREE, HASTY, HASTY_AT_FIRST, the_record, unbilled
from tests.faults.conftest import CANARY
from tests.minitoolai.upstream import (
    DONE,
    EVENT_STREAM,
    USAGE,
    chunk,
    cut,
    plain,
    reply,
    reset,
    stall,
    stream,
)

pytestmark = pytest.mark.django_db(transaction=True)


def assert_cut_short(asked, text, error=StreamInterrupted):
    """Told, the text kept as it came, and charged by our own count."""
    assert asked.ending == ("interrupted", error.code, text)
    assert text in asked.page
    assert error.message in asked.page
    assert FREE not in asked.page
    assert asked.row.charged == asked.estimate > 0
    assert asked.row.usage.source == "counted"


@pytest.mark.parametrize("count", [1, 5])
async def test_u7_a_reset_keeps_the_very_pieces_that_came(ask, raw, raw_in_order, count):
    raw.answers(stream(*[chunk("dike ")] * count, then=reset))
    asked = await ask("Hello", url=raw.url)
    assert_cut_short(asked, "dike " * count)
    await the_record()
    assert (len(raw.requests), await unbilled()) == (1, 0)
    await raw_in_order()


@pytest.mark.parametrize(
    ("script", "error"), [(stream(then=reset), StreamInterrupted), (cut, AnswerLost)]
)
async def test_u7_a_reset_before_the_first_word_is_free(ask, raw, raw_in_order, script, error):
    raw.answers(script)
    asked = await ask("Hello", url=raw.url)
    assert asked.ending == ("failed", error.code, "")
    assert error.message in asked.page
    assert FREE in asked.page
    assert (asked.row.charged, len(raw.requests), await unbilled()) == (0, 1, 1)
    await raw_in_order()


async def test_u7_a_kept_connection_that_dies_is_not_asked_again(ask, raw, raw_in_order):
    first = plain(reply("Ok"), headers=EVENT_STREAM)
    raw.answers(first, cut)
    assert (await ask("Hello", url=raw.url)).row.state == "done"
    asked = await ask("Hello again", url=raw.url)
    assert asked.ending == ("failed", AnswerLost.code, "")
    assert (raw.connections, len(raw.requests), await unbilled()) == (1, 2, 1)
    await raw_in_order()


async def test_u7_our_bill_for_a_reset_is_the_upstreams(ask, in_order, simulator):
    asked = await ask("Tell of the sea [[fault:u7 after=6]]")
    assert_cut_short(asked, asked.row.text)
    await in_order(paid=1)
    [line] = simulator.bill(CANARY)["lines"]
    assert (asked.row.charged, tokens.count_text(asked.row.text)) == (line["nano"], 6)


@pytest.mark.parametrize("how", ["close", "chunked", "cut"])
async def test_u8_a_clean_end_in_the_middle_is_no_end(ask, in_order, simulator, how):
    asked = await ask(f"Tell of the sea [[fault:u8 after=6 as={how}]]")
    assert_cut_short(asked, asked.row.text)
    await in_order(paid=1)
    assert asked.row.charged == simulator.bill(CANARY)["total_nano"]


@pytest.mark.parametrize(
    "tail", [b"", DONE, chunk(finish="stop"), chunk(finish="stop") + chunk(usage=USAGE)]
)
async def test_u8_neither_finish_nor_done_alone_makes_it_whole(ask, raw, raw_in_order, tail):
    raw.answers(stream(chunk("Half a ") + chunk("sentence") + tail))
    asked = await ask("Hello", url=raw.url)
    assert asked.ending == ("interrupted", StreamInterrupted.code, "Half a sentence")
    assert StreamInterrupted.message in asked.page
    source = "upstream" if b"prompt_tokens" in tail else "counted"
    assert ((await the_record()).source, asked.row.charged > 0) == (source, True)
    await raw_in_order()


@pytest.mark.parametrize("count", [0, 5])
async def test_u9_a_silent_upstream_is_left(ask, raw, raw_in_order, count):
    left = asyncio.Event()

    async def hang(connection):
        await stall(connection)
        left.set()

    raw.answers(stream(*[chunk("dike ")] * count, then=hang))
    asked = await ask("Hello", url=raw.url, deadlines=HASTY if count else HASTY_AT_FIRST)
    if count:
        assert_cut_short(asked, "dike " * count, Stalled)
    else:
        assert asked.ending == ("failed", Stalled.code, "")
        assert FREE in asked.page
    assert Stalled.message in asked.page
    await asyncio.wait_for(left.wait(), 30)
    await raw_in_order()


async def test_u9_silence_that_is_no_longer_than_allowed_is_sat_out(ask, in_order, simulator):
    asked = await ask("Tell of the sea [[fault:u9 after=5 seconds=0.5]]", deadlines=HASTY)
    assert asked.row.state == "done"
    await in_order(paid=1)
    assert asked.row.charged == simulator.bill(CANARY)["total_nano"]


@pytest.mark.parametrize("drop", [b"x", b": keep-alive\n\n"])
async def test_u10_bytes_that_make_no_event_are_silence(ask, raw, raw_in_order, drop):
    left = asyncio.Event()

    async def trickle(connection):
        with contextlib.suppress(ConnectionError):
            while True:
                await connection.send(drop)
                await asyncio.sleep(0.02)
        left.set()

    raw.answers(stream(*[chunk("dike ")] * 3, then=trickle))
    asked = await ask("Hello", url=raw.url, deadlines=HASTY)
    assert_cut_short(asked, "dike " * 3, Stalled)
    await asyncio.wait_for(left.wait(), 30)
    await raw_in_order()
