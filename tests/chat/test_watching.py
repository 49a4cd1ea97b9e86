"""A copy of another process's reply stays equal to it, whatever the bus loses."""

import asyncio
import random
import uuid

import pytest

from chat import admission, bus, replies, watching
from chat.models import Message
from chat.replies import Result
from chat.runner import Runner
from chat.threads import in_thread
from credit.endings import Outcome

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
    done, opened = "", ""
    async for frame in watching.frames(message_id, here=Runner()):
        if frame.get("reset"):
            done = opened = ""
        done += frame.get("done", "")
        opened = ("" if "done" in frame else opened)[: frame["keep"]] + frame["tail"]
    return done + opened


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
    await in_thread(replies.finish)(reply.pk, attempt=1, result=result)
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
