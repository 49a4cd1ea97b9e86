"""U11, U17 and U18: an upstream that gives without end, or asks a senseless price for it."""

import pytest

from chat.threads import in_thread
from credit import ledger
from credit.models import Hold, Policy
from minitoolai import TooLarge, UnexpectedAnswer, tokens
from tests.credit.books import give
from tests.faults.asking import FREE, the_record, unbilled
from tests.faults.conftest import CANARY
from tests.minitoolai.upstream import EVENT_STREAM, chunk, flood, reply, stream

pytestmark = pytest.mark.django_db(transaction=True)

LONGEST = "The answer reached its longest allowed length."
AFFORDED = "The answer became as long as your credit allowed."
SENSELESS = {
    "missing": None,
    "negative": {"prompt_tokens": -5, "completion_tokens": -7},
    "huge": {"prompt_tokens": 10**18, "completion_tokens": 10**18},
    "text": {"prompt_tokens": "17", "completion_tokens": "3"},
    "float": {"prompt_tokens": 1.5, "completion_tokens": 2.5},
    "null": {"prompt_tokens": None, "completion_tokens": None},
    "empty": {},
    "beyond the cap": {"prompt_tokens": 17, "completion_tokens": 100_000},
}


async def test_u11_an_answer_without_end_stops_at_its_cap(ask, in_order, settings):
    settings.MAX_OUTPUT_TOKENS = 300
    asked = await ask("Hello [[fault:u11]]")
    assert (asked.row.state, asked.row.finish_reason) == ("done", "length")
    assert LONGEST in asked.page
    assert 250 < tokens.count_text(asked.row.text) <= 300
    assert asked.row.charged == asked.estimate
    await in_order(paid=1)


async def test_u11_an_answer_without_end_stops_when_the_purse_is_empty(ask, in_order, alice):
    await Policy.objects.aupdate(starting_credit=0)
    await in_thread(give)(alice, 200_000)
    asked = await ask("Hello [[fault:u11]]")
    assert AFFORDED in asked.page
    assert 180_000 < asked.row.charged <= (await Hold.objects.aget()).amount <= 200_000
    assert (await in_thread(ledger.purse)(alice)).balance == 200_000 - asked.row.charged
    await in_order(paid=1)


async def test_u11_nobody_pays_for_text_beyond_the_cap(ask, raw, raw_in_order, settings):
    settings.MAX_OUTPUT_TOKENS = 256
    raw.answers(stream(chunk("dike " * 2_000), reply("!", usage=None)))
    asked = await ask("Hello", url=raw.url)
    assert asked.ending == ("done", "", "dike " * 2_000 + "!")
    assert asked.row.usage.completion_tokens == 256
    assert asked.row.charged == (await Hold.objects.aget()).amount
    await raw_in_order()


async def test_u17_an_endless_line_is_not_read_on(ask, raw, raw_in_order):
    raw.answers(stream(chunk("Half a "), chunk("sentence"), b"data: ", then=flood))
    asked = await ask("Hello", url=raw.url)
    assert asked.ending == ("interrupted", TooLarge.code, "Half a sentence")
    assert TooLarge.message in asked.page
    assert asked.row.charged == asked.estimate
    await raw_in_order()


async def test_u17_a_compressed_answer_is_not_unpacked(ask, raw, raw_in_order):
    packed = EVENT_STREAM | {"Content-Encoding": "gzip"}
    raw.answers(stream(then=flood, headers=packed))
    asked = await ask("Hello", url=raw.url)
    assert asked.ending == ("failed", UnexpectedAnswer.code, "")
    assert UnexpectedAnswer.message in asked.page
    assert FREE in asked.page
    assert await unbilled() == 1
    await raw_in_order()


@pytest.mark.parametrize("usage", SENSELESS.values(), ids=SENSELESS)
async def test_u18_a_senseless_usage_is_counted_here(ask, raw, raw_in_order, usage):
    raw.answers(stream(reply("Dikes ", "and ", "mills", usage=usage)))
    asked = await ask("Hello", url=raw.url)
    assert asked.ending == ("done", "", "Dikes and mills")
    record = await the_record()
    assert (record.source, record.charged) == ("counted", asked.estimate)
    assert (str(usage["prompt_tokens"]) if usage else "usage") in record.anomaly
    await raw_in_order()


@pytest.mark.parametrize("kind", ["missing", "negative", "huge", "text", "float", "null", "empty"])
async def test_u18_our_count_is_what_the_upstream_bills(ask, in_order, simulator, kind):
    asked = await ask(f"Explain the tides [[fault:u18 as={kind}]]")
    assert asked.row.state == "done"
    assert asked.row.usage.source == "counted"
    await in_order(paid=1)
    assert asked.row.charged == simulator.bill(CANARY)["total_nano"]
