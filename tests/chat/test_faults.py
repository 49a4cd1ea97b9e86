"""Whoever gets no whole answer is told what happened, what was kept, what it cost, what to do."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.utils import timezone

from chat import again, pages, replies
from chat.models import Message
from chat.replies import Result
from credit.endings import Outcome
from minitoolai import MiniToolAIError

WORDS = "One, two, "
FAILED, INTERRUPTED = Message.State.FAILED, Message.State.INTERRUPTED


def end(begun, *, state, outcome=Outcome.NOT_SENT, text="", **more):
    result = Result(state=state, outcome=outcome, text=text, **more)
    replies.finish(begun.reply, result=result)


def told(begun, language="en"):
    """The turn as its person reads it, in one line."""
    html = pages.ended_turn(begun.reply.pk, language=language)["html"]
    return " ".join(unescape(html).split())


def codes(kind=MiniToolAIError):
    yield kind.code
    for narrower in kind.__subclasses__():
        yield from codes(narrower)


@pytest.mark.parametrize(
    "code", [*codes(), "internal", replies.SERVER_STOPPED, "", "of the future"]
)
@pytest.mark.parametrize("state", [FAILED, INTERRUPTED])
def test_every_fault_before_a_word_is_told_free_and_can_be_tried_again(alice, send, code, state):
    begun = send(alice)
    end(begun, state=state, error_code=code)
    english, dutch = told(begun), told(begun, "nl")
    assert "Nothing was charged." in english
    assert "Try again" in english
    assert "Er is niets in rekening gebracht." in dutch
    assert "kept" not in english
    assert "Continue" not in english


@pytest.mark.parametrize("code", ["stream_interrupted", "stalled", replies.SERVER_STOPPED])
def test_what_was_cut_off_is_kept_has_a_price_and_can_be_continued(alice, send, code):
    begun = send(alice)
    end(begun, state=INTERRUPTED, outcome=Outcome.BROKEN, text=WORDS, error_code=code)
    page = told(begun)
    assert "What had arrived is kept. It cost $0." in page
    assert "Continue" in page
    assert "Try again" not in page


def test_a_continuation_that_failed_is_told_beside_what_is_kept(alice, send):
    begun = send(alice)
    end(begun, state=Message.State.STOPPED, outcome=Outcome.STOPPED, text=WORDS)
    assert "You stopped this answer. What had arrived is kept. It cost $0." in told(begun)
    reply = Message.objects.get(pk=begun.reply.pk)
    second = again.next_attempt(reply, seen=1, request_id="r")
    end(second, state=FAILED, text=WORDS, error_code="unreachable")
    page = told(begun)
    assert (
        "The AI service cannot be reached. What had arrived is kept. Nothing was charged." in page
    )
    assert "Continue" in page


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (timedelta(hours=2), "The AI service is busy. Nothing was charged. It asks to wait until"),
        (timedelta(days=1), "It asks to wait until"),
        (timedelta(seconds=20), "Please try again in a moment."),
        (None, "Please try again in a moment."),
    ],
)
def test_a_long_wait_is_named_until_it_is_over(alice, send, wait, said):
    begun = send(alice)
    end(begun, state=FAILED, error_code="busy", retry_at=wait and timezone.now() + wait)
    assert said in told(begun)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert "wait until" not in told(begun)


@pytest.mark.parametrize("code", ["unauthorized", "untrusted"])
def test_what_only_the_administrator_can_mend_says_so(alice, send, code):
    begun = send(alice)
    end(begun, state=FAILED, error_code=code)
    assert "Please tell the administrator." in told(begun)


def test_what_a_model_refuses_may_be_asked_of_another(alice, send):
    begun = send(alice)
    end(begun, state=FAILED, error_code="bad_request")
    assert "Choose another model" in told(begun)


def test_an_answer_cut_to_its_longest_can_be_continued(alice, send):
    begun = send(alice)
    done = {"state": Message.State.DONE, "outcome": Outcome.DONE, "finish_reason": "length"}
    end(begun, text=WORDS, **done)
    assert "The answer reached its longest allowed length." in told(begun)
    Message.objects.filter(pk=begun.reply.pk).update(output_cap=300)
    assert "as long as your credit allowed" in told(begun)
    assert "Continue" in told(begun)


def test_a_whole_answer_has_no_fault(alice, send):
    begun = send(alice)
    end(begun, state=Message.State.DONE, outcome=Outcome.DONE, text=WORDS, finish_reason="stop")
    assert "data-fault" not in told(begun)
