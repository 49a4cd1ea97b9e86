"""Vouchers are worth something once."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from credit import ledger, vouchers
from credit.errors import VoucherRefused
from credit.models import Transfer, Voucher
from tests.credit.books import assert_books_balance
from tests.credit.racers import race
from tests.factories import UserFactory

DOLLAR = 1_000_000_000


def issue(count=1, **changes):
    told = {"amount": 500_000_000, "expires_at": None, "actor": None} | changes
    return vouchers.issue("Open day", count=count, **told)


@pytest.mark.django_db
def test_a_voucher_is_redeemed_once(alice, bob):
    (code,) = issue()
    transfer = vouchers.redeem(alice, code)
    assert (transfer.code, transfer.amount, transfer.reason) == ("voucher", 500_000_000, "Open day")
    for person in (alice, bob):
        with pytest.raises(VoucherRefused) as refusal:
            vouchers.redeem(person, code)
        assert refusal.value.why == "used"
    assert ledger.purse(alice).balance == DOLLAR + 500_000_000
    assert Voucher.objects.get().redeemed_by == alice
    assert_books_balance()


@pytest.mark.django_db
def test_a_code_is_read_as_it_was_meant(alice):
    (code,) = issue()
    typed = code.replace("0", "o").replace("1", "l").replace("-", " ").lower()
    vouchers.redeem(alice, f" {typed} ")


@pytest.mark.django_db
def test_codes_are_many_different_and_kept_nowhere():
    codes = issue(count=200)
    assert len(set(codes)) == 200
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", c) for c in codes)
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM credit_voucher")
        kept = " ".join(row[0] for row in cursor.fetchall())
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


@pytest.mark.django_db
def test_a_voucher_expires(alice):
    (code,) = issue(expires_at=timezone.now() + timedelta(days=1))
    later = timezone.now() + timedelta(days=1, seconds=1)
    with time_machine.travel(later), pytest.raises(VoucherRefused) as refusal:
        vouchers.redeem(alice, code)
    assert refusal.value.why == "expired"
    assert "expired" in refusal.value.message
    vouchers.redeem(alice, code)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA-AAAA", "é" * 500, "\0"])
def test_a_code_that_never_was_is_refused(alice, code):
    issue()
    with pytest.raises(VoucherRefused) as refusal:
        vouchers.redeem(alice, code)
    assert refusal.value.why == "unknown"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"amount": 0}, {"amount": True}, {"count": 0}, {"count": vouchers.MOST + 1}]
)
def test_what_is_no_batch_is_refused(wrong):
    with pytest.raises(ValueError):
        issue(**wrong)
    assert not Voucher.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_f10_of_twelve_who_redeem_one_code_at_once_one_wins(database_url):
    (code,) = issue()
    people = [UserFactory() for _ in range(12)]
    won = race(
        "redeem",
        database_url=database_url,
        processes=12,
        users=[person.pk for person in people],
        code=code,
    )
    assert sorted(won) == ["redeemed", *["used"] * 11]
    assert Transfer.objects.filter(code="voucher").count() == 1
    assert_books_balance()
