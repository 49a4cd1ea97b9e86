"""A prompt is answered when it can be paid for, once, and not otherwise."""

import uuid

import pytest

from chat import admission, history, replies
from chat.models import Conversation, Message
from chat.replies import Result
from credit import ledger
from credit.endings import Outcome
from credit.errors import InsufficientCredit
from credit.models import Account, Hold
from minitoolai import tokens

NANO = 1_000_000_000


def spend_all_but(user, left):
    """Put all of a person's money but `left` nano-USD into another hold."""
    purse = ledger.purse(user)
    Account.objects.reserve(Account.objects.get(user=user).pk, amount=purse.available - left)


def test_a_prompt_and_its_reply_are_saved_and_paid_for_in_advance(alice, send):
    begun = send(alice, "Tell me of dikes, please.")
    assert begun.prompt.text == "Tell me of dikes, please."
    assert begun.reply.state == Message.State.STREAMING
    assert begun.reply.conversation.title == "Tell me of dikes, please."
    assert begun.upstream == [{"role": "user", "content": "Tell me of dikes, please."}]
    counted = tokens.count_messages(begun.upstream)
    assert begun.reply.hold.amount == counted * 150 + 4096 * 600
    assert ledger.purse(alice).held == begun.reply.hold.amount


def test_the_same_sending_twice_buys_one_reply(alice, send):
    once = uuid.uuid4()
    first, second = send(alice, client_id=once), send(alice, client_id=once)
    assert first.reply.pk == second.reply.pk
    assert second.upstream == []
    assert Hold.objects.count() == 1
    assert Conversation.objects.count() == 1


def test_an_id_that_stands_for_another_prompt_is_refused(alice, send):
    once = uuid.uuid4()
    send(alice, "Hello", client_id=once)
    with pytest.raises(admission.SentOtherwise):
        send(alice, "Goodbye", client_id=once)
    assert Hold.objects.count() == 1


def test_another_persons_sending_with_the_same_id_is_their_own(alice, bob, send):
    once = uuid.uuid4()
    assert send(alice, client_id=once).reply.pk != send(bob, client_id=once).reply.pk


def test_the_answers_length_shrinks_to_what_the_credit_affords(alice, send):
    spend_all_but(alice, 600 * 1000 + 150 * 20)
    begun = send(alice, "Hello")
    assert 900 < begun.reply.output_cap < 1100
    assert begun.reply.hold.amount <= 600 * 1000 + 150 * 20


def test_too_little_credit_is_refused_and_nothing_is_left_behind(alice, send):
    spend_all_but(alice, 600 * 100)
    with pytest.raises(InsufficientCredit):
        send(alice, "Hello")
    assert not Conversation.objects.exists()
    assert not Hold.objects.exists()


def test_only_so_many_replies_at_once(alice, bob, send, settings):
    settings.MAX_LIVE_REPLIES_PER_USER = 2
    send(alice)
    send(alice)
    with pytest.raises(admission.TooManyReplies):
        send(alice)
    assert Hold.objects.count() == 2
    send(bob)


def test_a_prompt_follows_the_tip_and_its_reply_is_the_next_tip(alice, send):
    first = send(alice)
    conversation = first.reply.conversation
    second = send(alice, conversation=conversation)
    conversation.refresh_from_db()
    assert (first.prompt.parent_id, first.reply.parent_id) == (None, first.prompt.pk)
    assert (second.prompt.parent_id, second.reply.parent_id) == (first.reply.pk, second.prompt.pk)
    assert conversation.tip_id == second.reply.pk


def test_of_two_prompts_sent_at_once_one_comes_after_the_other(alice, send):
    first = send(alice)
    one, other = (Conversation.objects.get(pk=first.reply.conversation_id) for _ in range(2))
    second = send(alice, conversation=one)
    third = send(alice, conversation=other)
    assert third.prompt.parent_id == second.reply.pk
    assert Conversation.objects.get(pk=one.pk).tip_id == third.reply.pk


def test_a_prompt_longer_than_the_model_reads_is_refused(alice, send):
    with pytest.raises(history.PromptTooLong):
        send(alice, "word " * 130_000)
    assert not Hold.objects.exists()


def test_earlier_turns_go_along_and_the_oldest_are_left_out_when_the_window_is_full(alice, send):
    first = send(alice, "first " * 60_000)
    result = Result(state=Message.State.DONE, outcome=Outcome.DONE, text="An answer.")
    replies.finish(first.reply, result=result)
    conversation = first.reply.conversation
    short = send(alice, "second", conversation=conversation)
    assert [turn["role"] for turn in short.upstream] == ["user", "assistant", "user"]
    replies.finish(short.reply, result=result)
    long = send(alice, "third " * 80_000, conversation=conversation)
    assert [turn["content"][:6] for turn in long.upstream] == [
        "An ans", "second", "An ans", "third "
    ]  # fmt: skip


def test_a_title_ends_between_words():
    assert admission.title_of("  Plan\na   weekend ") == "Plan a weekend"
    long = admission.title_of(
        "Explain the difference between compound and simple interest in detail"
    )
    assert long == "Explain the difference between compound and simple interest…"
