from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from credit.money import (
    dollars,
    exact_dollars,
    from_usd,
    price_dollars,
    rough_dollars,
    to_usd,
)


@pytest.mark.parametrize(
    ("nano", "shown"),
    [
        (0, "$0.0000"),
        (1, "$0.000000001"),
        (150, "$0.00000015"),
        (4_350, "$0.00000435"),
        (133_050, "$0.00013305"),
        (1_500_000, "$0.0015"),
        (21_400_000, "$0.0214"),
        (814_600_000, "$0.8146"),
        (998_765_432, "$0.998765"),
        (999_999_999, "$1.0000"),
        (1_000_000_000, "$1.0000"),
        (12_345_678_912_345, "$12,345.6789"),
        (-5_000, "−$0.000005"),
    ],
)
def test_money_has_four_decimals_and_more_where_small_amounts_need_them(nano, shown):
    assert dollars(nano) == shown


def test_what_is_below_a_tenth_of_a_cent_is_shown_to_the_nano_dollar():
    for nano in (1, 999, 123_456, 999_999):
        assert dollars(nano) == exact_dollars(nano)


def test_exact_money_shows_every_nano_dollar():
    assert exact_dollars(998_765_432) == "$0.998765432"
    assert exact_dollars(12_000_000_001) == "$12.000000001"


def test_money_is_written_as_the_reader_writes_numbers():
    with translation.override("nl"):
        assert "12.345,6789" in dollars(12_345_678_900_000)
        assert "0,00013305" in dollars(133_050)


def test_the_filters_show_money_and_nothing_for_none():
    template = Template("{{ cost|money }} {{ cost|money_exact }} [{{ none|money }}]")
    assert template.render(Context({"cost": 998_765_432, "none": None})) == (
        "$0.998765 $0.998765432 []"
    )


def test_dollars_become_whole_nano_dollars_and_back():
    assert from_usd("1.00") == 1_000_000_000
    assert from_usd(Decimal("0.000000001")) == 1
    assert to_usd(1_500_000) == Decimal("0.0015")


@pytest.mark.parametrize("wrong", ["", "one", "0.0000000001", "NaN", "Infinity", "1,5"])
def test_what_is_no_amount_of_dollars_is_refused(wrong):
    with pytest.raises(ValueError):
        from_usd(wrong)


def test_f16_a_million_small_charges_add_up_exactly():
    assert sum([141 * 150] * 1_000_000) == from_usd("21.15")


@pytest.mark.parametrize(
    ("nano", "least", "most"),
    [
        (0, "$0.00", "$0.00"),
        (7, "$0.000000007", "$0.000000007"),
        (40_960_501, "$0.040", "$0.041"),
        (1_234_567_890, "$1.20", "$1.30"),
    ],
)
def test_what_is_not_known_yet_is_rounded_away_from_itself(nano, least, most):
    said = (rough_dollars(nano, is_most=False), rough_dollars(nano, is_most=True))
    assert said == (least.replace("0.040", "0.04"), most)


def test_a_price_has_two_decimals_or_as_many_as_it_needs():
    assert (price_dollars(150_000_000), price_dollars(1_500_000)) == ("$0.15", "$0.0015")
