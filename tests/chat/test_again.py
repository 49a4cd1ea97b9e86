"""A reply can be answered again beside the earlier one, and continued in its place, each once."""

import uuid

import pytest

from chat import again, replies
from chat.models import Conversation, Message, PastAttempt
from chat.replies import Result
from credit import ledger
from credit.endings import Outcome, Tokens
from credit.errors import InsufficientCredit
from credit.models import Account, Hold
from minitoolai import tokens

STOPPED = Result(state=Message.State.STOPPED, outcome=Outcome.STOPPED, text="One, two, ")
FAILED = Result(
    state=Message.State.FAILED, outcome=Outcome.NOT_SENT, text="", error_code="unreachable"
)


def end(begun, result):
    """End a reply and give its row as a page would get it."""
    assert replies.finish(begun.reply, result=result)
    return row_of(begun)


def row_of(begun):
    rows = Message.objects.with_receipts().with_versions()
    return rows.select_related("hold", "parent").get(pk=begun.reply.pk)


def another(reply, *, model="gpt-4o-mini", client_id=None):
    return again.another(
        reply, model=model, client_id=client_id or uuid.uuid4(), request_id=uuid.uuid4().hex
    )


def next_attempt(reply, *, seen=None):
    return again.next_attempt(reply, seen=seen or reply.attempt, request_id=uuid.uuid4().hex)


def failed(text):
    return Result(
        state=Message.State.FAILED, outcome=Outcome.NOT_SENT, text=text, error_code="busy"
    )


# --- Another version -----------------------------------------------------------------------------


def test_another_answer_stands_beside_the_first_with_a_hold_of_its_own(alice, send):
    first = send(alice, "Name a dike")
    reply = end(first, STOPPED)
    second = another(reply, model="gpt-4.1")
    assert second.reply.parent_id == first.prompt.pk
    assert second.reply.model == second.reply.hold.model == "gpt-4.1"
    assert second.upstream == first.upstream
    assert Conversation.objects.get(pk=reply.conversation_id).tip_id == second.reply.pk
    one, two = row_of(first), row_of(second)
    assert one.text == STOPPED.text
    assert (one.version, one.versions, one.version_before, one.version_after) == (
        1,
        2,
        None,
        two.pk,
    )
    assert (two.version, two.versions, two.version_before, two.version_after) == (
        2,
        2,
        one.pk,
        None,
    )


def test_another_answer_may_begin_while_the_first_streams(alice, send):
    first = send(alice)
    another(row_of(first))
    assert Message.objects.streaming().count() == Hold.objects.open().count() == 2


def test_the_same_wish_for_another_answer_buys_one(alice, send):
    reply, once = end(send(alice), STOPPED), uuid.uuid4()
    one, two = another(reply, client_id=once), another(reply, client_id=once)
    assert one.reply.pk == two.reply.pk
    assert two.upstream == []
    assert Hold.objects.open().count() == 1


def test_two_wishes_buy_two(alice, send):
    reply = end(send(alice), STOPPED)
    assert another(reply).reply.pk != another(reply).reply.pk
    assert Hold.objects.open().count() == 2


def test_only_what_led_to_the_prompt_goes_along(alice, send):
    first = send(alice, "one")
    end(first, STOPPED)
    conversation = first.reply.conversation
    second = send(alice, "two", conversation=conversation)
    end(second, STOPPED)
    again_first = another(row_of(first))
    end(again_first, Result(state=Message.State.DONE, outcome=Outcome.DONE, text="Other."))
    conversation.refresh_from_db()
    third = send(alice, "three", conversation=conversation)
    assert [turn["content"] for turn in third.upstream] == ["one", "Other.", "three"]
    assert [turn["content"] for turn in another(row_of(second)).upstream] == [
        "one", STOPPED.text, "two"
    ]  # fmt: skip


def test_a_prompt_has_no_other_answer_of_its_own(alice, send):
    begun = send(alice)
    with pytest.raises(again.NotAgain):
        another(begun.prompt)


def test_without_credit_the_shown_answer_stays(alice, send):
    begun = send(alice)
    reply = end(begun, STOPPED)
    account = Account.objects.get(user=alice)
    Account.objects.reserve(account.pk, amount=ledger.purse(alice).available)
    with pytest.raises(InsufficientCredit):
        another(reply)
    with pytest.raises(InsufficientCredit):
        next_attempt(reply)
    assert Conversation.objects.get(pk=reply.conversation_id).tip_id == reply.pk
    assert row_of(begun).attempt == 1


# --- The next attempt ----------------------------------------------------------------------------


def test_a_reply_that_failed_without_a_word_is_asked_for_anew(alice, send):
    begun = send(alice)
    reply = end(begun, FAILED)
    second = next_attempt(reply)
    assert (second.reply.pk, second.reply.attempt) == (reply.pk, 2)
    assert second.reply.error_code == ""
    assert second.upstream == begun.upstream
    assert Hold.objects.open().count() == 1


def test_a_stopped_reply_goes_on_after_what_it_said(alice, send):
    begun = send(alice, "Count to four")
    second = next_attempt(end(begun, STOPPED))
    assert [turn["role"] for turn in second.upstream] == ["user", "assistant", "developer"]
    assert second.upstream[1]["content"] == second.reply.text == STOPPED.text
    assert second.reply.is_live
    assert second.reply.prompt_tokens == tokens.count_messages(second.upstream)


def test_only_the_new_words_of_a_continuation_are_counted(alice, send):
    begun = send(alice, "Count to four")
    first_cost = end(begun, STOPPED).charged
    second = next_attempt(row_of(begun))
    text = STOPPED.text + "three, four"
    stopped = Result(state=Message.State.STOPPED, outcome=Outcome.STOPPED, text=text)
    reply = end(second, stopped)
    counted = tokens.count_messages(second.upstream) * 150 + tokens.count_text("three, four") * 600
    assert reply.charged_last == counted
    assert reply.charged == first_cost + counted
    assert reply.text == text
    assert reply.receipt.completion_tokens == sum(
        map(tokens.count_text, [STOPPED.text, "three, four"])
    )


def test_a_receipt_says_counted_when_any_attempt_was(alice, send):
    begun = send(alice)
    second = next_attempt(end(begun, STOPPED))
    done = Result(
        state=Message.State.DONE,
        outcome=Outcome.DONE,
        text=STOPPED.text + "three.",
        reported=Tokens(40, 2),
    )
    reply = end(second, done)
    assert reply.usage.source == "upstream"
    assert reply.receipt.is_counted


@pytest.mark.parametrize(
    "result",
    [failed(STOPPED.text), Result(state="stopped", outcome=Outcome.CUT, text=STOPPED.text)],
)
@pytest.mark.parametrize("ended", ["stopped", "interrupted", "length"])
def test_a_continuation_without_a_word_leaves_the_reply_as_it_was(alice, send, result, ended):
    begun = send(alice)
    state = "done" if ended == "length" else ended
    reason = "length" if ended == "length" else ""
    before = end(
        begun,
        Result(state=state, outcome=Outcome.STOPPED, text=STOPPED.text, finish_reason=reason),
    )
    balance = ledger.purse(alice).balance
    reply = end(next_attempt(before), result)
    assert (reply.state, reply.finish_reason, reply.text) == (state, reason, STOPPED.text)
    assert reply.error_code == result.error_code
    assert ledger.purse(alice).balance == balance
    assert again.can_go_on(reply)


def test_a_model_with_nothing_to_add_completes_the_answer(alice, send):
    second = next_attempt(end(send(alice), STOPPED))
    reply = end(second, Result(state=Message.State.DONE, outcome=Outcome.DONE, text=STOPPED.text))
    assert reply.state == Message.State.DONE
    assert not again.can_go_on(reply)


def test_a_process_that_dies_going_on_leaves_the_earlier_words(alice, send):
    begun = send(alice)
    second = next_attempt(end(begun, STOPPED))
    Message.objects.filter(pk=second.reply.pk).update(owner="another process")
    assert replies.sweep(alone=True) == 1
    reply = row_of(begun)
    assert (reply.state, reply.text) == (Message.State.STOPPED, STOPPED.text)
    assert reply.error_code == replies.SERVER_STOPPED
    assert reply.charged_last == 0
    third = next_attempt(reply)
    text = STOPPED.text + "three"
    Message.objects.filter(pk=third.reply.pk).update(owner="another process", text=text)
    assert replies.sweep(alone=True) == 1
    reply = row_of(begun)
    assert (reply.state, reply.text) == (Message.State.INTERRUPTED, text)
    assert reply.charged_last == third.reply.prompt_tokens * 150 + tokens.count_text("three") * 600
    assert [past.number for past in PastAttempt.objects.filter(message=reply)] == [1, 2]


def test_a_double_click_on_continue_buys_one(alice, send):
    begun = send(alice)
    reply = end(begun, STOPPED)
    one = next_attempt(reply, seen=1)
    late, raced = row_of(begun), row_of(begun)
    raced.attempt, raced.state = 1, Message.State.STOPPED  # as loaded before the other click
    for two in (next_attempt(late, seen=1), next_attempt(raced, seen=1)):
        assert (two.reply.pk, two.reply.attempt, two.upstream) == (one.reply.pk, 2, [])
    assert Hold.objects.count() == 2


def test_continuing_twice_on_purpose_buys_two(alice, send):
    begun = send(alice)
    end(next_attempt(end(begun, STOPPED)), failed(STOPPED.text))
    next_attempt(row_of(begun))
    assert Hold.objects.count() == 3


def test_a_whole_answer_or_one_under_way_is_not_continued(alice, send):
    begun = send(alice)
    with pytest.raises(again.NotAgain):
        next_attempt(row_of(begun))
    done = Result(state=Message.State.DONE, outcome=Outcome.DONE, text="All.", finish_reason="stop")
    with pytest.raises(again.NotAgain):
        next_attempt(end(begun, done))
    with pytest.raises(again.NotAgain):
        next_attempt(begun.prompt)
    assert Hold.objects.count() == 1


def test_an_answer_cut_at_its_longest_can_be_continued(alice, send):
    cut = Result(
        state=Message.State.DONE, outcome=Outcome.DONE, text="Long", finish_reason="length"
    )
    assert next_attempt(end(send(alice), cut)).reply.attempt == 2
