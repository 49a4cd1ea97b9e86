"""The prices' page and the vouchers' page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from credit import vouchers
from credit.models import Policy, Price
from tests.oversight.conftest import DOLLAR
from tests.oversight.test_overview import lines, read

pytestmark = pytest.mark.django_db

PRICES = reverse("oversight:prices")
VOUCHERS = reverse("oversight:vouchers")


def reprice(**changes):
    told = {"model": "gpt-4o", "kind": "chat", "input_nano": 7_000, "output_nano": 8_000}
    return Price.objects.create(**told | changes)


def test_prices_now_before_and_to_come(admin):
    assert "$2.50 in, $10.00 out" in read(admin, PRICES)
    reprice()
    page = read(admin, PRICES)
    assert "$7.00 in, $8.00 out" in page
    assert "1 earlier" in page
    reprice(output_nano=9_000, effective_from=timezone.now() + timedelta(days=30))
    page = read(admin, PRICES)
    assert "$7.00 in, $8.00 out" in page
    assert "$7.00 in, $9.00 out" in page
    assert "output_nano=9000" in page  # what a change begins with


def test_a_model_that_is_switched_off_says_so(admin):
    assert "switched off" not in read(admin, PRICES)
    reprice(is_offered=False, markup=1_250)
    page = read(admin, PRICES)
    assert "switched off" in page
    assert "12.5 %" in page


def test_switching_off_begins_with_todays_price(admin):
    form = (
        admin.get(
            reverse("admin:credit_price_add"), {"model": "gpt-4o", "kind": "chat", "is_offered": ""}
        )
        .context["adminform"]
        .form
    )
    assert form["model"].value() == "gpt-4o"
    assert not form["is_offered"].value()


def test_the_houses_markup_is_told(admin):
    Policy.objects.update(markup=1_000)
    assert "The house adds 10 %." in read(admin, PRICES)


def test_prices_as_csv_and_in_few_queries(admin, django_assert_num_queries):
    rows = lines(admin.get(PRICES, {"csv": "1"}))
    assert ["gpt-4o", "2500", "10000"] in [[row[0], row[2], row[3]] for row in rows]
    admin.get(PRICES)
    with django_assert_num_queries(6):
        admin.get(PRICES)


def test_batches_of_vouchers(admin, root, alice):
    assert "No vouchers yet" in read(admin, VOUCHERS)
    told = {"amount": DOLLAR, "count": 3, "expires_at": None, "actor": root}
    code, *_others = vouchers.issue("The fair", **told)
    vouchers.redeem(alice, code)
    page = read(admin, VOUCHERS)
    assert "The fair" in page
    assert "1 of 3" in page
    assert code not in page
    rows = lines(admin.get(VOUCHERS, {"csv": "1"}))
    assert rows[1][1:5] == ["The fair", "1.000000000", "3", "1"]
    with_more = {"amount": DOLLAR, "count": 3, "actor": root}
    vouchers.issue("Old", expires_at=timezone.now() - timedelta(days=1), **with_more)
    assert "expired" in read(admin, VOUCHERS)
