"""U12 to U16: odd bytes and odd events. The text is what was meant, or ends where sense ended."""

import pytest

from minitoolai import ErrorInStream, StreamInterrupted
from tests.faults.asking import FREE, the_record, unbilled
from tests.faults.conftest import CANARY
from tests.minitoolai.upstream import DONE, chunk, event, reply, stream

pytestmark = pytest.mark.django_db(transaction=True)

OOPS = b'data: {"choices":[{"delta":{"content":\n\n'
EMOJI = "Dijken 👩‍🚀 en 漢字 𝄞 é"
# Line breaks to Python's str and to browsers' regular expressions, but not to an event stream.
SEPARATORS = "one\u2028two\u0085three\u2029four\x0bfive\x0csix"


async def test_u12_one_senseless_event_is_passed_over(ask, raw, raw_in_order, caplog):
    raw.answers(stream(chunk("Half a "), OOPS * 2, reply("sentence")))
    asked = await ask("Hello", url=raw.url)
    assert asked.ending == ("done", "", "Half a sentence")
    assert sum("malformed event" in line for line in caplog.messages) == 2
    await raw_in_order()


async def test_u12_three_senseless_events_in_a_row_end_it(ask, raw, raw_in_order, caplog):
    raw.answers(stream(chunk("Half a "), OOPS * 3, reply("sentence")))
    asked = await ask("Hello", url=raw.url)
    assert asked.ending == ("interrupted", StreamInterrupted.code, "Half a ")
    assert StreamInterrupted.message in asked.page
    assert asked.row.charged == asked.estimate
    assert "malformed event 3" in caplog.text
    await raw_in_order()


async def test_u13_an_error_amid_the_answer(ask, in_order, simulator):
    asked = await ask("Tell of the sea [[fault:u13 after=6]]")
    assert asked.row.state == "interrupted"
    assert ErrorInStream.message in asked.page
    assert "The server had an error" not in asked.page
    assert asked.row.charged == asked.estimate > 0
    await in_order(paid=1)
    assert asked.row.charged == simulator.bill(CANARY)["total_nano"]


async def test_u13_an_error_in_place_of_the_answer_is_free(ask, raw, raw_in_order):
    raw.answers(stream(event({"error": {"message": f"overloaded, {CANARY}"}})))
    asked = await ask("Hello", url=raw.url)
    assert asked.ending == ("failed", ErrorInStream.code, "")
    assert FREE in asked.page
    assert await unbilled() == 1
    await raw_in_order()


async def test_u14_characters_cut_at_every_byte_are_whole(ask, raw, raw_in_order):
    data = reply(*EMOJI.partition(" en "))
    raw.answers(stream(*(data[i : i + 1] for i in range(len(data)))))
    asked = await ask("Hello", url=raw.url)
    assert asked.ending == ("done", "", EMOJI)
    assert EMOJI in asked.row.html
    await raw_in_order()


async def test_u14_bytes_that_are_no_text_show_as_such(ask, in_order):
    asked = await ask("Tell of the sea [[fault:u14 as=invalid after=4]]")
    assert asked.row.state == "done"
    assert asked.row.text.startswith("👩‍🚀 é 𝄞")
    assert " \ufffd\ufffd\ufffd" in asked.row.text
    assert "\ufffd\ufffd\ufffd" in asked.page
    await in_order(paid=1)


async def test_u14_what_no_database_stores_shows_as_such(ask, raw, raw_in_order):
    text = r'{"choices":[{"index":0,"delta":{"content":"a\u0000b\ud83dc"}}]}'
    raw.answers(stream(event(text), reply("!")))
    asked = await ask("Hello", url=raw.url)
    assert asked.ending == ("done", "", "a\ufffdb\ufffdc!")
    await raw_in_order()


@pytest.mark.parametrize("newline", [b"\r", b"\n", b"\r\n"])
@pytest.mark.parametrize("step", [1, 7, 10_000])
async def test_u15_any_framing_gives_the_same_text(ask, raw, raw_in_order, newline, step):
    data = b": hello\n\nid: 7\nretry: 9\n" + reply(SEPARATORS, "\n\n", "seven")
    framed = data.replace(b"data: ", b"data:").replace(b', "object"', b',\ndata:"object"')
    framed = framed.replace(b"\n", newline)
    raw.answers(stream(*(framed[i : i + step] for i in range(0, len(framed), step))))
    asked = await ask("Hello", url=raw.url)
    assert asked.ending == ("done", "", SEPARATORS + "\n\nseven")
    await raw_in_order()


async def test_u15_all_framings_in_turn(ask, in_order, simulator):
    asked = await ask("Tell of the sea [[fault:u15]]")
    assert asked.row.state == "done"
    assert asked.row.text.startswith("one\u2028two\u0085three\u2029")
    await in_order(paid=1)
    assert asked.row.charged == simulator.bill(CANARY)["total_nano"]


async def test_u16_what_follows_the_end_is_not_heard(ask, in_order, simulator):
    asked = await ask("Tell of the sea [[fault:u16]]")
    assert asked.row.state == "done"
    assert "another thing" not in asked.page
    await the_record()
    await in_order(paid=1)
    assert asked.row.charged == simulator.bill(CANARY)["total_nano"]


async def test_u16_an_error_after_the_end_is_not_heard_either(ask, raw, raw_in_order):
    late = [DONE, event({"error": "late"}), chunk("late")]
    raw.answers(stream(b"".join([reply("Ok"), *late]), *late))
    asked = await ask("Hello", url=raw.url)
    assert asked.ending == ("done", "", "Ok")
    await the_record()
    await raw_in_order()
