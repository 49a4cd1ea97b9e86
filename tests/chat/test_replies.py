"""A reply ends once, keeps what arrived, and is charged for what arrived."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import people
from accounts.models import User
from chat import replies
from chat.models import Message
from chat.replies import Result
from credit import ledger
from credit.endings import Outcome, Tokens
from minitoolai import tokens

DONE = Result(
    state=Message.State.DONE,
    outcome=Outcome.DONE,
    text="Grass on the **sea wall**.",
    reported=Tokens(17, 9),
    first_token_ms=400,
    duration_ms=2100,
)


def end(begun, result=DONE):
    return replies.finish(begun.reply, result=result)


def test_a_finished_reply_has_its_text_its_html_and_its_price(alice, send):
    begun = send(alice)
    before = ledger.purse(alice).balance
    assert end(begun)
    reply = Message.objects.with_receipts().get(pk=begun.reply.pk)
    assert reply.state == Message.State.DONE
    assert reply.html == "<p>Grass on the <strong>sea wall</strong>.</p>\n"
    assert reply.charged == 17 * 150 + 9 * 600
    assert ledger.purse(alice).balance == before - reply.charged
    assert ledger.purse(alice).held == 0


def test_a_reply_ends_once(alice, send):
    begun = send(alice)
    assert end(begun)
    assert not end(begun, Result(state=Message.State.FAILED, outcome=Outcome.CUT, text=""))
    assert Message.objects.get(pk=begun.reply.pk).text == DONE.text


def test_a_stopped_reply_keeps_its_text_and_costs_prompt_and_counted_output(alice, send):
    begun = send(alice, "Hello")
    text = "One, two, three, four"
    end(begun, Result(state=Message.State.STOPPED, outcome=Outcome.STOPPED, text=text))
    reply = Message.objects.with_receipts().get(pk=begun.reply.pk)
    counted = tokens.count_messages(begun.upstream)
    assert reply.charged == counted * 150 + tokens.count_text(text) * 600
    assert reply.usage.source == "counted"


def test_a_reply_that_failed_before_its_first_word_costs_nothing(alice, send):
    begun = send(alice)
    before = ledger.purse(alice).balance
    end(begun, Result(state=Message.State.FAILED, outcome=Outcome.REFUSED, text=""))
    assert ledger.purse(alice).balance == before
    assert ledger.purse(alice).held == 0


def test_progress_is_saved_and_says_who_asked_to_stop(alice, send):
    first, second = send(alice), send(alice)
    replies.request_stop(second.reply)
    growing = [(begun.reply.pk, 1, f"text {n}") for n, begun in enumerate((first, second))]
    assert replies.save_progress(growing) == {second.reply.pk}
    assert Message.objects.get(pk=first.reply.pk).text == "text 0"
    assert Message.objects.get(pk=second.reply.pk).text == "text 1"


def test_progress_says_whose_person_was_locked_out_and_which_row_is_gone(alice, bob, send):
    theirs, gone, going = send(alice), send(bob), send(bob)
    people.lock_out(User.objects.filter(pk=alice.pk))
    gone.reply.conversation.delete()
    growing = [(begun.reply.pk, 1, "text") for begun in (theirs, gone, going)]
    assert replies.save_progress(growing) == {theirs.reply.pk, growing[1][0]}


def test_a_reply_that_was_deleted_is_paid_for_all_the_same(alice, send):
    begun = send(alice)
    before = ledger.purse(alice).balance
    Message.objects.all().delete()
    for _ in range(2):
        end(begun)
        assert ledger.purse(alice).balance == before - 17 * 150 - 9 * 600


def test_progress_of_an_earlier_attempt_is_not_saved(alice, send):
    begun = send(alice)
    replies.save_progress([(begun.reply.pk, 0, "of a predecessor")])
    assert Message.objects.get(pk=begun.reply.pk).text == ""


@pytest.fixture
def orphan(alice, send):
    """A reply whose process died after saving some text."""
    begun = send(alice, "Hello")
    Message.objects.filter(pk=begun.reply.pk).update(owner="another process", text="Half an ans")
    return begun.reply


def test_a_dead_processs_reply_is_left_alone_while_its_lease_runs(orphan):
    assert replies.sweep() == 0


def test_a_dead_processs_reply_keeps_its_text_and_is_charged_for_it(alice, orphan):
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        assert replies.sweep() == 1
    reply = Message.objects.with_receipts().get(pk=orphan.pk)
    assert reply.state == Message.State.INTERRUPTED
    assert reply.text == "Half an ans"
    assert reply.charged == orphan.prompt_tokens * 150 + tokens.count_text("Half an ans") * 600
    assert ledger.purse(alice).held == 0


def test_one_process_alone_need_not_wait_for_the_lease(orphan):
    assert replies.sweep(alone=True) == 1
    assert replies.sweep(alone=True) == 0


def test_a_reply_of_this_process_is_never_swept(alice, send):
    send(alice)
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        assert replies.sweep(alone=True) == 0
