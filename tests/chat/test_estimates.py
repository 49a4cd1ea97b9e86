"""What a prompt would cost before it is sent, and what still fits when the money is short."""

import uuid

import pytest
from django.urls import reverse

from accounts.models import Group
from chat import admission, estimates, history, replies
from chat.estimates import Picture
from chat.models import Conversation, Message
from chat.replies import Result
from credit import ledger, opening
from credit.endings import Outcome
from credit.errors import ModelNotPriced
from credit.limits import set_limits, set_own_limits
from credit.models import Account
from minitoolai import tokens

pytestmark = pytest.mark.django_db(transaction=True)

HTMX = {"HX-Request": "true"}


def talk(user, send, *, answer="A wall against the sea.", turns=1):
    """A conversation with so many finished answers."""
    conversation = None
    for _turn in range(turns):
        begun = send(user, "What is a dike?", conversation=conversation)
        result = Result(state=Message.State.DONE, outcome=Outcome.DONE, text=answer)
        replies.finish(begun.reply, result=result)
        conversation = Conversation.objects.get(pk=begun.reply.conversation_id)
    return conversation


def estimate(user, text="And how high?", after=None, model="gpt-4o-mini", **more):
    return estimates.of(user, text=text, after=after, model=model, **more)


def leave(user, nano):
    """Leave somebody so much to spend."""
    account = opening.open_account(user)
    Account.objects.reserve(account.pk, amount=account.available - nano)


@pytest.mark.parametrize("turns", [0, 1, 3])
def test_it_counts_what_admission_counts(alice, send, turns):
    after = talk(alice, send, turns=turns).tip_id if turns else None
    counted = estimates.count("And how high?", after=after, model="gpt-4o-mini")
    asked = history.asking("And how high?")
    sent = admission.prepare(asked, after=after, user=alice, model="gpt-4o-mini", request_id="")
    assert (counted.tokens, counted.turns) == (sent.prompt_tokens, 2 * turns)


def test_it_costs_from_one_token_to_the_longest_answer(alice):
    told = estimate(alice, "Hello")
    sent = tokens.count_messages(history.asking("Hello"))
    assert told.least == sent * 150 + 600
    assert told.most == sent * 150 + 4096 * 600
    assert told.is_affordable


def test_the_most_is_what_the_purse_affords(alice):
    leave(alice, 300_000)
    assert 299_400 < estimate(alice, "Hello").most <= 300_000
    Account.objects.filter(user=alice).update(held=0)
    leave(alice, 100_000)
    told = estimate(alice, "Hello")
    assert not told.is_affordable
    assert told.most > 100_000


def test_what_has_changed_is_counted_anew(alice, send):
    conversation = talk(alice, send)
    reply = Message.objects.get(pk=conversation.tip_id)
    before = estimates.count("x", after=reply.pk, model="gpt-4o-mini").tokens
    Message.objects.filter(pk=reply.pk).update(text=reply.text + " And more.", attempt=2)
    assert estimates.count("x", after=reply.pk, model="gpt-4o-mini").tokens == before + 3


def test_typing_on_does_not_read_the_turns_again(alice, send, django_assert_num_queries):
    after = talk(alice, send, turns=3).tip_id
    estimate(alice, after=after)
    with django_assert_num_queries(3):  # prices, accounts, the last turn
        estimate(alice, "And how wide are they at the top?", after=after)


def test_turns_that_do_not_fit_are_not_counted(alice, send):
    conversation = talk(alice, send, answer="word " * 60_000)
    long = "word " * 70_000
    counted = estimates.count(long, after=conversation.tip_id, model="gpt-4o-mini")
    assert counted.turns == 0
    whole = estimates.count(long, after=conversation.tip_id, model="gpt-4.1-nano")
    assert whole.turns == 2
    with pytest.raises(history.PromptTooLong):
        estimates.count("word " * 130_000, after=None, model="gpt-4o-mini")


# --- Hints ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "times"), [("gpt-4o", 25), ("gpt-4.1", 20)])
def test_a_model_that_is_many_times_cheaper_is_named(alice, model, times):
    assert estimate(alice, model=model).cheaper == estimates.Hint(model="gpt-4.1-nano", times=times)


def test_a_little_cheaper_is_not_worth_a_hint(alice):
    assert estimate(alice, model="gpt-4o-mini").cheaper is None


def test_only_models_that_the_group_may_use_are_named(alice):
    alice.group = Group.objects.create(name="4B")
    alice.save()
    account = opening.open_group(alice.group)
    Account.objects.filter(pk=account.pk).update(allowed_models=["gpt-4o", "gpt-4.1"])
    assert estimate(alice, model="gpt-4o").cheaper is None
    with pytest.raises(ModelNotPriced):
        estimate(alice, model="gpt-4.1-nano")


def test_history_is_named_when_it_is_the_larger_part(alice, send):
    short = talk(alice, send).tip_id
    assert estimate(alice, after=short).turns == 0
    long = talk(alice, send, answer="word " * 3000, turns=2).tip_id
    assert estimate(alice, after=long).turns == 4


def test_an_image_costs_by_model_and_detail(alice):
    picture = Picture(width=1024, height=1024)
    plain, with_image = estimate(alice), estimate(alice, pictures=[picture])
    assert with_image.prompt_tokens - plain.prompt_tokens == 25_501
    assert with_image.low_detail == estimates.Hint(times=6)
    assert with_image.cheaper.model == "gpt-4.1-nano"
    assert plain.low_detail is None


# --- What still fits --------------------------------------------------------------------------


def test_the_longest_answer_that_fits_is_found(alice):
    leave(alice, 120_000)
    fit = estimates.fits(alice, text="Hello", after=None)
    sent = tokens.count_messages(history.asking("Hello"))
    assert (fit.model, fit.output) == ("gpt-4.1-nano", (120_000 - sent * 100) // 400)
    assert fit.words == 220
    Account.objects.filter(user=alice).update(held=0)
    leave(alice, 90_000)
    assert estimates.fits(alice, text="Hello", after=None) is None


# --- The pages --------------------------------------------------------------------------------


def ask(client, text="Hello", model="gpt-4o", conversation=None):
    name = "chat:estimate" if conversation else "chat:estimate_first"
    address = reverse(name, args=[conversation.pk] if conversation else [])
    sent = {"text": text, "model": model, "client_id": str(uuid.uuid4())}
    return client.post(address, sent, headers=HTMX)


def test_the_composer_is_told_from_what_to_what_and_of_a_cheaper_model(client, alice):
    client.force_login(alice)
    page = ask(client).content.decode()
    assert "$0.00003 – $0.041" in page
    assert "gpt-4.1-nano costs 25 × less." in page
    assert 'data-model="gpt-4.1-nano"' in page
    assert "$" not in ask(client, text=" ").content.decode()


def test_the_composer_is_told_when_it_is_too_much(client, alice):
    client.force_login(alice)
    leave(alice, 100_000)
    assert "not enough left" in ask(client, model="gpt-4o-mini").content.decode()


def test_who_asks_too_often_keeps_what_is_shown(client, alice, settings):
    settings.ACCOUNT_RATE_LIMITS = {"estimate": "1/m/user"}
    client.force_login(alice)
    assert ask(client).status_code == 200
    answer = ask(client)
    assert (answer.status_code, answer["HX-Reswap"]) == (429, "none")


def test_strangers_and_guests_are_told_nothing(client, alice, bob, send):
    conversation = talk(alice, send)
    client.force_login(bob)
    assert ask(client, conversation=conversation).status_code == 404
    client.logout()
    assert "HX-Redirect" in ask(client).headers


def test_prices_stand_in_the_picker(client, alice):
    client.force_login(alice)
    page = client.get(reverse("chat:home")).content.decode()
    assert "$0.15 in, $0.60 out, per million tokens" in page


def refused(client, model="gpt-4o", headers=HTMX, **more):
    sent = {"text": "Hello", "model": model, "client_id": str(uuid.uuid4()), **more}
    return client.post(reverse("chat:home"), sent, headers=headers)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_refusal_offers_the_model_that_still_fits(client, alice, headers):
    client.force_login(alice)
    leave(alice, 120_000)
    page = refused(client, headers=headers).content.decode()
    assert "Not enough credit" in page
    assert "About 220 words still fit with gpt-4.1-nano." in page
    assert 'name="instead" value="gpt-4.1-nano"' in page
    assert reverse("credit:spend") + "#voucher" in page


def test_the_offered_button_asks_that_model(client, alice):
    client.force_login(alice)
    leave(alice, 120_000)
    answer = refused(client, headers={}, instead="gpt-4.1-nano")
    assert answer.status_code == 302
    assert Message.objects.get(role="assistant").model == "gpt-4.1-nano"


def test_ones_own_limit_is_told_with_the_way_to_change_it(client, alice):
    client.force_login(alice)
    set_own_limits(opening.open_account(alice), day=50_000, month=None)
    page = refused(client).content.decode()
    assert "that you allow yourself" in page
    assert reverse("credit:spend") + "#own" in page
    assert "still fit" not in page


def test_another_limit_is_not_theirs_to_change(client, alice):
    client.force_login(alice)
    set_limits(opening.open_account(alice), day=50_000, month=None)
    page = refused(client).content.decode()
    assert "begins anew on" in page
    assert reverse("credit:spend") not in page


def test_it_is_too_much_exactly_where_admission_refuses(alice):
    sent = tokens.count_messages(history.asking("Hello"))
    needed = sent * 150 + 256 * 600
    for left, is_enough in ((needed, True), (needed - 1, False)):
        Account.objects.filter(user=alice).update(held=0)
        leave(alice, left)
        assert estimate(alice, "Hello").is_affordable is is_enough
    with pytest.raises(ledger.InsufficientCredit):
        admission.begin(
            None,
            user=alice,
            client_id=uuid.uuid4(),
            text="Hello",
            model="gpt-4o-mini",
            request_id="",
        )
