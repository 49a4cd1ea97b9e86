"""What the house adds to list prices: pinned with the hold, rounded up once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit import ledger, prices
from credit.admission import hold_reply
from credit.audit import first_difference
from credit.endings import Ending, Outcome, Tokens
from credit.errors import ModelNotPriced
from credit.models import DayTotal, Policy, Pool, Price
from credit.prices import Offer, with_markup
from tests.credit.books import LEASE, assert_books_balance, fill_pool, hold_for

DONE = Ending(outcome=Outcome.DONE, reported=Tokens(31, 214))
COST = 133_050
MINI = Price(model="gpt-4o-mini", kind="chat", input_nano=150, output_nano=600)


@pytest.mark.parametrize(
    ("cost", "markup", "due"), [(0, 1000, 0), (1, 1, 2), (10_000, 1, 10_001), (COST, 0, COST)]
)
def test_a_markup_is_rounded_up_once(cost, markup, due):
    assert with_markup(cost, markup) == due


@given(st.integers(0, 10**9), st.integers(0, 100_000), st.integers(0, 9_000))
def test_what_an_amount_affords_costs_no_more_and_one_token_more_would(nano, markup, prompt):
    offer = Offer(MINI, markup)
    output = offer.affordable_output(nano, prompt_tokens=prompt, cap=10**9)
    if output >= 0:
        assert offer.cost(prompt_tokens=prompt, completion_tokens=output) <= nano
    assert offer.cost(prompt_tokens=prompt, completion_tokens=output + 1) > nano


def test_with_money_enough_the_cap_stands():
    assert Offer(MINI).affordable_output(10**9, prompt_tokens=100, cap=4_096) == 4_096


def test_f20_with_little_money_the_answer_shrinks_to_what_is_affordable():
    nano = 100 * 150 + 1_000 * 600 + 599
    assert Offer(MINI).affordable_output(nano, prompt_tokens=100, cap=16_384) == 1_000


def test_output_without_a_price_is_limited_by_the_cap_alone():
    free = Price(model="gpt-free", kind="chat")
    assert Offer(free).affordable_output(0, prompt_tokens=100, cap=4_096) == 4_096


@pytest.mark.django_db
def test_the_person_pays_the_markup_and_the_pool_does_not(alice):
    fill_pool(10**9)
    Policy.objects.update(markup=1_001)
    held = hold_for(alice)
    Policy.objects.update(markup=5_000)  # too late for this call
    record = ledger.settle(held.pk, ending=DONE)
    assert (record.list_cost, record.charged) == (COST, COST + 13_319)  # 13,318.305
    assert Pool.objects.get().balance == 10**9 - COST
    total = DayTotal.objects.get()
    assert (total.list_cost, total.charged) == (COST, COST + 13_319)
    assert first_difference() is None
    assert_books_balance()


@pytest.mark.django_db
def test_a_models_own_markup_wins_over_the_houses(alice):
    Policy.objects.update(markup=1_000)
    Price.objects.filter(model="realvision").update(markup=0)
    assert prices.current("realvision", kind="image").flat == 1_500_000
    assert prices.current("gpt-4o", kind="chat").markup == 1_000


@pytest.mark.django_db
def test_a_correction_is_rounded_with_what_it_corrects(alice):
    Policy.objects.update(markup=1)
    held = hold_for(alice, lease=-LEASE)
    ledger.dispatch(held.pk)
    ledger.settle(held.pk, ending=Ending(outcome=Outcome.DIED, counted=Tokens(30, 200)))
    ledger.settle(held.pk, ending=DONE)
    assert ledger.receipt(held.pk).charged == COST + 14  # 13.305, not 12.45 and 0.855 apart
    assert first_difference() is None


@pytest.mark.django_db
def test_a_reply_is_held_for_with_its_markup(alice):
    Policy.objects.update(markup=10_000)
    held, cap = hold_reply(
        alice,
        model="gpt-4o-mini",
        prompt_tokens=100,
        cap=1_000,
        cause="chat:1",
        request_id="",
        lease=LEASE,
    )
    assert (cap, held.amount, held.markup) == (1_000, 2 * (100 * 150 + 1_000 * 600), 10_000)


@pytest.mark.django_db
def test_a_model_switched_off_is_not_offered_and_a_call_under_way_ends_as_ever(alice):
    held = hold_for(alice)
    Price.objects.create(model="gpt-4o-mini", kind="chat", is_offered=False)
    assert "gpt-4o-mini" not in prices.offered_models("chat")
    with pytest.raises(ModelNotPriced):
        hold_for(alice, cause="chat:2")
    assert ledger.settle(held.pk, ending=DONE).charged == COST
    Price.objects.create(model="gpt-4o-mini", kind="chat", input_nano=1)
    assert "gpt-4o-mini" in prices.offered_models("chat")
    assert prices.current("gpt-4o-mini", kind="chat").price.input_nano == 1
