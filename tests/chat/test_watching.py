"""A copy of another process's reply stays equal to it, whatever the bus loses."""

import asyncio
import random
import uuid

import pytest

from chat import admission, bus, replies, watching
from chat.live import LiveText
from chat.models import Message
from chat.replies import Result
from chat.runner import Runner
from chat.threads import in_thread
from credit.endings import Outcome
from tests.page import Page

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = [f"word{n} **bold** and `code`\n\n" if n % 5 == 0 else f"word{n} " for n in range(80)]


@pytest.fixture(autouse=True)
def grown(settings):
    settings.REDIS_URL = "redis://said-to-be-there"  # the layer of the tests is in memory


async def begin(user):
    begun = await in_thread(admission.begin)(
        None,
        user=user,
        client_id=uuid.uuid4(),
        text="Hello",
        model="gpt-4o-mini",
        request_id=uuid.uuid4().hex,
    )
    return begun.reply


async def page_of(message_id):
    """The body of a page in a process that does not stream the reply."""
    page = Page()
    async for frame in watching.frames(message_id, here=Runner()):
        page.receive(frame)
    return page.html


async def until(met):
    """Wait, five seconds at most, until a condition holds."""
    async with asyncio.timeout(5):
        while True:
            if met():
                return
            await asyncio.sleep(0.02)


async def stream(reply, *, loses):
    """Play the owning process: pieces on the bus, some lost, the row saved now and then."""
    text = ""
    for number, word in enumerate(WORDS):
        piece = bus.Piece(attempt=1, at=len(text), text=word, ended=False)
        text += word
        if not loses(number):
            await bus.send(reply.pk, piece)
        if number % 10 == 9:
            await in_thread(replies.save_progress)([(reply.pk, 1, text)])
        await asyncio.sleep(0.002)
    result = Result(state=Message.State.DONE, outcome=Outcome.DONE, text=text)
    await in_thread(replies.finish)(reply, result=result)
    if not loses(len(WORDS)):
        await bus.send(reply.pk, bus.Piece(attempt=1, at=0, text="", ended=True))
    return (await Message.objects.aget(pk=reply.pk)).html


@pytest.mark.parametrize("loss", [0.0, 0.2, 1.0])
async def test_the_copy_ends_as_the_original(alice, loss):
    reply, dice = await begin(alice), random.Random(7)
    pages = [asyncio.create_task(page_of(reply.pk)) for _ in range(3)]
    await asyncio.sleep(0.05)
    final = await stream(reply, loses=lambda number: dice.random() < loss)
    async with asyncio.timeout(5):
        assert set(await asyncio.gather(*pages)) == {final}


async def test_a_page_that_comes_back_is_not_emptied_before_its_text_is_at_hand(alice):
    reply = await begin(alice)
    await in_thread(replies.save_progress)([(reply.pk, 1, "Some words")])
    page, frames = Page(), watching.frames(reply.pk, here=Runner())
    page.receive(await anext(frames))
    assert "Some words" in page.html
    await frames.aclose()


async def test_the_loss_of_the_last_word_is_healed_by_the_row(alice):
    reply = await begin(alice)
    page = asyncio.create_task(page_of(reply.pk))
    await asyncio.sleep(0.05)
    final = await stream(reply, loses=lambda number: number == len(WORDS))
    async with asyncio.timeout(5):
        assert await page == final


async def test_a_predecessors_late_piece_is_not_taken(alice):
    reply = await begin(alice)
    page = asyncio.create_task(page_of(reply.pk))
    await asyncio.sleep(0.05)
    late = bus.Piece(attempt=0, at=0, text="of an earlier attempt", ended=False)
    await bus.send(reply.pk, late)
    final = await stream(reply, loses=lambda number: False)
    assert await page == final
    assert "earlier attempt" not in final


async def test_a_page_that_saw_more_than_a_killed_process_saved_is_not_called_whole(alice):
    reply = await begin(alice)
    await in_thread(replies.save_progress)([(reply.pk, 1, "Saved.")])
    page = Page()
    frames = watching.frames(reply.pk, here=Runner())
    while "Saved" not in page.html:
        page.receive(await anext(frames))
    await bus.send(reply.pk, bus.Piece(attempt=1, at=6, text=" Not saved.", ended=False))
    while "Not saved" not in page.html:
        page.receive(await anext(frames))
    kept = Result(state=Message.State.INTERRUPTED, outcome=Outcome.DIED, text="Saved.")
    await in_thread(replies.finish)(reply, result=kept)
    async for frame in frames:
        page.receive(frame)
    assert not page.whole


async def test_a_passing_word_reaches_other_processes_whenever_somebody_looks(alice):
    reply = await begin(alice)
    live = LiveText(message_id=reply.pk, attempt=1)
    live.say("busy")
    publishing = asyncio.create_task(bus.Publisher(lambda: [live]).run())
    for _ in range(2):
        async with watching.copies.of(reply.pk) as copied:
            await until(lambda: copied.notice == "busy")
    async with watching.copies.of(reply.pk) as copied:
        live.append("Here it is.")
        await until(lambda: copied.text == "Here it is.")
        assert copied.notice == ""
    publishing.cancel()
