"""X1 to X3: a prompt sent twice, more prompts than money, and Stop at every moment."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from chat.models import Message
from credit.models import Hold
from tests.faults.app import until
from tests.faults.rows import the_reply, the_reply_when

pytestmark = pytest.mark.django_db(transaction=True)
SLOW = "Tell of the tides [[tokens:{}]] [[slow:10]]"


def test_x1_a_double_click_begins_one_reply(start, wanda, invariants):
    app = start()
    client_id = uuid.uuid4()
    with ThreadPoolExecutor(8) as clicks:
        answers = list(
            clicks.map(lambda _: wanda.send(app, "Hello", client_id=client_id), range(8))
        )
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    the_reply_when(lambda reply: not reply.is_live)
    assert Hold.objects.count() == 1
    invariants()


def test_x1_a_prompt_sent_again_after_its_answer_was_lost(start, wanda, invariants):
    """Even where no other prompt would be let in: what was admitted once is not admitted anew."""
    app = start(MAX_LIVE_REPLIES_PER_USER="1")
    client_id = uuid.uuid4()
    first = wanda.send(app, SLOW.format(4000), client_id=client_id)
    again = wanda.send(app, SLOW.format(4000), client_id=client_id)
    assert wanda.send(app, "Another").status_code == 429
    assert again.headers["Location"] == first.headers["Location"]
    assert the_reply().is_live
    wanda.stop(app, the_reply())
    the_reply_when(lambda reply: not reply.is_live)
    invariants()


def test_x1_the_same_key_with_another_prompt_is_refused(start, wanda, invariants):
    app = start()
    client_id = uuid.uuid4()
    wanda.ask(app, "Hello", client_id=client_id)
    other = wanda.send(app, "Something else", client_id=client_id)
    assert other.status_code == 409
    assert "Something else" in other.text  # stays in the composer
    the_reply_when(lambda reply: not reply.is_live)
    assert Hold.objects.count() == 1
    invariants()


@pytest.mark.parametrize("when", ["before the first word", "in the middle", "after the end"])
def test_x3_stop(start, wanda, invariants, simulator, when):
    app = start()
    if when != "after the end":
        simulator.arm("u9", after=20 if when == "in the middle" else 0)
    page = wanda.open(app, wanda.ask(app, "Hello [[tokens:40]]"))
    until(lambda: not simulator.armed())
    if when == "in the middle":
        the_reply_when(lambda reply: reply.text)
    elif when == "after the end":
        the_reply_when(lambda reply: not reply.is_live)
    for _ in range(3):
        wanda.stop(app, the_reply())
    reply = the_reply_when(lambda reply: not reply.is_live)
    page.until_it_shows(reply)
    [line] = until(lambda: simulator.bill()["lines"])
    if when == "after the end":
        assert (reply.state, reply.usage.source) == (Message.State.DONE, "upstream")
    else:
        assert (reply.state, reply.usage.source) == (Message.State.STOPPED, "counted")
        assert line["ending"].startswith("client hung up")
    assert reply.charged <= line["nano"]
    invariants()
