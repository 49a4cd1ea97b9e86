import pytest

from credit.errors import InsufficientCredit
from credit.models import Price
from credit.quotes import affordable_output, pictures_total

MINI = Price(model="gpt-4o-mini", kind="chat", input_nano=150, output_nano=600)


def test_with_money_enough_the_cap_stands():
    assert affordable_output(10**9, 100, MINI, 4_096) == 4_096


def test_f20_with_little_money_the_answer_shrinks_to_what_is_affordable():
    balance = 100 * 150 + 1_000 * 600 + 599
    assert affordable_output(balance, 100, MINI, 16_384) == 1_000


def test_an_answer_of_256_tokens_is_the_least_worth_starting():
    just = 100 * 150 + 256 * 600
    assert affordable_output(just, 100, MINI, 4_096) == 256
    with pytest.raises(InsufficientCredit) as refusal:
        affordable_output(just - 1, 100, MINI, 4_096)
    assert (refusal.value.available, refusal.value.needed) == (just - 1, just)


def test_who_asks_for_less_needs_less():
    assert affordable_output(100 * 150 + 10 * 600, 100, MINI, 10) == 10


def test_output_without_a_price_is_limited_by_the_cap_alone():
    free = Price(model="gpt-free", kind="chat")
    assert affordable_output(0, 100, free, 4_096) == 4_096


def test_several_pictures_cost_as_many_times_the_price():
    price = Price(model="realvision", kind="image", flat_nano=1_500_000)
    assert pictures_total(price, count=4) == 6_000_000
