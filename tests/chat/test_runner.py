"""Replies stream from a real upstream, end as it lets them, and are charged for what came."""

import asyncio
import uuid

import pytest

from chat import admission, again, replies, watching
from chat.models import Message
from chat.runner import Runner
from chat.threads import in_thread
from credit import ledger
from credit.models import Hold
from minitoolai import shared_client, tokens
from tests.page import Page
from tests.upstream import KEY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
async def upstream(settings, simulator):
    settings.MINITOOLAI_BASE_URL, settings.MINITOOLAI_API_KEY = simulator.url, KEY
    yield simulator
    await shared_client(base_url=simulator.url, api_key=KEY).aclose()


@pytest.fixture
def runner():
    return Runner()


async def begin(user, text, *, conversation=None):
    return await in_thread(admission.begin)(
        conversation,
        user=user,
        client_id=uuid.uuid4(),
        text=text,
        model="gpt-4o-mini",
        request_id=uuid.uuid4().hex,
    )


async def ended(reply):
    while True:
        row = await Message.objects.with_receipts().select_related("hold").aget(pk=reply.pk)
        if not row.is_live:
            return row
        await asyncio.sleep(0.02)


async def until(met):
    """Wait, five seconds at most, until a condition holds; it may be a coroutine function."""
    async with asyncio.timeout(5):
        while True:
            found = met()
            if await found if asyncio.iscoroutine(found) else found:
                return
            await asyncio.sleep(0.02)


async def answered(runner, user, text):
    begun = await begin(user, text)
    runner.start(begun)
    return await ended(begun.reply)


async def shown(message_id, *, here):
    """The body of a page that follows a reply to its end, in a process with that runner."""
    page = Page()
    async for frame in watching.frames(message_id, here=here):
        page.receive(frame)
    return page.html


async def test_an_answer_is_saved_and_charged_as_the_upstream_bills_it(runner, alice, upstream):
    reply = await answered(runner, alice, "Write a haiku about dikes")
    assert reply.state == Message.State.DONE
    assert reply.text
    assert reply.usage.source == "upstream"
    assert reply.charged == upstream.bill()["total_nano"] > 0
    assert (await in_thread(ledger.purse)(alice)).held == 0
    assert len(runner) == 0


async def test_a_viewer_sees_the_whole_answer_whenever_it_comes(runner, alice):
    begun = await begin(alice, "Explain tides with a table and code [[slow:3]]")
    runner.start(begun)
    early = asyncio.create_task(shown(begun.reply.pk, here=runner))
    await asyncio.sleep(0.15)
    late = asyncio.create_task(shown(begun.reply.pk, here=runner))
    row = await ended(begun.reply)
    assert await early == row.html
    assert await late == row.html
    assert await shown(begun.reply.pk, here=runner) == row.html


async def test_another_process_sees_the_same_from_the_row(runner, alice):
    begun = await begin(alice, "Tell a story of the sea [[slow:3]]")
    runner.start(begun)
    seen = await shown(begun.reply.pk, here=Runner())
    assert seen == (await ended(begun.reply)).html


async def test_stop_hangs_up_and_keeps_and_charges_what_came(runner, alice, upstream):
    begun = await begin(alice, "Count the dikes of Zeeland [[tokens:3000]] [[slow:5]]")
    runner.start(begun)
    await until(lambda: runner.get(begun.reply.pk).text)
    assert runner.stop(begun.reply.pk)
    reply = await ended(begun.reply)
    assert reply.state == Message.State.STOPPED
    assert reply.text
    counted = reply.prompt_tokens * 150 + tokens.count_text(reply.text) * 600
    assert reply.charged == counted
    await until(lambda: upstream.bill()["lines"])
    assert upstream.bill()["lines"][0]["nano"] < 3000 * 600


async def test_stop_while_the_upstream_is_busy_is_free(runner, alice, upstream):
    upstream.arm("u3", retry_after=10, times=1)
    begun = await begin(alice, "Hello")
    runner.start(begun)
    await until(lambda: runner.get(begun.reply.pk).notice == "busy")
    assert runner.stop(begun.reply.pk)
    reply = await ended(begun.reply)
    assert (reply.state, reply.usage.outcome, reply.charged) == ("stopped", "not_sent", 0)


async def test_a_stop_from_another_process_is_seen_within_a_second(runner, alice):
    begun = await begin(alice, "Count the mills [[tokens:3000]] [[slow:5]]")
    runner.start(begun)
    await in_thread(replies.request_stop)(begun.reply)
    async with asyncio.timeout(2):
        assert (await ended(begun.reply)).state == Message.State.STOPPED


async def test_a_reply_that_another_process_ended_is_not_called_whole(runner, alice):
    begun = await begin(alice, "Count the mills [[tokens:3000]] [[slow:5]]")
    runner.start(begun)
    frames, page = watching.frames(begun.reply.pk, here=runner), Page()
    while not page.html:
        page.receive(await anext(frames))
    swept = Message.objects.filter(pk=begun.reply.pk)
    await swept.aupdate(state=Message.State.INTERRUPTED, owner="another", text="Count")
    async with asyncio.timeout(5):
        async for frame in frames:
            page.receive(frame)
    assert not page.whole


async def test_text_is_saved_while_it_streams(runner, alice):
    begun = await begin(alice, "Count the locks [[tokens:2000]] [[slow:5]]")
    runner.start(begun)
    saved = Message.objects.filter(pk=begun.reply.pk).exclude(text="")
    await until(in_thread(saved.all().exists))
    runner.stop(begun.reply.pk)
    await ended(begun.reply)


@pytest.mark.parametrize(
    ("fault", "state", "code"),
    [
        ("u2", Message.State.FAILED, "unauthorized"),
        ("u4", Message.State.FAILED, "busy"),
        ("u5", Message.State.FAILED, "upstream_fault"),
        ("u6", Message.State.FAILED, "unexpected_answer"),
        ("u19", Message.State.FAILED, "unexpected_answer"),
    ],
)
async def test_a_fault_before_the_first_word_costs_nothing(runner, alice, fault, state, code):
    before = (await in_thread(ledger.purse)(alice)).balance
    reply = await answered(runner, alice, f"Hello [[fault:{fault}]]")
    assert (reply.state, reply.error_code, reply.text) == (state, code, "")
    assert (await in_thread(ledger.purse)(alice)).balance == before
    assert not await Hold.objects.open().aexists()


@pytest.mark.parametrize("fault", ["u7", "u8", "u13"])
async def test_a_fault_after_some_words_keeps_them_and_charges_them(runner, alice, fault):
    reply = await answered(runner, alice, f"Tell of the sea [[fault:{fault} after=6]]")
    assert reply.state == Message.State.INTERRUPTED
    assert reply.text
    counted = reply.prompt_tokens * 150 + tokens.count_text(reply.text) * 600
    assert reply.charged == counted
    assert reply.usage.source == "counted"
    assert not await Hold.objects.open().aexists()


async def test_busy_is_tried_again_with_one_hold(runner, alice, upstream):
    upstream.arm("u3", retry_after=0, times=1)
    reply = await answered(runner, alice, "Hello")
    assert reply.state == Message.State.DONE
    assert await Hold.objects.acount() == 1
    assert reply.charged == upstream.bill()["total_nano"]


async def test_an_absurd_usage_is_not_believed(runner, alice):
    reply = await answered(runner, alice, "Hello [[fault:u18]]")
    assert reply.state == Message.State.DONE
    assert reply.usage.source == "counted"
    assert reply.charged == reply.prompt_tokens * 150 + tokens.count_text(reply.text) * 600


async def test_an_unreachable_upstream_is_told_and_free(runner, alice, settings):
    settings.MINITOOLAI_BASE_URL = "http://127.0.0.1:9"
    reply = await answered(runner, alice, "Hello")
    assert (reply.state, reply.error_code) == (Message.State.FAILED, "unreachable")
    assert reply.charged == 0


async def test_an_answer_goes_on_after_what_it_said_for_every_viewer(runner, alice, upstream):
    begun = await begin(alice, "Count the bridges [[tokens:3000]] [[slow:5]]")
    runner.start(begun)
    await until(lambda: runner.get(begun.reply.pk).text)
    runner.stop(begun.reply.pk)
    first = await ended(begun.reply)
    prompt = await Message.objects.select_related("parent", "hold").aget(pk=first.pk)
    second = await in_thread(again.next_attempt)(prompt, seen=1, request_id=uuid.uuid4().hex)
    runner.start(second)
    viewers = [
        asyncio.create_task(shown(first.pk, here=here)) for here in (runner, runner, Runner())
    ]
    await until(lambda: len(runner.get(first.pk).text) > len(first.text) + 40)
    runner.stop(first.pk)
    reply = await ended(first)
    assert set(await asyncio.gather(*viewers)) == {reply.html}
    assert reply.text.startswith(first.text)
    new = tokens.count_text(reply.text[len(first.text) :])
    assert reply.charged_last == reply.prompt_tokens * 150 + new * 600
    assert reply.charged == first.charged + reply.charged_last
    await until(lambda: len(upstream.bill()["lines"]) == 2)


async def test_a_continuation_that_the_upstream_refuses_keeps_the_words_for_free(
    runner, alice, upstream
):
    begun = await begin(alice, "Tell of the sea [[fault:u7 after=6 times=1]]")
    runner.start(begun)
    first = await ended(begun.reply)
    upstream.arm("u5")
    prompt = await Message.objects.select_related("parent", "hold").aget(pk=first.pk)
    second = await in_thread(again.next_attempt)(prompt, seen=1, request_id=uuid.uuid4().hex)
    runner.start(second)
    reply = await ended(first)
    assert (reply.state, reply.error_code) == (Message.State.INTERRUPTED, "upstream_fault")
    assert (reply.text, reply.charged) == (first.text, first.charged)
    assert not await Hold.objects.open().aexists()


async def test_draining_lets_short_replies_end_and_interrupts_long_ones(runner, alice):
    short = await begin(alice, "Hello [[tokens:20]]")
    long = await begin(alice, "Count the ships [[tokens:4000]] [[slow:20]]")
    runner.start(short)
    runner.start(long)
    await runner.drain(1.0)
    assert (await ended(short.reply)).state == Message.State.DONE
    cut = await ended(long.reply)
    assert cut.state == Message.State.INTERRUPTED
    assert cut.text
    assert not await Hold.objects.open().aexists()
